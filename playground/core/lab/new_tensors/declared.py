"""What a form for a new tensor is declared with. A declaration is data: it holds no torch and no widget."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from playground.core.lab.words import WORDS
from playground.core.spec import Argument
from playground.core.text import _

FLOATS = ("float32", "float64", "float16", "bfloat16")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")
DTYPES = (*FLOATS, *INTEGERS, "bool")
_FAR = 1e12


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One argument, as a person gives it.

    sort: of its text: a shape; a whole number; a number that stays as it was typed; numbers in lists; the name of a dtype;
        "switch" is on or off, and no text
    default: the text that the form begins with; None where PyTorch takes `auto`, or what `follows` is, until one is given
    low, high: the range, both ends allowed; `open_low` leaves the lower end out
    stored: its numbers are those of the tensor, or bound them: the dtype follows from them, and must hold them
    keyword: it is written with its name
    """

    name: str
    sort: Literal["size", "whole", "number", "values", "dtype", "switch"]
    help: str
    default: str | None = None
    auto: str = ""
    follows: str = ""
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    choices: tuple[str, ...] = ()
    stored: bool = False
    keyword: bool = False

    @property
    def argument(self) -> Argument:
        """For the field that shows it. A bound that nobody meets is not told."""
        near = [one if one is None or abs(one) < _FAR else None for one in (self.low, self.high)]
        kinds: dict[str, Any] = {"dtype": "choice", "switch": "bool"}
        return Argument(
            name=self.name,
            kind=kinds.get(self.sort, "text"),
            default=self.default,
            help=self.help,
            low=near[0],
            high=near[1],
            open_low=self.open_low,
            choices=self.choices,
        )


# entry -> what was given, read: a number as Python writes it, a shape, nested lists of numbers, a dtype, True or False
Values = Mapping[str, Any]


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """A word that makes a tensor. entries: in the order that they are written in, without dtype and requires_grad

    dtypes: that may be asked for, () where it takes none;  own: the dtype that it has by itself; "given" is that of the
        numbers that it is given
    check: (values, dtype) looks at what no entry tells alone. raises Wrong
    """

    word: str
    entries: tuple[Entry, ...]
    dtypes: tuple[str, ...] = ()
    own: Literal["float32", "int64", "given"] = "float32"
    check: Callable[[Values, str], None] | None = None

    @property
    def title(self) -> str:
        return self.word.removeprefix("torch.")

    @property
    def help(self) -> str:
        """One sentence, without its beginning and its full stop."""
        return WORDS[self.word].help

    @property
    def fields(self) -> tuple[Entry, ...]:
        """All that a form asks for."""
        return (*self.entries, _dtype(self.dtypes), _GRAD) if self.dtypes else self.entries


def _dtype(choices: tuple[str, ...]) -> Entry:
    return Entry(name="dtype", sort="dtype", help=_("is what each number is stored as"), choices=choices, keyword=True)


_GRAD = Entry(
    name="requires_grad",
    sort="switch",
    help=_("is whether autograd notes what is computed with it; that takes a floating-point dtype"),
    keyword=True,
)


class Wrong(Exception):
    """Something that was given cannot be. entry: its name;  sentence: why"""

    def __init__(self, entry: str, sentence: str) -> None:
        super().__init__(sentence)
        self.entry, self.sentence = entry, sentence
