"""Which samples go into which part: training, validation, test. Drawn from the seed, and from nothing else."""

import math
from dataclasses import dataclass

import torch

from playground.core.data import Data
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.randomness import generator


@dataclass(frozen=True)
class Rows:
    """Numbers of the samples of each part, (n,) int64; None is all of them, in their order.

    train, validation: in the training samples as stored;  test: in the test samples, or where a set has none, in the
    training samples
    """

    train: torch.Tensor | None
    validation: torch.Tensor
    test: torch.Tensor | None


def rows_of(data: Data, labels: torch.Tensor, has_test: bool, seed: int) -> Rows:
    """Split the samples of a set.

    labels: (N,) int64 of the stored training samples; the same for all where classes do not matter
    has_test: whether the set has a test part of its own
    raises Problem: a part would be empty
    """
    train = test = None
    if not has_test:
        train, test = _drawn(labels, round(len(labels) * data.test_fraction), seed, "split", data.stratify)
        _refuse_empty(_("Test part"), _("to test"), data.test_fraction, len(train), len(test))
    if data.subset is not None and data.subset < (len(labels) if train is None else len(train)):
        _left, some = _drawn(_of(labels, train), data.subset, seed, "subset", data.stratify)
        train = _in(train, some.sort().values)  # in the order that they had
    validation = torch.empty(0, dtype=torch.int64)
    if data.validation_fraction:
        found = _of(labels, train)
        count = round(len(found) * data.validation_fraction)
        rest, held_back = (part.sort().values for part in _drawn(found, count, seed, "validation", data.stratify))
        _refuse_empty(_("Validation part"), _("to choose by"), data.validation_fraction, len(rest), len(held_back))
        train, validation = _in(train, rest), _in(train, held_back)
    return Rows(train, validation, test)


def sizes_of(data: Data, dataset: DatasetSpec) -> tuple[int, int, int]:
    """How many samples the training, validation and test part will have, as far as the declaration tells."""
    train, test = dataset.train, dataset.test
    if test is None:
        test = round(train * data.test_fraction)
        train -= test
    if data.subset is not None:
        train = min(train, data.subset)
    validation = round(train * data.validation_fraction)
    return train - validation, validation, test


def _of(labels: torch.Tensor, rows: torch.Tensor | None) -> torch.Tensor:
    return labels if rows is None else labels[rows]


def _in(rows: torch.Tensor | None, chosen: torch.Tensor) -> torch.Tensor:
    return chosen if rows is None else rows[chosen]


def _drawn(
    labels: torch.Tensor, wanted: int, seed: int, purpose: str, stratify: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Indices of those that are left and of the `wanted` ones that are drawn, each in an order drawn from the seed.

    stratify: each class gives its fair share, the largest remainders rounded up
    """
    if not stratify:
        labels = torch.zeros_like(labels)
    shuffled = torch.randperm(len(labels), generator=generator(seed, purpose))
    counts = torch.bincount(labels).tolist()
    shares = [count * wanted / len(labels) for count in counts]
    quotas = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(counts)), key=lambda label: quotas[label] - shares[label])
    for label in by_remainder[: wanted - sum(quotas)]:
        quotas[label] += 1
    drawn = torch.zeros(len(labels), dtype=torch.bool)
    by_class = labels[shuffled].argsort(stable=True).split(counts)  # one pass, however many classes there are
    for places, quota in zip(by_class, quotas, strict=True):
        drawn[places[:quota]] = True
    return shuffled[~drawn], shuffled[drawn]


def _refuse_empty(where: str, purpose: str, fraction: float, train: int, held_back: int) -> None:
    if train and held_back:
        return
    what = _("with a fraction of {fraction:g}, {train} of the {total:,} samples are left to train on and {n} {purpose}")
    raise Problem(
        where=where,
        what=what.format(fraction=fraction, train=train, total=train + held_back, n=held_back, purpose=purpose),
        fix=_("Choose a fraction between 0.1 and 0.5"),
    )
