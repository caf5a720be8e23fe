"""The steps between the stored sample and the network. One class a step, in `STEPS` under its name.

All work on batches of float32 and may change them in place. Pixels that no step has touched keep their stored
values (0 to 255, 0 to 16 for digits): nothing is scaled behind the reader's back.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import psutil
import torch
from torch.nn.functional import interpolate

from playground.core.arguments import did_you_mean, fault_of, shown_shape
from playground.core.preparations import PREPARATIONS
from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _

Range = tuple[float, float]

_CHUNK_VALUES = 1 << 18  # 1 MB of float32: stays in the processor's cache from the first step to the last


class Step:
    """One step of one preparation.

    value: the checked value of its argument;  shape: of a sample as it comes in
    limits: smallest and largest value possible as it comes in, None where they are not known
    where: names the step in messages
    raises Problem: the step does not fit such samples
    """

    def __init__(self, value: Any, shape: Shape, limits: Range | None, where: str):
        self.value, self.where = value, where
        self.shape, self.limits = shape, limits  # a step that changes them sets what goes out

    def fit(self, batches: Iterable[torch.Tensor]) -> None:
        """Measure what the step needs on the training part (and nothing else)."""

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        """(n, *shape that comes in) float32, which may be changed, to (n, *self.shape)."""
        return batch


class Resize(Step):
    """Bilinear with antialiasing, in floating point: what torchvision's `resize` does to float32 tensors.

    Bilinear weights are one matrix for the rows and one for the columns, so two matrix products do it, four times
    as fast as `interpolate`; the matrices are what `interpolate` makes of a picture of ones on its diagonal.
    """

    def __init__(self, value: Any, shape: Shape, limits: Range | None, where: str):
        super().__init__(value, shape, limits, where)
        if len(shape) != 3:
            raise Problem(
                where=where,
                what=_("only pictures can be resized, but a sample is a row of {count} numbers").format(
                    count=shown_shape(shape)
                ),
                fix=_("Remove this step, or choose a data set of pictures"),
            )
        self.shape = (shape[0], value, value)
        self._unchanged = shape == self.shape
        self._height, self._width = shape[1:]

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if self._unchanged:
            return batch
        with _one_thread():
            return torch.matmul(self._by_rows, torch.matmul(batch, self._by_columns))

    @cached_property
    def _by_columns(self) -> torch.Tensor:
        return _bilinear_weights(self._width, self.value)

    @cached_property
    def _by_rows(self) -> torch.Tensor:
        return _bilinear_weights(self._height, self.value).T.contiguous()


class Normalize(Step):
    """The range of possible values, brought to 0..1 or −1..1: for 0..255 the same bits as torchvision's
    `ToTensor`, then `Normalize(0.5, 0.5)`."""

    def __init__(self, value: Any, shape: Shape, limits: Range | None, where: str):
        super().__init__(value, shape, limits, where)
        if limits is None:
            raise Problem(
                where=where,
                what=_("the values that come in have no largest possible one")
                if len(shape) == 3
                else _("the columns of a table have no largest possible value"),
                fix=_("Put it before the step that standardises, or remove it")
                if len(shape) == 3
                else _("Use standardize instead"),
            )
        self._low, self._span = limits[0], limits[1] - limits[0]
        self._both_signs = value == "-1..1"
        self.limits = (-1.0, 1.0) if self._both_signs else (0.0, 1.0)

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if self._low:
            batch.sub_(self._low)
        batch.div_(self._span)
        return batch.sub_(0.5).mul_(2) if self._both_signs else batch


class Standardize(Step):
    """Mean 0 and deviation 1 for each feature of a table, each channel of a picture.

    The deviation is the population's (divided by n); a constant feature is only shifted to 0.
    source: sklearn.preprocessing.StandardScaler
    """

    def __init__(self, value: Any, shape: Shape, limits: Range | None, where: str):
        super().__init__(value, shape, None if value else limits, where)
        self._per_feature = (shape[0], *(1 for _axis in shape[1:]))
        self._mean = self._deviation = torch.empty(0)

    def fit(self, batches: Iterable[torch.Tensor]) -> None:
        if not self.value:
            return
        mean, deviation = _mean_and_deviation(batches)
        self._mean = torch.from_numpy(mean.astype(np.float32)).reshape(self._per_feature)
        self._deviation = torch.from_numpy(deviation.astype(np.float32)).reshape(self._per_feature)

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        return batch.sub_(self._mean).div_(self._deviation) if self.value else batch


STEPS: dict[str, Callable[[Any, Shape, Range | None, str], Step]] = {
    "resize": Resize,
    "normalize": Normalize,
    "standardize": Standardize,
}


def steps_of(preparation: Sequence[Mapping[str, Any]], shape: Shape, limits: Range | None) -> list[Step]:
    """The steps of a preparation, checked, for samples of this shape and range. Reads no data. raises Problem"""
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
        steps.append(STEPS[name](value, shape, limits, where))
        shape, limits = steps[-1].shape, steps[-1].limits
    return steps


def fit(steps: Sequence[Step], train_inputs: torch.Tensor) -> None:
    """Let each step measure the training part, as it comes out of the steps before it."""
    for count, step in enumerate(steps):
        step.fit(_through(train_inputs, steps[:count]))


def apply(steps: Sequence[Step], inputs: torch.Tensor) -> torch.Tensor:
    """Every sample, prepared: (N, *shape) float32, contiguous, sharing no memory with `inputs`.

    raises Problem: the result would not fit into the memory that is free
    """
    shape = steps[-1].shape if steps else tuple(inputs.shape[1:])
    _refuse_what_does_not_fit((len(inputs), *shape))
    prepared = torch.empty((len(inputs), *shape), dtype=torch.float32)
    count = _chunk(inputs, steps)
    for batch, room in zip(inputs.split(count), prepared.split(count), strict=True):
        values = room.copy_(batch) if room.shape == batch.shape else batch.to(torch.float32, copy=True)
        for step in steps:
            values = step(values)
        if values is not room:
            room.copy_(values)
    return prepared


def _through(inputs: torch.Tensor, steps: Sequence[Step]) -> Iterator[torch.Tensor]:
    """The samples in chunks, as they come out of the steps."""
    for batch in inputs.split(_chunk(inputs, steps)):
        values = batch.to(torch.float32, copy=True)
        for step in steps:
            values = step(values)
        yield values


def _chunk(inputs: torch.Tensor, steps: Sequence[Step]) -> int:
    """How many samples are worked on at once. It depends on shapes only, so that results do not on the machine."""
    largest = max([math.prod(inputs.shape[1:]), *(math.prod(step.shape) for step in steps)])
    return max(1, _CHUNK_VALUES // max(1, largest))


def _bilinear_weights(size: int, new_size: int) -> torch.Tensor:
    """(size, new_size): what each old pixel gives to each new one, along one axis."""
    single_pixels = torch.eye(size).reshape(size, 1, 1, size)
    lines = interpolate(single_pixels, size=(1, new_size), mode="bilinear", align_corners=False, antialias=True)
    return lines.reshape(size, new_size)


@contextmanager
def _one_thread() -> Iterator[None]:
    """A matrix product may add in another order on another number of threads, and so give other bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _mean_and_deviation(batches: Iterable[torch.Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """Over the samples (and pixels), in float64, by numpy: torch splits sums among its threads, which changes bits.

    source: Chan, Golub, LeVeque (1979), updating formulas for sample variances
    """
    count, mean, squares = 0, np.zeros(1), np.zeros(1)
    for batch in batches:
        values = batch.numpy().reshape(*batch.shape[:2], -1).astype(np.float64)
        added = values.shape[0] * values.shape[2]
        batch_mean = values.mean(axis=(0, 2))
        values -= batch_mean[:, None]
        difference = batch_mean - mean
        squares = squares + np.square(values, out=values).sum(axis=(0, 2))
        squares = squares + difference**2 * (count * added / (count + added))
        mean = mean + difference * (added / (count + added))
        count += added
    variance = squares / max(1, count)
    # Sums of float32 values are exact in float64, so the variance of a constant is 0 and not nearly so.
    return mean, np.where(variance == 0, 1.0, np.sqrt(variance))


def _refuse_what_does_not_fit(shape: Shape) -> None:
    needed, free = 4 * math.prod(shape), psutil.virtual_memory().available
    if needed > free:
        raise Problem(
            where=_("Preparation"),
            what=_("{count:,} samples of {shape} need {needed:.1f} GB of memory, but {free:.1f} GB are free").format(
                count=shape[0], shape=shown_shape(shape[1:]), needed=needed / 1e9, free=free / 1e9
            ),
            fix=_("Resize to fewer pixels, or close other programs"),
        )
