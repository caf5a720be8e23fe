"""What of the newest evaluation is looked at: which part, and which of its samples. Panels read it here and set it here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from playground.core.messages import Part, Picture, Watch
from playground.core.problem import Fault
from playground.core.text import _
from playground.disk import atomic
from playground.session.background import Background
from playground.session.training import Training

PROBE = "evaluation"
PAGE = 24  # samples that a picture of the probe holds at most
Which = Literal["mistakes", "all", "cell"]
Cell = tuple[int, int]  # true class, predicted class


class Evaluating(QObject):
    """which: the samples to look at;  cell: of the confusion matrix, where `which` is "cell"
    first: how many of them are passed over
    """

    changed = Signal()  # something else is to be looked at, or whether it can be tested is another

    def __init__(self, training: Training, background: Background, parent: QObject | None = None):
        super().__init__(parent)
        self._training, self._background = training, background
        self._part: Part = "test"
        self.which: Which = "mistakes"
        self.cell: Cell | None = None
        self.first = 0
        self._last: Picture | None = None  # the newest result of the run
        self._asked_at: int | None = None  # steps done when a test was asked for that is not there yet
        self._lost = False  # the process that has the network is gone
        training.history_reset.connect(self._on_another_run)
        training.state_changed.connect(self._on_state_changed)
        training.engine_died.connect(self._on_engine_died)
        training.pictures_changed.connect(self._on_pictures_changed)

    # What is looked at --------------------------------------------------------------------------------------------

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those that the run is evaluated on."""
        facts = self._training.facts
        return ("test", "validation") if facts is not None and facts.validation_samples else ("test",)

    @property
    def part(self) -> Part:
        return self._part if self._part in self.parts else "test"

    @property
    def watch(self) -> Watch:
        """What a panel watches to see it."""
        options: dict[str, Any] = {"part": self.part, "which": self.which, "first": self.first}
        if self.which == "cell" and self.cell is not None:
            options["cell"] = list(self.cell)
        return Watch(PROBE, options)

    @property
    def picture(self) -> Picture | None:
        """The newest result. Until that of another part or other samples is there, the one before it stays.

        Without a result, a picture whose fault says why; None where nobody knows yet
        """
        found = self._training.picture(self.watch)
        if found is not None and has_result(found):
            self._last = found
            return found
        return self._last if self._last is not None and self._training.shows_run else found

    @property
    def is_from_before(self) -> bool:
        """Whether the result is of the network as it was before an edit, which no longer fits."""
        return self._training.is_from_before(self.watch)

    def choose_part(self, part: Part) -> None:
        if part != self.part:
            self._part = part
            self._look_at(self.which, self.cell)

    def choose(self, which: Which) -> None:
        """Look at the mistakes, or at all samples; at the cell again that was chosen last."""
        if which != self.which and (which != "cell" or self.cell is not None):
            self._look_at(which, self.cell)

    def choose_cell(self, cell: Cell) -> None:
        """Look at the samples of a cell of the confusion matrix; at the mistakes again where it is chosen already."""
        again = self.which == "cell" and cell == self.cell
        self._look_at("mistakes" if again else "cell", cell)

    def turn_to(self, first: int) -> None:
        """Pass over so many samples."""
        if first != self.first and first >= 0:
            self.first = first
            self.changed.emit()

    def _look_at(self, which: Which, cell: Cell | None) -> None:
        self.which, self.cell, self.first = which, cell, 0
        self.changed.emit()

    # Testing ------------------------------------------------------------------------------------------------------

    @property
    def is_testing(self) -> bool:
        """Whether a test was asked for that is not there yet."""
        return self._asked_at is not None

    @property
    def refusal(self) -> str:
        """Why the network cannot be tested now, a sentence; empty where it can."""
        training = self._training
        if training.project is None:
            return _("There is nothing to test yet: train first.")
        if training.state == "preparing":
            return _("The run is still being prepared.")
        if self._lost and training.folder and training.checkpoint is not None:
            return _("Its process is gone with the network: open the run again in the room Runs, or train again.")
        if not training.can_test or self._lost:
            return _("The run has ended early: go on with it, or train again, to test it.")
        if not training.shows_run:
            return _("The network or its data were edited since: train again to test it.")
        return _("It is being tested.") if self.is_testing else ""

    def test(self) -> None:
        """Test the network of the run as it is now. Nothing happens where `refusal` says why."""
        if self.refusal:
            return
        frame, history = self._training.frame, self._training.history
        self._asked_at = frame.step if frame is not None else 0
        if history.held is not None and history.best_is_back:
            self._asked_at = history.held.step  # it is tested with the weights of that epoch
        self._training.evaluate()
        self.changed.emit()
        self._on_pictures_changed()

    def _on_pictures_changed(self) -> None:
        picture = self.picture  # also where nobody looks: it is what stays when something else is looked at
        if self._asked_at is None or picture is None or not has_result(picture):
            return
        if picture.facts["step"] >= self._asked_at:
            self._asked_at = None
            self.changed.emit()

    def _on_state_changed(self, state: str) -> None:
        if state == "preparing":
            self._lost = False
        if not self._training.can_test:
            self._asked_at = None
        self.changed.emit()

    def _on_engine_died(self, _fault: Fault) -> None:
        self._lost = self._training.project is not None
        self._asked_at = None
        self.changed.emit()

    def _on_another_run(self) -> None:
        self._last = self._asked_at = None
        self._look_at("mistakes" if self.which == "cell" else self.which, None)

    # Saving -------------------------------------------------------------------------------------------------------

    def save(self, path: Path, content: Callable[[], bytes], failed: Callable[[Fault], Any]) -> None:
        """Write a file beside the window. content: makes what it holds, in another thread"""
        self._background.run(lambda: atomic.write(path, content()), None, failed)


def has_result(picture: Picture) -> bool:
    """Whether it tells of an evaluation, and not only why there is none."""
    return "loss" in picture.facts
