"""The lesson that is followed: its page is opened here, and its steps are looked at whenever something has happened.

Steps are done in their order, and one that is done stays done. How far each lesson is lies in the settings, under its name.
A page of the lab is looked at when it rests: what a drag passes on its way is not what somebody has set.

The example of a lesson is an exercise sheet: it is there to be changed, so nobody is asked to save it on the way to another
lesson. It is put aside as it was left, and comes back, as a step of undo, when its lesson is opened again in this session.
What has a file, or was begun by anything but a lesson, is the learner's own (`holds_own_work`) and is asked about.
What reads and checks lessons is imported when there is one: the start of the program does not wait for it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal

from playground.core.convolving import PAINTED_NAME
from playground.core.lab.page import LabPage
from playground.core.lab.told import Told
from playground.core.problem import DIVERGED, Fault
from playground.core.project import Project
from playground.core.text import _
from playground.disk import projects
from playground.session.document import ChangeProject
from playground.session.history import numbers
from playground.session.timers import one_shot

if TYPE_CHECKING:
    from playground.core.lessons.known import Kernel, Known, Run
    from playground.core.lessons.lesson import Lesson
    from playground.session.session import Session

_KEY = "lessons/"  # of the settings: name -> steps that are done
_EARNED = "lessons-finished/"  # name -> whether it was finished before it was started again
REST_MS = 400  # that a page of the lab is left alone before it is looked at


class Lessons(QObject):
    """all: those that were found, in order;  faults: why others are left out;  current: the one that is followed"""

    loaded = Signal()
    changed = Signal()  # another lesson is followed, or none, or another number of its steps is done
    step_done = Signal(int)  # its place, from 0

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.all: tuple[Lesson, ...] = ()
        self.faults: tuple[Fault, ...] = ()
        self.current: Lesson | None = None
        self._told: dict[type, Told] = {}
        self._project: Project | None = None  # that the lesson opened
        self._ran = False  # whether a run has begun since
        self._painted: Kernel | None = None  # the newest kernel that was painted at all
        self._before: tuple[Kernel | None, Any] = (None, None)  # what was painted and measured before
        self._sheet = ""  # the lesson whose example lies in the document, "" where that is the learner's own
        self._aside: dict[str, Project] = {}  # examples of lessons as they were left, by the lesson's name
        self._rest = one_shot(self, REST_MS, self._look)
        self._connect()

    def _connect(self) -> None:
        session = self._session
        session.lab.told.connect(self._on_told)
        session.lab.page_changed.connect(self._on_page_changed)
        session.document.begun.connect(self._on_another_project)
        session.training.history_reset.connect(self._on_another_run)
        session.sliding.changed.connect(self._on_slid)
        for signal in (
            session.document.project_changed,
            session.training.frame_received,
            session.training.state_changed,
            session.evaluating.changed,
            session.comparison.changed,
        ):
            signal.connect(self._look)

    # Files --------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the files beside the window; `loaded` follows. Again finds what was added meanwhile."""
        self._session.background.run(_read, lambda found: self._take(*found), self._session.notice)

    def load_now(self) -> None:
        """Read them at once (before there is a window)."""
        self._take(*_read())

    def _take(self, found: "list[Lesson]", faults: list[Fault]) -> None:
        self.all, self.faults = tuple(found), tuple(faults)
        self.loaded.emit()

    def find(self, name: str) -> "Lesson | None":
        """By the name of its file, with or without the number that it begins with."""
        return next((one for one in self.all if name in (one.name, one.short_name)), None)

    def beside(self, lesson: "Lesson", step: int) -> "Lesson | None":
        """The lesson so many places further, None where there is none."""
        names = [one.name for one in self.all]
        place = names.index(lesson.name) + step if lesson.name in names else -1
        return self.all[place] if 0 <= place < len(self.all) else None

    # Progress -----------------------------------------------------------------------------------------------------

    def done(self, lesson: "Lesson") -> int:
        """How many of its steps are done."""
        return min(max(0, self._session.settings.get(_KEY + lesson.name, 0)), len(lesson.steps))

    def is_done(self, lesson: "Lesson") -> bool:
        """Whether all were done once; that it was started again since takes nothing away."""
        return self.done(lesson) == len(lesson.steps) or self._session.settings.get(_EARNED + lesson.name, False)

    def reached(self, lesson: "Lesson") -> int:
        """The most of its steps that were done, as the list shows it."""
        return len(lesson.steps) if self.is_done(lesson) else self.done(lesson)

    def forget(self, lesson: "Lesson") -> None:
        """Its steps are to be done again."""
        if self.is_done(lesson):
            self._session.settings.set(_EARNED + lesson.name, True)
        self._session.settings.set(_KEY + lesson.name, 0)
        self.changed.emit()

    # The one that is followed -------------------------------------------------------------------------------------

    def begin(self, lesson: "Lesson", *, anew: bool = False) -> None:
        """Open its page, as an undo step of the lab, or its example, in place of the project. raises Problem

        anew: its example as it was at first, though it was put aside; undo leads to what it was then
        """
        session = self._session
        self._project = projects.load(projects.PRESET + lesson.preset) if lesson.preset else None
        self.current = None  # nothing on the way to its page counts
        if self._project is not None:
            self._take_sheet(lesson, self._project, anew)
        elif lesson.page is not None:
            page = LabPage(lesson.page, lesson.title)
            session.lab.begin(page, _("open {name}").format(name=lesson.title), run=lesson.ours)
        self._told, self._ran = {}, False
        self._before = self._painted, session.comparison.project
        self.current = lesson
        self._rest.stop()
        self.changed.emit()

    def close(self) -> None:
        """Follow none; what was opened stays, and is the learner's own from now on."""
        self.current, self._sheet = None, ""
        self.changed.emit()

    @property
    def holds_own_work(self) -> bool:
        """Whether the document is more than the example of a lesson, so that it must not go without a question."""
        return not self._sheet or self._session.document.path is not None

    def _take_sheet(self, lesson: "Lesson", example: Project, anew: bool) -> None:
        """The example, and what was made of it, in place of another."""
        document = self._session.document
        if not self.holds_own_work and document.is_modified:
            self._aside[self._sheet] = document.project
        left = self._aside.pop(lesson.name, None)
        document.new(example, lesson.preset)
        self._sheet = lesson.name
        if left is not None:
            document.undo_stack.push(ChangeProject(document, _("your changes"), left, ()))
            if anew:
                document.undo_stack.push(ChangeProject(document, _("start again"), example, ()))

    def _on_another_project(self) -> None:
        self._sheet = ""

    def _on_page_changed(self, *_news: Any) -> None:
        if self.current is not None:
            self._rest.start()

    def _on_told(self, told: Told) -> None:
        if self.current is not None:
            self._told[type(told)] = told
            if not self._rest.isActive():  # an answer that took long
                self._rest.start()

    def _on_another_run(self) -> None:
        self._ran = True

    def _on_slid(self) -> None:
        asked = self._session.sliding.asked
        if asked is not None and asked.stages[0].layer.name == PAINTED_NAME and asked.stages[0].weight is not None:
            self._painted = tuple(map(tuple, numbers(asked.stages[0].weight)[0].tolist()))
            if self._painted != self._before[0]:
                self._before = None, self._before[1]  # painted since: one may come back to what was there before
        self._look()

    def _look(self, *_news: Any) -> None:
        """Whether the next step has come about, and those behind it."""
        lesson = self.current
        if lesson is None or self._rest.isActive() or self.done(lesson) == len(lesson.steps):
            return
        known, before = self.known(), self.done(lesson)
        done = before
        while done < len(lesson.steps) and lesson.steps[done].holds(known):
            done += 1
        if done > before:
            self._session.settings.set(_KEY + lesson.name, done)
            self.changed.emit()
            for step in range(before, done):
                self.step_done.emit(step)

    def known(self) -> "Known":
        """What a check may look at."""
        from playground.core.lessons.known import Known

        session = self._session
        evaluating, comparison = session.evaluating, session.comparison
        measured = comparison.state == "done" and comparison.project is not self._before[1]
        return Known(
            page=session.lab.page.state,
            told=self._told,
            project=session.document.project,
            begun=self._project,
            run=self._run(),
            cell=evaluating.cell if evaluating.which == "cell" else None,
            kernel=self._kernel(),
            measured=comparison.project if measured else None,
            opened=self.current.page if self.current is not None else None,
        )

    def _run(self) -> "Run | None":
        from playground.core.lessons.known import Run

        training = self._session.training
        if not self._ran or training.project is None:
            return None
        diverged = training.state == "failed" and training.fault is not None and training.fault.kind == DIVERGED
        losses = cast(Sequence[float], training.history.losses)  # an array does what is wanted of one
        return Run(training.project, losses, training.history.epochs, diverged)

    def _kernel(self) -> "Kernel | None":
        """The first of those that are painted, as it was asked about last; not what was there before the lesson."""
        asked = self._session.sliding.asked
        if asked is None or asked.stages[0].layer.name != PAINTED_NAME or self._painted == self._before[0]:
            return None
        return self._painted


def _read() -> "tuple[list[Lesson], list[Fault]]":
    from playground.disk import lessons as files

    return files.read()
