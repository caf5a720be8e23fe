"""Columns of a table, gathered as the rows come: numbers, words or dates, in as little memory as these need."""

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

import numpy as np

from playground.engine.datasets._csv import MISSING

CHUNK_CELLS = 40_000  # strings that live at the same time
MOST_WORDS = 1_500_000  # different ones of all columns together: about 150 MB
MOST_WORDS_OF_ONE = 200_000
_LARGEST = float(np.finfo(np.float32).max)
_LONGEST_MISSING = max(map(len, MISSING))
_FEW = 0.05  # of the cells: so few words among numbers are taken for missing numbers

_DATE = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z")  # fmt: skip
_THOUSANDS = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z"),
    ",": re.compile(r"[+-]?\d{1,3}([. ]\d{3})+(,\d+)?\Z"),
}


@dataclass(eq=False)
class Column:
    """One column.

    numbers: (rows,) float64, NaN where the cell is no number;  codes: (rows,) int32 into `words`, −1 elsewhere;
        None where no cell is a word
    words: the different ones, in the order of their coming;  overflowed: there were too many to be told apart
    """

    name: str
    numbers: np.ndarray
    codes: np.ndarray | None
    words: list[str]
    overflowed: bool

    @property
    def missing(self) -> np.ndarray:
        """(rows,) bool: neither a number nor a word."""
        empty = np.isnan(self.numbers)
        return empty if self.codes is None else empty & (self.codes < 0)

    @property
    def kind(self) -> str:
        """ "number", "word", "date", or "nothing" where every cell is missing."""
        word_cells = 0 if self.codes is None else int((self.codes >= 0).sum())
        number_cells = int(np.isfinite(self.numbers).sum())
        if not word_cells + number_cells:
            return "nothing"
        if word_cells <= _FEW * (word_cells + number_cells):
            return "number"
        if not number_cells and not self.overflowed and is_dates(self.words):
            return "date"
        return "word"

    def as_words(self) -> tuple[np.ndarray, list[str]]:
        """Every cell as a word: (rows,) int64 labels, −1 where missing, and the words in order; numbers come first."""
        different = np.unique(self.numbers[np.isfinite(self.numbers)])
        words = sorted(self.words)
        names = [f"{one:.12g}" for one in different] + words
        labels = np.full(len(self.numbers), -1, dtype=np.int64)
        is_number = np.isfinite(self.numbers)
        labels[is_number] = np.searchsorted(different, self.numbers[is_number])
        if self.codes is not None:
            place = {word: len(different) + rank for rank, word in enumerate(words)}
            lookup = np.array([place[word] for word in self.words] or [0], dtype=np.int64)
            is_word = self.codes >= 0
            labels[is_word] = lookup[self.codes[is_word]]
        return labels, names

    def as_days(self) -> np.ndarray:
        """(rows,) float64: days since 1970-01-01 00:00 of a column of dates; NaN where missing."""
        lookup = np.array([*days_of(self.words), np.nan])
        return lookup[self.codes] if self.codes is not None else self.numbers


@dataclass(eq=False)
class _Gathering:
    """A column while the rows come."""

    decimal: str
    numbers: list[np.ndarray] = field(default_factory=list)
    codes: list[np.ndarray | int] = field(default_factory=list)  # a number: so many cells, none of them a word
    words: dict[str, int] = field(default_factory=dict)
    overflowed: bool = False

    def add(self, cells: Sequence[str], room: int) -> None:
        """room: how many more different words may be kept"""
        try:
            numbers = np.array(list(map(float, cells)))
            if self.decimal == "." and bool((np.abs(numbers) <= _LARGEST).all()):
                self.numbers.append(numbers)
                self.codes.append(len(cells))
                return
        except ValueError:
            pass
        if self.overflowed:  # what the words are is not kept any more, only where they stand
            values = [number_of(cell, self.decimal) for cell in cells]
            self.numbers.append(np.array(values, dtype=np.float64))  # None becomes NaN
            self.codes.append(np.array([0 if one is None else -1 for one in values], dtype=np.int32))
            return
        found: list[float] = []  # of Python: cells are put into it one by one, a million of them
        codes: list[int] = []
        known: dict[str, float | None] = {}
        for cell in cells:
            if cell not in known:
                known[cell] = number_of(cell, self.decimal)
            number = known[cell]
            if number is not None:
                found.append(number)
                codes.append(-1)
            else:
                found.append(np.nan)
                codes.append(0 if self.overflowed else self._code(cell.strip(), room))
        self.numbers.append(np.array(found))
        self.codes.append(np.array(codes, dtype=np.int32))

    def _code(self, word: str, room: int) -> int:
        code = self.words.get(word)
        if code is None:
            if len(self.words) >= min(MOST_WORDS_OF_ONE, room):
                self.overflowed = True
                return 0
            code = self.words[word] = len(self.words)
        return code

    def column(self, name: str) -> Column:
        numbers = np.concatenate(self.numbers) if self.numbers else np.empty(0)
        codes = None
        if self.words or self.overflowed:
            parts = [np.full(one, -1, dtype=np.int32) if isinstance(one, int) else one for one in self.codes]
            codes = np.concatenate(parts)
        return Column(name, numbers, codes, list(self.words), self.overflowed)


