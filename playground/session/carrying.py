"""Whether a run can go on with the network as it was edited since, and with how many of its weights."""

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from playground.core.carrying import unchanged
from playground.core.data import Data
from playground.core.edit import SetRecipe
from playground.core.messages import Answer, Checked, CheckProject
from playground.core.network import Network, at
from playground.core.project import Project, write_project
from playground.core.report import Report
from playground.core.text import _
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.training import Training


@dataclass(frozen=True)
class Offer:
    """kept, of: layers with weights that keep theirs, and all of them;  fresh: names of those that begin anew
    epochs: how many more are asked for, 0 where some are left
    """

    kept: int
    of: int
    fresh: tuple[str, ...]
    epochs: int


class _Match(NamedTuple):
    """What two networks have in common. before, after: that of the run, and that of the document with its data"""

    before: Network
    after: tuple[Network, Data]
    kept: int
    of: int
    fresh: tuple[str, ...]


class Carrying(QObject):
    """It reads what the check says of both networks, and asks for that of the run's where it is not known."""

    changed = Signal()  # offer
    begun = Signal(str)  # folder of the run that another one goes on from

    def __init__(self, document: Document, client: EngineClient, training: Training, parent: QObject | None = None):
        super().__init__(parent)
        self._document, self._client, self._training = document, client, training
        self._run: tuple[Project, Report] | None = None  # what the check says of the network of the run
        self._asked: Project | None = None
        self._match: _Match | None = None
        self._offered: Offer | None = None
        document.project_changed.connect(self._look)
        client.report_changed.connect(self._look)
        training.state_changed.connect(self._look)
        training.history_reset.connect(self._look)

    @property
    def offer(self) -> Offer | None:
        """None where the network is that of the run, does not fit, or shares no weights with it, and where no run has
        taken a step."""
        match, report = self._match, self._client.report
        if match is None or report is None or not report.fits or not self._can_go_on():
            return None
        epochs = self._document.project.recipe.epochs
        return Offer(match.kept, match.of, match.fresh, epochs if epochs <= len(self._training.history.epochs) else 0)

    def go_on(self) -> None:
        """Accept the offer: the run ends, and another one goes on from there with the network as it is now. Behind the
        last epoch, as many more are asked for as the recipe has, in an undo step of its own."""
        offer = self.offer
        if offer is None:
            return
        if offer.epochs:
            done = len(self._training.history.epochs)
            text = _("Ask for {n:,} more epochs").format(n=offer.epochs)
            self._document.apply(SetRecipe({"epochs": done + offer.epochs}), text=text)
        self.begun.emit(self._training.folder)
        self._training.carry_on()

    def _can_go_on(self) -> bool:
        """Whether there is a run with weights to take over: one that rests has left a checkpoint."""
        training = self._training
        resting = training.state in ("finished", "idle") and training.checkpoint is not None
        stepped = training.frame is not None and training.frame.step > 0
        return bool(training.folder) and stepped and (resting or training.state in ("running", "paused"))

    def _look(self, *_news: object) -> None:
        self._match = self._matched()
        offer = self.offer
        if offer != self._offered:
            self._offered = offer
            self.changed.emit()

    def _matched(self) -> _Match | None:
        run, now, report = self._training.project, self._document.project, self._client.report
        if run is None or report is None:
            return None
        last = self._match
        if last is not None and (last.before, last.after) == (run.network, (now.network, now.data)):
            return last  # asked at every step and edit of the recipe; networks are compared by what they are made of
        if self._client.checked is not now:
            return None
        if now.network == run.network:
            if now.data == run.data:
                self._run = run, report
            return None
        known = self._known_of(run)
        if known is None or not report.fits:
            return None
        match = unchanged(known.rows, report.rows)
        working = [sum(not row.disabled for row in one.rows) for one in (known, report)]
        if not match.kept or working == [len(match.pairs)] * 2:  # only renamed: nothing to say
            return None
        fresh = tuple(at(now.network, path).called for path in match.fresh)
        return _Match(run.network, (now.network, now.data), match.kept, match.of, fresh)

    def _known_of(self, run: Project) -> Report | None:
        """What the check says of the run's project. Its recipe plays no part in its rows."""
        if self._run is not None and (self._run[0].network, self._run[0].data) == (run.network, run.data):
            return self._run[1]
        if self._asked is not run and self._client.ready:
            self._asked = run
            text = write_project(run)
            self._client.ask(lambda id: CheckProject(id, text), lambda answer: self._on_checked(run, answer))
        return None

    def _on_checked(self, run: Project, answer: Answer) -> None:
        self._asked = None
        if isinstance(answer, Checked):
            self._run = run, answer.report
            self._look()
