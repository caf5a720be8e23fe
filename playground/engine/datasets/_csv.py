"""The rows of a CSV file: encoding, delimiter and heading found out, or as the user says."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets import _text_file
from playground.engine.datasets._own import Asked, Progress, shortened

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
MOST_COLUMNS = 10_000
SHOWN_ROWS = 20
MISSING = frozenset({"", "?", "na", "n/a", "nan", "null", "none", "-", "–", "."})  # in small letters

_SAMPLED_LINES = 200
_MOST_RAGGED = 0.01  # of the rows: fewer are left out and told, more are a fault of the file
_ENOUGH_RAGGED = 1000  # to tell that they will not be few
_FEWEST_ALIKE = 0.9  # of the rows have the same number of cells where a delimiter is the right one
_POINT = re.compile(r"\s*[+-]?\d*\.\d+\s*\Z")
_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*\Z")
_BEGINS_LIKE_A_NUMBER = re.compile(r"\s*[+-]?[.,]?\d")


@dataclass(frozen=True)
class Form:
    """How a file is written.

    delimiter: the character itself;  headings: a name for each column, made up where has_headings is false
    decimal: "." or ",";  first: the first rows as written, the heading left out
    """

    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    has_headings: bool
    decimal: str
    first: tuple[tuple[str, ...], ...]


def form_of(path: Path, delimiter: str, header: str, decimal: str, cancelled: Asked | None = None) -> Form:
    """What a file looks like by its first lines.

    delimiter: "auto" or a key of DELIMITERS;  header: "auto", "yes", "no";  decimal: "auto", "point", "comma"
    raises Problem: it is no text, it is empty, it has too many columns;  Cancelled
    """
    encoding = _text_file.encoding_of(path, cancelled)
    sample = list(islice(_text_file.lines(_text_file.pieces(path, encoding, None, cancelled), path), _SAMPLED_LINES))
    mark = DELIMITERS.get(delimiter) or _delimiter(sample)
    rows = _sampled(path, sample, mark)
    if not rows:
        raise Problem(where=str(path), what=_("it is empty"), fix=_("Choose a table with rows"))
    if len(rows[0]) > MOST_COLUMNS:
        raise Problem(
            where=_line(path, 1),
            what=_("it has {count:,} columns; at most {most:,} can be read").format(
                count=len(rows[0]), most=MOST_COLUMNS
            ),
            fix=_("Choose another delimiter, or a table with one sample a line"),
        )
    comma = decimal == "comma" or (decimal == "auto" and _has_decimal_comma(rows, mark))
    has_headings = header == "yes" or (header == "auto" and _has_headings(rows))
    names, body = (rows[0], rows[1:]) if has_headings else ([""] * len(rows[0]), rows)
    if has_headings and body and all(len(row) == len(names) + 1 and row[-1] for row in body):
        names = ["", *names]  # the rows have names, and the heading none for these: so does R write tables
    first = tuple(tuple(row) for row in body if len(row) == len(names))[:SHOWN_ROWS]
    return Form(encoding, mark, _unique(names), has_headings, "," if comma else ".", first)


def rows_of(
    path: Path, form: Form, notes: list[str], progress: Progress | None = None, cancelled: Asked | None = None
) -> Iterator[list[str]]:
    """The rows below the heading, each with a cell for every heading. Blank lines are passed over.

    notes: gets a sentence where a few rows with another number of cells were left out
    progress: in bytes;  raises Problem: a quote that does not end, too many rows that do not fit;  Cancelled
    """
    width, good, ragged, first = len(form.headings), 0, 0, ("", 0)
    heading = form.has_headings
    lines = _text_file.lines(_text_file.pieces(path, form.encoding, progress, cancelled), path)
    reader = _Blanks(lines) if form.delimiter == " " else csv.reader(lines, delimiter=form.delimiter, strict=True)
    try:
        for row in reader:
            if len(row) != width and not heading:
                if len(row) == width + 1 and not row[-1]:
                    row.pop()  # every line ends with a delimiter
                elif not any(row):
                    continue
                else:
                    ragged += 1
                    first = first if first[0] else (_line(path, reader.line_num), len(row))
                    if ragged > _ENOUGH_RAGGED and ragged > _MOST_RAGGED * good:
                        break
                    continue
            if heading:
                heading = not any(row)
                continue
            good += 1
            yield row
    except csv.Error as error:
        raise Problem(
            where=_line(path, reader.line_num),
            what=_("a quoted cell does not end where it should ({reason})").format(reason=error),
            fix=_("Correct the quotes of this cell, or choose another delimiter"),
        ) from error
    _judge_ragged(first, ragged, good, width, notes)


def _judge_ragged(first: tuple[str, int], ragged: int, good: int, width: int, notes: list[str]) -> None:
    if not ragged:
        return
    where, cells = first
    if ragged > _MOST_RAGGED * good:
        raise Problem(
            where=where,
            what=_("it has {cells:,} cells, but the first line has {width:,}").format(cells=cells, width=width),
            fix=_("Correct the line, or choose another delimiter"),
        )
    text = _("{count:,} lines with another number of cells are left out, the first is line {line}")
    notes.append(text.format(count=ragged, line=where.rpartition(" ")[2]))


class _Blanks:
    """What csv.reader is for one delimiter, for cells between any runs of blanks."""

    def __init__(self, lines: Iterator[str]):
        self._lines, self.line_num = lines, 0

    def __iter__(self) -> "_Blanks":
        return self

    def __next__(self) -> list[str]:
        line = next(self._lines)
        self.line_num += 1
        return line.split()


def _line(path: Path, number: int) -> str:
    return _("{file}, line {n:,}").format(file=path, n=number)


def _split(sample: Sequence[str], mark: str) -> Iterator[list[str]]:
    return _Blanks(iter(sample)) if mark == " " else csv.reader(sample, delimiter=mark)


def _sampled(path: Path, sample: Sequence[str], mark: str) -> list[list[str]]:
    """The first rows, blank ones left out. raises Problem"""
    rows: list[list[str]] = []
    try:
        for row in _split(sample, mark):
            if any(row):
                rows.append(row)
    except csv.Error as error:
        raise Problem(
            where=_line(path, len(rows) + 1),
            what=_("a cell is too long, or its quotes do not end ({reason})").format(reason=error),
            fix=_("Correct this line, or choose another delimiter"),
        ) from error
    return rows


def _delimiter(sample: Sequence[str]) -> str:
    """The one by which the lines have equally many cells; a comma last, which may be a decimal one."""
    best, alike = ",", 0.5
    for mark in ("\t", ";", "|", ","):
        width, share = _alike(sample, mark)
        if width > 1 and share >= _FEWEST_ALIKE:
            return mark
        if width > 1 and share > alike:
            best, alike = mark, share
    width, share = _alike(sample, " ")
    if alike == 0.5 and width > 1 and share >= _FEWEST_ALIKE:
        cells = [cell for line in sample[1:] for cell in line.split()]
        if sum(bool(_BEGINS_LIKE_A_NUMBER.match(cell)) for cell in cells) > len(cells) / 2:
            return " "
    return best


def _alike(sample: Sequence[str], mark: str) -> tuple[int, float]:
    """The most frequent number of cells, and the share of the lines that have it."""
    try:
        widths = Counter(len(row) for row in _split(sample, mark) if any(row))
    except csv.Error:
        return 1, 0.0
    if not widths:
        return 1, 0.0
    width, count = widths.most_common(1)[0]
    return width, count / widths.total()


def _has_decimal_comma(rows: Sequence[Sequence[str]], mark: str) -> bool:
    cells = [cell for row in rows for cell in row]
    points, commas = (sum(bool(one.match(cell)) for cell in cells) for one in (_POINT, _COMMA))
    return commas > points


def _has_headings(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: words above numbers, or words that come nowhere else in their column."""
    names, body = rows[0], rows[1:]
    if any(_is_numeric(cell) for cell in names):
        return False
    if not body:
        return True
    above_numbers = False
    for place, name in enumerate(names):
        below = [row[place] for row in body if len(row) == len(names) and row[place].strip().lower() not in MISSING]
        above_numbers |= bool(name.strip() and below and sum(map(_is_numeric, below)) > 0.8 * len(below))
        if name in below[:50]:
            return False
    return above_numbers or (len(set(names)) == len(names) and all(name.strip() for name in names))


def _is_numeric(cell: str) -> bool:
    """A number or a date."""
    return bool(_BEGINS_LIKE_A_NUMBER.match(cell))


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """A name for every column, each another one."""
    taken: Counter[str] = Counter()
    made = []
    for number, raw in enumerate(names, 1):
        name = shortened(" ".join(raw.split()), 80) or _("column {n}").format(n=number)
        while taken[name]:
            taken[name] += 1
            name = f"{name} ({taken[name]})"
        taken[name] += 1
        made.append(name)
    return tuple(made)
