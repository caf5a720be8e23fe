"""Random layers with a window: every place of the map is told cell by cell, and its products add up to PyTorch's value.

uv run python -m tests.campaigns.windows [--count 500] [--seed 0]

Conv2d with groups, dilation, strides and all modes of padding, depthwise ones, ConvTranspose2d, MaxPool2d, AvgPool2d. The
size that the window's formula gives, and the line of PyTorch that is shown, are held against the same module.
"""

import argparse
import json
import random
import sys
import time
import warnings
from collections import Counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from playground.core.convolving import WINDOWS, Stage
from playground.core.layer import Layer
from playground.core.sides import side_of
from playground.engine import sliding_code
from playground.engine.convolving import filter_of, tell
from playground.engine.probes import array
from playground.engine.probes.window import by_filter

RTOL, ATOL = 1e-9, 1e-11  # in float64


def one_setting(draw: random.Random) -> tuple[str, dict[str, Any], tuple[int, int, int]]:
    """A layer's name, its arguments and an input shape; PyTorch may refuse them."""
    name = draw.choice(WINDOWS)
    shape = (draw.randint(1, 6), draw.randint(1, 8), draw.randint(1, 8))

    def pair(low: int, high: int) -> Any:
        both = [draw.randint(low, high), draw.randint(low, high)]
        return both if draw.random() < 0.4 else both[0]

    values: dict[str, Any] = {"kernel_size": pair(1, 4), "stride": pair(1, 3), "padding": pair(0, 2)}
    if name != "AvgPool2d":
        values["dilation"] = pair(1, 3)
    if name in ("MaxPool2d", "AvgPool2d"):
        values["ceil_mode"] = draw.random() < 0.5
        if name == "AvgPool2d":
            values["count_include_pad"] = draw.random() < 0.5
            values["divisor_override"] = draw.choice([None, None, 3])
        if draw.random() < 0.3:
            del values["stride"]
        return name, values, shape
    groups = draw.choice([one for one in range(1, shape[0] + 1) if shape[0] % one == 0])
    values |= {"groups": groups, "out_channels": groups * draw.randint(1, 3), "bias": draw.random() < 0.7}
    if name == "ConvTranspose2d":
        values["output_padding"] = pair(0, 2)
    else:
        values["padding_mode"] = draw.choice(["zeros", "zeros", "reflect", "replicate", "circular"])
        if draw.random() < 0.3:
            values["padding"] = draw.choice(["same", "valid"])
    return name, values, shape


def drawn(draw: random.Random) -> tuple[str, dict[str, Any], torch.Tensor, nn.Module]:
    """One that PyTorch takes: with an input of float64 and the module, both of numbers that float32 has."""
    while True:
        name, values, shape = one_setting(draw)
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
        torch.manual_seed(draw.randrange(1 << 30))
        inputs = torch.randn(shape).double()
        try:
            channels = {"in_channels": shape[0]} if "out_channels" in values else {}
            module = getattr(nn, name)(**channels, **given).double()
            made = module(inputs[None])
        except (RuntimeError, ValueError):
            continue
        if made.numel():
            return name, values, inputs, module


def faults_of(draw: random.Random) -> tuple[str, list[str]]:
    """Its kind, and what is wrong with it: nothing, if all goes well."""
    name, values, inputs, module = drawn(draw)
    with torch.no_grad():
        made = module(inputs[None])[0]
    number = draw.randrange(len(made))
    weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
    kernel = array(by_filter(weight, module.groups, name)[number]) if weight is not None else None  # type: ignore[arg-type]
    stage = Stage(Layer(name, values), number, kernel, float(bias[number].detach()) if bias is not None else 0.0)
    one = filter_of(stage, tuple(inputs.shape))
    faults = []
    if one.shape != tuple(made.shape):
        faults.append(f"shape {one.shape}, {tuple(made.shape)} is right")
    sides = [side_of(values, inputs.shape[axis + 1], axis, name == "ConvTranspose2d").result for axis in (0, 1)]
    if sides != list(made.shape[1:]):
        faults.append(f"the formula gives {sides}, {tuple(made.shape[1:])} is right")
    seen = inputs[list(one.channels)]
    with torch.no_grad():
        alone = one.module(seen[None].float())[0, 0]
    if not np.allclose(alone, made[number], rtol=1e-4, atol=1e-4):
        faults.append("the map of the filter alone is another")
    added = torch.stack([
        torch.stack([tell(one, seen, row, column).products.sum() + one.bias for column in range(sides[1])])
        for row in range(sides[0])
    ]) if not faults else made[number]  # fmt: skip
    if not np.allclose(added, made[number].detach(), rtol=RTOL, atol=ATOL):
        faults.append("the products do not add up")
    at = draw.randrange(made.shape[1]), draw.randrange(made.shape[2])
    line = sliding_code.line(stage.layer, number, one.channels, at, tell(one, seen, *at).places.shape)
    known = {"x": inputs[None], "conv": module, "F": functional, "torch": torch}
    with torch.no_grad():
        by_line = float(eval(line, known))
    if not np.isclose(by_line, float(made[number][at].detach()), rtol=RTOL, atol=ATOL):
        faults.append(f"{line} is another value")
    kind = name + (" depthwise" if values.get("groups", 1) == inputs.shape[0] > 1 else "")
    return kind, [f"{fault}: {json.dumps([name, values, list(inputs.shape)])}" for fault in faults]


def run(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """How many there were of each kind, and all faults."""
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    draw = random.Random(seed)
    for _number in range(count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a padding that is slow
            kind, found = faults_of(draw)
        kinds[kind] += 1
        faults += found
    return kinds, faults


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=500)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    torch.set_num_threads(1)
    began = time.monotonic()
    kinds, faults = run(asked.count, asked.seed)
    print("\n".join(faults))
    print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    print(f"{asked.count - len(faults)} of {asked.count} well, {time.monotonic() - began:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
