"""What people look at before they train: samples, facts of the whole data set, one batch before and after preparation.

Nothing here draws from torch's own randomness, and nothing that is sent is larger than `MOST_BYTES`.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch

from playground.core import messages as words
from playground.core.project import Project
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.loader import Prepared, order, spec_of, state_of
from playground.engine.probes import array
from playground.engine.randomness import generator

PARTS: tuple[words.Part, ...] = ("train", "validation", "test")
MOST_BYTES = 16_000_000  # of samples in one answer
MOST_VALUES = 2_000_000  # that one histogram looks at
BINS = 50
MOST_WHOLE = 256  # whole numbers further apart than this share bins


def samples(question: words.LookAtSamples, data: Prepared) -> words.Samples:
    """The samples that are asked for, or as many of them as one answer holds."""
    of_part = data.targets(question.part)
    numbers = torch.arange(len(of_part))
    if question.label is not None and data.task == "classification":
        numbers = numbers[of_part == question.label]
    first = max(0, question.first)
    chosen = numbers[first : first + max(0, question.count)]
    look = data.stored if question.stored else data.samples
    chosen = chosen[: _most(look(question.part, chosen[:1]))]
    return words.Samples(
        question.id,
        array(look(question.part, chosen)),
        array(of_part[chosen]),
        len(numbers),
        tuple(chosen.tolist()),
    )


def survey(id: int, project: Project, data: Prepared) -> words.Surveyed:
    """Facts of the whole data set; large ones are judged by a fair sample of the training part."""
    spec, size = data.dataset, data.size("train")
    some = _evenly(size, max(1, MOST_VALUES // max(1, math.prod(spec.sample_shape))))
    stored = data.stored("train", some)
    prepared = data.samples("train", _evenly(size, max(1, MOST_VALUES // max(1, math.prod(data.input_shape)))))
    sizes: dict[str, int] = {part: data.size(part) for part in PARTS}
    return words.Surveyed(
        id,
        dataset=spec,
        input_shape=data.input_shape,
        sizes=sizes,
        classes={part: _counts(data, part) for part in PARTS} if data.task == "classification" else {},
        stored=histogram(stored.numpy()),
        prepared=histogram(prepared.numpy()),
        columns=_columns(spec, stored, data.train_targets[some], data),
        memory=4 * sum(sizes.values()) * math.prod(data.input_shape),
        where=state_of(spec_of(spec.name), options=project.data.options).where,
    )


def batch(id: int, project: Project, data: Prepared, epoch: int, step: int) -> words.BatchSeen:
    """The samples of one step, as the training of this seed will get them; of a huge batch its first samples.

    epoch: from 0;  step: from 0, the last one of the epoch where it has fewer
    """
    size, epoch = data.size("train"), max(0, epoch)
    in_batch = project.data.batch_of(size)
    steps = -(-size // in_batch)
    step = min(max(0, step), steps - 1)
    seed = project.recipe.seed
    chosen = order(size, seed, epoch, project.data.shuffle)[step * in_batch : (step + 1) * in_batch]
    shown = chosen[: min(_most(data.stored("train", chosen[:1])), _most(data.samples("train", chosen[:1])))]
    # Random steps draw for the whole batch, so that all of it is prepared even where some of it is shown.
    drawn = chosen if data.pipeline.is_random else shown
    augment = generator(seed, "augment", epoch, step * in_batch)
    inputs = data.late(data.train_inputs[drawn], augment)[: len(shown)]
    return words.BatchSeen(
        id,
        epoch,
        step,
        steps,
        tuple(chosen.tolist()),
        array(data.stored("train", shown)),
        array(inputs),
        array(data.train_targets[shown]),
    )


def histogram(values: np.ndarray) -> words.Histogram:
    """How often each value comes. Whole numbers that are not too far apart have a bin each."""
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values.ravel()
    if not finite.size:
        return words.Histogram((0.0, 1.0), (0,))
    low, high = float(finite.min()), float(finite.max())
    whole = high - low < MOST_WHOLE and bool((finite == np.floor(finite)).all())
    if whole:
        counts = np.bincount((finite.astype(np.float64) - low).astype(np.int64).ravel(), minlength=int(high - low) + 1)
        edges = low - 0.5 + np.arange(len(counts) + 1)
    else:
        counts, edges = np.histogram(finite.astype(np.float64), bins=BINS, range=(low, high))
    return words.Histogram(tuple(edges.tolist()), tuple(counts.tolist()))


def _columns(
    spec: DatasetSpec, stored: torch.Tensor, targets: torch.Tensor, data: Prepared
) -> tuple[words.Column, ...]:
    if spec.kind not in ("table", "plane") or stored.dim() != 2:
        return ()
    names = spec.features if len(spec.features) == stored.shape[1] else _numbered(stored.shape[1])
    made = [_column(name, stored[:, place].numpy()) for place, name in enumerate(names)]
    target = targets if targets.dim() == 1 else targets[:, 0]
    return (*made, _column(spec.target or _("target"), target.numpy(), data.classes))


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(_("feature {n}").format(n=number) for number in range(1, count + 1))


def _column(name: str, values: np.ndarray, categories: Sequence[str] = ()) -> words.Column:
    exact = values.astype(np.float64)
    exact = exact[np.isfinite(exact)]
    if not exact.size:
        return words.Column(name, 0.0, 0.0, 0.0, 0.0, histogram(values), tuple(categories))
    low, high, mean, std = (float(one) for one in (exact.min(), exact.max(), exact.mean(), exact.std()))
    return words.Column(name, low, high, mean, std, histogram(values), tuple(categories))


def _counts(data: Prepared, part: words.Part) -> tuple[int, ...]:
    return tuple(torch.bincount(data.targets(part), minlength=len(data.classes)).tolist())


def _evenly(size: int, most: int) -> torch.Tensor:
    """At most this many numbers of samples, evenly spread over the part."""
    return torch.arange(size) if size <= most else torch.arange(most) * size // most


def _most(one: torch.Tensor) -> int:
    """How many such samples one answer holds. one: (1 or 0, *shape)"""
    return max(1, MOST_BYTES // max(1, one.numel() * one.element_size()))
