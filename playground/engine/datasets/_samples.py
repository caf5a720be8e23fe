"""From any array to samples and targets as they are stored: uint8 or float32, channels first; labels or numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from playground.core.arguments import shown_shape
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets._own import shortened

MOST_FEATURES = 50_000
MOST_CLASSES = 1000
_MOST_CLASSES_OF_NUMBERS = 20  # so few different whole floats are taken for classes
_CHANNELS = (1, 3, 4)
_LARGEST = float(np.finfo(np.float32).max)

Kind = Literal["picture", "table", "series"]


@dataclass(frozen=True, eq=False)
class Samples:
    """values: (N, *sample shape) uint8 or float32, C order, the caller's own;  largest: value that a pixel can have

    negative: some values are below 0;  missing: some are NaN
    """

    values: np.ndarray
    kind: Kind
    largest: float
    negative: bool
    missing: bool


def samples_of(where: str, array: np.ndarray, options: Mapping[str, Any]) -> Samples:
    """raises Problem: an array that holds no samples to learn from"""
    if array.dtype.kind not in "buif":
        raise _wrong(where, _("it holds {dtype}, not numbers").format(dtype=array.dtype))
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim < 2 or not array.size:
        raise _wrong(where, _("its shape {shape} holds no samples").format(shape=shown_shape(array.shape) or "()"))
    kind = _kind(array, options["samples"])
    array = _arranged(where, array, kind, options["channels"])
    if kind == "table" and array.shape[1] > MOST_FEATURES:
        raise _wrong(where, _("a sample has {count:,} features").format(count=array.shape[1]))
    floating = array.dtype.kind == "f"
    low, high = float(np.fmin.reduce(array, axis=None)), float(np.fmax.reduce(array, axis=None))  # NaN is passed over
    missing = floating and bool(np.isnan(array).any())
    if np.isnan(low) or not max(abs(low), abs(high)) <= _LARGEST or (missing and kind != "table"):
        raise _wrong(where, _("{sample} has values that are not finite").format(sample=_first_not_finite(array)))
    as_bytes = not floating and kind == "picture" and low >= 0 and high <= 255
    values = np.ascontiguousarray(array, dtype=np.uint8 if as_bytes else np.float32)
    if values.base is not None or not values.flags.writeable or values is array:
        values = values.copy()
    fractions = array.dtype.kind == "b" or (floating and high <= 1)
    largest = 1.0 if fractions else max(255.0, high)
    return Samples(values, kind, largest, low < 0, missing)


def targets_of(
    where: str, parts: Sequence[np.ndarray], asked: str
) -> tuple[list[np.ndarray], list[str], Literal["classification", "regression"]]:
    """Labels or numbers of each part, and the names of the classes. raises Problem"""
    parts = [_flat(part) for part in parts]
    if any(part.ndim != parts[0].ndim or part.dtype.kind != parts[0].dtype.kind for part in parts):
        raise _wrong(where, _("the targets of the test part are of another kind"))
    first = parts[0]
    if first.dtype.kind not in "buifSU" or first.ndim > 2:
        raise _wrong(where, _("{shape} values of {dtype} are no targets").format(shape=shown_shape(first.shape), dtype=first.dtype))  # fmt: skip
    if first.dtype.kind == "f" and not all(np.isfinite(part).all() for part in parts):
        raise _wrong(where, _("some targets are not finite"))
    if first.ndim == 2 and asked != "regression" and all(_is_one_hot(part) for part in parts):
        names = [str(number) for number in range(first.shape[1])]
        return [part.argmax(axis=1).astype(np.int64) for part in parts], names, "classification"
    if first.ndim == 1 and asked != "regression":
        values = np.unique(np.concatenate([np.unique(part) for part in parts]))
        if asked == "classification" or first.dtype.kind in "SU" or _are_classes(values, first):
            return [np.searchsorted(values, part) for part in parts], _class_names(where, values), "classification"
    if first.ndim == 2:
        raise _wrong(
            where, _("it has {count:,} numbers for each sample, but one can be predicted").format(count=first.shape[1])
        )
    if first.dtype.kind in "SU" or asked == "classification":
        raise _wrong(
            where, _("they cannot be {task}").format(task=_("numbers") if asked == "regression" else _("classes"))
        )
    if bool((first == first[:1]).all()):
        raise _wrong(where, _("all targets are alike"))
    return [np.ascontiguousarray(part, dtype=np.float32).copy() for part in parts], [], "regression"


def _kind(array: np.ndarray, asked: str) -> Kind:
    if asked == "auto":
        return "table" if array.ndim == 2 else "picture"
    return "picture" if asked == "picture" else "table" if asked == "table" else "series"


def _arranged(where: str, array: np.ndarray, kind: Kind, channels: str) -> np.ndarray:
    """(N, channels, height, width), (N, features), (N, length) or (N, channels, length). raises Problem"""
    if kind == "table":
        return array.reshape(len(array), -1)
    if kind == "series" and array.ndim in (2, 3):
        return array
    if kind == "picture" and array.ndim == 3:
        return array[:, None]
    if kind == "picture" and array.ndim == 4:
        last = channels == "last" or (
            channels == "auto" and array.shape[3] in _CHANNELS and array.shape[1] not in _CHANNELS
        )
        return array.transpose(0, 3, 1, 2) if last else array
    raise _wrong(where, _("its shape {shape} does not fit: samples of {axes} axes").format(shape=shown_shape(array.shape), axes=array.ndim - 1))  # fmt: skip


def _flat(targets: np.ndarray) -> np.ndarray:
    return targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets


def _is_one_hot(targets: np.ndarray) -> bool:
    if targets.dtype.kind not in "buif" or targets.shape[1] < 2:
        return False
    return bool(((targets == 0) | (targets == 1)).all() and (targets.sum(axis=1) == 1).all())


def _are_classes(values: np.ndarray, first: np.ndarray) -> bool:
    if first.dtype.kind == "f" and not bool((values == np.floor(values)).all()):
        return False
    most = _MOST_CLASSES_OF_NUMBERS if first.dtype.kind == "f" else MOST_CLASSES
    return len(values) <= most and 2 * len(values) <= max(len(first), 4)


def _class_names(where: str, values: np.ndarray) -> list[str]:
    """raises Problem: too few or too many"""
    if not 2 <= len(values) <= MOST_CLASSES:
        raise _wrong(
            where, _("it has {count:,} different values, but classes are 2 to {most:,}").format(count=len(values), most=MOST_CLASSES)
        )  # fmt: skip
    if values.dtype.kind == "S":
        return [shortened(value.decode(errors="replace"), 60) for value in values]
    if values.dtype.kind == "U":
        return [shortened(str(value), 60) for value in values]
    return [f"{value:g}" if values.dtype.kind == "f" else str(int(value)) for value in values]


def _first_not_finite(array: np.ndarray) -> str:
    with np.errstate(invalid="ignore", over="ignore"):
        wrong = ~(np.abs(array.reshape(len(array), -1).astype(np.float64)) <= _LARGEST).all(axis=1)
    return _("sample {n:,}").format(n=int(wrong.argmax()) + 1)


def _wrong(where: str, what: str) -> Problem:
    return Problem(where=where, what=what, fix=_("Choose another array, or save it again as numbers"))
