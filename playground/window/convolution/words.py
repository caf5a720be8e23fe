"""Sentences with the numbers at hand: the size of the output, the work of a layer, why it has so few weights."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from playground.core.convolving import Slid
from playground.core.layers.convolution import pair
from playground.core.text import _, plural


class Side(NamedTuple):
    """One side of the output. terms: "32 − 3 + 1";  result;  rule: the same with the names of the arguments"""

    terms: str
    result: int
    rule: str


def side(name: str, arguments: Mapping[str, Any], size: int, axis: int) -> Side:
    """How PyTorch finds a side of the output. size: of the input;  axis: 0 is the height, 1 the width"""
    kernel = _one(arguments["kernel_size"], axis)
    dilation = _one(arguments.get("dilation", 1), axis)
    stride = arguments.get("stride")
    step = kernel if stride is None else _one(stride, axis)
    padding = arguments.get("padding", 0)
    if name == "ConvTranspose2d":
        return _transposed(arguments, size, axis, (kernel, step, dilation))
    if padding == "same":
        return Side(_("‘same’ keeps {size}").format(size=size), size, _("padding = dilation·(kernel − 1), shared out"))
    around = 0 if padding == "valid" else _one(padding, axis)
    reach = dilation * (kernel - 1)
    room = size + 2 * around - reach - 1
    up = bool(arguments.get("ceil_mode"))
    result = -(-room // step) + 1 if up else room // step + 1
    if up and (result - 1) * step >= size + around:
        result -= 1  # the last window has to begin in the input or on its left rim
    terms = f"{size}" + (f" + 2·{around}" if around else "")
    terms += f" − {kernel}" if dilation == 1 else f" − {dilation}·({kernel} − 1) − 1"
    left, right = "⌈⌉" if up else "⌊⌋"
    if step != 1:
        terms = f"{left}({terms}) / {step}{right}"
    rule = _("{left}({size} + 2·padding − dilation·({kernel} − 1) − 1) / stride{right} + 1")
    return Side(f"{terms} + 1", result, rule.format(left=left, right=right, size=size, kernel=kernel))


def _transposed(arguments: Mapping[str, Any], size: int, axis: int, window: tuple[int, int, int]) -> Side:
    kernel, step, dilation = window
    around, more = _one(arguments.get("padding", 0), axis), _one(arguments.get("output_padding", 0), axis)
    terms = f"({size} − 1)·{step}" + (f" − 2·{around}" if around else "")
    terms += f" + {kernel - 1}" if dilation == 1 else f" + {dilation}·({kernel} − 1)"
    terms += (f" + {more}" if more else "") + " + 1"
    result = (size - 1) * step - 2 * around + dilation * (kernel - 1) + more + 1
    rule = _("({size} − 1)·stride − 2·padding + dilation·({kernel} − 1) + output_padding + 1")
    return Side(terms, result, rule.format(size=size, kernel=kernel))


def _one(value: Any, axis: int) -> int:
    return int(pair(value)[axis])


def work(slid: Slid) -> tuple[str, str]:
    """What the layer does for one sample: its factors, and the number of multiply-adds."""
    filters, places, products = slid.terms
    if not products:
        high, wide = slid.places.shape
        text = _("{filters} channels × {places:,} places × {cells} values looked at")
        return text.format(filters=filters, places=places, cells=high * wide), _("nothing is multiplied")
    said = " × ".join((
        plural("{n} filter", "{n} filters", filters),
        plural("{n} place", "{n} places", places),
        plural("{n} product", "{n} products", products),
    ))  # fmt: skip
    return said, plural("{n} multiply-add", "{n} multiply-adds", slid.multiply_adds)


def lesson(name: str, slid: Slid, has_bias: bool, painted: bool = False) -> str:
    """What there is to see, with the numbers at hand."""
    places = slid.maps[-1].shape[0] * slid.maps[-1].shape[1]
    if name == "MaxPool2d":
        return _("Only the largest value of each window goes on; nothing is learned here.")
    if name == "AvgPool2d":
        return _("Each value counts the same; nothing is learned here.")
    weights = len(slid.channels) * slid.places.shape[0] * slid.places.shape[1]
    if painted:
        return _("The same kernel everywhere: drag a cell up or down, or type a number, and the whole map follows.")
    parameters = slid.shape[0] * (weights + has_bias)
    text = _("The same {weights} serve all {places:,} places: this layer has only {parameters:,} parameters.")
    said = plural("{n} weight", "{n} weights", weights)
    if has_bias:
        said += _(" and one bias")
    return text.format(weights=said, places=places, parameters=parameters)
