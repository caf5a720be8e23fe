"""The steps that change every sample alike. One class a step; `engine/augmentation.py` has the random ones.

All work on batches of float32 and may change them in place. Pixels that no step has touched keep their stored
values (0 to 255, 0 to 16 for digits): nothing is scaled behind the reader's back.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch.nn.functional import interpolate

from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _

Range = tuple[float, float]


@dataclass(frozen=True)
class Sample:
    """What a step gets and gives: the shape of one sample, the smallest and largest value possible (None where they
    are not known), its kind as in DatasetSpec, and how many different tokens a text has."""

    shape: Shape
    limits: Range | None = None
    kind: str = "picture"
    tokens: int = 0


class Step:
    """One step of one preparation.

    value: the checked value of its argument;  comes: a sample as it comes in;  where: names the step in messages
    gives: a sample as it goes out
    late, random: as in PreparationSpec
    light: whether it is one pass over the values, so that a run does not feel it if each batch has it done anew
    raises Problem: the step does not fit such samples
    """

    late = random = light = False

    def __init__(self, value: Any, comes: Sample, where: str):
        self.value, self.comes, self.where = value, comes, where
        self.gives = comes  # a step that changes it sets what goes out

    @property
    def shape(self) -> Shape:
        """Of a sample as it goes out."""
        return self.gives.shape

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

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        self.gives = replace(comes, shape=(comes.shape[0], value, value))
        self._height, self._width = comes.shape[1:]

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if self.comes.shape == self.gives.shape:
            return batch
        rows, columns = self._by_rows.to(batch.device), self._by_columns.to(batch.device)
        batch = batch.contiguous()  # a product adds up in an order that depends on how its factors lie in memory
        with one_thread():
            return torch.matmul(rows, torch.matmul(batch, columns))

    @cached_property
    def _by_columns(self) -> torch.Tensor:
        return _bilinear_weights(self._width, self.value)

    @cached_property
    def _by_rows(self) -> torch.Tensor:
        return _bilinear_weights(self._height, self.value).T.contiguous()


class Crop(Step):
    """The square in the middle; where a rim is odd, torchvision's `center_crop` decides which side loses more."""

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        height, width = comes.shape[1:]
        if value > min(height, width):
            raise Problem(
                where=where,
                what=_("the pictures have {height}×{width} pixels, too few for a square of {side}").format(
                    height=height, width=width, side=value
                ),
                fix=_("Crop to {side} at most, or resize above this step").format(side=min(height, width)),
            )
        self.gives = replace(comes, shape=(comes.shape[0], value, value))
        self.top, self.left = round((height - value) / 2), round((width - value) / 2)

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        return batch[:, :, self.top : self.top + self.value, self.left : self.left + self.value]


class Grayscale(Step):
    """One channel of brightness instead of red, green and blue. source: ITU-R BT.601, rounded as by torchvision"""

    SHARES = (0.2989, 0.587, 0.114)

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        channels = comes.shape[0]
        if value and channels not in (1, 3):
            raise Problem(
                where=where,
                what=_("the pictures have {channels} channels, neither one nor red, green and blue").format(
                    channels=channels
                ),
                fix=_("Remove this step"),
            )
        if value:
            self.gives = replace(comes, shape=(1, *comes.shape[1:]))

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if self.comes.shape == self.gives.shape:
            return batch
        red, green, blue = batch.unbind(1)
        for_red, for_green, for_blue = self.SHARES
        return red.mul(for_red).add_(green, alpha=for_green).add_(blue, alpha=for_blue).unsqueeze(1)


class Normalize(Step):
    """The range of possible values, brought to 0..1 or −1..1: for 0..255 the same bits as torchvision's
    `ToTensor`, then `Normalize(0.5, 0.5)`."""

    light = True

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        if comes.limits is None:
            picture = comes.kind == "picture"
            raise Problem(
                where=where,
                what=_("the values that come in have no largest possible one")
                if picture
                else _("the columns of a table have no largest possible value")
                if comes.kind in ("table", "plane")
                else _("the values of a series have no largest possible one"),
                fix=_("Put it before the step that standardises or adds noise, or remove it")
                if picture
                else _("Use standardize instead"),
            )
        self.low, self.span = comes.limits[0], comes.limits[1] - comes.limits[0]
        self.both_signs = value == "-1..1"
        self.gives = replace(comes, limits=(-1.0, 1.0) if self.both_signs else (0.0, 1.0))

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if self.low:
            batch.sub_(self.low)
        batch.div_(self.span)
        return batch.sub_(0.5).mul_(2) if self.both_signs else batch


class Standardize(Step):
    """Mean 0 and deviation 1 for each feature of a table, each channel of a picture or series.

    The deviation is the population's (divided by n); a constant feature is only shifted to 0.
    source: sklearn.preprocessing.StandardScaler
    """

    light = True

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        if value:
            self.gives = replace(comes, limits=None)
        # A series of one channel may have no axis for it: all its values are measured together.
        channels = 1 if comes.kind == "series" and len(comes.shape) == 1 else comes.shape[0]
        self.per_feature = (channels, *(1 for _axis in comes.shape[1:]))
        self._mean = self._deviation = torch.empty(0)

    def fit(self, batches: Iterable[torch.Tensor]) -> None:
        if not self.value:
            return
        features = self.per_feature[0]
        mean, deviation = _mean_and_deviation(batch.reshape(len(batch), features, -1) for batch in batches)
        self._mean = torch.from_numpy(mean.astype(np.float32)).reshape(self.per_feature)
        self._deviation = torch.from_numpy(deviation.astype(np.float32)).reshape(self.per_feature)

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if not self.value:
            return batch
        return batch.sub_(self._mean.to(batch.device)).div_(self._deviation.to(batch.device))


class OneHot(Step):
    """Each token of a text as a row of zeros with one 1 at its number: (length,) int64 to (length, tokens) float32."""

    late = True

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        if value and not comes.tokens:
            raise Problem(
                where=where, what=_("a step above has already made numbers of the text"), fix=_("Remove this step")
            )
        if value:
            self.gives = Sample((*comes.shape, comes.tokens), (0.0, 1.0), "text", 0)

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        if not self.value:
            return batch
        rows = torch.zeros((*batch.shape, self.comes.tokens), device=batch.device)
        return rows.scatter_(-1, batch.to(torch.int64).unsqueeze(-1), 1.0)


def _bilinear_weights(size: int, new_size: int) -> torch.Tensor:
    """(size, new_size): what each old pixel gives to each new one, along one axis."""
    single_pixels = torch.eye(size).reshape(size, 1, 1, size)
    lines = interpolate(single_pixels, size=(1, new_size), mode="bilinear", align_corners=False, antialias=True)
    return lines.reshape(size, new_size)


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for a while. A matrix product may add in another order on another number, and so give other bits."""
    threads = torch.get_num_threads()
    if threads == 1:
        yield
        return
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
