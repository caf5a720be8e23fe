"""Points around a line or a wave: x even at random from −π to π, y with normal noise."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.engine.datasets import Raw
from playground.engine.datasets._script import Reading
from playground.engine.randomness import generator


def describe(spec: DatasetSpec, *, options: Mapping[str, Any]) -> DatasetSpec:
    """options: in effect"""
    return msgspec.structs.replace(spec, train=options["samples"])


def load(spec: DatasetSpec, *, options: Mapping[str, Any], seed: int = 0) -> Raw:
    """x, (samples, 1) float32, and y, (samples,) float32. The same for the same options and seed."""
    draws, count = generator(seed, "data"), options["samples"]
    x = np.pi * (2 * torch.rand(count, generator=draws, dtype=torch.float64).numpy() - 1)
    y = np.sin(options["waves"] * x) if spec.name == "sine" else options["slope"] * x + options["intercept"]
    y = y + options["noise"] * torch.randn(count, generator=draws, dtype=torch.float64).numpy()
    return Raw(torch.from_numpy(x.astype(np.float32)).unsqueeze(1), torch.from_numpy(y.astype(np.float32)))


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script makes them."""
    count, noise = options["samples"], options["noise"]
    line = f"{options.get('slope')} * x + {options.get('intercept')}".replace("+ -", "- ")
    y = f"torch.sin({options['waves']} * x)" if spec.name == "sine" else line
    body = f"""
draws = draws_for("data")
x = torch.pi * (2 * torch.rand({count}, generator=draws, dtype=torch.float64) - 1)
y = {y}
y = y + {noise} * torch.randn({count}, generator=draws, dtype=torch.float64)
inputs, targets = x.float().unsqueeze(1), y.float()
"""
    return Reading(body, is_float=True)
