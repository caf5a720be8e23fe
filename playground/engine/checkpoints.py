"""Checkpoints: all that a training needs to go on with equal bits. Tensors and numbers only, no code of anyone's.

Written to a temporary file, flushed to the disk, renamed; read with `weights_only=True`. Two are kept, so that one
that was damaged later does not lose the run.
"""

import io
import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from playground.core.messages import EpochReport
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import atomic, folders, runs

KEPT = 2
LEAST_GAP_S = 2.0
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
    for older in runs.checkpoints(folder)[KEPT:]:
        with suppress(OSError):
            older.unlink()
    return path


def load(folder: Path) -> dict[str, Any]:
    """The state in the newest checkpoint that can be read. raises Problem: there is none"""
    for path in runs.checkpoints(folder):
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            if state["version"] == _VERSION:
                return state
        except Exception:  # a damaged file may raise anything; an older one may be whole
            logging.getLogger(__name__).warning("passed over %s", path, exc_info=True)
    raise Problem(
        where=str(folder),
        what=_("there is no checkpoint to go on from"),
        fix=_("Start the training from its beginning"),
    )


class Keeper:
    """Keeps a run in its folder while it trains: losses and epochs about every second, checkpoints when they are due.

    training: has losses, epochs, step, at_epoch_end, state()
    """

    def __init__(self, folder: Path, training: Any):
        self._folder, self._training = folder, training
        self._losses, self._epochs = len(training.losses), len(training.epochs)
        self._scalars = runs.Scalars(folder, self._losses, self._epochs)
        saved = runs.checkpoints(folder)
        if training.step == 0:  # a run from its beginning in a folder that was used before
            for path in saved:
                path.unlink(missing_ok=True)
            saved = []
        self.checkpoint: int | None = int(saved[0].stem.partition("-")[2]) if saved else None
        now = time.perf_counter()
        self._flushed = self._saved = now
        self._next_at_epoch_end = now + LEAST_GAP_S

    def look(self, now: float) -> None:
        """Write what is due. To be called between two steps. raises Problem"""
        at_end = self._training.at_epoch_end and now >= self._next_at_epoch_end
        if at_end or now - self._saved >= MOST_GAP_S:
            self.save()
        elif now - self._flushed >= _FLUSH_S:
            self._flush(now)

    def save(self) -> None:
        """A checkpoint now, unless there is one of this step. raises Problem"""
        began = time.perf_counter()
        state = self._training.state() if self.checkpoint != self._training.step else None  # losses come home with it
        self._flush(began)  # and go first: a checkpoint never knows more steps than their column
        if state is not None:
            save(self._folder, state, self._training.step)
            self.checkpoint = self._training.step
        now = self._saved = time.perf_counter()
        self._next_at_epoch_end = now + max(LEAST_GAP_S, (now - began) / _SHARE)

    def close(self, state: runs.RunState, fault: str = "") -> None:
        """Write the last rows and how the run ended. raises Problem"""
        try:
            self._flush(time.perf_counter())
        finally:
            self._scalars.close()
        self.note(state, fault)

    def note(self, state: runs.RunState, fault: str = "") -> None:
        """Write down the state of the run. raises Problem"""
        training = self._training
        runs.change_run(self._folder, state=state, fault=fault, step=training.step, epochs=len(training.epochs))

    def _flush(self, now: float) -> None:
        losses = self._training.losses
        fresh: list[EpochReport] = self._training.epochs[self._epochs :]
        self._scalars.append(losses[self._losses :], fresh)
        self._losses, self._epochs = len(losses), len(self._training.epochs)
        self._flushed = now
