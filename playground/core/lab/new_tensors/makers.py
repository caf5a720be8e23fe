"""The words that make a tensor by a form, and what each takes. One more declaration here is one more in the form."""

import math
from typing import Any

from playground.core.arguments import shown
from playground.core.lab.limits import MOST_ELEMENTS
from playground.core.lab.new_tensors import typed
from playground.core.lab.new_tensors.bounds import EXACT, refuse_many, refuse_unheld
from playground.core.lab.new_tensors.declared import DTYPES, FLOATS, INTEGERS, Entry, Maker, Values, Wrong
from playground.core.text import _

# What no entry tells alone ------------------------------------------------------------------------------------------


def _counted(values: Values, dtype: str) -> None:
    """Of arange."""
    start, end, step = (typed.value(values[name]) for name in ("start", "end", "step"))
    if not step:
        raise Wrong("step", _("step is 0, and would never arrive."))
    if (end - start) * step < 0:
        text = _("step is {step}, which leads from {start} away from {end}.")
        raise Wrong("step", text.format(step=shown(step), start=shown(start), end=shown(end)))
    if dtype in INTEGERS:
        for name in ("start", "end", "step"):
            if not float(typed.value(values[name])).is_integer():
                text = _("{name} is {value}, but {dtype} counts in whole numbers.")
                raise Wrong(name, text.format(name=name, value=values[name], dtype=dtype))
    refuse_many("end", abs(end - start) / abs(step))


def _drawn(values: Values, dtype: str) -> None:
    """Of randint."""
    low, high = typed.value(values["low"]), typed.value(values["high"])
    if low >= high:
        text = _("high is {high}, but must be more than low, which is {low}.")
        raise Wrong("high", text.format(high=shown(high), low=shown(low)))
    refuse_unheld("high", high - 1, dtype)
    for name, most in (("low", low), ("high", high - 1)):
        if abs(most) > EXACT.get(dtype, math.inf):
            text = _("{name} is {value}, but {dtype} does not hold every whole number up to there.")
            raise Wrong(name, text.format(name=name, value=values[name], dtype=dtype))


def _squared(values: Values, _dtype: str) -> None:
    """Of eye."""
    n = int(values["n"])
    refuse_many("m" if "m" in values else "n", n * int(values.get("m", n)))


# Declarations -------------------------------------------------------------------------------------------------------


def _number(name: str, default: str, help: str, **more: Any) -> Entry:
    return Entry(name=name, sort="number", default=default, help=help, **{"low": -1e12, "high": 1e12, **more})


def _whole(name: str, default: str | None, help: str, **more: Any) -> Entry:
    return Entry(name=name, sort="whole", default=default, help=help, **{"low": 0, "high": MOST_ELEMENTS, **more})


def _size(default: str = "2, 3") -> Entry:
    help = _("is the size along each axis, such as 2, 3; () is a single number")
    return Entry(name="size", sort="size", default=default, help=help, low=0, high=MOST_ELEMENTS)


_FAR = {"low": -1e12, "high": 1e12}
_POWER = {"low": -1000, "high": 1000}
_ALL = (
    Maker(word="torch.zeros", entries=(_size(),), dtypes=DTYPES),
    Maker(word="torch.ones", entries=(_size(),), dtypes=DTYPES),
    Maker(
        word="torch.full",
        entries=(
            _size(),
            _number("fill_value", "3.14", _("is the number at every place"), low=None, high=None, stored=True),
        ),
        dtypes=DTYPES,
        own="given",
    ),
    Maker(
        word="torch.eye",
        entries=(
            _whole("n", "3", _("is the number of rows")),
            _whole("m", None, _("is the number of columns, as many as rows by itself"), follows="n"),
        ),
        dtypes=DTYPES,
        check=_squared,
    ),
    Maker(
        word="torch.arange",
        entries=(
            _number(
                "start",
                "0",
                _("is the first number; with a point, as in 0., it makes numbers with a point"),
                stored=True,
            ),
            _number("end", "12", _("is where it stops; it is not reached"), stored=True),
            _number("step", "3", _("is how far it is from each number to the next"), stored=True),
        ),
        dtypes=(*FLOATS, *INTEGERS),
        own="given",
        check=_counted,
    ),
    Maker(
        word="torch.linspace",
        entries=(
            _number("start", "-1", _("is the first number"), stored=True),
            _number("end", "1", _("is the last number"), stored=True),
            _whole("steps", "5", _("is how many numbers there are")),
        ),
        dtypes=FLOATS,
    ),
    Maker(
        word="torch.logspace",
        entries=(
            _number("start", "-1", _("is the power of the base that the first number is"), **_POWER),
            _number("end", "-4", _("is the power of the base that the last number is"), **_POWER),
            _whole("steps", "4", _("is how many numbers there are")),
            Entry(
                name="base",
                sort="number",
                help=_("is what is raised to these powers"),
                auto="10",
                low=0,
                high=1_000_000,
                open_low=True,
                keyword=True,
            ),
        ),
        dtypes=FLOATS,
    ),
    Maker(word="torch.rand", entries=(_size(),), dtypes=FLOATS),
    Maker(word="torch.randn", entries=(_size(),), dtypes=FLOATS),
    Maker(
        word="torch.normal",
        entries=(
            _number("mean", "0.", _("is the mean of the distribution")),
            _number("std", "1.", _("is its standard deviation: how far the numbers are spread"), low=0),
            _size(),
        ),
    ),
    Maker(
        word="torch.randint",
        entries=(
            _whole("low", "0", _("is the lowest number that can be drawn"), stored=True, **_FAR),
            _whole("high", "10", _("is one more than the highest that can be drawn"), **_FAR),
            _size("3"),
        ),
        dtypes=(*INTEGERS, "float32", "float64"),
        own="int64",
        check=_drawn,
    ),
    Maker(
        word="torch.randperm",
        entries=(_whole("n", "10", _("is how many there are, from 0 on"), stored=True),),
        dtypes=(*INTEGERS, "float32", "float64"),
        own="int64",
    ),
    Maker(
        word="torch.tensor",
        entries=(
            Entry(
                name="data",
                sort="values",
                default="1, 2; 3, 4",
                help=_("is its numbers; ; begins a new row, and lists, as in [[1, 2], [3, 4]], may have more axes"),
                stored=True,
            ),
        ),
        dtypes=DTYPES,
        own="given",
    ),
)

MAKERS: dict[str, Maker] = {one.title: one for one in _ALL}
