"""Every figure of a run so far, in arrays that grow: a frame is appended in microseconds, whatever came before."""

from collections import deque
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.messages import Array, EpochReport, Frame, Picture, Steered
from playground.core.network import Path

SLOPES, DEAD_UNITS = "slopes", "dead_units"  # the probes whose pictures are kept, not only the newest
# Looks at the rectifiers, each at other samples, to judge by: a unit that one class in fifty wakes is not dead.
_ENOUGH_LOOKS, _ENOUGH_SAMPLES = 4, 256
_LOOKS_KEPT = 32


class Look(NamedTuple):
    """At the rectifiers of a run. fired: by the layer's path, bool (units,), whether it was above zero for any sample"""

    step: int
    samples: int
    fired: dict[Path, NDArray[np.bool_]]
    layers: list[dict[str, Any]]


class Column:
    """Rows of numbers that grow at their end, shape (..., n); the memory is doubled when it is full."""

    def __init__(self, dtype: Any, lead: tuple[int, ...] = ()):
        self._data = np.empty((*lead, 256), dtype)
        self.size = 0

    @property
    def view(self) -> NDArray[Any]:
        """What is there, without a copy; valid until the next append, and read-only."""
        view = self._data[..., : self.size]
        view.flags.writeable = False
        return view

    def append(self, values: NDArray[Any]) -> None:
        """values: (..., k), put behind what is there"""
        size = self.size + values.shape[-1]
        if size > self._data.shape[-1]:
            grown = np.empty((*self._data.shape[:-1], max(size, 2 * self._data.shape[-1])), self._data.dtype)
            grown[..., : self.size] = self._data[..., : self.size]
            self._data = grown
        self._data[..., self.size : size] = values
        self.size = size

    def cut(self, size: int) -> None:
        """Forget what lies behind."""
        self.size = min(self.size, size)


class History:
    """losses: float32 (steps,), one a step; NaN where a step's loss is not known to this window
    epochs: those that ended;  steered: settings that were changed meanwhile
    best_epoch, weights_epoch, stopped_early: as the newest frame says
    slope_steps: int64 (n,), the steps (counted when done) at which slopes were looked at
    gradient_norms, update_ratios: by the layer's path, float32 (n,) beside slope_steps
    slope_layers: {"path": [0], "index": 1, "name": "Conv2d"} of each layer with parameters, in order
    looks: the newest at the rectifiers
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._losses = Column(np.float32)
        self._slope_steps = Column(np.int64)
        self._slopes = Column(np.float32, (2, 0))
        self.epochs: list[EpochReport] = []
        self.steered: list[Steered] = []
        self.best_epoch = self.weights_epoch = 0
        self.stopped_early = False
        self.slope_layers: list[dict[str, Any]] = []
        self.looks: deque[Look] = deque(maxlen=_LOOKS_KEPT)

    @property
    def losses(self) -> NDArray[np.float32]:
        return self._losses.view

    @property
    def slope_steps(self) -> NDArray[np.int64]:
        return self._slope_steps.view

    @property
    def gradient_norms(self) -> dict[Path, NDArray[np.float32]]:
        return self._by_path(0)

    @property
    def update_ratios(self) -> dict[Path, NDArray[np.float32]]:
        return self._by_path(1)

    @property
    def best(self) -> EpochReport | None:
        """Of the best epoch so far; None before the first."""
        return next((one for one in self.epochs if one.epoch == self.best_epoch), None)

    @property
    def held(self) -> EpochReport | None:
        """Of the weights that the network has: of the best epoch where they are back, else of the newest one."""
        newest = self.epochs[-1] if self.epochs else None
        return (self.best if self.weights_epoch else None) or newest

    @property
    def best_is_back(self) -> bool:
        """Whether the network ended with the weights of an epoch before the newest."""
        return bool(self.epochs) and self.held is not self.epochs[-1]

    @property
    def recent_looks(self) -> list[Look]:
        """Those at the rectifiers since a setting was last changed."""
        since = self.steered[-1].step if self.steered else -1
        return [one for one in self.looks if one.step > since]

    @property
    def enough_looks(self) -> bool:
        """Whether the recent ones say something."""
        looks = self.recent_looks
        return len(looks) >= _ENOUGH_LOOKS and sum(one.samples for one in looks) >= _ENOUGH_SAMPLES

    def append(self, frame: Frame) -> None:
        """Take in a frame. One that begins before the end (a run resumed from a checkpoint) replaces what it repeats."""
        losses = numbers(frame.losses)
        if losses.size:
            if frame.first_step < self._losses.size:
                self._cut(frame.first_step, frame.step)
            missing = frame.first_step - self._losses.size
            if missing > 0:
                self._losses.append(np.full(missing, np.nan, np.float32))
            self._losses.append(losses)
        self.best_epoch, self.weights_epoch = frame.best_epoch, frame.weights_epoch
        self.stopped_early = frame.stopped_early
        self.epochs.extend(frame.epochs)
        if frame.steered:  # a run that was resumed tells them again
            self.steered = [one for one in self.steered if one not in frame.steered] + list(frame.steered)
        for picture in frame.pictures:
            if picture.watch.probe == SLOPES and {"gradient_norm", "update_ratio"} <= picture.arrays.keys():
                self._append_slopes(picture)
            elif picture.watch.probe == DEAD_UNITS and picture.arrays:
                self._append_look(picture)

    def _append_slopes(self, picture: Picture) -> None:
        layers = picture.facts.get("layers", [])
        values = np.stack([numbers(picture.arrays["gradient_norm"]), numbers(picture.arrays["update_ratio"])])
        if values.shape[1] != len(self.slope_layers) or not self._slope_steps.size:
            self.slope_layers = layers
            self._slope_steps, self._slopes = Column(np.int64), Column(np.float32, values.shape)
        steps = self._slope_steps.view
        if steps.size and picture.step <= steps[-1]:
            return  # a pause: the same step was looked at again
        self._slope_steps.append(np.array([picture.step]))
        self._slopes.append(values[:, :, None])

    def _append_look(self, picture: Picture) -> None:
        layers = picture.facts.get("layers", [])
        paths = [tuple(layer["path"]) for layer in layers]
        fired = {path: numbers(picture.arrays[".".join(map(str, path))]).astype(bool) for path in paths}
        if self.looks and picture.step <= self.looks[-1].step:
            return  # a pause: the same step was looked at again
        self.looks.append(Look(picture.step, int(picture.facts["samples"]), fired, layers))

    def _cut(self, first_step: int, step: int) -> None:
        """first_step: from which the frame tells losses and epochs again;  step: how far it has come"""
        self._losses.cut(first_step)
        self.epochs = [epoch for epoch in self.epochs if epoch.step <= first_step]
        self.steered = [one for one in self.steered if one.step <= first_step]
        kept = int(np.searchsorted(self._slope_steps.view, step, side="right"))
        self._slope_steps.cut(kept)
        self._slopes.cut(kept)
        while self.looks and self.looks[-1].step > step:
            self.looks.pop()

    def _by_path(self, which: int) -> dict[Path, NDArray[np.float32]]:
        values = self._slopes.view
        return {tuple(layer["path"]): values[which, row] for row, layer in enumerate(self.slope_layers)}


def numbers(array: Array) -> NDArray[Any]:
    """The array that a message carries, read-only and without a copy. raises ValueError: the bytes do not fit"""
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)
