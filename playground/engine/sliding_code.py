"""How PyTorch is asked for one place of a map: a line to read, and a script to run."""

from collections.abc import Sequence
from typing import Any

import torch

from playground.core.convolving import LONGEST_SCRIPT, Stage
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.engine.build import given_to


def line(layer: Layer, number: int, channels: Sequence[int], at: tuple[int, int], window: Sequence[int]) -> str:
    """The value at a place of `y = layer(x)` for a batch x of one, by a slice of x. number: of the filter

    channels: that it sees;  window: its (height, width)
    """
    values, name = layer.arguments, layer.layer
    if name == "ConvTranspose2d":
        return f"conv(x)[0, {number}, {at[0]}, {at[1]}]"
    slices = ", ".join(_slice(values, axis, at[axis], window[axis]) for axis in (0, 1))
    padded = _padded(values, window, name)
    if name == "Conv2d":
        first, last = channels[0], channels[-1] + 1
        chosen = f"{first}:{last}" if int(values.get("groups", 1)) > 1 else ":"
        bias = f" + conv.bias[{number}]" if values.get("bias", True) else ""
        return f"({padded}[0, {chosen}, {slices}] * conv.weight[{number}]).sum(){bias}"
    if name == "MaxPool2d":
        return f"{padded}[0, {channels[0]}, {slices}].max()"
    divisor = values.get("divisor_override")
    end = f".sum() / {divisor}" if divisor else ".mean()"
    if not values.get("count_include_pad", True) and not divisor:
        slices = ", ".join(_slice(values, axis, at[axis], window[axis], clipped=True) for axis in (0, 1))
        padded = "x"
    return f"{padded}[0, {channels[0]}, {slices}]{end}"


def _slice(values: Any, axis: int, at: int, side: int, clipped: bool = False) -> str:
    """clipped: of the input itself, without what padding adds"""
    stride = values.get("stride")
    step, dilation = _one(side if stride is None else stride, axis), _one(values.get("dilation", 1), axis)
    begin = at * step
    end = begin + dilation * (side - 1) + 1
    if clipped:
        around = _one(values.get("padding", 0), axis)
        begin, end = max(0, begin - around), end - around
    return f"{begin}:{end}" + (f":{dilation}" if dilation > 1 else "")


def _padded(values: Any, window: Sequence[int], name: str) -> str:
    padding = values.get("padding", 0)
    if padding == "valid":
        return "x"
    if padding == "same":
        down, across = (_one(values.get("dilation", 1), axis) * (window[axis] - 1) for axis in (0, 1))
        rim = (across // 2, across - across // 2, down // 2, down - down // 2)
    else:
        down, across = _one(padding, 0), _one(padding, 1)
        rim = (across, across, down, down)
    if not any(rim):
        return "x"
    mode = values.get("padding_mode", "zeros")
    how = ", value=-torch.inf" if name == "MaxPool2d" else "" if mode == "zeros" else f", mode={mode!r}"
    return f"F.pad(x, {rim}{how})"


def _one(value: Any, axis: int) -> int:
    return int(value[axis]) if isinstance(value, (list, tuple)) else int(value)


def script(stage: Stage, at: tuple[int, int], one: Any, seen: torch.Tensor, cells: Any) -> str:
    """A program that prints the value. one: the `Filter`;  seen: what that gets;  cells: the place as it is `Told`"""
    if seen.numel() > LONGEST_SCRIPT:
        return _of_one_place(one.bias, cells)
    lines = ["import torch", "from torch import nn", ""]
    lines += [f"x = torch.tensor({_numbers(seen)}).reshape{(1, *seen.shape)}"]
    lines.append(f"layer = nn.{stage.layer.layer}({_arguments(stage, len(one.channels))})")
    if one.weight is not None:
        lines += [
            "with torch.no_grad():",
            f"    layer.weight.copy_(torch.tensor({_numbers(one.weight)}).reshape(layer.weight.shape))",
        ]
        if stage.layer.arguments.get("bias", True):
            lines.append(f"    layer.bias.fill_({one.bias:.9g})")
    lines += ["y = layer(x)", f"print(y[0, 0, {at[0]}, {at[1]}].item())"]
    return "\n".join(lines) + "\n"


def _of_one_place(bias: float, cells: Any) -> str:
    """Of a large input, the window alone."""
    shape = tuple(cells.window.shape)
    if cells.winner >= 0:
        return f"import torch\n\nwindow = torch.tensor({_numbers(cells.window)})\nprint(window.max().item())\n"
    lines = ["import torch", ""]
    lines += [
        f"{name} = torch.tensor({_numbers(getattr(cells, name))}).reshape{shape}" for name in ("window", "weight")
    ]
    return "\n".join([*lines, f"print(((window * weight).sum() + {bias:.9g}).item())"]) + "\n"


def _numbers(values: torch.Tensor) -> str:
    """Nine digits are all that float32 has."""
    texts = (f"{one:.9g}" for one in values.reshape(-1).tolist())
    return "[" + ", ".join(f"float('{text}')" if text in ("inf", "-inf", "nan") else text for text in texts) + "]"


def _arguments(stage: Stage, channels: int) -> str:
    """Keywords of the module for this one filter, those on their default left out."""
    spec, values = LAYERS[stage.layer.layer], stage.layer.arguments
    given = given_to(spec, values, "module")
    alone = {"in_channels": channels, "out_channels": 1} if "out_channels" in given else {}
    kept = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name not in ("in_channels", "out_channels", "groups") and value is not None
    }
    defaults = {one.name: one.default for one in spec.arguments if one.name not in ("kernel_size",)}
    told = {**alone, **{name: value for name, value in kept.items() if value != defaults.get(name)}}
    return ", ".join(f"{name}={value!r}" for name, value in told.items())
