"""Checkpoints: all that a training needs to go on with equal bits. Tensors and numbers only, no code of anyone's.

Written to a temporary file, flushed to the disk, renamed; read with `weights_only=True`.

Of one run at most MOST are kept, in at most MOST_BYTES: the newest two whatever their size, so that one that was damaged
later does not lose the run, and of the older ones those that lie farthest apart, so that a fork can begin anywhere.
"""

import io
import logging
import math
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from playground.core.messages import EpochReport, Picture
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import atomic, folders, runs, slopes

MOST, NEWEST = 12, 2
MOST_BYTES = 1_000_000_000
LEAST_GAP_S = 0.5
MOST_GAP_S = 60.0
_SHARE = 0.02  # of the time, at most, for the checkpoints of epoch ends
_FLUSH_S = 1.0
_VERSION = 1


def save(folder: Path, state: dict[str, Any], step: int) -> Path:
    """Keep the state of a training in the folder of its run. raises Problem: no space, no right to write"""
    buffer = io.BytesIO()
    torch.save({"version": _VERSION, **state}, buffer)
    path = runs.checkpoint_path(folder, step)
    try:
        folders.made(path.parent)
    except OSError as error:
        raise Problem(
            where=str(path.parent), what=error.strerror or str(error), fix=_("Check the rights of the folder")
        ) from error
    atomic.write(path, buffer.getvalue())
    thin(folder)
    return path


def thin(folder: Path) -> None:
    """Remove the checkpoints of a run that are too many."""
    with suppress(OSError):  # somebody else may have removed one
        kept = {runs.checkpoint_step(one): one.stat().st_size for one in reversed(runs.checkpoints(folder))}
        for step in superfluous(list(kept), list(kept.values())):
            runs.checkpoint_path(folder, step).unlink(missing_ok=True)


def superfluous(steps: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """The checkpoints to be removed. steps: of each, the oldest first;  sizes: in bytes

    One after the other the one goes whose neighbours are closest to each other, so that what stays is spread evenly.
    """
    left, size_of, gone = list(steps), dict(zip(steps, sizes, strict=True)), []
    while len(left) > NEWEST and (len(left) > MOST or sum(size_of[one] for one in left) > MOST_BYTES):
        around = [0, *left]
        place = min(range(len(left) - NEWEST), key=lambda place: left[place + 1] - around[place])
        gone.append(left.pop(place))
    return gone


def load(folder: Path, step: int | None = None) -> dict[str, Any]:
    """The state in the checkpoint of a step, or in the newest one that can be read. raises Problem: there is none"""
    for path in runs.checkpoints(folder) if step is None else [runs.checkpoint_path(folder, step)]:
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            if state["version"] == _VERSION:
                return state
        except Exception:  # a damaged file may raise anything; an older one may be whole
            logging.getLogger(__name__).warning("passed over %s", path, exc_info=True)
    if step is not None:
        raise Problem(
            where=str(folder),
            what=_("there is no checkpoint of step {step:,}, or it is damaged").format(step=step),
            fix=_("Choose another checkpoint of this run"),
        )
    raise Problem(
        where=str(folder),
        what=_("there is no checkpoint to go on from"),
        fix=_("Start the training from its beginning"),
    )


def foreign(error: Exception) -> Problem:
    """What a training says that cannot take the state in a checkpoint."""
    return Problem(
        where=_("Checkpoint"),
        what=_("it belongs to another network or another version ({reason})").format(
            reason=str(error).partition("\n")[0]
        ),
        fix=_("Start the training from its beginning"),
    )


class Keeper:
    """Keeps a run in its folder while it trains: losses, epochs and slopes about every second, checkpoints when they are
    due.

    training: has losses, epochs, epoch_seconds, step, weights_epoch, at_epoch_end, steering, steered, state()
    """

    def __init__(self, folder: Path, training: Any):
        self._folder, self._training = folder, training
        self._scalars = runs.Scalars(folder, len(training.losses), len(training.epochs))
        self._slopes = slopes.Slopes(folder, training.step)
        self._closed = False
        # what is missing there is written with the next rows: all that a fork has from its parent
        self._losses, self._epochs = self._scalars.steps, self._scalars.epochs
        saved = runs.checkpoints(folder)
        if training.step == 0:  # a run from its beginning in a folder that was used before
            for path in saved:
                path.unlink(missing_ok=True)
            saved = []
        self.checkpoint: int | None = runs.checkpoint_step(saved[0]) if saved else None
        now = time.perf_counter()
        self._flushed = self._saved = now
        self._noted = self._steered = len(training.steered)  # in run.json, and in the newest checkpoint
        self._next_at_epoch_end = now + LEAST_GAP_S

    def look(self, now: float) -> None:
        """Write what is due. To be called between two steps. raises Problem"""
        at_end = self._training.at_epoch_end and now >= self._next_at_epoch_end
        if at_end or now - self._saved >= MOST_GAP_S:
            self.save()
        elif now - self._flushed >= _FLUSH_S:
            self._flush(now)

    def see(self, pictures: Iterable[Picture]) -> None:
        """Keep the slopes among what was told in a frame; it may be the last one, after the end."""
        for picture in pictures:
            if picture.watch.probe == slopes.WATCH.probe:
                self._slopes.see(picture)
        if self._closed:
            with suppress(Problem):  # it has ended well
                self._slopes.flush()

    def save(self) -> None:
        """A checkpoint now, unless there is one of this step as it is. raises Problem"""
        began = time.perf_counter()
        training = self._training
        known = self.checkpoint == training.step and self._steered == len(training.steered)
        state = training.state() if not known else None  # losses come home with it
        self._flush(began)  # and go first: a checkpoint never knows more steps than their column
        if state is not None:
            save(self._folder, state, training.step)
            self.checkpoint, self._steered = training.step, len(training.steered)
        now = self._saved = time.perf_counter()
        self._next_at_epoch_end = now + max(LEAST_GAP_S, (now - began) / _SHARE)

    def close(self, state: runs.RunState, fault: str = "") -> None:
        """Write the last rows and how the run ended. raises Problem"""
        try:
            self._flush(time.perf_counter())
        finally:
            self._scalars.close()
            self._closed = True
        self.note(state, fault)

    def note(self, state: runs.RunState, fault: str = "") -> None:
        """Write down the state of the run. raises Problem"""
        training = self._training
        seconds = math.fsum(one.seconds for one in training.epochs) + training.epoch_seconds
        self._noted = len(training.steered)
        runs.change_run(
            self._folder,
            state=state,
            fault=fault,
            step=training.step,
            epochs=len(training.epochs),
            seconds=seconds,
            weights_epoch=training.weights_epoch,
            steered=training.steering.known,
        )

    def _flush(self, now: float) -> None:
        losses = self._training.losses
        fresh: list[EpochReport] = self._training.epochs[self._epochs :]
        self._scalars.append(losses[self._losses :], fresh)
        self._slopes.flush()
        self._losses, self._epochs = len(losses), len(self._training.epochs)
        if len(self._training.steered) != self._noted:
            self._noted = len(self._training.steered)
            runs.change_run(self._folder, steered=self._training.steering.known)
        self._flushed = now
