"""What the panels look at: who watches what, and the newest picture of each watch, from the run or from a preview."""

import math
import time
from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.drawing import is_of_drawing
from playground.core.messages import Answer, Array, Picture, Preview, Previewed, Watch
from playground.core.network import Path, walk
from playground.core.project import Project, write_project
from playground.session.client import EngineClient
from playground.session.document import Document, same
from playground.session.history import DEAD_UNITS, SLOPES

REST = 4  # times as long as the last previews took
_OF_A_RUN = (SLOPES, DEAD_UNITS, "one_step")  # probes that have nothing to say of a network that is not trained


class _Kept(NamedTuple):
    """What was shown before an edit. project: that it was of;  of_run: whether a run trained that network"""

    project: Project
    pictures: dict[str, Picture]
    of_run: bool


class _Asked(NamedTuple):
    project: Project
    watches: tuple[Watch, ...]
    drawing: Array | None  # where one is watched


class Pictures(QObject):
    """Watches of all owners as one set, and the newest pictures by `Watch.key`.

    The run's pictures count while the document has the network and the data of the run; otherwise the workbench is
    asked what the untrained network makes of the sample, after every edit that it has checked. Where it cannot tell,
    because the network does not fit, the last pictures stay, as ones from before the edit.

    drawing: the sample DRAWING as the network gets it, None where nothing was drawn
    """

    changed = Signal()  # other than by a frame of the run
    watched = Signal()  # the set of watches is another

    def __init__(
        self,
        document: Document,
        client: EngineClient,
        trained: Callable[[], Project | None],
        is_active: Callable[[], bool],
        parent: QObject,
    ):
        """trained: gives the project of the run, None before the first;  is_active: whether a run is on its way"""
        super().__init__(parent)
        self._document, self._client, self._trained = document, client, trained
        self._is_active = is_active
        self._asked_at = self._rests_until = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.preview)
        self._shown: Project | None = document.project
        self._compared: tuple[Project | None, Project, bool] = (None, document.project, False)
        self._kept: _Kept | None = None
        self._owners: dict[Hashable, tuple[Watch, ...]] = {}
        self._of_run: dict[str, Picture] = {}
        self._previews: dict[str, Picture] = {}
        self.drawing: Array | None = None
        self._asked: _Asked | None = None
        self._answered: _Asked | None = None
        document.begun.connect(self._on_begun)
        document.project_changed.connect(self._on_project_changed)
        client.report_changed.connect(self.preview)
        client.fetched.connect(self._forget_answer)

    def watch(self, owner: Hashable, watches: Iterable[Watch]) -> None:
        """Set what an owner (a panel) wants to see; no watches: nothing."""
        before = self.watches()
        self._owners[owner] = tuple(watches)
        if not self._owners[owner]:
            del self._owners[owner]
        if self.watches() != before:
            self.preview()
            self.watched.emit()

    def unwatch(self, owner: Hashable) -> None:
        self.watch(owner, ())

    def watches(self) -> tuple[Watch, ...]:
        """The watches of all owners, each once."""
        return tuple({watch.key: watch for watches in self._owners.values() for watch in watches}.values())

    def newest(self, watch: Watch) -> Picture | None:
        """The picture to show now."""
        if self.shows_run and watch.key in self._of_run:
            return self._of_run[watch.key]
        if not self._is_answered(watch):  # for a moment what was there stays, or every edit would flicker
            kept = self._kept.pictures.get(watch.key) if self._kept is not None else None
            return kept or self._previews.get(watch.key)
        return self._previews.get(watch.key) or self._from_before(watch)

    def is_from_before(self, watch: Watch) -> bool:
        """Whether the newest picture is of the network as it was before an edit, which no longer fits."""
        shown = self.shows_run and watch.key in self._of_run
        return (
            not shown
            and self._is_answered(watch)
            and watch.key not in self._previews
            and self._from_before(watch) is not None
        )

    @property
    def shows_run(self) -> bool:
        """Whether the document has the network and the data of the run, whatever became of its recipe."""
        return self._is_trained(self._document.project)

    def take(self, pictures: Iterable[Picture]) -> None:
        """Pictures that came with a frame of the run. `Training` tells of them, with the frame."""
        new = {picture.watch.key: picture for picture in pictures}
        if new:
            watched, step = {watch.key for watch in self.watches()}, max(picture.step for picture in new.values())
            # What nobody looks at now may be looked at again before the next step, and the runner tells nothing twice.
            kept = {key: one for key, one in self._of_run.items() if key in watched or one.step == step}
            self._of_run = {**kept, **new}

    def draw(self, drawing: Array) -> None:
        """The sample DRAWING is another one. What was made of the last one stays until there is something newer."""
        self.drawing = drawing
        self.preview()

    @property
    def watches_drawing(self) -> bool:
        """Whether somebody watches the sample DRAWING."""
        return any(is_of_drawing(watch) for watch in self.watches())

    def forget_run(self) -> None:
        """Another run begins: until its first pictures come, previews are shown."""
        self._of_run, self._kept = {}, None

    def preview(self) -> None:
        """Ask the workbench, unless the run shows the same or nothing changed; one question at a time. Beside a run it
        rests after each, or edits of a large network, one upon the other, would take the run's time for pictures that
        nobody sees before the next edit."""
        watches = tuple(watch for watch in self.watches() if watch.probe not in _OF_A_RUN)
        drawing = self.drawing if any(map(is_of_drawing, watches)) else None
        wanted = _Asked(self._document.project, watches, drawing)
        if not watches or self._asked is not None or wanted == self._answered or not self._client.ready:
            return
        if self.shows_run and all(watch.key in self._of_run for watch in watches):
            return
        rest = self._rests_until - time.monotonic()
        if rest > 0 and self._is_active():
            self._rest.start(math.ceil(1000 * rest))
            return
        self._asked, self._asked_at = wanted, time.monotonic()
        text = write_project(wanted.project)
        self._client.ask(lambda id: Preview(id, text, watches, drawing), self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        asked, self._asked = self._asked, None
        self._answered, now = asked, time.monotonic()
        self._rests_until = now + REST * (now - self._asked_at)
        if isinstance(answer, Previewed):
            self._previews, self._kept = {picture.watch.key: picture for picture in answer.pictures}, None
        else:
            self._previews = {}  # the network does not fit; what there was is told to be from before the edit
        self.changed.emit()
        self.preview()

    def _forget_answer(self) -> None:
        self._answered = None

    def _is_answered(self, watch: Watch) -> bool:
        """Whether the workbench has said all that it can say of the network as it is now."""
        if self._answered is None or watch.key not in {one.key for one in self._answered[1]}:
            return False
        return self._answered[0] == self._document.project

    def _on_begun(self) -> None:
        """Another document: nothing of it is from before."""
        self._kept, self._answered, self._previews, self._shown = None, None, {}, None

    def _on_project_changed(self, project: Project) -> None:
        before, self._shown = self._shown, project
        if before is None:
            return
        if self._is_trained(before):
            self._kept = _Kept(before, {**self._previews, **self._of_run}, True)
        elif self._previews and self._answered is not None and self._answered[0] == before:
            self._kept = _Kept(before, self._previews, False)

    def _is_trained(self, project: Project) -> bool:
        run = self._trained()
        if self._compared[0] is not run or self._compared[1] is not project:  # asked several times a frame
            equal = run is not None and same(msgspec.structs.replace(run, recipe=project.recipe), project)
            self._compared = run, project, equal
        return self._compared[2]

    def _from_before(self, watch: Watch) -> Picture | None:
        """The last picture, where the layer that it is of is still there, at the same place."""
        if self._kept is None or _kinds(self._kept.project, watch) != _kinds(self._document.project, watch):
            return None
        found = self._of_run.get(watch.key) if self._kept.of_run else None
        return found or self._kept.pictures.get(watch.key)


def _kinds(project: Project, watch: Watch) -> list[tuple[Path, str, bool]]:
    """The layers up to the one that is watched; none for a watch that names no layer."""
    last = tuple(watch.options.get("layer", ()))
    return [(path, layer.layer, layer.disabled) for path, layer in walk(project.network) if path <= last]
