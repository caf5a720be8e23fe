"""How a script reads the user's own table: the same columns, made into the same numbers."""

import csv
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import _text_file
from playground.engine.datasets._columns import Column
from playground.engine.datasets._csv import MISSING, Form
from playground.engine.datasets._script import PATH_IMPORT, Reading, list_is, path_is
from playground.engine.datasets._table import MOST_CATEGORIES, left_out_of, target_of
from playground.engine.literal import literal

_NUMBER = '''
def number(cell):
    """NaN where a cell holds no number."""
    try:
        return float(cell{comma})
    except ValueError:
        return math.nan
'''


def table_script(
    spec: DatasetSpec, path: Path, form: Form, columns: Sequence[Column], options: Mapping[str, Any]
) -> Reading:
    """spec: in effect, as the table was understood. raises Problem: a column that a short script cannot read"""
    target = target_of(path, columns, options["target"])
    left_out = left_out_of(path, columns, options["leave_out"], target)
    place = {column.name: number for number, column in enumerate(columns)}
    encoding = "utf-8-sig" if form.encoding == "utf-8" else form.encoding
    lines = [
        path_is("file", path),
        f'with open(file, newline="", encoding={literal(encoding)}) as opened:',
        f"    rows = list(csv.reader(opened, delimiter={literal(form.delimiter)}))",
        f"rows = [row for row in rows if len(row) == {len(columns)}]",
        *(["rows = rows[1:]  # the first names the columns"] if _names_columns(path, form, len(columns)) else []),
        *_target(spec, path, target, place[target.name]),
        "columns = []",
    ]
    for column in columns:
        if column is not target and column.name not in left_out:
            lines += _feature(path, column, place[column.name])
    lines.append("inputs = torch.tensor(columns, dtype=torch.float32).T.contiguous()")
    comma = '.replace(",", ".")' if form.decimal == "," else ""
    return Reading(
        "\n".join(lines),
        ("import csv", "import math", PATH_IMPORT),
        _NUMBER.format(comma=comma),
        is_float=True,
        missing=True,
    )


def _names_columns(path: Path, form: Form, count: int) -> bool:
    """Whether the first row is a heading with a cell for each column; one that is shorter is left out anyway."""
    if not form.has_headings:
        return False
    text = _text_file.lines(_text_file.pieces(path, form.encoding, None, None), path)
    rows = (row for row in csv.reader(text, delimiter=form.delimiter) if row)
    return any(len(row) == count for row in islice(rows, 1))


def _target(spec: DatasetSpec, path: Path, target: Column, place: int) -> list[str]:
    kind = _kind(path, target)
    cell = f"row[{place}]"
    value = f"number({cell})" if kind == "number" else f"{cell}.strip()"
    if kind == "number":
        lines = [f"rows = [row for row in rows if not math.isnan(number({cell}))]"]
    else:
        known = f"{cell}.strip().lower() not in missing"
        lines = [list_is("missing", sorted(MISSING)), f"rows = [row for row in rows if {known}]"]
    if spec.task == "regression":
        return [*lines, f"targets = torch.tensor([{value} for row in rows])"]
    if kind == "number":
        classes: Sequence[Any] = [float(one) for one in np.unique(target.numbers[np.isfinite(target.numbers)])]
    else:
        classes = sorted(target.words)
    named = list_is("classes", classes)
    return [*lines, named, f"targets = torch.tensor([classes.index({value}) for row in rows])"]


def _feature(path: Path, column: Column, place: int) -> list[str]:
    if column.kind == "nothing" or bool(column.missing.all()):
        return []
    if _kind(path, column) == "number":
        return [f"columns.append([number(row[{place}]) for row in rows])"]
    if len(column.words) > MOST_CATEGORIES:
        return []
    return [
        list_is("words", sorted(column.words)),
        f"columns += [[row[{place}].strip() == word for row in rows] for word in words]",
    ]


def _kind(path: Path, column: Column) -> str:
    kind = column.kind
    mixed = kind == "word" and bool(np.isfinite(column.numbers).any())
    if kind == "date" or mixed or column.overflowed:
        raise Problem(
            where=_("{file}, column {name}").format(file=path, name=column.name),
            what=_("it holds dates") if kind == "date" else _("it holds words and numbers"),
            fix=_("Leave the column out to have a script, or make one kind of it"),
        )
    return kind
