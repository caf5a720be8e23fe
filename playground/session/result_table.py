"""A result as a table for other programs: one row a class, or one row a pair of numbers."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from playground.core.messages import Picture
from playground.core.text import _
from playground.session.history import numbers


def has_table(picture: Picture | None) -> bool:
    """Whether there is something to write."""
    return picture is not None and bool({"confusion", "true"} & picture.arrays.keys())


def csv_of(picture: Picture) -> str:
    """Of classes: samples, recall, precision, and how many were taken for each class; of numbers: the pairs."""
    return _text(_classes(picture) if "confusion" in picture.arrays else _pairs(picture))


def left_out(picture: Picture) -> tuple[int, int]:
    """How many pairs of numbers the table holds, and how many there are, where it holds fewer; else 0 and 0."""
    if "true" not in picture.arrays:
        return 0, 0
    held, samples = picture.arrays["true"].shape[0], int(picture.facts["samples"])
    return (held, samples) if held < samples else (0, 0)


def summary_of(picture: Picture) -> str:
    """The figures of the whole part, one a row, by the names that reports have."""
    facts = picture.facts
    rows: list[Sequence[Any]] = [(_("figure"), _("value"))]
    names = ("part", "samples", "epoch", "step", "loss", "accuracy", "auc", "r2", "rmse", "mae")
    rows += [(name, facts[name]) for name in names if name in facts]
    if "top_k" in facts:
        rows.append((f"top_{facts['top_k']['k']}_accuracy", facts["top_k"]["accuracy"]))
    return _text(rows)


def _text(rows: list[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _classes(picture: Picture) -> list[Sequence[Any]]:
    """A share that there is none of, e.g. the precision of a class that nothing was taken for, is left empty."""
    facts, matrix = picture.facts, numbers(picture.arrays["confusion"])
    names = facts["classes"]
    predicted = [_("predicted {name}").format(name=name) for name in names]
    rows: list[Sequence[Any]] = [(_("class"), _("samples"), _("recall"), _("precision"), *predicted)]
    for name, counts, recall, precision in zip(names, matrix, facts["recall"], facts["precision"], strict=True):
        rows.append((name, int(counts.sum()), recall, precision, *counts.tolist()))
    return rows


def _pairs(picture: Picture) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [(_("true"), _("predicted"), _("difference"))]
    true, predicted = numbers(picture.arrays["true"]), numbers(picture.arrays["predicted"])
    for one, other in zip(true, predicted, strict=True):
        rows.append((str(one), str(other), str(one - other)))  # as few digits as tell a float32
    return rows
