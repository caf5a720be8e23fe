"""What is known of the run of this window: its state, what was chosen for it, its figures, and where it is kept."""

from PySide6.QtCore import QObject, Signal

from playground.core.messages import Frame, RunFacts, State
from playground.core.problem import Fault
from playground.core.project import Project
from playground.session.document import Document, same
from playground.session.history import History
from playground.session.training_thread import ACTIVE, TESTABLE


class Run(QObject):
    """state: as in `core.messages.State`;  project: of the run, None before the first;  frame: the newest
    facts: what was chosen when the run started;  history: all its figures;  fault: why it failed
    folder: of the run, "" if none
    """

    state_changed = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None):
        super().__init__(parent)
        self._document = document
        self.state: State = "idle"
        self.facts: RunFacts | None = None
        self.history = History()
        self.project: Project | None = None
        self.frame: Frame | None = None
        self.fault: Fault | None = None
        self.folder = ""
        self._checkpoint: int | None = None
        self._died = False

    @property
    def is_active(self) -> bool:
        """Whether a run is on its way: preparing, running, paused or stopping."""
        return self.state in ACTIVE

    @property
    def is_current(self) -> bool:
        """Whether the run's project is the document's as it is now; edits during a run do not change the run."""
        return self.project is not None and same(self.project, self._document.project)

    @property
    def checkpoint(self) -> int | None:
        """Step of the run's newest checkpoint on the disk, as far as it was told."""
        return self._checkpoint

    @property
    def can_resume(self) -> bool:
        """Whether the run was stopped or its process died, and there is a checkpoint to go on from. A run that failed
        by itself (a loss that is not a number) would fail again."""
        ended_early = self.state == "idle" or self._died
        return ended_early and not self.is_active and self._checkpoint is not None and self.project is not None

    @property
    def can_test(self) -> bool:
        """Whether the runner has a network that it can evaluate, as far as is known."""
        return self.state in TESTABLE and self.facts is not None

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
