"""What an evaluation says beyond one figure: which classes are found, which are taken for which, how far off numbers are.

Plain functions of outputs and targets. The same formulas as `sklearn.metrics`, which the tests hold them against.
"""

from typing import Any, NamedTuple

import torch


class Result(NamedTuple):
    """An evaluation of a part of the data that is done.

    epoch, step: done when it began;  loss: mean over the part
    outputs: (N, classes) or (N, values) float32; None where they were too many to keep
    """

    epoch: int
    step: int
    loss: float
    outputs: torch.Tensor | None


def fits(outputs: torch.Tensor | None, classes: int) -> bool:
    """Whether outputs are one score for each class, or more."""
    return outputs is not None and outputs.dim() == 2 and outputs.shape[1] >= classes > 0


def confusion(outputs: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """(classes, classes) int64: how many samples of the row's class were taken for the column's.

    A network with more outputs than there are classes may name one that does not exist: such samples stand in no column.
    """
    found = outputs.argmax(1)
    real = found < classes
    return torch.bincount(labels[real] * classes + found[real], minlength=classes**2).reshape(classes, classes)


def recall(matrix: torch.Tensor, labels: torch.Tensor) -> list[float | None]:
    """Share of each class's samples that were found, its accuracy; None for a class without samples."""
    counts = torch.bincount(labels, minlength=len(matrix))[: len(matrix)]
    return [one / all_ if all_ else None for one, all_ in zip(matrix.diagonal().tolist(), counts.tolist(), strict=True)]


def precision(matrix: torch.Tensor) -> list[float | None]:
    """Share of what was taken for each class that was right; None for a class that nothing was taken for."""
    named = matrix.sum(0).tolist()
    return [one / all_ if all_ else None for one, all_ in zip(matrix.diagonal().tolist(), named, strict=True)]


def top_k(outputs: torch.Tensor, labels: torch.Tensor, k: int) -> float:
    """Share of the samples whose class is among the k largest outputs."""
    chosen = outputs.topk(min(k, outputs.shape[1]), dim=1).indices
    return float((chosen == labels[:, None]).any(1).double().mean())


def roc(scores: torch.Tensor, positive: torch.Tensor) -> torch.Tensor:
    """(2, M) float64: false positive rate, true positive rate, from the highest threshold to the lowest.

    scores: (N,), the more the surer;  positive: (N,) bool.  Equal scores are one threshold. With no sample of one kind,
    its rate is 0 throughout.
    """
    order = scores.argsort(descending=True, stable=True)
    ordered, hits = scores[order], positive[order].double()
    last = torch.cat([ordered[1:] != ordered[:-1], torch.ones(1, dtype=torch.bool)])
    true, false = hits.cumsum(0)[last], (1 - hits).cumsum(0)[last]
    rates = torch.stack([false / false[-1].clamp(min=1), true / true[-1].clamp(min=1)])
    return torch.cat([torch.zeros(2, 1, dtype=torch.float64), rates], dim=1)


def area(curve: torch.Tensor) -> float:
    """Below a curve of `roc`: how often a positive sample scores higher than a negative one."""
    return float(torch.trapezoid(curve[1], curve[0]))


def figures(outputs: torch.Tensor, labels: torch.Tensor, matrix: torch.Tensor) -> dict[str, Any]:
    """Of classes: accuracy; recall and precision, one a class; top_k (k and accuracy) from four classes on; auc of two.

    matrix: their confusion
    """
    classes = len(matrix)
    found: dict[str, Any] = {
        "accuracy": float((outputs.argmax(1) == labels).double().mean()),
        "recall": recall(matrix, labels),
        "precision": precision(matrix),
    }
    if classes > 3:
        k = min(5, classes - 1)
        found["top_k"] = {"k": k, "accuracy": top_k(outputs, labels, k)}
    if is_yes_or_no(outputs, classes):
        found["auc"] = area(curve_of_two(outputs, labels))
    return found


def is_yes_or_no(outputs: torch.Tensor, classes: int) -> bool:
    """Whether there are two classes with one score each, which have a curve."""
    return classes == 2 and outputs.shape[1] == 2


def curve_of_two(outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """`roc` of the second of two classes."""
    return roc(outputs[:, 1] - outputs[:, 0], labels == 1)


def mistakes(outputs: torch.Tensor, probabilities: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Numbers of the samples whose class was not found, the surest first. outputs, probabilities: (N, classes)

    The class is that of the largest output, as everywhere: probabilities round to 1, and then say it no longer.
    """
    wrong = (outputs.argmax(1) != labels).nonzero()[:, 0]
    return wrong[probabilities[wrong].amax(1).argsort(descending=True, stable=True)]


def pairs(outputs: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Numbers as predicted and as they are, (N,) float64 each, of outputs and targets (N, ...)."""
    return outputs.reshape(len(outputs), -1)[:, 0].double(), targets.reshape(len(targets), -1)[:, 0].double()


def errors(predicted: torch.Tensor, targets: torch.Tensor) -> dict[str, float]:
    """R², RMSE and MAE of numbers, (N,) float64. R² is 0 for always saying the mean; where all targets are equal it
    is 1 if all are met, else 0."""
    residuals = targets - predicted
    around = ((targets - targets.mean()) ** 2).sum()
    left = (residuals**2).sum()
    r2 = float(1 - left / around) if around > 0 else float(left == 0)
    return {"r2": r2, "rmse": float((residuals**2).mean().sqrt()), "mae": float(residuals.abs().mean())}
