"""Pooling: a smaller picture from a larger one, without weights."""

from playground.core.layers.convolution import window_sentence
from playground.core.spec import Argument, LayerSpec
from playground.core.text import _

_WINDOW = (
    Argument(
        name="kernel_size",
        kind="pair",
        default=2,
        low=1,
        high=1024,
        unit="px",
        help=_("is the side of the window that is made one pixel"),
    ),
    Argument(
        name="stride",
        kind="pair",
        default=None,
        low=1,
        high=1024,
        unit="px",
        help=_("is how far the window moves; on auto, by its own side"),
    ),
    Argument(
        name="padding",
        kind="pair",
        default=0,
        low=0,
        high=512,
        unit="px",
        help=_("is the rim that is added around the input, half the window at most"),
    ),
)
_CEIL = Argument(
    name="ceil_mode", kind="bool", default=False, help=_("also makes a pixel of the windows cut off at the edge")
)
_SENTENCES = {name: window_sentence for name in ("kernel_size", "stride", "padding")}

MAX_POOL2D = LayerSpec(
    name="MaxPool2d",
    family="Pooling",
    title=_("Max pooling 2D"),
    summary=_("Keeps the largest value of each window."),
    torch_name="torch.nn.MaxPool2d",
    icon="pooling",
    brief="k{kernel_size}",
    arguments=(
        *_WINDOW,
        Argument(
            name="dilation",
            kind="pair",
            default=1,
            low=1,
            high=1024,
            unit="px",
            help=_("is the distance between the points of the window"),
        ),
        _CEIL,
    ),
    sentences=_SENTENCES,
)

AVG_POOL2D = LayerSpec(
    name="AvgPool2d",
    family="Pooling",
    title=_("Average pooling 2D"),
    summary=_("Takes the mean of each window."),
    torch_name="torch.nn.AvgPool2d",
    icon="pooling",
    brief="k{kernel_size}",
    arguments=(
        *_WINDOW,
        _CEIL,
        Argument(name="count_include_pad", kind="bool", default=True, help=_("counts the added rim in the mean")),
    ),
    sentences=_SENTENCES,
)
