"""What an argument may be, and what it is in effect."""

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from playground.core.spec import Argument, Shape
from playground.core.text import _

MOST_WEIGHTS = 4_096  # of classes
LEAST_WEIGHT = 1e-30  # less is as good as 0 in float32
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def fault_of(argument: Argument, value: Any) -> str | None:
    """Why the value is not one for this argument, as a sentence without full stop; None where it is fine."""
    if argument.kind == "bool":
        return (
            None
            if isinstance(value, bool)
            else _("{name} is {value}, but must be true or false").format(name=argument.name, value=shown(value))
        )
    if argument.kind in ("path", "text"):
        if isinstance(value, str):
            return None
        return _("{name} is {value}, but must be a text").format(name=argument.name, value=shown(value))
    if argument.kind == "choice" or (argument.choices and isinstance(value, str)):
        if value in argument.choices:
            return None
        return _("{name} is {value}, but must be one of {choices}").format(
            name=argument.name, value=shown(value), choices=", ".join(argument.choices)
        )
    if argument.kind == "pair" and isinstance(value, (list, tuple)):
        if len(value) != 2:
            return _("{name} has {count} numbers, but must have one or two (height, width)").format(
                name=argument.name, count=len(value)
            )
        return next((fault for one in value if (fault := _number_fault(argument, one))), None)
    if argument.kind == "ints" and isinstance(value, (list, tuple)):
        if not value or (argument.counts and len(value) not in argument.counts):
            wanted = _(" or ").join(str(one) for one in argument.counts if one) or _("at least one")
            return _("{name} has {count} numbers, but must have {wanted}").format(
                name=argument.name, count=len(value), wanted=wanted
            )
        return next((fault for one in value if (fault := _number_fault(argument, one))), None)
    return _weights_fault(argument, value) if argument.kind == "weights" else _number_fault(argument, value)


def _weights_fault(argument: Argument, value: Any) -> str | None:
    """Of a number for each class, whichever data they are for."""
    name = argument.name
    if not isinstance(value, (list, tuple)):
        text = _("{name} is {value}, but must be a list with a number for each class")
        return text.format(name=name, value=shown(value))
    if not 0 < len(value) <= MOST_WEIGHTS:
        text = _("{name} has {count:,} numbers, but must have one for each class, and at most {most:,}")
        return text.format(name=name, count=len(value), most=MOST_WEIGHTS)
    for label, one in enumerate(value):
        if _number_fault(argument, one):
            numbered = msgspec.structs.replace(argument, name=_("{name} of class {n}").format(name=name, n=label))
            return _number_fault(numbered, one)
    if max(value) < LEAST_WEIGHT:
        return _("{name} is 0 for every class, so no sample would count").format(name=name)
    return None


def _number_fault(argument: Argument, value: Any) -> str | None:
    whole = argument.kind in ("int", "pair", "ints")
    right_type = isinstance(value, int) if whole else isinstance(value, (int, float))
    if isinstance(value, bool) or not right_type or not math.isfinite(value):
        wanted = _("a whole number") if whole else _("a number")
        return _("{name} is {value}, but must be {wanted}").format(
            name=argument.name, value=shown(value), wanted=wanted
        )
    low, high = argument.low, argument.high
    if low is not None and (value < low or (argument.open_low and value == low)):
        bound = _("more than {low}") if argument.open_low else _("at least {low}")
        return _("{name} is {value}, but must be {bound}").format(
            name=argument.name, value=shown(value), bound=bound.format(low=shown(low))
        )
    if high is not None and value > high:
        return _("{name} is {value}, but must be at most {high}").format(
            name=argument.name, value=shown(value), high=shown(high)
        )
    return None


def faults_of(owner: str, arguments: Iterable[Argument], given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every (argument name, sentence) that is wrong with the given arguments of a layer or an optimizer."""
    declared = {argument.name: argument for argument in arguments}
    faults = []
    for name, value in given.items():
        if name in declared:
            fault = fault_of(declared[name], value)
        else:
            fault = _("{owner} has no argument {name}").format(owner=owner, name=name) + did_you_mean(name, declared)
        if fault:
            faults.append((name, fault))
    return faults


def in_effect(
    arguments: Sequence[Argument], pinned: Mapping[str, Any], input_shape: Shape | None, tokens: int = 0
) -> dict[str, Any]:
    """The value of every declared argument: the pinned one, or the one on auto (None while it cannot be known).

    tokens: how many different ones come in; 0 where numbers do
    """
    values = {}
    for one in arguments:
        if one.name in pinned:
            values[one.name] = pinned[one.name]
        else:
            values[one.name] = None if one.unless in pinned else auto_value(one, input_shape, tokens)
    for one in arguments:
        if one.follows and one.name not in pinned:
            values[one.name] = values[one.follows]
    return values


def auto_value(argument: Argument, input_shape: Shape | None, tokens: int = 0) -> Any:
    """What an argument is where nobody pinned it."""
    if argument.from_input is None:
        return argument.default
    if argument.from_input == "tokens":
        return tokens or argument.default
    if input_shape is None or not has_axis(input_shape, argument.from_input):
        return argument.default
    return input_shape[argument.from_input]


def has_axis(shape: Shape, axis: int) -> bool:
    """Whether a shape has this axis, counted from its beginning or, below 0, from its end."""
    return -len(shape) <= axis < len(shape)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """'; did you mean X?' without the question mark, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return _("; did you mean {name}").format(name=close[0]) if close else ""


def shown(value: Any) -> str:
    """A value as the window and the messages print it: a real minus sign, × between two numbers."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, (list, tuple)):
        return "×".join(shown(one) for one in value)
    if isinstance(value, float):
        return f"{value:g}".replace("-", "−")
    if isinstance(value, int):
        return str(value).replace("-", "−")
    return "?" if value is None else str(value)


def shown_shape(shape: Shape | None) -> str:
    """A shape as rows print it, 6×30×30; a dash where it is unknown."""
    return "–" if shape is None else "×".join(str(size) for size in shape)


def shown_power(value: float) -> str:
    """One digit times a power of ten: 6·10⁻³; "NaN" and "∞" of what is no number."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞"
    if not value:
        return "0"
    digit, _e, exponent = f"{value:.0e}".partition("e")
    return f"{digit}·10{str(int(exponent)).translate(_RAISED)}"
