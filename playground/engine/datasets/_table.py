"""From the columns of a table to the numbers that a network learns from, and what is told of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets._columns import Column
from playground.engine.datasets._own import chosen_from, refuse_what_does_not_fit, shortened, title_of

MOST_CATEGORIES = 100  # of a column to learn from
MOST_CLASSES = 1000  # of the target
MOST_CLASSES_OF_NUMBERS = 20  # so few different whole numbers are taken for classes, unless the user says otherwise
_TARGET_NAMES = ("target", "label", "labels", "class", "y", "outcome", "species", "quality", "price")
_NAMED = 5  # columns that a note names, before it says how many more

Task = Literal["classification", "regression"]


@dataclass(frozen=True, eq=False)
class Encoded:
    """inputs: (rows, features) float32, NaN where missing;  targets: (rows,) int64 labels or float32"""

    spec: DatasetSpec
    inputs: np.ndarray
    targets: np.ndarray
    has_missing: bool


@dataclass(eq=False)
class _Features:
    """The columns to learn from, as they are made."""

    names: list[str] = field(default_factory=list)
    blocks: list[np.ndarray] = field(default_factory=list)  # (rows, n) float32 each
    left_out: dict[str, list[str]] = field(default_factory=dict)  # why -> which
    notes: list[str] = field(default_factory=list)


def encode(
    spec: DatasetSpec, path: Path, columns: Sequence[Column], notes: Sequence[str], options: Mapping[str, Any]
) -> Encoded:
    """A table made into numbers, as the options say. raises Problem: naming the column at fault"""
    target = target_of(path, columns, options["target"])
    left_out = left_out_of(path, columns, options["leave_out"], target)
    known = ~target.missing if target.kind != "date" else np.isfinite(target.as_days())
    targets, classes, task = _targets(path, target, options["task"], known)
    features = _Features()
    for column in columns:
        if column is not target and column.name not in left_out:
            _add(features, column, known, path)
    if not features.blocks:
        raise Problem(
            where=str(path),
            what=_("no column is left to learn from, beside the target {name}").format(name=target.name),
            fix=_("Choose another delimiter, or leave out fewer columns"),
        )
    inputs = np.concatenate(features.blocks, axis=1)
    told = [*notes, *_told(target, task, classes, known, features, inputs)]
    effect = msgspec.structs.replace(
        spec,
        title=title_of(path),
        task=task,
        sample_shape=(inputs.shape[1],),
        classes=tuple(classes),
        train=len(inputs),
        features=tuple(features.names),
        target=target.name,
        source=str(path),
        bytes=0,
        notes=tuple(told),
    )
    return Encoded(effect, inputs, targets, bool(np.isnan(inputs).any()))


def target_of(path: Path, columns: Sequence[Column], wanted: str) -> Column:
    """The column to predict: the one named, else one with a usual name, else the last that is not empty. raises Problem"""
    names = [column.name for column in columns]
    if wanted:
        return columns[names.index(chosen_from(str(path), "target", wanted, names))]
    if len(columns) == 1:
        raise Problem(
            where=str(path),
            what=_("it has one column only, {name}: nothing to learn from beside the target").format(name=names[0]),
            fix=_("Choose another delimiter, or a table with more columns"),
        )
    by_name = {column.name.strip().lower(): column for column in columns}
    for name in _TARGET_NAMES:
        if name in by_name:
            return by_name[name]
    return next((column for column in reversed(columns) if column.kind != "nothing"), columns[-1])


def left_out_of(path: Path, columns: Sequence[Column], text: str, target: Column) -> set[str]:
    """raises Problem: a name that no column has, or the target's"""
    names = [column.name for column in columns]
    wanted = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip()]
    if target.name in wanted:
        raise Problem(
            where=str(path),
            what=_("leave_out names {name}, which is the target").format(name=target.name),
            fix=_("Choose another target, or take it from leave_out"),
        )
    return {chosen_from(str(path), "leave_out", name, names) for name in wanted}


def _targets(path: Path, target: Column, asked: str, known: np.ndarray) -> tuple[np.ndarray, list[str], Task]:
    """(known rows,) labels or values, the names of the classes, and the task. raises Problem"""
    where = _("{file}, column {name}").format(file=path, name=target.name)
    if not known.any():
        raise Problem(
            where=where, what=_("it is to be predicted, but is empty in every row"), fix=_("Choose another target")
        )
    kind = target.kind
    numbers = (target.as_days() if kind == "date" else target.numbers)[known]
    if asked == "regression" or (asked == "auto" and kind != "word" and not _are_classes(numbers, kind)):
        if kind == "word" or not np.isfinite(numbers).all():
            raise _no_number(where, target)
        if bool((numbers == numbers[0]).all()):
            raise _all_alike(where, f"{numbers[0]:g}")
        return numbers.astype(np.float32), [], "regression"
    if target.overflowed:
        raise _too_many_classes(where, len(target.words))
    labels, names = target.as_words()
    used = np.unique(labels[known])
    if len(used) > MOST_CLASSES:
        raise _too_many_classes(where, len(used))
    if len(used) < 2:
        raise _all_alike(where, names[used[0]])
    return np.searchsorted(used, labels[known]), [shortened(names[one], 60) for one in used], "classification"


