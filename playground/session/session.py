"""One session: the document, the two engine processes, the run and the settings. Everything in the window gets this."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup

from playground.core.code import ANY, Numerics
from playground.core.problem import Fault
from playground.core.project import Project
from playground.disk import projects
from playground.session.autosave import AFTER_S, Autosave, Unsaved
from playground.session.background import Background
from playground.session.carrying import Carrying
from playground.session.client import EngineClient
from playground.session.comparison import DeviceComparison
from playground.session.document import Document
from playground.session.drawing import Drawing
from playground.session.evaluating import Evaluating
from playground.session.lab import Lab
from playground.session.lessons import Lessons
from playground.session.longer import GoingOn
from playground.session.looking import Looking
from playground.session.own_kernels import OwnKernels
from playground.session.process import ENGINE
from playground.session.rectifiers import Rectifiers
from playground.session.run_list import RunList
from playground.session.scripts import Scripts
from playground.session.settings import Settings
from playground.session.sliding import Sliding
from playground.session.training import Training

FIRST_PRESET = "lenet-digits"


class Session(QObject):
    """document: what is edited;  client: the workbench;  training: the runner and its run;  settings: the INI file
    looking: what is known of the data at hand;  scripts: the project as code
    drawing: what the user draws, and what the network gets of it
    evaluating: what of a run's evaluation is looked at;  comparison: of devices, on this network
    run_list: the kept runs;  carrying: whether a run can go on with the network as it was edited
    going_on: whether a run that has ended can go on from its end
    sliding: what a window makes of an input;  lessons: which one is followed, and how far it is
    lab: the page of the lab;  undoing: what Undo undoes, a step of the project or, where that is seen, of the lab

    `start` begins the processes, `close` ends everything; a closed session is not started again.
    """

    noticed = Signal(object)  # Fault, for people: shown where it does not stop them

    def __init__(
        self,
        project: Project | None = None,
        name: str = FIRST_PRESET,
        *,
        engine: Sequence[str] = ENGINE,
        autosave_after_s: float = AFTER_S,
        parent: QObject | None = None,
    ):
        """project: to begin with; the first preset where None.  engine: what Python is to run as the engine.

        autosave_after_s: how long a change may be unsaved before it is written aside
        """
        super().__init__(parent)
        project = project if project is not None else projects.load(f"{projects.PRESET}{FIRST_PRESET}")
        self.background = Background(self)
        self.settings = Settings(parent=self)
        self.document = Document(project, name, self.background, self)
        self.client = EngineClient(self.document, engine, self)
        self.looking = Looking(self.document, self.client, self)
        # Before the pictures: it is asked about first when a check is done, and is written sooner.
        self.scripts = Scripts(self.document, self.client, self.settings, self.background, self)
        self.training = Training(self.document, self.client, self.settings, engine, self)
        self.drawing = Drawing(self.document, self.client, self.looking, self.training, self)
        self._rectifiers = Rectifiers(self.training)
        self.evaluating = Evaluating(self.training, self.background, self)
        self.comparison = DeviceComparison(self.document, self.training, engine, self)
        self.run_list = RunList(self.training, self)
        self.carrying = Carrying(self.document, self.client, self.training, self)
        self.going_on = GoingOn(self.document, self.client, self.training, self)
        self.sliding = Sliding(self.client, self)
        own = OwnKernels(self.document, self.client, self.training, self)
        self.lab = Lab(self.client, self.background, self.document, own, self)
        self.lessons = Lessons(self)
        self.undoing = QUndoGroup(self)
        for stack in (self.document.undo_stack, self.lab.undo_stack):
            self.undoing.addStack(stack)
        self.undoing.setActiveStack(self.document.undo_stack)
        self.autosave = Autosave(self.document, self.background, autosave_after_s, self)
        self._closed = False
        self.client.noticed.connect(self.noticed)
        self.training.noticed.connect(self.notice)
        self.training.state_changed.connect(self._carry_numerics)
        self.autosave.failed.connect(self.notice)
        self.run_list.failed.connect(self.notice)
        self.lab.failed.connect(self.notice)

    def start(self) -> None:
        """Start the workbench and a warm runner. Returns at once; `client.ready` and frames tell the rest."""
        self.client.start()
        self.training.open()
        self.lessons.load()

    def close(self, *, keep_unsaved: bool = False) -> None:
        """Stop the run, end both processes, and wait for them and for files being written; at most some seconds.

        keep_unsaved: leave unsaved changes where the next session finds them (the program was told to end at once)
        """
        if self._closed:
            return
        self._closed = True
        self.autosave.close(keep=keep_unsaved)
        self.lab.close()
        self.comparison.close()
        self.run_list.close()
        self.training.close()
        self.client.close()
        self.training.wait_closed()
        self.client.wait_closed()
        self.comparison.wait_closed()
        self.background.close()
        self.settings.close()

    def _carry_numerics(self, _state: str) -> None:
        """Scripts compute as the run that is shown; one that is being prepared has not chosen yet."""
        facts = self.training.facts
        if facts is not None or not self.training.is_active:
            on_cpu = facts is not None and facts.device == "cpu"
            self.scripts.carry(Numerics(facts.threads, facts.layout) if facts is not None and on_cpu else ANY)

    def notice(self, fault: Fault) -> None:
        """Tell people something that does not stop them, by `client.noticed` and so by `noticed`, which is the same."""
        self.client.noticed.emit(fault)

    def recoverable(self) -> list[Unsaved]:
        """Unsaved changes that earlier sessions left behind when they ended without being asked; newest first."""
        return self.autosave.left_behind()

    def recover(self, unsaved: Unsaved) -> None:
        """Take them up in the document. raises Problem: they cannot be read"""
        self.autosave.recover(unsaved)

    def forget(self, unsaved: Unsaved) -> None:
        """Throw them away: the user said so."""
        self.autosave.forget(unsaved)
