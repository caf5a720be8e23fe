"""The user's own table: a CSV file, read once into columns, then made into numbers as the options say.

Words become one column a word, 1 where it is that word and 0 elsewhere. A missing number stays NaN here (`Raw.missing`)
and becomes the mean of its column in the training part once the parts are known: a constant fitted to all rows would
tell the training of the test. A missing word is 0 in all columns of its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import Raw, _own, _table
from playground.engine.datasets._columns import Column, gathered
from playground.engine.datasets._csv import Form, form_of, rows_of
from playground.engine.datasets._script import Reading

_MOST_BYTES = 1 << 30
MOST_CELLS = 50_000_000


@dataclass(frozen=True, eq=False)
class Parsed:
    """A file as columns. notes: what was passed over while reading"""

    form: Form
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


_parsed: _own.Memory[Parsed] = _own.Memory(1)
_encoded: _own.Memory[_table.Encoded] = _own.Memory(1)


def load(
    spec: DatasetSpec,
    *,
    options: Mapping[str, Any],
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> Raw:
    """(rows, features) float32, NaN where a number is missing; (rows,) int64 labels or float32 targets. raises Problem"""
    encoded = _encode(spec, options, progress, cancelled)
    return Raw(
        torch.from_numpy(encoded.inputs.copy()), torch.from_numpy(encoded.targets.copy()), missing=encoded.has_missing
    )


def describe(
    spec: DatasetSpec,
    *,
    options: Mapping[str, Any],
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> DatasetSpec:
    """The table as it will be learned from. raises Problem"""
    return _encode(spec, options, progress, cancelled).spec


def locate(spec: DatasetSpec, *, options: Mapping[str, Any] | None = None) -> DatasetState:
    """Where the file lies."""
    return _own.located(spec, options)


def parsed(
    spec: DatasetSpec,
    options: Mapping[str, Any],
    progress: _own.Progress | None = None,
    cancelled: _own.Asked | None = None,
) -> Parsed:
    """The file as columns; it is read again only where it has changed. raises Problem, Cancelled"""
    path = _own.file_of(spec, options)
    key = (_own.state_of(path), options["delimiter"], options["header"], options["decimal"])
    return _parsed.get(key, lambda: _read(path, options, progress, cancelled))


def _encode(
    spec: DatasetSpec, options: Mapping[str, Any], progress: _own.Progress | None, cancelled: _own.Asked | None
) -> _table.Encoded:
    path = _own.file_of(spec, options)
    key = (_own.state_of(path), tuple(sorted((name, str(value)) for name, value in options.items())))

    def make() -> _table.Encoded:
        table = parsed(spec, options, progress, cancelled)
        _own.go_on(cancelled, str(path))
        return _table.encode(spec, path, table.columns, table.notes, options)

    return _encoded.get(key, make)


def _read(
    path: Path, options: Mapping[str, Any], progress: _own.Progress | None, cancelled: _own.Asked | None
) -> Parsed:
    size = path.stat().st_size
    if size > _MOST_BYTES:
        raise Problem(
            where=str(path),
            what=_("it has {size:,.1f} GB; tables of up to {most:,.1f} GB can be read").format(
                size=size / 1e9, most=_MOST_BYTES / 1e9
            ),
            fix=_("Save a part of its rows as a file of its own"),
        )
    form = form_of(path, options["delimiter"], options["header"], options["decimal"], cancelled)
    notes: list[str] = []
    most = max(1, MOST_CELLS // len(form.headings))
    rows = islice(rows_of(path, form, notes, progress, cancelled), most + 1)
    columns = gathered(form.headings, rows, form.decimal)
    if len(columns[0].numbers) > most:
        raise Problem(
            where=str(path),
            what=_("the table has more than {count:,} cells").format(count=MOST_CELLS),
            fix=_("Save a part of its rows or columns as a file of its own"),
        )
    if len(columns[0].numbers) < 2:
        raise Problem(
            where=str(path),
            what=_("it has {count} rows of {columns} cells below its first line").format(
                count=len(columns[0].numbers), columns=len(columns)
            ),
            fix=_("Choose a table with more rows, or another delimiter"),
        )
    return Parsed(form, tuple(columns), (*_of_the_form(form), *notes))


def _of_the_form(form: Form) -> list[str]:
    marks = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars"), " ": _("blanks")}
    notes = []
    if len(form.headings) > 1:
        notes.append(_("Cells are parted by {mark}").format(mark=marks[form.delimiter]))
    notes.append(
        _("The first line names the columns") if form.has_headings else _("No line names the columns, so they have numbers")
    )  # fmt: skip
    if form.decimal == ",":
        notes.append(_("Numbers have a decimal comma"))
    if form.encoding not in ("utf-8", "utf-8-sig"):
        notes.append(_("The file is in {encoding}, not in UTF-8").format(encoding=form.encoding.upper()))
    return notes


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script reads it. raises Problem"""
    from playground.engine.datasets._table_script import table_script

    table = parsed(spec, options)
    return table_script(spec, _own.file_of(spec, options), table.form, table.columns, options)
