"""The kept runs, as the window knows them: read beside the window's thread, newest first; to name and to delete."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from playground.core.messages import EpochReport, State
from playground.core.problem import Fault, Problem
from playground.disk import kept_runs, runs
from playground.disk.kept_runs import Kept
from playground.session.background import Background
from playground.session.training import Training


class Figures(NamedTuple):
    """What a run has written down. losses: float32 (steps,), one a step;  epochs: those that ended"""

    losses: NDArray[np.float32]
    epochs: tuple[EpochReport, ...]


class RunList(QObject):
    """runs: as read last, newest first;  is_known: whether they were read at all

    Nothing is read before somebody asks for it (`refresh`); from then on it is read again whenever a run begins or ends.
    """

    changed = Signal()  # runs, or the figures of one
    failed = Signal(object)  # Fault: a name that could not be written, a run that could not be deleted

    def __init__(self, training: Training, parent: QObject | None = None):
        super().__init__(parent)
        self._training = training
        self._background = Background(self)  # of its own: a long list must not hold up the saving of a file
        self.runs: tuple[Kept, ...] = ()
        self._by_folder: dict[Path, Kept] = {}
        self.is_known = False
        self._asked = self._reading = self._again = self._closed = False
        self._figures: dict[Path, tuple[kept_runs.Signature, Figures]] = {}
        self._wanted: set[Path] = set()  # whose figures are being read
        self._state = training.state
        training.state_changed.connect(self._on_state_changed)
        training.folder_made.connect(self._on_folder_made)

    def refresh(self) -> None:
        """Read the list again; `changed` follows. Many askers are one or two readings."""
        self._asked = True
        if self._closed:
            return
        if self._reading:
            self._again = True
            return
        self._reading, known = True, {one.folder: one for one in self.runs}
        self._background.run(lambda: kept_runs.list_kept(known), self._take, self._on_unread)

    def of(self, folder: Path | str) -> Kept | None:
        """The run in a folder, as read last."""
        return self._by_folder.get(Path(folder))

    def figures(self, run: Kept) -> Figures | None:
        """Those of a run as it was read last; None until they are read, which begins now, and `changed` follows."""
        found = self._figures.get(run.folder)
        if (found is None or found[0] != run.signature) and run.folder not in self._wanted and not self._closed:
            self._wanted.add(run.folder)
            self._background.run(lambda: _read(run.folder), lambda figures: self._keep(run, figures), self._fail)
        return found[1] if found is not None else None

    def forget_figures(self, but: Iterable[Path]) -> None:
        """Let go of the figures of all runs but these."""
        kept = set(but)
        self._figures = {folder: one for folder, one in self._figures.items() if folder in kept}

    def rename(self, run: Kept, title: str) -> None:
        """Give a run a name of its own; an empty one brings back the project's."""
        if title != run.name:
            self._background.run(
                lambda: kept_runs.rename(run.folder, title), lambda _record: self.refresh(), self._fail
            )

    def delete(self, chosen: Sequence[Kept], then: Callable[[], Any] = lambda: None) -> None:
        """Delete runs for good; one that goes on is refused, and the others are deleted. then: done at the end"""

        def work() -> tuple[list[Path], list[Fault]]:
            gone, faults = [], []
            for run in chosen:
                try:
                    kept_runs.delete(run.folder)
                    gone.append(run.folder)
                except Problem as problem:
                    faults.append(problem.fault)
            return gone, faults

        def done(ended: tuple[list[Path], list[Fault]]) -> None:
            gone, faults = ended
            for folder in gone:
                self._training.forget(str(folder))
                self._figures.pop(folder, None)
            for fault in faults:
                self.failed.emit(fault)
            self.refresh()
            then()

        self._background.run(work, done, self._fail)

    def close(self) -> None:
        """Wait until what was asked for is done."""
        self._closed = True
        self._background.close()

    def _on_folder_made(self, _folder: str) -> None:
        if self._asked:
            self.refresh()

    def _on_state_changed(self, state: State) -> None:
        between = {self._state, state} <= {"running", "paused"}  # at every single step
        self._state = state
        if self._asked and not between:
            self.refresh()

    def _take(self, found: list[Kept]) -> None:
        changed = not self.is_known or tuple(found) != self.runs
        self._reading, self.is_known = False, True
        self.runs, self._by_folder = tuple(found), {one.folder: one for one in found}
        if self._again:
            self._again = False
            self.refresh()
        if changed:
            self.changed.emit()

    def _on_unread(self, fault: Fault) -> None:
        self._reading = self._again = False
        self._fail(fault)

    def _keep(self, run: Kept, figures: Figures) -> None:
        self._wanted.discard(run.folder)
        self._figures[run.folder] = run.signature, figures
        self.changed.emit()

    def _fail(self, fault: Fault) -> None:
        self.failed.emit(fault)


def _read(folder: Path) -> Figures:
    losses: array[float] = runs.read_losses(folder)
    return Figures(np.frombuffer(losses, np.float32), tuple(runs.read_epochs(folder)))