def gathered(names: Sequence[str], rows: Iterable[Sequence[str]], decimal: str) -> list[Column]:
    """The columns of a table. names: of the columns, as many as each row has cells;  decimal: "." or "," """
    gathering = [_Gathering(decimal) for _name in names]
    with _no_collector():
        for chunk in _chunks(rows, max(1, CHUNK_CELLS // len(names))):
            kept = sum(len(one.words) for one in gathering)
            for one, cells in zip(gathering, zip(*chunk, strict=True), strict=True):
                one.add(cells, len(one.words) + MOST_WORDS - kept)
    return [one.column(name) for one, name in zip(gathering, names, strict=True)]


@contextmanager
def _no_collector() -> Iterator[None]:
    """A million rows are a million lists, and none of them is in a cycle: to look for that takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def number_of(cell: str, decimal: str) -> float | None:
    """The number in a cell, NaN where it is missing, None where it is a word."""
    text = cell.strip()
    if len(text) <= _LONGEST_MISSING and text.lower() in MISSING:
        return np.nan
    if text[0].isalpha() and text[0] not in "iI":  # most words need no closer look; inf is a number
        return None
    if _THOUSANDS[decimal].match(text):
        text = text.replace("," if decimal == "." else ".", "").replace(" ", "")
    if decimal == ",":
        text = text.replace(",", ".", 1)
    try:
        number = float(text.replace("−", "-"))
    except ValueError:
        return None
    return number if abs(number) <= _LARGEST and "_" not in text else None


def is_dates(words: Sequence[str]) -> bool:
    """Whether nearly all of these are dates, of one order of day, month and year."""
    if not words or not _DATE.match(words[0]):
        return False
    days = np.array(list(days_of(words)))
    return bool(np.isfinite(days).mean() > 1 - _FEW)


def days_of(words: Sequence[str]) -> Iterator[float]:
    """Days since 1970-01-01; NaN for what is no date. Day before month, unless that cannot be."""
    found = [_DATE.match(word) for word in words]
    seconds = [int(one[3]) for one in found if one and len(one[1]) < 3]
    month_first = any(second > 12 for second in seconds)
    if any(one and one[2] == "/" and len(one[1]) < 3 for one in found):
        # 3/4/2024: with slashes, the month comes first unless a first number is no month
        month_first = month_first or not any(int(one[1]) > 12 for one in found if one and len(one[1]) < 3)
    for one in found:
        yield _days(one, month_first) if one else np.nan


def _days(found: re.Match[str], month_first: bool) -> float:
    first, middle, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) >= 3:
        year, month, day = first, middle, last
    else:
        year, (month, day) = last, (first, middle) if month_first else (middle, first)
        if len(found[4]) <= 2:
            year += 2000 if year < 70 else 1900
    try:
        moment = datetime(year, month, day, int(found[5] or 0), int(found[6] or 0), int(found[7] or 0), tzinfo=UTC)
    except ValueError:
        return float(np.nan)
    return moment.timestamp() / 86_400


def _chunks(rows: Iterable[Sequence[str]], count: int) -> Iterator[list[Sequence[str]]]:
    going = iter(rows)
    while chunk := list(islice(going, count)):
        yield chunk
