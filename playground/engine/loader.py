"""From what a project says of its data to tensors that a training loop can index.

Samples are decoded and prepared once; a batch is an index into the tensors, never a loop over samples.
"""

import inspect
import logging
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from playground.core.arguments import did_you_mean, shown_shape
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.messages import DatasetState
from playground.core.problem import Fault, Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.engine import preparation
from playground.engine.datasets import Raw, reader_of
from playground.engine.randomness import generator


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set as the network gets it.

    train_inputs, test_inputs: (N, *input_shape) float32, contiguous, on the CPU
    train_targets, test_targets: (N,) int64 labels; for regression float32, (N,) or (N, values)
    classes: names in the order of the labels; empty for regression
    """

    train_inputs: torch.Tensor
    train_targets: torch.Tensor
    test_inputs: torch.Tensor
    test_targets: torch.Tensor
    input_shape: Shape
    classes: tuple[str, ...]
    task: str


def prepare(data: Data, seed: int, folder: Path | None = None) -> Prepared:
    """Read, split and prepare the samples. Equal data and seed give equal bits, on any number of threads.

    seed: the recipe's; it decides the split of a set without a test part of its own
    folder: looked in first for the files of the data set
    raises Problem: an unknown data set or step, files that are missing or damaged, too little memory
    """
    spec = spec_of(data.dataset)
    input_shape_of(data)  # a wrong preparation is told before files are read
    raw = _read(spec, folder)
    train, train_targets, test, test_targets = _parts(spec, raw, data.test_fraction, seed)
    steps = preparation.steps_of(data.preparation, spec.sample_shape, _limits(spec, raw))
    preparation.fit(steps, train)
    return Prepared(
        train_inputs=preparation.apply(steps, train),
        train_targets=train_targets,
        test_inputs=preparation.apply(steps, test),
        test_targets=test_targets,
        input_shape=steps[-1].shape if steps else spec.sample_shape,
        classes=spec.classes,
        task=spec.task,
    )


def input_shape_of(data: Data) -> Shape:
    """Shape of one prepared sample, from declarations only: no file is touched. raises Problem"""
    spec = spec_of(data.dataset)
    steps = preparation.steps_of(data.preparation, spec.sample_shape, _limits(spec, None))
    return steps[-1].shape if steps else spec.sample_shape


def spec_of(name: str) -> DatasetSpec:
    """The data set of this name. raises Problem"""
    if name not in DATASETS:
        raise Problem(
            where=_("Data set {name}").format(name=name),
            what=_("there is no data set of this name") + did_you_mean(name, DATASETS),
            fix=_("Choose one of {names}").format(names=", ".join(DATASETS)),
        )
    return DATASETS[name]


def order(samples: int, seed: int, epoch: int) -> torch.Tensor:
    """The order of the training samples in one epoch: (samples,) int64, a function of seed and epoch alone.

    epoch: from 0 or 1, as the caller counts
    """
    return torch.randperm(samples, generator=generator(seed, "order", epoch))


def states() -> tuple[DatasetState, ...]:
    """Whether each data set of the gallery can be read now. Opens no connection."""
    return tuple(state_of(spec) for spec in DATASETS.values())


def state_of(spec: DatasetSpec, folder: Path | None = None) -> DatasetState:
    """Whether, and from where, one data set can be read now."""
    try:
        module = reader_of(spec)
        if not hasattr(module, "locate"):
            return DatasetState(spec.name, True, _("comes with the program"))
        state: DatasetState = module.locate(spec, **_folder_for(module.locate, folder))
        return state
    except Problem as problem:
        return DatasetState(spec.name, False, "", spec.bytes, problem.fault)
    except Exception as error:  # a plug-in may raise anything, and the other data sets are still wanted
        logging.getLogger(__name__).warning("locating %s", spec.name, exc_info=True)
        fault = Fault(where=spec.title, what=f"{type(error).__name__}: {error}", fix=_("Choose another data set"))
        return DatasetState(spec.name, False, "", spec.bytes, fault)


def _folder_for(function: Any, folder: Path | None) -> dict[str, Path]:
    """A set that is not read from files takes no folder."""
    takes = folder is not None and "folder" in inspect.signature(function).parameters
    return {"folder": folder} if takes and folder is not None else {}


def _read(spec: DatasetSpec, folder: Path | None) -> Raw:
    load = reader_of(spec).load
    raw: Raw = load(spec, **_folder_for(load, folder))
    parts = [(raw.train_inputs, raw.train_targets)]
    if raw.test_inputs is not None and raw.test_targets is not None:
        parts.append((raw.test_inputs, raw.test_targets))
    for inputs, targets in parts:
        fault = _fault_of(spec, inputs, targets)
        if fault:
            raise Problem(where=spec.title, what=fault, fix=_("Get its files again, or choose another data set"))
    return raw


def _fault_of(spec: DatasetSpec, inputs: torch.Tensor, targets: torch.Tensor) -> str:
    """What is wrong with samples as read, or nothing."""
    if tuple(inputs.shape[1:]) != spec.sample_shape:
        return _("a sample has the shape {found}, but must have {expected}").format(
            found=shown_shape(tuple(inputs.shape[1:])), expected=shown_shape(spec.sample_shape)
        )
    if len(inputs) != len(targets) or not len(inputs):
        return _("it has {inputs:,} samples and {targets:,} labels").format(inputs=len(inputs), targets=len(targets))
    if inputs.is_floating_point() and not bool(torch.isfinite(inputs).all()):
        return _("some of its values are not numbers")
    if spec.task == "classification":
        low, high = (int(value) for value in targets.aminmax())
        if low < 0 or high >= len(spec.classes):
            return _("it has a label {label}, but the classes go from 0 to {last}").format(
                label=low if low < 0 else high, last=len(spec.classes) - 1
            )
    return ""


def _limits(spec: DatasetSpec, raw: Raw | None) -> preparation.Range | None:
    """Smallest and largest value that a stored pixel can have; the columns of a table have no such limits."""
    if len(spec.sample_shape) != 3:
        return None
    if raw is None:
        return (0.0, 1.0)  # that there are limits is all that shapes depend on
    if raw.largest is not None:
        return (0.0, float(raw.largest))
    return (0.0, 1.0) if raw.train_inputs.is_floating_point() else (0.0, 255.0)


def _parts(
    spec: DatasetSpec, raw: Raw, test_fraction: float, seed: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Training and test part: the set's own, else split by the seed."""
    kind = torch.int64 if spec.task == "classification" else torch.float32
    train_targets = raw.train_targets.to(kind).contiguous()
    if raw.test_inputs is not None and raw.test_targets is not None:
        return raw.train_inputs, train_targets, raw.test_inputs, raw.test_targets.to(kind).contiguous()
    labels = train_targets if spec.task == "classification" else torch.zeros(len(train_targets), dtype=torch.int64)
    train, test = _split(labels, test_fraction, seed)
    if not len(train) or not len(test):
        raise Problem(
            where=_("Test part"),
            what=_("with a fraction of {fraction:g}, {train} of the {total:,} samples are left to train on and {test} to test").format(
                fraction=test_fraction, train=len(train), total=len(labels), test=len(test)
            ),
            fix=_("Choose a fraction between 0.1 and 0.5"),
        )  # fmt: skip
    return raw.train_inputs[train], train_targets[train], raw.train_inputs[test], train_targets[test]


def _split(labels: torch.Tensor, test_fraction: float, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Indices of the training and of the test part, each in an order drawn from the seed.

    The test part has round(n × fraction) samples; each class gives its fair share, the largest remainders rounded up.
    """
    shuffled = torch.randperm(len(labels), generator=generator(seed, "split"))
    counts = torch.bincount(labels).tolist()
    wanted = round(len(labels) * test_fraction)
    shares = [count * wanted / len(labels) for count in counts]
    quotas = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(counts)), key=lambda label: quotas[label] - shares[label])
    for label in by_remainder[: wanted - sum(quotas)]:
        quotas[label] += 1
    held_back = torch.zeros(len(labels), dtype=torch.bool)
    for label, quota in enumerate(quotas):
        held_back[(labels[shuffled] == label).nonzero().flatten()[:quota]] = True
    return shuffled[~held_back], shuffled[held_back]
