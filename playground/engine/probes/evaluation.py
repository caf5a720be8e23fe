"""What the newest evaluation of a part says: figures, confusion, curve, and samples to look at.

options: part, "test" or "validation";  which, "mistakes" (the surest first), "all" or "cell" with cell [class, taken
    for];  first, how many of those to pass over
facts: part, samples, epoch and step at which it was made, loss;  total, how many samples there are to look at
    of classes: classes (names), accuracy, top_k (k and accuracy; only from four classes on), recall and precision (one a
    class, null where there is none), auc (of two classes)
    of numbers: r2, rmse, mae
    stored: whether inputs are as stored; a run keeps its samples only as the network gets them
arrays: numbers (n,) of the samples to look at in their part, at most 24;  labels or targets (n,);  inputs (n, *shape)
    of classes: confusion (classes, classes), rows true, columns predicted;  probabilities (n, classes);  roc (2, m), of
    two classes
    of numbers: predicted_of (n,);  predicted and true (m,), of all samples up to MOST_PAIRS, else evenly chosen;  counts (b,) and edges (b + 1,) of the
    residuals, target minus prediction
"""

import json
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from playground.core.messages import Part
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine import evaluation
from playground.engine.evaluation import Result
from playground.engine.probes._probe import Probe, ProbeContext, Reading

SHOWN = 24  # samples to look at
MOST_POINTS = 2_000  # of a curve
MOST_PAIRS = 10_000  # of numbers, for a table: 80 kB
BINS = 40


class _Newest:
    """The newest reading: each frame until the next evaluation asks for the same. It keeps no outputs alive."""

    def __init__(self) -> None:
        self._outputs: Callable[[], torch.Tensor | None] = lambda: None
        self._options, self._reading = "", Reading({})

    def get(self, options: Mapping[str, Any], outputs: torch.Tensor | None) -> Reading | None:
        same = outputs is not None and self._outputs() is outputs and self._options == _text(options)
        return self._reading if same else None

    def keep(self, options: Mapping[str, Any], outputs: torch.Tensor, reading: Reading) -> Reading:
        self._outputs, self._options, self._reading = weakref.ref(outputs), _text(options), reading
        return reading


_newest = _Newest()


def _text(options: Mapping[str, Any]) -> str:
    return json.dumps(dict(options), sort_keys=True)


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    part: Part = "validation" if options.get("part") == "validation" else "test"
    result = context.results.get(part)
    if result is None:
        raise _not_yet()
    return _newest.get(options, result.outputs) or _looked_at(options, context, part, result)


def _looked_at(options: Mapping[str, Any], context: ProbeContext, part: Part, result: Result) -> Reading:
    facts = {"part": part, "samples": context.data.size(part), "epoch": result.epoch, "step": result.step,
             "loss": result.loss}  # fmt: skip
    targets = context.data.targets(part)
    classes = len(context.data.classes)
    if result.outputs is None or (classes and not evaluation.fits(result.outputs, classes)):
        return Reading({}, facts)
    reading = _of_classes if classes else _of_numbers
    arrays, more = reading(options, context, result.outputs, targets)
    numbers = arrays["numbers"]
    stored = part in context.data.originals
    arrays["inputs"] = context.data.stored(part, numbers) if stored else _as_prepared(context, part, numbers)
    return _newest.keep(options, result.outputs, Reading(arrays, {**facts, **more, "stored": stored}))


def _as_prepared(context: ProbeContext, part: Part, numbers: torch.Tensor) -> torch.Tensor:
    if not len(numbers):  # some steps refuse a batch of nothing
        return context.data.inputs(part)[:0]
    return context.data.samples(part, numbers)


def _of_classes(
    options: Mapping[str, Any], context: ProbeContext, outputs: torch.Tensor, labels: torch.Tensor
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    names = context.data.classes
    probabilities = context.loss.probabilities(outputs) if context.loss else outputs.softmax(-1)
    matrix = evaluation.confusion(outputs, labels, len(names))
    facts: dict[str, Any] = {"classes": list(names), **evaluation.figures(outputs, labels, matrix)}
    arrays = {"confusion": matrix}
    if evaluation.is_yes_or_no(outputs, len(names)):
        curve = evaluation.curve_of_two(outputs, labels)
        arrays["roc"] = curve[:, _evenly(curve.shape[1], MOST_POINTS)]
    chosen = _chosen(options, outputs, probabilities, labels)
    numbers = _page(options, chosen)
    facts["total"] = len(chosen)
    arrays |= {"numbers": numbers, "labels": labels[numbers], "probabilities": probabilities[numbers]}
    return arrays, facts


def _chosen(
    options: Mapping[str, Any], outputs: torch.Tensor, probabilities: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """Numbers of the samples that are to be looked at."""
    which = options.get("which", "mistakes")
    if which == "cell":
        true, found = (int(one) for one in options["cell"])
        return ((labels == true) & (outputs.argmax(1) == found)).nonzero()[:, 0]
    return torch.arange(len(labels)) if which == "all" else evaluation.mistakes(outputs, probabilities, labels)


def _of_numbers(
    options: Mapping[str, Any], _context: ProbeContext, outputs: torch.Tensor, targets: torch.Tensor
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    predicted, true = evaluation.pairs(outputs, targets)
    residuals = true - predicted
    finite = residuals[residuals.isfinite()].numpy()
    counts, edges = np.histogram(finite, bins=BINS) if len(finite) else (np.zeros(BINS, int), np.zeros(BINS + 1))
    all_ = options.get("which") == "all"
    chosen = torch.arange(len(true)) if all_ else residuals.abs().argsort(descending=True, stable=True)
    numbers, some = _page(options, chosen), _evenly(len(true), MOST_PAIRS)
    arrays = {
        "predicted": predicted[some], "true": true[some],
        "counts": torch.from_numpy(counts), "edges": torch.from_numpy(edges),
        "numbers": numbers, "targets": true[numbers], "predicted_of": predicted[numbers],
    }  # fmt: skip
    return arrays, {**evaluation.errors(predicted, true), "total": len(chosen)}


def _page(options: Mapping[str, Any], chosen: torch.Tensor) -> torch.Tensor:
    first = max(0, int(options.get("first", 0)))
    return chosen[first : first + SHOWN]


def _evenly(count: int, most: int) -> torch.Tensor:
    """Places of at most so many, the first and the last among them."""
    return torch.linspace(0, count - 1, min(count, most), dtype=torch.float64).round().long()


def _not_yet() -> Problem:
    return Problem(
        where=_("Evaluation"),
        what=_("the network has not been tested yet"),
        fix=_("It is tested at the end of each epoch, and whenever you press Test now"),
    )


EVALUATION = Probe("evaluation", _read)
