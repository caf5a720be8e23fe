"""From what a project says of its data to tensors that a training loop can index.

Samples are decoded and prepared once; a batch is an index into the tensors, never a loop over samples.
"""

import logging
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import torch

from playground.core.arguments import did_you_mean, faults_of, in_effect
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.messages import DatasetState, Part
from playground.core.problem import Fault, Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.engine import fetch, missing, preparation
from playground.engine.datasets import Raw, reader_of
from playground.engine.outcome import Coming
from playground.engine.parts import rows_of
from playground.engine.prepared import Prepared as Prepared, Stored
from playground.engine.randomness import generator
from playground.engine.reading import asked, read

# Prepared samples that take more are prepared batch by batch, if they are stored smaller. Where the steps are light that
# costs little (on Fashion-MNIST nothing for LeNet, at most a tenth of a step of softmax regression), and a run begins
# sooner: most of the time before the first batch went into memory that had not been used before.
STREAMED_BYTES = 300_000_000
STREAMED_LIGHT_BYTES = 32_000_000

# (name, options, folder) -> what was declared, what is in effect; asked at every edit
_DESCRIBED: dict[tuple[str, bytes, Path | None], tuple[DatasetSpec, DatasetSpec]] = {}
_MOST_DESCRIBED = 64

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def prepare(
    data: Data,
    seed: int,
    folder: Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    *,
    keep_stored: bool = True,
) -> Prepared:
    """Read, split and prepare the samples. Equal data and seed give equal bits, on any number of threads.

    seed: the recipe's; it decides the split, the subset, and what a generated set holds
    folder: looked in first for the files of the data set
    progress: told (done, total) in samples;  cancelled: asked whether to give up
    keep_stored: keep the samples as stored, too, so that `Prepared.stored` can show them
    raises Problem: an unknown data set, option or step, files that are missing or damaged, too little memory
    """
    spec = described(data, folder)
    _steps(data, spec, None)  # a wrong preparation is told before files are read
    known = {"options": _options(data, spec), "folder": folder, "seed": seed}
    raw = read(reader_of(spec_of(data.dataset)).load, spec, {**known, "progress": progress, "cancelled": cancelled})
    kind = torch.int64 if spec.task == "classification" else torch.float32
    targets = raw.train_targets.to(kind).contiguous()
    test_targets = targets if raw.test_targets is None else raw.test_targets.to(kind).contiguous()
    labels = targets if spec.task == "classification" else torch.zeros(len(targets), dtype=torch.int64)
    rows = rows_of(data, labels, raw.test_inputs is not None, seed)
    if raw.missing:
        missing.fill(raw.train_inputs, rows.train)
    originals: dict[Part, Stored] = {
        "train": Stored(raw.train_inputs, rows.train),
        "validation": Stored(raw.train_inputs, rows.validation),
        "test": Stored(raw.train_inputs if raw.test_inputs is None else raw.test_inputs, rows.test),
    }
    steps = _steps(data, spec, raw)
    pipeline = preparation.Pipeline(steps, _early(spec, steps, originals), preparation.is_text(spec))
    inputs = _inputs(pipeline, originals, partial(_refuse_cancelled, spec, cancelled))
    if pipeline.streamed:  # then they are the stored ones
        originals = {part: Stored(one) for part, one in inputs.items()}
    return Prepared(
        train_inputs=inputs["train"],
        train_targets=_chosen(targets, rows.train),
        validation_inputs=inputs["validation"],
        validation_targets=targets[rows.validation],
        test_inputs=inputs["test"],
        test_targets=_chosen(test_targets, rows.test),
        input_shape=preparation.shape_after(steps, spec.sample_shape),
        classes=spec.classes,
        task=spec.task,
        dataset=spec,
        pipeline=pipeline,
        originals=originals if keep_stored or pipeline.streamed else {},
    )


def _inputs(
    pipeline: preparation.Pipeline, originals: dict[Part, Stored], go_on: preparation.GoOn
) -> dict[Part, torch.Tensor]:
    """What is kept of each part; its steps are fitted to the training part first."""
    train = originals["train"].all()
    pipeline.fit(train, go_on)
    inputs: dict[Part, torch.Tensor] = {"train": pipeline.early(train, go_on)}
    others: tuple[Part, ...] = ("validation", "test")
    for part in others:
        inputs[part] = pipeline.early(originals[part].all(), go_on)
    return inputs


def _refuse_cancelled(spec: DatasetSpec, cancelled: Cancelled | None) -> None:
    if cancelled is not None and cancelled():
        raise fetch.Cancelled(
            where=spec.title, what=_("its preparation was cancelled"), fix=_("Start it again whenever you like")
        )


def described(data: Data, folder: Path | None = None) -> DatasetSpec:
    """The data set of a project as it really is, its options in effect: shape, classes, counts.

    raises Problem: an unknown set or option, or files of the user's that are not what they should be
    """
    spec = spec_of(data.dataset)
    faults = faults_of(spec.title, spec.arguments, data.options)
    if faults:
        fix = _("Choose one of {names}").format(names=", ".join(one.name for one in spec.arguments))
        raise Problem(
            where=_("Data set {name}").format(name=spec.name),
            what=faults[0][1],
            fix=fix if spec.arguments else _("Remove the option"),
        )
    if not spec.arguments and not spec.own:
        return spec
    if spec.own:  # its file may have changed meanwhile, and its reader knows
        return _asked_of_its_reader(spec, _options(data, spec), folder)
    options = _options(data, spec)
    key = (spec.name, msgspec.json.encode(options), folder)
    known = _DESCRIBED.get(key)
    if known is not None and known[0] is spec:
        return known[1]
    if len(_DESCRIBED) >= _MOST_DESCRIBED:
        _DESCRIBED.clear()
    found = _asked_of_its_reader(spec, options, folder)
    _DESCRIBED[key] = (spec, found)
    return found


