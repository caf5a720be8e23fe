"""From the stored sample to the network: which steps there are, and when each is done.

Deterministic steps are done once, for all samples. The first random or late step, and all below it, are done to each
batch; so are all of them where the prepared samples would take too much memory, and where there are many samples and
the steps are so light that a run does not feel them: they are stored in a quarter of the memory.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from playground.core.arguments import did_you_mean, fault_of, shown_shape
from playground.core.preparations import PREPARATIONS
from playground.core.problem import MEMORY, Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.engine.augmentation import Flip, Noise, RandomStep, Rotate, Shift
from playground.engine.memory import free_memory, size_text
from playground.engine.steps import (
    Crop,
    Grayscale,
    Normalize,
    OneHot,
    Range as Range,
    Resize,
    Sample as Sample,
    Standardize,
    Step as Step,
    one_thread,
)

STREAMED = -1  # instead of a number of early steps: every step is done to each batch

GoOn = Callable[[], None]  # called now and then; raises where the work is not wanted any more

_CHUNK_VALUES = 1 << 18  # 1 MB of float32: stays in the processor's cache from the first step to the last

STEPS: dict[str, Callable[[Any, Sample, str], Step]] = {
    "resize": Resize,
    "crop": Crop,
    "grayscale": Grayscale,
    "normalize": Normalize,
    "standardize": Standardize,
    "flip": Flip,
    "shift": Shift,
    "rotate": Rotate,
    "noise": Noise,
    "one_hot": OneHot,
}


class Pipeline:
    """The steps of a preparation: early ones, done once, and late ones, done to each batch.

    early_steps: how many are early, or STREAMED;  text: whether samples are int64 tokens
    """

    def __init__(self, steps: Sequence[Step] = (), early_steps: int | None = None, text: bool = False):
        self.steps = tuple(steps)
        self.streamed = early_steps == STREAMED
        count = len(self.steps) if early_steps is None else max(0, early_steps)
        self._early, self._late, self._text = self.steps[:count], self.steps[count:], text
        self.is_late = self.streamed or bool(self._late)
        self.is_random = any(step.random for step in self._late)
        self.is_light = all(step.light for step in self._late)

    def fit(self, train_inputs: torch.Tensor, go_on: GoOn = lambda: None) -> None:
        """Let each step measure the training part, as it comes out of the steps before it.

        go_on: called between chunks; what it raises ends the work
        """
        fit(self.steps, train_inputs, go_on)

    def early(self, inputs: torch.Tensor, go_on: GoOn = lambda: None) -> torch.Tensor:
        """What is kept of the stored samples: with the early steps done, or as they are. raises Problem"""
        return inputs if self._text or self.streamed else apply(self._early, inputs, go_on)

    def late(self, batch: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """What the network gets of a batch of those. The batch stays as it is; where nothing is late, it is given back.

        generator: of the random steps; None leaves them out
        """
        if not self.is_late:
            return batch
        if generator is None or not self.is_random:
            return batch if self._text and not self._late else _done(self._late, batch, as_float=not self._text)
        values = batch if self._text else batch.to(torch.float32, copy=True)
        for step in self._late:
            values = step.changed(values, generator) if isinstance(step, RandomStep) else step(values)
        return values.contiguous()


def kind_of(spec: DatasetSpec) -> str:
    """What its samples are. A plug-in that does not say it, and has no channels, height and width, has a table."""
    return "table" if spec.kind == "picture" and len(spec.sample_shape) != 3 else spec.kind


def is_text(spec: DatasetSpec) -> bool:
    """Whether samples are int64 tokens."""
    return kind_of(spec) == "text"


def shape_after(steps: Sequence[Step], shape: Shape) -> Shape:
    """Of one sample that comes out of the last step."""
    return steps[-1].shape if steps else shape


def steps_of(preparation: Sequence[Mapping[str, Any]], sample: Sample) -> list[Step]:
    """The steps of a preparation, checked, for such samples. Reads no data. raises Problem"""
    steps: list[Step] = []
    for number, entry in enumerate(preparation, 1):
        if len(entry) != 1:
            raise Problem(
                where=_("Preparation, step {n}").format(n=number),
                what=_("it must name one step, but names {count}").format(count=len(entry)),
                fix=_('Write it as {"name": value}'),
            )
        name, value = next(iter(entry.items()))
        where = _("Preparation, step {n} ({name})").format(n=number, name=name)
        if name not in PREPARATIONS or name not in STEPS:
            raise Problem(
                where=where,
                what=_("there is no step of this name") + did_you_mean(name, PREPARATIONS),
                fix=_("Choose one of {names}").format(names=", ".join(PREPARATIONS)),
            )
        fault = fault_of(PREPARATIONS[name].argument, value)
        if fault:
            raise Problem(where=where, what=fault, fix=_("Correct the value, or remove the step"))
        _refuse_other_kinds(PREPARATIONS[name].kinds, sample, where)
        steps.append(STEPS[name](value, sample, where))
        sample = steps[-1].gives
    return steps


def _refuse_other_kinds(kinds: Sequence[str], sample: Sample, where: str) -> None:
    if not kinds or sample.kind in kinds:
        return
    many = {
        "picture": _("pictures"),
        "table": _("tables"),
        "plane": _("points"),
        "series": _("series"),
        "text": _("texts"),
    }
    one = {
        "picture": _("a picture of {shape}"),
        "table": _("a row of {shape} numbers"),
        "plane": _("a point of {shape} numbers"),
        "series": _("a series of {shape} numbers"),
        "text": _("a text of {shape} tokens"),
    }
    raise Problem(
        where=where,
        what=_("it works only on {kinds}, but a sample is {sample}").format(
            kinds=", ".join(many[kind] for kind in kinds),
            sample=one[sample.kind].format(shape=shown_shape(sample.shape)),
        ),
        fix=_("Remove this step, or choose another data set"),
    )


def fit(steps: Sequence[Step], train_inputs: torch.Tensor, go_on: GoOn = lambda: None) -> None:
    """Let each step measure the training part, as it comes out of the steps before it."""
    with one_thread():
        for count, step in enumerate(steps):
            step.fit(_through(train_inputs, steps[:count], go_on))


def apply(steps: Sequence[Step], inputs: torch.Tensor, go_on: GoOn = lambda: None) -> torch.Tensor:
    """Every sample, prepared: (N, *shape) float32, contiguous, sharing no memory with `inputs`.

    raises Problem: the result would not fit into the memory that is free
    """
    _refuse_what_does_not_fit((len(inputs), *shape_after(steps, tuple(inputs.shape[1:]))))
    return _done(steps, inputs, go_on=go_on)


def _done(
    steps: Sequence[Step], inputs: torch.Tensor, as_float: bool = True, go_on: GoOn = lambda: None
) -> torch.Tensor:
    """The steps, chunk by chunk; random ones are left out. as_float: the first step wants float32, not tokens"""
    shape = shape_after(steps, tuple(inputs.shape[1:]))
    prepared = _room((len(inputs), *shape), inputs.device)
    count = _chunk(inputs, steps)
    with one_thread():  # the chunks are small: two threads would mostly wait for each other
        for batch, room in zip(inputs.split(count), prepared.split(count), strict=True):
            go_on()
            if not as_float:
                values = batch
            else:
                values = room.copy_(batch) if room.shape == batch.shape else batch.to(torch.float32, copy=True)
            for step in steps:
                values = step(values)
            if values is not room:
                room.copy_(values)
    return prepared


def _room(shape: Shape, device: torch.device) -> torch.Tensor:
    """Memory for float32. numpy asks for it in huge pages where there is much, which are given faster."""
    if device.type != "cpu":
        return torch.empty(shape, dtype=torch.float32, device=device)
    return torch.from_numpy(np.empty(shape, dtype=np.float32))


def _through(inputs: torch.Tensor, steps: Sequence[Step], go_on: GoOn) -> Iterator[torch.Tensor]:
    """The samples in chunks, as they come out of the steps."""
    for batch in inputs.split(_chunk(inputs, steps)):
        go_on()
        values = batch.to(torch.float32, copy=True)
        for step in steps:
            values = step(values)
        yield values


def _chunk(inputs: torch.Tensor, steps: Sequence[Step]) -> int:
    """How many samples are worked on at once. It depends on shapes only, so that results do not on the machine."""
    largest = max([math.prod(inputs.shape[1:]), *(math.prod(step.shape) for step in steps)])
    return max(1, _CHUNK_VALUES // max(1, largest))


def _refuse_what_does_not_fit(shape: Shape) -> None:
    needed, free = 4 * math.prod(shape), free_memory(torch.device("cpu"))
    if needed > free:
        raise Problem(
            where=_("Preparation"),
            what=_("{count:,} samples of {shape} need {needed} of memory, but {free} are free").format(
                count=shape[0], shape=shown_shape(shape[1:]), needed=size_text(needed), free=size_text(free)
            ),
            fix=_("Resize to fewer pixels, or close other programs"),
            kind=MEMORY,
            batch_size=0,
        )
