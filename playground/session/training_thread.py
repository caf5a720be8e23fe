"""The thread that owns the pipe to the runner, and makes the folder of each run."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Signal

from playground.core.messages import Frame, Pull, Start, decode_frame
from playground.core.problem import Problem
from playground.core.project import Project
from playground.disk import runs
from playground.session.process import ENGINE, EngineThread

ACTIVE = ("preparing", "running", "paused", "stopping")
TESTABLE = ("running", "paused", "finished", "idle")  # states in which the network of a run can be tested
CLOSE_WITHIN_S = 1.5  # for the run to be marked as stopped when the window closes


class BeginRun(msgspec.Struct, frozen=True):
    """An order to the thread: make a folder for the run, then start it there. name: of the document"""

    project: Project
    name: str
    start: Start


class TrainingThread(EngineThread):
    """Owns the pipe to the runner: forwards orders, makes the run's folder, emits frames (`received`)."""

    kept = Signal(str)  # folder of the run that is being started; empty where it cannot be kept
    unkept = Signal(object)  # Fault: why it cannot

    def __init__(self, engine: Sequence[str] = ENGINE):
        super().__init__("runner", decode_frame, engine)
        self._running = False
        self._close_by: float | None = None

    def outgoing(self, order: Any) -> Iterable[Any]:
        if isinstance(order, BeginRun):
            order = msgspec.structs.replace(order.start, folder=self._folder(order))
            self.kept.emit(order.folder)
        if isinstance(order, Start):
            self._running = True
        return (order,)

    def incoming(self, message: Any) -> None:
        if isinstance(message, Frame):
            self._running = message.state in ACTIVE
            if self._closing and self._running:
                self.send(Pull())  # the window has left; the run's end must still be heard

    def may_close(self) -> bool:
        """A run that was told to stop gets a moment to write its end."""
        self._close_by = self._close_by or time.monotonic() + CLOSE_WITHIN_S
        return not self._running or time.monotonic() > self._close_by

    def _folder(self, order: BeginRun) -> str:
        try:
            return str(runs.new_run(order.project, order.name))
        except Problem as problem:
            self.unkept.emit(problem.fault)
            return ""
