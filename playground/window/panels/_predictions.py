"""What a network says of single samples, as it is shown: from a picture of the probe `evaluation`."""

from typing import NamedTuple

import numpy as np

from playground.core.messages import Picture
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data import drawing
from playground.window.panels._evaluation_words import class_names

MOST_BARS = 3  # classes whose probability is shown
MOST_VALUES = 4  # of a row of a table


class Bar(NamedTuple):
    """A class with its probability. right: it is the true one"""

    name: str
    share: float
    right: bool


class Prediction(NamedTuple):
    """number: of the sample in its part;  right: whether the class was found, None where numbers are predicted
    bars: the likeliest classes, of numbers none;  lines: (name, value), of numbers what is said of the sample
    """

    number: int
    true: str
    predicted: str
    right: bool | None
    bars: tuple[Bar, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()

    @property
    def heading(self) -> str:
        """The prediction, and what it should have been."""
        if self.right is None:
            return _("sample {number:,}").format(number=self.number)
        return self.predicted if self.right else _("{predicted}, not {true}").format(
            predicted=self.predicted, true=self.true
        )  # fmt: skip

    @property
    def words(self) -> str:
        """All of it, a line each."""
        sample = _("sample {number:,}").format(number=self.number)
        if self.right is None:
            return "\n".join([sample, *(f"{name}  {value}" for name, value in self.lines)])
        said = _("{sample}: true {true}, predicted {predicted}")
        bars = [f"{bar.name}  {bar.share:.4f}" + ("  ✓" if bar.right else "") for bar in self.bars]
        return "\n".join([said.format(sample=sample, true=self.true, predicted=self.predicted), *bars])


def predictions_of(picture: Picture, spec: DatasetSpec | None) -> list[Prediction]:
    """Of the samples that the picture holds. spec: of the data set"""
    if "probabilities" in picture.arrays:
        return _of_classes(picture, spec)
    return _of_numbers(picture) if "predicted_of" in picture.arrays else []


def _of_classes(picture: Picture, spec: DatasetSpec | None) -> list[Prediction]:
    shares, labels = numbers(picture.arrays["probabilities"]), numbers(picture.arrays["labels"])
    names = class_names(picture, spec)
    found = []
    for sample, label, row in zip(numbers(picture.arrays["numbers"]), labels, shares, strict=True):
        order = np.argsort(-np.nan_to_num(row, nan=-1.0), kind="stable")[:MOST_BARS]
        bars = tuple(Bar(_name(names, int(one)), float(row[one]), bool(one == label)) for one in order)
        predicted = _name(names, int(order[0]))
        found.append(Prediction(int(sample), _name(names, int(label)), predicted, bool(order[0] == label), bars))
    return found


def _of_numbers(picture: Picture) -> list[Prediction]:
    true, predicted = numbers(picture.arrays["targets"]), numbers(picture.arrays["predicted_of"])
    found = []
    for sample, one, other in zip(numbers(picture.arrays["numbers"]), true, predicted, strict=True):
        texts = [drawing.value_text(float(value)) for value in (one, other, one - other)]
        lines = tuple(zip((_("true"), _("predicted"), _("difference")), texts, strict=True))
        found.append(Prediction(int(sample), texts[0], texts[1], None, lines=lines))
    return found


def _name(names: list[str], number: int) -> str:
    """An output may have no class."""
    return names[number] if 0 <= number < len(names) else f"[{number}]"


def values_of(row: np.ndarray, spec: DatasetSpec | None) -> tuple[tuple[str, str], ...]:
    """The first values of a row of a table by the names of their columns."""
    flat = row.reshape(-1)
    known = spec is not None and len(spec.features) == len(flat)
    names = spec.features if spec is not None and known else tuple(f"[{place}]" for place in range(len(flat)))
    return tuple(
        (name, drawing.value_text(float(one))) for name, one in list(zip(names, flat, strict=False))[:MOST_VALUES]
    )
