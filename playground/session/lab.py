"""The lab's own document: the page that is looked at, its undo stack, its file, and what the workbench is asked about it.

Every change, and every other page that is opened, is one undo step: nothing that was typed is lost. A page that was
opened asks nothing of the workbench until a person wants it (`run`, or any change).
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from playground.core.lab.messages import (
    Ask,
    AskLab,
    LabTold,
    ShowBench,
    ShowNetwork,
    ShowPair,
    TryLines,
    WriteScript,
)
from playground.core.lab.page import TOPICS, LabPage, default_page
from playground.core.lab.told import Told
from playground.core.lab.topics import State
from playground.core.messages import Answer, Failed
from playground.core.problem import Fault, Problem
from playground.core.project import write_project
from playground.core.text import _
from playground.disk import lab_pages
from playground.session.background import Background
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.own_kernels import OwnKernels

MERGE_WITHIN_S = 1.0  # changes of one thing closer together than this are one undo step

KEEP_AFTER_MS = 20_000  # from the first change that is not kept yet: a crash loses no more

Then = Callable[[Told | Fault], None]


class Place(msgspec.Struct, frozen=True):
    """A page, where it is kept, and what its file holds. saved: None before it was saved"""

    page: LabPage
    path: Path | None = None
    saved: LabPage | None = None


class ChangePage(QUndoCommand):
    """From one place to another."""

    def __init__(self, lab: "Lab", text: str, after: Place, merge_key: Any = None) -> None:
        super().__init__(text)
        self.lab, self.merge_key, self.made_at = lab, merge_key, time.monotonic()
        self.before, self.after = lab.place, after

    def redo(self) -> None:
        self.lab._show(self.after)

    def undo(self) -> None:
        self.lab._show(self.before)

    def id(self) -> int:
        return -1 if self.merge_key is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ChangePage) or other.merge_key != self.merge_key:
            return False
        if other.made_at - self.made_at > MERGE_WITHIN_S:
            return False
        self.after, self.made_at = other.after, other.made_at
        self.setObsolete(self.before == self.after)
        return True


class Lab(QObject):
    """place: the page and its file;  is_running: whether the workbench may be asked about it
    own: the kernels of the project that lies beside the lab
    """

    page_changed = Signal(object)  # LabPage
    wanted = Signal()  # it is to be seen
    run_wanted = Signal()  # it is allowed to run now, and was not before
    saved_changed = Signal()  # path, name or is_modified is another
    saved = Signal(object)  # Path
    failed = Signal(object)  # Fault: a file that could not be read or written
    project_changed = Signal()  # the project that lies beside the lab is another
    told = Signal(object)  # Told: an answer about the page that is seen, after who asked has it

    def __init__(
        self,
        client: EngineClient,
        background: Background,
        document: Document,
        own: OwnKernels,
        parent: QObject | None = None,
    ) -> None:
        """document: of the project, whose network a page may look at;  own: its kernels"""
        super().__init__(parent)
        self.own = own
        self._client, self._background, self._document = client, background, document
        document.project_changed.connect(lambda _project: self.project_changed.emit())
        self.undo_stack = QUndoStack(self)
        self.place = Place(default_page(next(iter(TOPICS))))
        self.is_running = False
        self._left: dict[str, Place] = {self.page.topic: self.place}  # topic -> the page of it that was seen last
        self._aside: dict[str, LabPage] = {}  # topic -> an unsaved page in whose place one that explains was shown
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_unsaved)
        self._is_recalled = False
        self._recalled: set[str] = set()  # topics whose kept page is here, or was not there: it may be written over
        self._begun = 0  # how many pages were begun: an answer about an earlier one is dropped
        self._waiting: dict[str, tuple[Ask, Then] | None] = {}  # kind under way -> the newest question behind it

    place: Place

    @property
    def page(self) -> LabPage:
        return self.place.page

    @property
    def path(self) -> Path | None:
        return self.place.path

    @property
    def name(self) -> str:
        """For people."""
        return self.page.title or (self.path.stem if self.path else TOPICS[self.page.topic])

    @property
    def is_modified(self) -> bool:
        """Whether the page differs from its file, or from the page that its topic begins with."""
        return _is_modified(self.place)

    @property
    def project(self) -> str:
        """The text of the project as it is now."""
        return write_project(self._document.project)

    # Pages --------------------------------------------------------------------------------------------------------

    def change(self, state: State, text: str, merge_key: Any = None) -> None:
        """Another state of this page, as one undo step; nothing where it is the same. It runs from now on.

        text: for the Undo button;  merge_key: equal for turns of the same knob, which become one step
        """
        page = LabPage(state, self.page.title)
        if page != self.page:
            after = Place(page, self.path, self.place.saved)
            self.undo_stack.push(ChangePage(self, text, after, merge_key))
        self.run()

    def look(self, state: State) -> None:
        """Another state of this page that differs only in what is looked at: no step for Undo."""
        page = LabPage(state, self.page.title)
        if page != self.page:
            self._show(Place(page, self.path, self.place.saved))

    def choose(self, topic: str) -> None:
        """The page of a topic that was seen last, or the one that it begins with; a person chose it, so it runs.

        raises KeyError: there is no such topic
        """
        place = self._left.get(topic) or Place(default_page(topic))
        if topic != self.page.topic:
            self._begin(place, _("open {name}").format(name=TOPICS[topic]))
        self.run()

    def explain(self, topic: str, state: State | None = None) -> None:
        """Show a page that explains what a person points at. state: of a page of its own, None for the topic's last one

        raises KeyError: there is no such topic
        """
        if state is None:
            self.choose(topic)
        else:
            self.begin(LabPage(state), _("open {name}").format(name=TOPICS[topic]), run=True)
        self.wanted.emit()

    def new(self, topic: str) -> None:
        """The page that a topic begins with. raises KeyError"""
        self._aside.pop(topic, None)
        self._begin(Place(default_page(topic)), _("new page"))

    def begin(self, page: LabPage, text: str, *, run: bool) -> None:
        """A page that somebody else has made, without a file. text: for Undo;  run: a person trusts what it computes"""
        before = self._left.get(page.topic)
        if before is not None and _is_modified(before):
            self._aside[page.topic] = before.page  # nobody asked for it to be thrown away
        self._begin(Place(page, None, page), text)
        if run:
            self.run()

    def take(self, path: Path, page: LabPage) -> None:
        """Take up what was read from a file."""
        self._begin(Place(page, path, page), _("open {name}").format(name=path.stem))

    def open(self, path: Path) -> None:
        """Read a file at once (before there is a window). raises Problem"""
        self.take(path, lab_pages.read_file(path))

    def open_later(self, path: Path) -> None:
        """Read a file beside the window; `failed` where it cannot be."""
        self._background.run(lambda: lab_pages.read_file(path), lambda page: self.take(path, page), self.failed.emit)

    def save_later(self, path: Path | None = None) -> None:
        """Write the page beside the window; `saved` or `failed` follows. raises Problem: no file chosen yet"""
        target, page = path or self.path, self.page
        if target is None:
            raise Problem(where=self.name, what=_("it has no file yet"), fix=_("Choose a name and a place for it"))

        def then(_nothing: object) -> None:
            if self.page.topic == page.topic:
                self._keep(Place(self.page, target, page))
                self.saved_changed.emit()
            self.saved.emit(target)

        self._background.run(lambda: lab_pages.save(page, target), then, self.failed.emit)

    def recall(self) -> None:
        """Take up the pages that an earlier session left unsaved, where nobody has begun one of that topic. None runs."""
        if not self._is_recalled:
            self._is_recalled = True
            self._background.run(lab_pages.kept, self._on_kept)

    def _on_kept(self, pages: dict[str, LabPage]) -> None:
        self._recalled |= set(TOPICS) - pages.keys()
        for topic, page in pages.items():
            here = topic == self.page.topic
            if here and not self.is_running and not self.undo_stack.count():
                self._show(Place(page))
            elif not here and self._left.get(topic, Place(default_page(topic))) == Place(default_page(topic)):
                self._left[topic] = Place(page)
            else:
                continue  # somebody was quicker; it stays on the disk unless that is changed
            self._recalled.add(topic)

    def close(self) -> None:
        """The last thing: keep what is unsaved for the next session."""
        self._timer.stop()
        self.keep_unsaved()

    def keep_unsaved(self) -> None:
        """Write pages that are not saved aside, in the background; one that is saved by now is taken away."""
        pages = {
            topic: place.page if modified else self._aside.get(topic)
            for topic, place in self._left.items()
            if (modified := _is_modified(place)) or topic in self._recalled or topic in self._aside
        }
        self._recalled |= {topic for topic, page in pages.items() if page is not None}
        if pages:
            self._background.run(lambda: lab_pages.keep(pages), None, self.failed.emit)

    def run(self) -> None:
        """Let the workbench be asked about the page."""
        if not self.is_running:
            self.is_running = True
            self.run_wanted.emit()

    def _begin(self, place: Place, text: str) -> None:
        self.is_running = False
        self._begun += 1
        self.undo_stack.push(ChangePage(self, text, place))

    def _show(self, place: Place) -> None:
        """Called by the undo commands alone."""
        if (place.page.topic, place.path) != (self.page.topic, self.path):
            self._begun += 1
        self._keep(place)
        if not self._timer.isActive():
            self._timer.start()
        self.page_changed.emit(place.page)
        self.saved_changed.emit()

    def _keep(self, place: Place) -> None:
        self.place = self._left[place.page.topic] = place

    def beside(
        self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Fault], None] | None = None
    ) -> None:
        """Do what would hold the window up. work: touches no widget

        then: gets its result in the window's thread, unless another page is seen by then;  failed: gets its fault
        """
        begun = self._begun

        def take(result: Any) -> None:
            if begun == self._begun:
                then(result)

        self._background.run(work, take, failed or self.failed.emit)

    # Questions ----------------------------------------------------------------------------------------------------

    def ask(self, question: Ask, then: Then, kind: str = "") -> None:
        """Ask the workbench; `then` gets what is told, Refused for a line, or a Fault.

        One question of a kind is under way; of those that come meanwhile the newest is asked next, the others never.
        An answer about a page that is not seen any more is dropped.

        kind: of equal ones only the newest matters; what is asked for where it is empty
        """
        kind = kind or kind_of(question)
        if kind in self._waiting:
            self._waiting[kind] = (question, then)
        else:
            self._send(question, then, kind)

    def _send(self, question: Ask, then: Then, kind: str) -> None:
        self._waiting[kind] = None
        begun = self._begun

        def on_answer(answer: Answer) -> None:
            newer = self._waiting.pop(kind, None)
            if newer is not None:
                self._send(*newer, kind)
            if begun != self._begun:
                return
            if isinstance(answer, LabTold):
                then(answer.told)
                self.told.emit(answer.told)
            elif isinstance(answer, Failed):
                then(answer.fault)

        self._client.ask(lambda id: AskLab(id, question), on_answer)


def _is_modified(place: Place) -> bool:
    return place.page != (place.saved or default_page(place.page.topic))


def kind_of(question: Ask) -> str:
    """What is asked for: the bench, one view of a pair, what lines would make, or the page of a topic."""
    match question:
        case ShowBench():
            return "bench"
        case ShowPair():
            return question.view
        case TryLines():
            return "trials"
        case ShowNetwork():
            return "network"
        case WriteScript():
            return "script"
    return next((name for name in question.__struct_fields__ if getattr(question, name) is not None), "page")
