"""The lesson that is followed: its page is opened here, and its steps are looked at whenever something has happened.

Steps are done in their order, and one that is done stays done. How far each lesson is lies in the settings, under its name.
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
from playground.session.history import numbers

if TYPE_CHECKING:
    from playground.core.lessons.known import Kernel, Known, Run
    from playground.core.lessons.lesson import Lesson
    from playground.session.session import Session

_KEY = "lessons/"  # of the settings: name -> steps that are done


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
        self._before: tuple[Any, Any] = (None, None)  # what was painted and measured before
        self._connect()

    def _connect(self) -> None:
        session = self._session
        session.lab.told.connect(self._on_told)
        session.training.history_reset.connect(self._on_another_run)
        for signal in (
            session.lab.page_changed,
            session.document.project_changed,
            session.training.frame_received,
            session.training.state_changed,
            session.evaluating.changed,
            session.sliding.changed,
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
        return self.done(lesson) == len(lesson.steps)

    def forget(self, lesson: "Lesson") -> None:
        """None of its steps is done any more."""
        self._session.settings.set(_KEY + lesson.name, 0)
        self.changed.emit()

    # The one that is followed -------------------------------------------------------------------------------------

    def begin(self, lesson: "Lesson") -> None:
        """Open its page, as an undo step of the lab, or its example, in place of the project. raises Problem"""
        session = self._session
        self._project = projects.load(projects.PRESET + lesson.preset) if lesson.preset else None
        self.current = None  # nothing on the way to its page counts
        if self._project is not None:
            session.document.new(self._project, lesson.preset)
        elif lesson.page is not None:
            page = LabPage(lesson.page, lesson.title)
            session.lab.begin(page, _("open {name}").format(name=lesson.title), run=lesson.ours)
        self._told, self._ran = {}, False
        self._before = session.sliding.asked, session.comparison.project
        self.current = lesson
        self.changed.emit()

    def close(self) -> None:
        """Follow none; what was opened stays."""
        self.current = None
        self.changed.emit()

    def _on_told(self, told: Told) -> None:
        if self.current is not None:
            self._told[type(told)] = told
            self._look()

    def _on_another_run(self) -> None:
        self._ran = True

    def _look(self, *_news: Any) -> None:
        """Whether the next step has come about, and those behind it."""
        lesson = self.current
        if lesson is None or self.is_done(lesson):
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
        """The first of those that are painted, as it was asked about last."""
        asked = self._session.sliding.asked
        if asked is None or asked is self._before[0] or asked.stages[0].layer.name != PAINTED_NAME:
            return None
        weight = asked.stages[0].weight
        return tuple(map(tuple, numbers(weight)[0].tolist())) if weight is not None else None


def _read() -> "tuple[list[Lesson], list[Fault]]":
    from playground.disk import lessons as files

    return files.read()