def _asked_of_its_reader(spec: DatasetSpec, options: dict[str, Any], folder: Path | None) -> DatasetSpec:
    describe = getattr(reader_of(spec), "describe", None)
    if describe is None:
        return spec
    found: DatasetSpec = asked(describe, spec, options=options, folder=folder)
    return found


def _options(data: Data, spec: DatasetSpec) -> dict[str, Any]:
    return in_effect(spec.arguments, data.options, None)


def input_shape_of(data: Data, folder: Path | None = None) -> Shape:
    """Shape of one prepared sample. Of a set of the gallery no file is touched. raises Problem"""
    return prepared_sample(data, described(data, folder)).shape


def prepared_sample(data: Data, spec: DatasetSpec) -> Coming:
    """What a network gets of one prepared sample. spec: in effect. raises Problem: a step does not fit"""
    steps = _steps(data, spec, None)
    tokens = steps[-1].gives.tokens if steps else spec.tokens
    return Coming(preparation.shape_after(steps, spec.sample_shape), tokens)


def spec_of(name: str) -> DatasetSpec:
    """The data set of this name, as it is declared. raises Problem"""
    if name not in DATASETS:
        raise Problem(
            where=_("Data set {name}").format(name=name),
            what=_("there is no data set of this name") + did_you_mean(name, DATASETS),
            fix=_("Choose one of {names}").format(names=", ".join(DATASETS)),
        )
    return DATASETS[name]


def order(samples: int, seed: int, epoch: int, shuffle: bool = True) -> torch.Tensor:
    """The order of the training samples in one epoch: (samples,) int64, a function of seed and epoch alone.

    epoch: from 0 or 1, as the caller counts;  shuffle: else they come as they lie
    """
    if not shuffle:
        return torch.arange(samples)
    return torch.randperm(samples, generator=generator(seed, "order", epoch))


def states() -> tuple[DatasetState, ...]:
    """Whether each data set of the gallery can be read now. Opens no connection."""
    return tuple(state_of(spec) for spec in DATASETS.values())


def state_of(spec: DatasetSpec, folder: Path | None = None, options: dict[str, Any] | None = None) -> DatasetState:
    """Whether, and from where, one data set can be read now. spec: as declared;  options: of `Data`"""
    try:
        module = reader_of(spec)
        if not hasattr(module, "locate"):
            return DatasetState(spec.name, True, _("comes with the program"))
        effective = in_effect(spec.arguments, options or {}, None)
        state: DatasetState = asked(module.locate, spec, folder=folder, options=effective)
        return state
    except Problem as problem:
        return DatasetState(spec.name, False, "", spec.bytes, problem.fault)
    except Exception as error:  # a plug-in may raise anything, and the other data sets are still wanted
        logging.getLogger(__name__).warning("locating %s", spec.name, exc_info=True)
        fault = Fault(where=spec.title, what=f"{type(error).__name__}: {error}", fix=_("Choose another data set"))
        return DatasetState(spec.name, False, "", spec.bytes, fault)


def _chosen(targets: torch.Tensor, rows: torch.Tensor | None) -> torch.Tensor:
    return targets if rows is None else targets[rows]


def _steps(data: Data, spec: DatasetSpec, raw: Raw | None) -> list[preparation.Step]:
    sample = preparation.Sample(spec.sample_shape, _limits(spec, raw), preparation.kind_of(spec), spec.tokens)
    return preparation.steps_of(data.preparation, sample)


def _early(spec: DatasetSpec, steps: list[preparation.Step], originals: dict[Part, Stored]) -> int:
    """How many steps are done once, for all samples; the others are done to each batch."""
    if preparation.is_text(spec):
        return 0
    early = next((count for count, step in enumerate(steps) if step.late), len(steps))
    values = math.prod(preparation.shape_after(steps[:early], spec.sample_shape))
    prepared = 4 * values * sum(len(part) for part in originals.values())
    stored = sum(part.nbytes for part in originals.values())
    light = all(step.light for step in steps[:early])
    limit = min(STREAMED_LIGHT_BYTES, STREAMED_BYTES) if light else STREAMED_BYTES
    return preparation.STREAMED if prepared > limit and stored < prepared else early


def _limits(spec: DatasetSpec, raw: Raw | None) -> preparation.Range | None:
    """Smallest and largest value that a stored pixel can have; the columns of a table have no such limits."""
    if preparation.kind_of(spec) != "picture":
        return None
    if raw is None:
        return (0.0, 1.0)  # that there are limits is all that shapes depend on
    if raw.largest is not None:
        return (0.0, float(raw.largest))
    return (0.0, 1.0) if raw.train_inputs.is_floating_point() else (0.0, 255.0)
