"""Waves to forecast: each sample has a height of 0.5 to 1, a length of 8 to 40 steps and a beginning of its own."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.spec import DatasetSpec
from playground.engine.datasets import Raw
from playground.engine.datasets._script import Reading
from playground.engine.randomness import generator

_HEIGHTS, _LENGTHS = (0.5, 1.0), (8.0, 40.0)


def describe(spec: DatasetSpec, *, options: Mapping[str, Any]) -> DatasetSpec:
    """options: in effect"""
    return msgspec.structs.replace(spec, sample_shape=(options["window"],), train=options["samples"])


def load(spec: DatasetSpec, *, options: Mapping[str, Any], seed: int = 0) -> Raw:
    """(samples, window) float32 and the value `ahead` steps behind the last, (samples,) float32."""
    draws, count, window = generator(seed, "data"), options["samples"], options["window"]
    height, length, beginning = torch.rand(3, count, 1, generator=draws, dtype=torch.float64).numpy()
    height = _HEIGHTS[0] + (_HEIGHTS[1] - _HEIGHTS[0]) * height
    length = _LENGTHS[0] + (_LENGTHS[1] - _LENGTHS[0]) * length
    steps = np.append(np.arange(window), window - 1 + options["ahead"])
    values = height * np.sin(2 * np.pi * (steps / length + beginning))
    noise = torch.randn(count, len(steps), generator=draws).numpy()
    values = (values + options["noise"] * noise).astype(np.float32)
    return Raw(torch.from_numpy(values[:, :-1].copy()), torch.from_numpy(values[:, -1].copy()))


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script makes them."""
    count, window = options["samples"], options["window"]
    body = f"""
draws = draws_for("data")
height, length, start = torch.rand(3, {count}, 1, generator=draws, dtype=torch.float64)
height, length = 0.5 + 0.5 * height, 8 + 32 * length
steps = torch.tensor([*range({window}), {window - 1 + options["ahead"]}])
values = height * torch.sin(2 * torch.pi * (steps / length + start))
values = (values + {options["noise"]} * torch.randn(values.shape, generator=draws)).float()
inputs, targets = values[:, :-1], values[:, -1]
"""
    return Reading(body, is_float=True)
