"""The comparison of devices as the window sees it: a process that lives as long as it measures, and what it found."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QObject, Signal

from playground.core.comparison import Comparison
from playground.core.messages import Answer, Compare, Compared, Failed, decode_answer
from playground.core.problem import Fault
from playground.core.project import Project, write_project
from playground.core.text import _
from playground.session.document import Document, same
from playground.session.process import ENGINE, Ending, EngineThread
from playground.session.training import Training

SECONDS = 20.0


class DeviceComparison(QObject):
    """found: the newest comparison, as far as it is, None before the first;  done, total: timings of it
    project: what it is about;  fault: why it ended early
    state: "cancelled" where a person, or a run that began, has stopped it
    """

    changed = Signal()

    def __init__(
        self, document: Document, training: Training, engine: Sequence[str] = ENGINE, parent: QObject | None = None
    ):
        super().__init__(parent)
        self._document, self._training, self._engine = document, training, tuple(engine)
        self._thread: EngineThread | None = None
        self._closed = False
        self.state: Literal["idle", "measuring", "done", "cancelled", "failed"] = "idle"
        self.found: Comparison | None = None
        self.project: Project | None = None
        self.fault: Fault | None = None
        self.done = self.total = 0
        training.state_changed.connect(self._on_run_changed)

    @property
    def is_current(self) -> bool:
        """Whether what was found is about the project as it is now."""
        return self.project is not None and same(self.project, self._document.project)

    @property
    def refusal(self) -> str:
        """Why it cannot start now, a sentence; empty where it can."""
        if self._training.is_active:
            return _("A run is active, and both would slow each other: wait for its end, or stop it.")
        return ""

    @property
    def can_start(self) -> bool:
        """Whether `start` would."""
        return not self._closed and self._thread is None and not self.refusal

    def start(self, seconds: float = SECONDS) -> None:
        """Measure the document's project. Nothing happens while it measures, or while a run is active."""
        if not self.can_start:
            return
        self.project, self.found, self.fault = self._document.project, None, None
        self.done = self.total = 0
        self._thread = thread = EngineThread("comparer", decode_answer, self._engine, self)
        thread.received.connect(self._on_answer)
        thread.ended.connect(self._on_ended)
        thread.send(Compare(1, write_project(self.project), seconds))
        self._set_state("measuring")
        thread.start()

    def cancel(self) -> None:
        """Stop measuring; what was found stays."""
        if self.state == "measuring":
            self._end()
            self._set_state("cancelled")

    def close(self) -> None:
        """End the process. Returns at once."""
        self._closed = True
        self._end()

    def wait_closed(self) -> None:
        """Wait for it, after `close`."""
        if self._thread is not None:
            self._thread.wait(10_000)
            self._thread = None

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.close()

    def _on_run_changed(self, _state: str) -> None:
        if self._training.is_active:
            self.cancel()
        self.changed.emit()

    def _on_answer(self, answer: Answer) -> None:
        if self.state != "measuring":
            return
        if isinstance(answer, Compared):
            self.found, self.done, self.total = answer.comparison, answer.done, answer.total
            if self.done < self.total:
                self.changed.emit()
                return
            self._end()
            self._set_state("done")
        elif isinstance(answer, Failed):
            self.fault = answer.fault
            self._end()
            self._set_state("failed")

    def _on_ended(self, ending: Ending) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.wait()
            thread.deleteLater()
        if self.state == "measuring" and not self._closed:
            self.fault = Fault(
                where=_("Devices"),
                what=_("the process that measures ended unexpectedly ({reason})").format(reason=ending.reason),
                fix=_("Measure again; the log file says more"),
            )
            self._set_state("failed")
        elif not self._closed:
            self.changed.emit()  # it can be started again

    def _set_state(self, state: Literal["measuring", "done", "cancelled", "failed"]) -> None:
        self.state = state
        self.changed.emit()