def _are_classes(numbers: np.ndarray, kind: str) -> bool:
    """Few different whole numbers, each of them in more than one row."""
    numbers = numbers[np.isfinite(numbers)]
    if kind == "date" or not len(numbers) or not bool((numbers == np.floor(numbers)).all()):
        return False
    different = np.unique(numbers)
    return len(different) <= MOST_CLASSES_OF_NUMBERS and 2 * len(different) <= len(numbers)


def _add(features: _Features, column: Column, known: np.ndarray, path: Path) -> None:
    """A column as features; or left out, and why is noted."""
    kind = column.kind
    if kind == "nothing" or bool(column.missing[known].all()):
        features.left_out.setdefault(_("empty"), []).append(column.name)
    elif kind == "word":
        labels, names = column.as_words() if not column.overflowed else (np.empty(0), [""] * (MOST_CATEGORIES + 1))
        if len(names) > MOST_CATEGORIES:
            why = _("more than {count} different words").format(count=MOST_CATEGORIES)
            features.left_out.setdefault(why, []).append(column.name)
            return
        refuse_what_does_not_fit(str(path), 4 * (len(features.names) + len(names)) * len(labels) * 2)
        features.names += [shortened(f"{column.name} = {name}", 120) for name in names]
        features.blocks.append((labels[known, None] == np.arange(len(names))).astype(np.float32))
        missing = int((labels[known] < 0).sum())
        features.notes.append(
            _("{column} has {count} different words: one column of 0 and 1 for each").format(
                column=column.name, count=len(names)
            )
            + (_(" ({count:,} rows have none: all 0)").format(count=missing) if missing else "")
        )
    else:
        numbers = column.as_days() if kind == "date" else column.numbers
        features.names.append(column.name)
        features.blocks.append(numbers[known, None].astype(np.float32))
        _note_numbers(features, column, kind, numbers[known])


def _note_numbers(features: _Features, column: Column, kind: str, numbers: np.ndarray) -> None:
    if kind == "date":
        features.notes.append(_("{column} holds dates: taken as days since 1970").format(column=column.name))
    missing = int(np.isnan(numbers).sum())
    if missing:
        words = (
            ""
            if not column.words or kind == "date"
            else _(", such as “{word}”").format(word=shortened(column.words[0], 30))
        )
        text = _("{column}: {count:,} cells hold no number{words}; they get its mean in the training part")
        features.notes.append(text.format(column=column.name, count=missing, words=words))


def _told(
    target: Column, task: Task, classes: Sequence[str], known: np.ndarray, features: _Features, inputs: np.ndarray
) -> list[str]:
    if task == "classification":
        told = [_("The target is {name}, {count} classes").format(name=target.name, count=len(classes))]
    else:
        told = [_("The target is {name}, a number").format(name=target.name)]
    dropped = int((~known).sum())
    if dropped:
        told.append(_("{count:,} rows without a target are left out").format(count=dropped))
    for why, names in features.left_out.items():
        some = ", ".join(names[:_NAMED]) + (
            _(" and {n:,} more").format(n=len(names) - _NAMED) if len(names) > _NAMED else ""
        )
        told.append(_("Left out ({why}): {names}").format(why=why, names=some))
    shown = features.notes[: 2 * _NAMED]
    if len(features.notes) > len(shown):
        shown.append(_("{n:,} more columns like these").format(n=len(features.notes) - len(shown)))
    return told + shown


def _no_number(where: str, target: Column) -> Problem:
    word = target.words[0] if target.words else "?"
    return Problem(
        where=where,
        what=_("regression predicts numbers, but this column holds words such as “{word}”").format(word=shortened(word, 40)),
        fix=_("Choose classification, or another target"),
    )  # fmt: skip


def _too_many_classes(where: str, count: int) -> Problem:
    return Problem(
        where=where,
        what=_("it has {count:,} different values or more, too many for classes (at most {most:,})").format(
            count=count, most=MOST_CLASSES
        ),
        fix=_("Choose another target, or regression where it holds numbers"),
    )


def _all_alike(where: str, value: str) -> Problem:
    return Problem(
        where=where,
        what=_("it is to be predicted, but is {value} in every row").format(value=shortened(value, 40)),
        fix=_("Choose another target"),
    )
