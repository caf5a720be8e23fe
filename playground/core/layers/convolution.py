"""Convolutions. Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"""

from collections.abc import Mapping
from typing import Any

from playground.core.spec import AUTO, Argument, LayerSpec, Shape
from playground.core.text import _


def _pair(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, (list, tuple)) else (value, value)


def window_sentence(arguments: Mapping[str, Any], input_shape: Shape, output_shape: Shape) -> str:
    """How the output height follows from the window; the result is PyTorch's, only the terms are written here."""
    kernel, stride = _pair(arguments["kernel_size"])[0], arguments.get("stride")
    stride = kernel if stride is None else _pair(stride)[0]
    padding, dilation = arguments.get("padding", 0), _pair(arguments.get("dilation", 1))[0]
    if isinstance(padding, str) or len(input_shape) < 2:
        return ""
    around = _pair(padding)[0]
    reach = str(kernel) if dilation == 1 else f"({dilation}·({kernel} − 1) + 1)"
    terms = f"{input_shape[-2]}" + (f" + 2·{around}" if around else "") + f" − {reach}"
    if stride != 1:
        terms = f"({terms}) / {stride}"
    return _("Output height = {terms} + 1 = {height} px.").format(terms=terms, height=output_shape[-2])


CONV2D = LayerSpec(
    name="Conv2d",
    family="Convolution",
    title=_("Convolution 2D"),
    summary=_("Slides small windows of weights over a picture; each makes one feature map."),
    torch_name="torch.nn.Conv2d",
    icon="convolution",
    brief="{in_channels}→{out_channels}, k{kernel_size}",
    arguments=(
        Argument(
            name="in_channels",
            kind="int",
            default=AUTO,
            low=1,
            from_input=-3,
            help=_("is the number of channels that come in"),
        ),
        Argument(
            name="out_channels",
            kind="int",
            default=16,
            low=1,
            high=65536,
            help=_("is the number of feature maps that are made, one for each filter"),
        ),
        Argument(
            name="kernel_size",
            kind="pair",
            default=3,
            low=1,
            high=1024,
            unit="px",
            help=_("is the side of the window that slides over the input"),
        ),
        Argument(
            name="stride",
            kind="pair",
            default=1,
            low=1,
            high=1024,
            unit="px",
            help=_("is how far the window moves at each step"),
        ),
        Argument(
            name="padding",
            kind="pair",
            default=0,
            low=0,
            high=1024,
            unit="px",
            choices=("same", "valid"),
            help=_("is the rim that is added around the input; 'same' keeps the size"),
        ),
        Argument(
            name="dilation",
            kind="pair",
            default=1,
            low=1,
            high=1024,
            unit="px",
            help=_("is the distance between the points of the window"),
        ),
        Argument(
            name="groups",
            kind="int",
            default=1,
            low=1,
            help=_("splits the channels into groups that do not see each other"),
        ),
        Argument(name="bias", kind="bool", default=True, help=_("adds one learnt number to each feature map")),
        Argument(
            name="padding_mode",
            kind="choice",
            default="zeros",
            choices=("zeros", "reflect", "replicate", "circular"),
            help=_("is what the rim is filled with"),
        ),
    ),
    sentences={name: window_sentence for name in ("kernel_size", "stride", "padding", "dilation")},
    example={"out_channels": 4},
    maps=True,
    kernels=True,
)
