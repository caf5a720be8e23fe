"""How long a side is that a sliding window makes of another one: what the forms and the room "Convolution" tell of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from playground.core.text import _


class Side(NamedTuple):
    """One side of the output. terms: "32 − 3 + 1";  result;  rule: the same with the names of the arguments
    cut: whether `ceil_mode` would make one window more, which PyTorch leaves out
    """

    terms: str
    result: int
    rule: str
    cut: bool = False


def pair(value: Any) -> tuple[int, int]:
    """(height, width) of a number for both, or of two."""
    return (value[0], value[1]) if isinstance(value, (list, tuple)) else (value, value)


def side_of(arguments: Mapping[str, Any], size: int, axis: int, transposed: bool = False) -> Side:
    """How PyTorch finds a side of the output of a convolution or pool.

    arguments: in effect;  size: of the input;  axis: 0 is the height, or the length of a series, 1 the width
    transposed: each value paints its window
    """
    kernel = _one(arguments["kernel_size"], axis)
    dilation = _one(arguments.get("dilation", 1), axis)
    stride = arguments.get("stride")
    step = kernel if stride is None else _one(stride, axis)
    padding = arguments.get("padding", 0)
    if transposed:
        return _transposed(arguments, size, axis, (kernel, step, dilation))
    if padding == "same":
        return Side(_("‘same’ keeps {size}").format(size=size), size, _("padding = dilation·(kernel − 1), shared out"))
    around = 0 if padding == "valid" else _one(padding, axis)
    reach = dilation * (kernel - 1)
    room = size + 2 * around - reach - 1
    up = bool(arguments.get("ceil_mode"))
    result = -(-room // step) + 1 if up else room // step + 1
    cut = up and (result - 1) * step >= size + around  # the last window has to begin in the input or on its left rim
    terms = f"{size}" + (f" + 2·{around}" if around else "")
    terms += f" − {kernel}" if dilation == 1 else f" − {dilation}·({kernel} − 1) − 1"
    left, right = "⌈⌉" if up else "⌊⌋"
    if step != 1:
        terms = f"{left}({terms}) / {step}{right}"
    rule = _("{left}({size} + 2·padding − dilation·({kernel} − 1) − 1) / stride{right} + 1")
    rule = rule.format(left=left, right=right, size=size, kernel=kernel)
    if cut:
        return Side(f"{terms} + 1 − 1", result - 1, rule + _(", less a window that would begin behind the input"), True)
    return Side(f"{terms} + 1", result, rule)


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
