"""Layers that change the shape and learn nothing."""

from collections.abc import Mapping
from typing import Any

from playground.core.sides import pair
from playground.core.spec import Argument, LayerSpec, Shape
from playground.core.text import _

FLATTEN = LayerSpec(
    name="Flatten",
    family="Shape",
    title=_("Flatten"),
    summary=_("Lays all values of a sample in one row."),
    torch_name="torch.nn.Flatten",
    icon="flatten",
    arguments=(
        Argument(
            name="start_dim", kind="int", default=1, low=-8, high=8,
            help=_("is the first axis that is laid flat; axis 0 is the batch"),
        ),
        Argument(name="end_dim", kind="int", default=-1, low=-8, high=8, help=_("is the last axis that is laid flat")),
    ),
)  # fmt: skip

UNFLATTEN = LayerSpec(
    name="Unflatten",
    family="Shape",
    title=_("Unflatten"),
    summary=_("Folds one axis into several: the other way round from Flatten."),
    torch_name="torch.nn.Unflatten",
    icon="unflatten",
    brief="{unflattened_size}",
    arguments=(
        Argument(
            name="dim", kind="int", default=1, low=-8, high=8, help=_("is the axis that is folded; axis 0 is the batch")
        ),
        Argument(
            name="unflattened_size", kind="ints", default=(1, -1), low=-1, high=1_000_000,
            help=_("are the sizes that it is folded into, as 16×6×6; −1 is worked out"),
        ),
    ),
    example_input=(36,),
    example={"unflattened_size": [4, 3, 3]},
)  # fmt: skip


def _around(value: Any) -> tuple[int, int, int, int]:
    """(left, right, top, bottom)"""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) * 4


def _padded_size(arguments: Mapping[str, Any], input_shape: Shape) -> float:
    left, right, top, bottom = _around(arguments["padding"])
    size = 1.0
    for number, before in enumerate(reversed(input_shape)):
        size *= max(0, before + (left + right, top + bottom, 0)[min(number, 2)])
    return size


def _padded_sentence(arguments: Mapping[str, Any], input_shape: Shape, output_shape: Shape) -> str:
    _left, _right, top, bottom = _around(arguments["padding"])
    text = _("Output height = {before} + {top} + {bottom} = {height} px.")
    return text.format(before=input_shape[-2], top=top, bottom=bottom, height=output_shape[-2])


ZERO_PAD2D = LayerSpec(
    name="ZeroPad2d",
    family="Shape",
    title=_("Zero padding 2D"),
    summary=_("Adds a rim of zeros around a picture."),
    torch_name="torch.nn.ZeroPad2d",
    icon="zero-pad",
    brief="{padding}",
    arguments=(
        Argument(
            name="padding", kind="ints", counts=(4,), default=1, low=-1024, high=1024, unit="px",
            help=_("is the rim, or left×right×top×bottom; below 0 is cut off"),
        ),
    ),
    sentences={"padding": _padded_sentence},
    axes=3,
    size=_padded_size,
)  # fmt: skip


def _upsampled_size(arguments: Mapping[str, Any], input_shape: Shape) -> float:
    sizes, scale = arguments.get("size"), arguments.get("scale_factor")
    if sizes is None:
        sizes = [side * (scale or 1) for side in input_shape[1:]]
    sides = pair(sizes) if not isinstance(sizes, list) else sizes
    size = float(input_shape[0]) if input_shape else 1.0
    for side in sides[: max(1, len(input_shape) - 1)]:
        size *= side
    return size


UPSAMPLE = LayerSpec(
    name="Upsample",
    family="Shape",
    title=_("Upsample"),
    summary=_("Makes a picture larger, without weights."),
    torch_name="torch.nn.Upsample",
    icon="upsample",
    brief="{mode}",
    arguments=(
        Argument(
            name="size", kind="pair", default=None, low=1, high=4096, unit="px",
            help=_("is the size of the output; on auto, the scale factor tells it"),
        ),
        Argument(
            name="scale_factor", kind="float", default=2.0, low=0, high=64, open_low=True, unless="size",
            help=_("is how much larger the output is"),
        ),
        Argument(
            name="mode", kind="choice", default="nearest",
            choices=("nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area"),
            help=_("is how values between the pixels are found; linear is for series, bilinear for pictures"),
        ),
        Argument(
            name="align_corners", kind="bool", default=None,
            help=_("lets the corner pixels of input and output coincide; for the linear modes and bicubic"),
        ),
        Argument(
            name="recompute_scale_factor", kind="bool", default=None,
            help=_("works with the scale that the rounded size of the output has, not with the one given"),
        ),
    ),
    size=_upsampled_size,
)  # fmt: skip
