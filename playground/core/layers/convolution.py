"""Convolutions. Source: https://docs.pytorch.org/docs/stable/nn.html#convolution-layers"""

from collections.abc import Mapping
from math import prod
from typing import Any, Literal

from playground.core.layers._initial import WEIGHTS
from playground.core.sides import pair, side_of
from playground.core.spec import AUTO, Argument, LayerSpec, Shape
from playground.core.text import _

Window = Literal["int", "pair"]  # of a series, of a picture


def window_sentence(arguments: Mapping[str, Any], input_shape: Shape, output_shape: Shape) -> str:
    """How the output height follows from the window; the result is PyTorch's, only the terms are written here."""
    axes = len(input_shape) - 1
    if axes < 1 or arguments.get("padding") == "same":
        return ""
    side = side_of(arguments, input_shape[1], 0, transposed="output_padding" in arguments)
    text = _("Output height = {terms} = {size} px.") if axes > 1 else _("Output length = {terms} = {size}.")
    said = text.format(terms=side.terms, size=output_shape[1])
    return said + (" " + _("A window that would begin behind the input is left out.") if side.cut else "")


def _transposed_size(arguments: Mapping[str, Any], input_shape: Shape) -> float:
    strides, kernels, dilations, more = (
        pair(arguments[name]) for name in ("stride", "kernel_size", "dilation", "output_padding")
    )
    size = float(arguments["out_channels"])
    for number, before in enumerate(input_shape[-2:]):
        size *= before * strides[number] + dilations[number] * kernels[number] + more[number]
    return size


def _products(arguments: Mapping[str, Any], input_shape: Shape, output_shape: Shape) -> int:
    """Each value of the output is a sum over a window of the channels of its group."""
    window = prod(pair(arguments["kernel_size"])[: len(output_shape) - 1])
    return prod(output_shape) * window * (int(arguments["in_channels"]) // int(arguments["groups"]))


def _transposed_products(arguments: Mapping[str, Any], input_shape: Shape, output_shape: Shape) -> int:
    """Each value of the input paints a window into the channels of its group."""
    window = prod(pair(arguments["kernel_size"]))
    return prod(input_shape) * window * (int(arguments["out_channels"]) // int(arguments["groups"]))


def _in_channels(axis: int) -> Argument:
    help_ = _("is the number of channels that come in")
    return Argument(name="in_channels", kind="int", default=AUTO, low=1, from_input=axis, help=help_)


_OUT_CHANNELS = Argument(
    name="out_channels", kind="int", default=16, low=1, high=65536,
    help=_("is the number of feature maps that are made, one for each filter"),
)  # fmt: skip
_GROUPS = Argument(
    name="groups", kind="int", default=1, low=1,
    help=_("splits the channels into groups that do not see each other; as many as channels is depthwise"),
)  # fmt: skip
_BIAS = Argument(name="bias", kind="bool", default=True, help=_("adds one learnt number to each feature map"))


def _kernel_size(kind: Window, unit: str) -> Argument:
    help_ = _("is the side of the window that slides over the input")
    return Argument(name="kernel_size", kind=kind, default=3, low=1, high=1024, unit=unit, help=help_)


def _stride(kind: Window, unit: str) -> Argument:
    help_ = _("is how far the window moves at each step")
    return Argument(name="stride", kind=kind, default=1, low=1, high=1024, unit=unit, help=help_)


def _padding(kind: Window, unit: str) -> Argument:
    return Argument(
        name="padding", kind=kind, default=0, low=0, high=1024, unit=unit, choices=("same", "valid"),
        help=_("is the rim that is added around the input; 'same' keeps the size"),
    )  # fmt: skip


def _dilation(kind: Window, unit: str) -> Argument:
    help_ = _("is the distance between the points of the window")
    return Argument(name="dilation", kind=kind, default=1, low=1, high=1024, unit=unit, help=help_)


def _padding_mode(*choices: str) -> Argument:
    help_ = _("is what the rim is filled with")
    return Argument(name="padding_mode", kind="choice", default="zeros", choices=choices, help=help_)


_MODES = ("zeros", "reflect", "replicate", "circular")
_SENTENCES = {name: window_sentence for name in ("kernel_size", "stride", "padding", "dilation")}

CONV1D = LayerSpec(
    name="Conv1d",
    family="Convolution",
    title=_("Convolution 1D"),
    summary=_("Slides small windows of weights along a series; each makes one feature map."),
    torch_name="torch.nn.Conv1d",
    icon="convolution-1d",
    brief="{in_channels}→{out_channels}, k{kernel_size}",
    arguments=(
        _in_channels(-2), _OUT_CHANNELS, _kernel_size("int", ""), _stride("int", ""), _padding("int", ""),
        _dilation("int", ""), _GROUPS, _BIAS, _padding_mode(*_MODES), *WEIGHTS,
    ),
    sentences=_SENTENCES,
    axes=2,
    products=_products,
    example_input=(3, 9),
    example={"out_channels": 4},
)  # fmt: skip

CONV2D = LayerSpec(
    name="Conv2d",
    family="Convolution",
    title=_("Convolution 2D"),
    summary=_("Slides small windows of weights over a picture; each makes one feature map."),
    torch_name="torch.nn.Conv2d",
    icon="convolution",
    brief="{in_channels}→{out_channels}, k{kernel_size}",
    arguments=(
        _in_channels(-3), _OUT_CHANNELS, _kernel_size("pair", "px"), _stride("pair", "px"), _padding("pair", "px"),
        _dilation("pair", "px"), _GROUPS, _BIAS, _padding_mode(*_MODES), *WEIGHTS,
    ),
    sentences=_SENTENCES,
    axes=3,
    products=_products,
    example={"out_channels": 4},
    maps=True,
    kernels=True,
)  # fmt: skip

CONV_TRANSPOSE2D = LayerSpec(
    name="ConvTranspose2d",
    family="Convolution",
    title=_("Transposed convolution 2D"),
    summary=_("A convolution the other way round: each pixel paints its window into a larger picture."),
    torch_name="torch.nn.ConvTranspose2d",
    icon="convolution-transpose",
    brief="{in_channels}→{out_channels}, k{kernel_size}",
    arguments=(
        _in_channels(-3), _OUT_CHANNELS, _kernel_size("pair", "px"),
        Argument(
            name="stride", kind="pair", default=1, low=1, high=1024, unit="px",
            help=_("is how far apart the windows of two neighbours are painted"),
        ),
        Argument(
            name="padding", kind="pair", default=0, low=0, high=1024, unit="px",
            help=_("is the rim that is cut off around the output"),
        ),
        Argument(
            name="output_padding", kind="pair", default=0, low=0, high=1024, unit="px",
            help=_("is what is added at one side of the output, less than the stride or the dilation"),
        ),
        _GROUPS, _BIAS, _dilation("pair", "px"), _padding_mode("zeros"), *WEIGHTS,
    ),
    sentences={name: window_sentence for name in ("kernel_size", "stride", "padding", "output_padding", "dilation")},
    axes=3,
    size=_transposed_size,
    products=_transposed_products,
    example={"out_channels": 4, "stride": 2},
    maps=True,
)  # fmt: skip
