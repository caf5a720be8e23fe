"""How good a trained network is on the test part, as the room Results shows it: for reports, and in a few lines."""

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from playground.core import trouble
from playground.core.text import _
from playground.disk import slopes

if TYPE_CHECKING:
    from playground.engine.loop import Training


def facts_of(training: "Training") -> dict[str, Any]:
    """What a report holds of the newest test. Empty where there was none, or outputs that are not one a class.

    of classes: per_class_accuracy and per_class_precision, by name, None where there is no such sample; top_k (k and
    accuracy), from four classes on; auc, of two;  confusion, rows true, columns predicted
    of numbers: r2, rmse, mae
    """
    from playground.engine import evaluation

    names, result = training.data.classes, training.results.get("test")
    if result is None or result.outputs is None:
        return {}
    targets = training.data.targets("test")
    if not names:
        return dict(evaluation.errors(*evaluation.pairs(result.outputs, targets)))
    if not evaluation.fits(result.outputs, len(names)):
        return {}
    matrix = evaluation.confusion(result.outputs, targets, len(names))
    found = evaluation.figures(result.outputs, targets, matrix)
    more: dict[str, Any] = {name: one for name, one in found.items() if name in ("top_k", "auc")}
    return {
        "per_class_accuracy": dict(zip(names, found["recall"], strict=True)),
        "per_class_precision": dict(zip(names, found["precision"], strict=True)),
        **more,
        "confusion": matrix.tolist(),
    }


def lines_of(facts: dict[str, Any]) -> list[str]:
    """The same for people. facts: what `facts_of` gave, or a report that holds it"""
    if "r2" in facts:
        return [_("R² {r2:.4f}, RMSE {rmse:.4g}, mean absolute error {mae:.4g}").format(**facts)]
    if "confusion" not in facts:
        return []
    said = []
    if "top_k" in facts:
        said.append(_("Top-{k} accuracy {accuracy:.2%}").format(**facts["top_k"]))
    if "auc" in facts:
        said.append(_("Area below the ROC curve {area:.4f}").format(area=facts["auc"]))
    return [*said, *_weakest(facts["per_class_accuracy"]), *_commonest(facts)]


def _weakest(accuracies: dict[str, float | None]) -> list[str]:
    known = {name: one for name, one in accuracies.items() if one is not None}
    if not known:
        return []
    name = min(known, key=lambda one: known[one])
    text = _("Weakest class: {name}, of which {share:.1%} are found; guessing finds {guess:.1%}")
    return [text.format(name=_shown(name), share=known[name], guess=1 / len(accuracies))]


def _commonest(facts: dict[str, Any]) -> list[str]:
    """The mistake that was made most often."""
    names, matrix = list(facts["per_class_accuracy"]), facts["confusion"]
    cells = [(count, row, column) for row, counts in enumerate(matrix) for column, count in enumerate(counts)]
    count, row, column = max(
        (cell for cell in cells if cell[1] != cell[2]), key=lambda cell: cell[0], default=(0, 0, 0)
    )
    if not count:
        return []
    text = _("Most common mistake: {true} taken for {found}, {n:,} of {samples:,} samples")
    shown = {"true": _shown(names[row]), "found": _shown(names[column])}
    return [text.format(n=count, samples=sum(matrix[row]), **shown)]


def _shown(name: str) -> str:
    """A class of a text may be a blank or the end of a line."""
    return name if name.strip() and name.isprintable() else repr(name)


def remarks_of(training: "Training", folder: Path) -> list[str]:
    """What the epochs and the slopes tell of a run that went wrong. Of overfitting nothing where the best weights were
    kept. folder: of the run"""
    epochs = training.epochs
    since = 0 if training.project.recipe.patience else trouble.overfits_since(epochs)
    said = [
        *_of_slopes(folder, training.steered[-1].step if training.steered else -1),
        trouble.stands_still(epochs, len(training.data.classes)),
        trouble.overfitting(since) if since else "",
    ]
    return [one for one in said if one]


def _of_slopes(folder: Path, since: int) -> list[str]:
    """What is wrong with the newest slopes. since: the step at which a setting was changed"""
    layers, looks = slopes.read(folder)
    recent = [one for one in looks if one.step > since][-trouble.LOOKS :]
    if not recent:
        return []
    now, first = _means(recent), _means(looks[: trouble.LOOKS])
    wild, gone = trouble.exploding(now, first), trouble.vanishing(now)
    names = [f"{one.index} {one.name}" for one in layers]
    return [
        *([trouble.explodes(names[wild], now[wild])] if wild is not None else []),
        *([trouble.vanishes(names[gone], now[gone])] if gone is not None else []),
    ]


def _means(looks: Sequence[slopes.Look]) -> dict[int, float]:
    """Of the gradient norm of each layer, by its place; one that was no number makes its mean none."""
    columns = zip(*(one.gradient_norm for one in looks), strict=True)
    return {place: fmean(math.nan if one is None else one for one in column) for place, column in enumerate(columns)}
