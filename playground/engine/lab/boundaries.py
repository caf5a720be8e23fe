"""A neuron of two features on points of two classes: its line through the plane, moved by gradient descent."""

from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch.nn import functional as F

from playground.core.datasets import DATASETS
from playground.core.lab.told import BoundaryTold
from playground.core.lab.topics import Boundary, Neuron
from playground.engine.datasets.plane import describe, load
from playground.engine.lab.bench import array

_LINES = {
    "cross-entropy": "F.binary_cross_entropy_with_logits(points @ w + b, labels)",
    "MSE": "F.mse_loss(torch.sigmoid(points @ w + b), labels)",
}


class Samples(NamedTuple):
    """points: (samples, 2) standardized;  labels: (samples,) 0 or 1; both float64;  classes: names of the two"""

    points: torch.Tensor
    labels: torch.Tensor
    classes: tuple[str, str]


@lru_cache(maxsize=8)  # the line is dragged over points that stay
def plane_samples(data: str, samples: int, spread: float, seed: int) -> Samples:
    """Points of a data set of the plane, of two classes. spread: of a blob; the others have their own noise"""
    spec, options = DATASETS[data], options_of(data, samples, spread)
    raw = load(spec, options=options, seed=seed)
    points = torch.as_tensor(raw.train_inputs).double()
    points = (points - points.mean(0)) / points.std(0, correction=0).clamp_min(1e-12)
    first, second = describe(spec, options=options).classes
    return Samples(points, torch.as_tensor(raw.train_targets).double(), (first, second))


def options_of(data: str, samples: int, spread: float) -> dict[str, Any]:
    """Every option of the data set, with which it has two classes."""
    options = {one.name: one.default for one in DATASETS[data].arguments} | {"samples": samples}
    return options | {"blobs": 2, "spread": spread} if data == "blobs" else options


def boundary(state: Neuron) -> BoundaryTold:
    """Every step of the training, from the page's weights on; fewer where numbers run out."""
    asked = state.boundary
    samples = plane_samples(asked.data, asked.samples, asked.spread, asked.seed)
    walk = _walk(asked, samples)
    # What every step is worth, at once: the loss of each row of the walk, and its slopes by autograd
    rows = walk.requires_grad_()
    z = F.linear(_with_ones(samples.points), rows)  # (samples, steps + 1)
    losses = _losses(asked, z, samples.labels[:, None].expand_as(z)).mean(0)
    (slopes,) = torch.autograd.grad(losses.sum(), rows)
    right = (z > 0) == (samples.labels[:, None] > 0.5)
    return BoundaryTold(
        points=array(samples.points),
        labels=array(samples.labels),
        classes=samples.classes,
        weights=array(walk[:, :2]),
        biases=array(walk[:, 2]),
        losses=array(losses),
        slopes=array(slopes),
        right=array(right.T.to(torch.uint8)),
        line=_LINES[asked.loss],
    )


def _walk(asked: Boundary, samples: Samples) -> torch.Tensor:
    """(steps + 1, 3): w₁, w₂ and b before the first step and after each; as many as are finite.

    The slope is written out: with autograd's bookkeeping for each step, the line would lag behind a hand that drags it.
    """
    points = _with_ones(samples.points)
    turned = points.T.contiguous()
    now = torch.tensor([*asked.weights, asked.bias], dtype=torch.float64)
    walk = [now]
    for _step in range(asked.steps):
        told = torch.mv(points, now).sigmoid_()
        misses = told - samples.labels
        if asked.loss == "MSE":
            misses *= 2 * told * (1 - told)
        now = torch.addmv(now, turned, misses, alpha=-asked.lr / len(points))
        walk.append(now)
    whole = torch.stack(walk)
    known = int(torch.isfinite(whole).all(1).cumprod(0).sum())
    return whole[:known]


def _losses(asked: Boundary, z: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Of each sample."""
    if asked.loss == "MSE":
        return F.mse_loss(torch.sigmoid(z), wanted, reduction="none")
    return F.binary_cross_entropy_with_logits(z, wanted, reduction="none")


def _with_ones(points: torch.Tensor) -> torch.Tensor:
    """The points with a third feature that is 1, whose weight is the bias."""
    return torch.cat([points, torch.ones(len(points), 1, dtype=points.dtype)], 1)
