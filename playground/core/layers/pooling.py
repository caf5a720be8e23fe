"""Pooling: a smaller picture from a larger one, without weights.

Source: https://docs.pytorch.org/docs/stable/nn.html#pooling-layers (return_indices is left out: a layer gives one tensor)
"""

from collections.abc import Mapping
from math import prod
from typing import Any

from playground.core.layers.convolution import Window, window_sentence
from playground.core.sides import pair
from playground.core.spec import Argument, LayerSpec, Shape
from playground.core.text import _


def _window(kind: Window, unit: str) -> tuple[Argument, ...]:
    return (
        Argument(
            name="kernel_size", kind=kind, default=2, low=1, high=1024, unit=unit,
            help=_("is the side of the window that is made one value"),
        ),
        Argument(
            name="stride", kind=kind, default=None, follows="kernel_size", low=1, high=1024, unit=unit,
            help=_("is how far the window moves; on auto, by its own side"),
        ),
        Argument(
            name="padding", kind=kind, default=0, low=0, high=512, unit=unit,
            help=_("is the rim that is added around the input, half the window at most"),
        ),
    )  # fmt: skip


def _dilation(kind: Window, unit: str) -> Argument:
    help_ = _("is the distance between the points of the window")
    return Argument(name="dilation", kind=kind, default=1, low=1, high=1024, unit=unit, help=help_)


_CEIL = Argument(
    name="ceil_mode", kind="bool", default=False, help=_("also makes a value of the windows cut off at the edge")
)
_COUNT = Argument(name="count_include_pad", kind="bool", default=True, help=_("counts the added rim in the mean"))
_DIVISOR = Argument(
    name="divisor_override", kind="int", default=None, low=1,
    help=_("divides the sum of a window, instead of the number of its values"),
)  # fmt: skip
_SENTENCES = {name: window_sentence for name in ("kernel_size", "stride", "padding", "ceil_mode")}
_DILATED = {**_SENTENCES, "dilation": window_sentence}


def _output_size(kind: Window, unit: str) -> Argument:
    return Argument(
        name="output_size", kind=kind, default=1, low=1, high=4096, unit=unit,
        help=_("is the size of the output, whatever comes in"),
    )  # fmt: skip


def _adaptive_size(arguments: Mapping[str, Any], input_shape: Shape) -> float:
    sides = pair(arguments["output_size"])[: max(1, len(input_shape) - 1)]
    return float(prod(sides) * (input_shape[0] if input_shape else 1))


MAX_POOL1D = LayerSpec(
    name="MaxPool1d", family="Pooling", title=_("Max pooling 1D"), torch_name="torch.nn.MaxPool1d", icon="pooling",
    summary=_("Keeps the largest value of each stretch of a series."), brief="k{kernel_size}",
    arguments=(*_window("int", ""), _dilation("int", ""), _CEIL),
    sentences=_DILATED, axes=2, example_input=(3, 9),
)  # fmt: skip

MAX_POOL2D = LayerSpec(
    name="MaxPool2d", family="Pooling", title=_("Max pooling 2D"), torch_name="torch.nn.MaxPool2d", icon="pooling",
    summary=_("Keeps the largest value of each window."), brief="k{kernel_size}",
    arguments=(*_window("pair", "px"), _dilation("pair", "px"), _CEIL),
    sentences=_DILATED, axes=3,
)  # fmt: skip

AVG_POOL1D = LayerSpec(
    name="AvgPool1d", family="Pooling", title=_("Average pooling 1D"), torch_name="torch.nn.AvgPool1d", icon="pooling",
    summary=_("Takes the mean of each stretch of a series."), brief="k{kernel_size}",
    arguments=(*_window("int", ""), _CEIL, _COUNT),
    sentences=_SENTENCES, axes=2, example_input=(3, 9),
)  # fmt: skip

AVG_POOL2D = LayerSpec(
    name="AvgPool2d", family="Pooling", title=_("Average pooling 2D"), torch_name="torch.nn.AvgPool2d", icon="pooling",
    summary=_("Takes the mean of each window."), brief="k{kernel_size}",
    arguments=(*_window("pair", "px"), _CEIL, _COUNT, _DIVISOR),
    sentences=_SENTENCES, axes=3,
)  # fmt: skip

ADAPTIVE_AVG_POOL1D = LayerSpec(
    name="AdaptiveAvgPool1d", family="Pooling", title=_("Adaptive average pooling 1D"),
    torch_name="torch.nn.AdaptiveAvgPool1d", icon="pooling-adaptive", brief="{output_size}",
    summary=_("Takes means over stretches as long as they must be for an output of this size."),
    arguments=(_output_size("int", ""),), axes=2, size=_adaptive_size, example_input=(3, 9),
)  # fmt: skip

ADAPTIVE_AVG_POOL2D = LayerSpec(
    name="AdaptiveAvgPool2d", family="Pooling", title=_("Adaptive average pooling 2D"),
    torch_name="torch.nn.AdaptiveAvgPool2d", icon="pooling-adaptive", brief="{output_size}",
    summary=_("Takes means over windows as large as they must be for an output of this size."),
    arguments=(_output_size("pair", "px"),), axes=3, size=_adaptive_size,
)  # fmt: skip

ADAPTIVE_MAX_POOL1D = LayerSpec(
    name="AdaptiveMaxPool1d", family="Pooling", title=_("Adaptive max pooling 1D"),
    torch_name="torch.nn.AdaptiveMaxPool1d", icon="pooling-adaptive", brief="{output_size}",
    summary=_("Keeps the largest of stretches as long as they must be for an output of this size."),
    arguments=(_output_size("int", ""),), axes=2, size=_adaptive_size, example_input=(3, 9),
)  # fmt: skip

ADAPTIVE_MAX_POOL2D = LayerSpec(
    name="AdaptiveMaxPool2d", family="Pooling", title=_("Adaptive max pooling 2D"),
    torch_name="torch.nn.AdaptiveMaxPool2d", icon="pooling-adaptive", brief="{output_size}",
    summary=_("Keeps the largest of windows as large as they must be for an output of this size."),
    arguments=(_output_size("pair", "px"),), axes=3, size=_adaptive_size,
)  # fmt: skip
