"""Whether a run that has ended can go on from its end: for more epochs, or as the recipe was changed since."""

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.core.edit import SetRecipe
from playground.core.project import Project
from playground.core.schedules import is_stretched
from playground.core.text import _
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.training import Training

TRAINED_WITH = ("loss", "loss_options", "seed", "precision")  # with another one of these, training begins anew


@dataclass(frozen=True)
class Longer:
    """step: it begins behind it;  done: epochs that have ended by then;  epochs: that there are to be in all
    asked: whether the recipe has as many epochs, so that it was changed; else `go_on` asks for them
    same: whether this is the run itself, which was stopped, with nothing changed
    plain: whether nothing but the length of the run was changed
    stretched: whether the schedule, which spans the whole run, is another one for it
    """

    step: int
    done: int
    epochs: int
    asked: bool
    same: bool
    plain: bool
    stretched: bool


class GoingOn(QObject):
    """It compares the recipe of the run with the document's, and keeps nothing else."""

    changed = Signal()  # offer
    begun = Signal(str)  # folder of the run that another one goes on from

    def __init__(self, document: Document, client: EngineClient, training: Training, parent: QObject | None = None):
        super().__init__(parent)
        self._document, self._client, self._training = document, client, training
        self._offered: Longer | None = None
        document.project_changed.connect(self._look)
        client.report_changed.connect(self._look)
        training.state_changed.connect(self._look)
        training.frame_received.connect(self._on_frame)
        training.history_reset.connect(self._look)

    @property
    def offer(self) -> Longer | None:
        """None where no run has ended with a checkpoint, where data, network or what is learnt are others, and where
        patience is at its end."""
        training, report, now = self._training, self._client.report, self._document.project
        run, frame, step = training.project, training.frame, training.checkpoint
        ended = training.state in ("finished", "idle") and training.folder and training.facts is not None
        if not ended or run is None or frame is None or not step or report is None or not report.fits:
            return None
        if not training.shows_run or not _alike(run, now):
            return None
        done = len(training.history.epochs)
        patience = now.recipe.patience
        if patience and frame.best_epoch and done - frame.best_epoch >= patience:
            return None
        if training.state == "idle" and training.is_current:
            return Longer(step, done, now.recipe.epochs, asked=False, same=True, plain=True, stretched=False)
        asked = now.recipe.epochs > done
        epochs = now.recipe.epochs if asked else done + now.recipe.epochs
        length = {"epochs": run.recipe.epochs, "patience": run.recipe.patience}
        plain = msgspec.structs.replace(now.recipe, **length) == run.recipe
        stretched = is_stretched(run.recipe, now.recipe, epochs)
        return Longer(step, done, epochs, asked, same=False, plain=plain, stretched=stretched)

    def go_on(self) -> None:
        """Accept the offer. Where nothing was changed, as many more epochs are asked for as the recipe has, in an undo
        step of its own."""
        offer = self.offer
        if offer is None:
            return
        if offer.same:
            self._training.resume_from_checkpoint()
            return
        if not offer.asked:
            text = _("Ask for {n:,} more epochs").format(n=offer.epochs - offer.done)
            self._document.apply(SetRecipe({"epochs": offer.epochs}), text=text)
        self.begun.emit(self._training.folder)
        self._training.carry_on()

    def _on_frame(self, _frame: object) -> None:
        if not self._training.is_active:
            self._look()

    def _look(self, *_news: object) -> None:
        offer = self.offer
        if offer != self._offered:
            self._offered = offer
            self.changed.emit()


def _alike(run: Project, now: Project) -> bool:
    """Whether what is learnt is the same, however it is learnt."""
    before, after = (msgspec.structs.asdict(one.recipe) for one in (run, now))
    return all(before[name] == after[name] for name in TRAINED_WITH)
