"""What the panels look at: who watches what, and the newest picture of each watch, from the run or from a preview."""

from collections.abc import Callable, Hashable, Iterable

from PySide6.QtCore import QObject, Signal

from playground.core.messages import Answer, Picture, Preview, Previewed, Watch
from playground.core.project import Project, write_project
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.history import SLOPES


class Pictures(QObject):
    """Watches of all owners as one set, and the newest pictures by `Watch.key`.

    The run's pictures count while the run trains the project that the document shows (`is_current`); otherwise the
    workbench is asked what the untrained network makes of the sample, after every edit that it has checked.
    """

    changed = Signal()
    watched = Signal()  # the set of watches is another

    def __init__(self, document: Document, client: EngineClient, is_current: Callable[[], bool], parent: QObject):
        super().__init__(parent)
        self._document, self._client, self._is_current = document, client, is_current
        self._owners: dict[Hashable, tuple[Watch, ...]] = {}
        self._of_run: dict[str, Picture] = {}
        self._previews: dict[str, Picture] = {}
        self._asked: tuple[Project, tuple[Watch, ...]] | None = None
        self._answered: tuple[Project, tuple[Watch, ...]] | None = None
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
        of_run = self._of_run.get(watch.key) if self._is_current() else None
        return of_run if of_run is not None else self._previews.get(watch.key)

    def take(self, pictures: Iterable[Picture]) -> None:
        """Pictures that came with a frame of the run."""
        new = {picture.watch.key: picture for picture in pictures}
        if new:
            watched = {watch.key for watch in self.watches()}
            kept = {key: picture for key, picture in self._of_run.items() if key in watched}
            self._of_run = {**kept, **new}
            self.changed.emit()

    def forget_run(self) -> None:
        """Another run begins: until its first pictures come, previews are shown."""
        self._of_run = {}

    def preview(self) -> None:
        """Ask the workbench, unless the run shows the same or nothing changed; one question at a time."""
        watches = tuple(watch for watch in self.watches() if watch.probe != SLOPES)
        wanted = (self._document.project, watches)
        if not watches or self._asked is not None or wanted == self._answered or not self._client.ready:
            return
        if self._is_current() and all(watch.key in self._of_run for watch in watches):
            return
        self._asked = wanted
        text = write_project(wanted[0])
        self._client.ask(lambda id: Preview(id, text, watches), self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        asked, self._asked = self._asked, None
        self._answered = asked
        if isinstance(answer, Previewed):
            self._previews = {picture.watch.key: picture for picture in answer.pictures}
        else:
            self._previews = {}  # the network does not fit: old pictures would belong to another one
        self.changed.emit()
        self.preview()

    def _forget_answer(self) -> None:
        self._answered = None
