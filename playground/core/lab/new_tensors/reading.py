"""What was given in the form, read and looked at: alone, in its range, and with the rest."""

import math
from collections.abc import Mapping
from typing import Any

from playground.core.lab.new_tensors import typed
from playground.core.lab.new_tensors.bounds import grouped, refuse_axes, refuse_many, refuse_unheld
from playground.core.lab.new_tensors.declared import FLOATS, Entry, Maker, Values, Wrong
from playground.core.text import _

Given = Mapping[str, Any]  # entry -> what a person gave for it; what is not there is as the form began
_LONGEST_SHOWN = 24


def values_of(maker: Maker, given: Given) -> Values:
    """What was given, read, and what the form began with; without what is left to PyTorch. raises Wrong"""
    values = {}
    for entry in maker.fields:
        one = _given(entry, given)
        if one is not None:
            values[entry.name] = _read(entry, one)
    return values


def check(maker: Maker, values: Values) -> None:
    """raises Wrong: they do not go with each other"""
    dtype = values.get("dtype") or _own_dtype(maker, values)
    for entry in maker.entries:
        for one in _stored(entry, values):
            refuse_unheld(entry.name, typed.value(one), dtype)
    if maker.check is not None:
        maker.check(values, dtype)
    if values.get("requires_grad") and dtype not in FLOATS:
        text = _("requires_grad takes floating-point numbers, and these are {dtype}: choose float32 as dtype.")
        raise Wrong("requires_grad", text.format(dtype=dtype))


def on_auto(maker: Maker, given: Given) -> dict[str, Any]:
    """What PyTorch takes for each entry that it can do without."""
    entries = {entry.name: entry for entry in maker.fields}
    found: dict[str, Any] = {}
    for name, entry in entries.items():
        if entry.default is None:
            found[name] = _given(entries[entry.follows], given) if entry.follows else entry.auto
    if maker.dtypes:
        found |= {"dtype": _own_dtype(maker, _readable(maker, given)), "requires_grad": False}
    return found


def _given(entry: Entry, given: Given) -> Any:
    """None where PyTorch is left to choose."""
    one = given.get(entry.name)
    if one is None or (entry.default is None and one == ""):
        return entry.default
    return one


def _readable(maker: Maker, given: Given) -> Values:
    values = {}
    for entry in maker.entries:
        one = _given(entry, given)
        try:
            if one is not None:
                values[entry.name] = _read(entry, one)
        except Wrong:
            continue  # while somebody types
    return values


def _read(entry: Entry, given: Any) -> Any:
    """raises Wrong"""
    match entry.sort:
        case "size":
            return _sized(entry, str(given))
        case "values":
            return _listed(entry, str(given))
        case "dtype":
            if given not in entry.choices:
                raise Wrong(entry.name, _("dtype: {dtype} is not taken here.").format(dtype=given))
            return given
        case "switch":
            return bool(given)
    return _numbered(entry, str(given))


def _sized(entry: Entry, given: str) -> tuple[int, ...]:
    try:
        size = typed.size(given)
    except ValueError as error:
        raise Wrong(entry.name, f"{entry.name}: {error}") from None
    refuse_axes(entry.name, len(size))
    refuse_many(entry.name, max([math.prod(size), *size]))
    return size


def _listed(entry: Entry, given: str) -> typed.Nested:
    try:
        return typed.values(given)
    except ValueError as error:
        raise Wrong(entry.name, f"{entry.name}: {error}") from None


def _numbered(entry: Entry, given: str) -> str:
    try:
        number = typed.number(given)
    except ValueError:
        number = ""
    if not number or (entry.sort == "whole" and not typed.is_whole(number)):
        text = _("{name} is “{text}”, but must be a number, such as 2 or 0.5.")
        if entry.sort == "whole":
            text = _("{name} is “{text}”, but must be a whole number.")
        if not given.strip():
            text = _("{name} is missing: give a number.")
        raise Wrong(entry.name, text.format(name=entry.name, text=given.strip()[:_LONGEST_SHOWN]))
    value, low, high = typed.value(number), entry.low, entry.high
    text, bound = "", 0.0
    if low is not None and entry.open_low and value <= low:
        text, bound = _("{name} is {value}, but must be more than {bound}."), low
    elif low is not None and value < low:
        text, bound = _("{name} is {value}, but must be at least {bound}."), low
    elif high is not None and value > high:
        text, bound = _("{name} is {value}, but must be at most {bound}."), high
    if text:
        raise Wrong(entry.name, text.format(name=entry.name, value=number.replace("-", "−"), bound=grouped(bound)))
    return number


def _stored(entry: Entry, values: Values) -> list[str]:
    """Numbers of the tensor, or such that bound them."""
    return typed.flat(values[entry.name]) if entry.stored and entry.name in values else []


def _own_dtype(maker: Maker, values: Values) -> str:
    """What PyTorch stores the numbers as by itself."""
    if maker.own != "given":
        return maker.own
    numbers = [one for entry in maker.entries for one in _stored(entry, values)]
    truths = [one in typed.TRUTHS for one in numbers]
    if numbers and all(truths):
        return "bool"
    whole = all(truth or typed.is_whole(one) for truth, one in zip(truths, numbers, strict=True))
    return "int64" if numbers and whole else "float32"
