"""Where a fork begins: the parent, the checkpoint, and what the document changes. It stays open while one edits."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.differences import changes
from playground.core.forks import doubts, other_layer
from playground.core.steered import as_steered
from playground.core.text import _
from playground.disk.kept_runs import Kept, Saved
from playground.window.theme import theme
from playground.window.words import Words

MOST = 4  # changes that are named


class ForkStrip(QWidget):
    """begun: Kept, the step of the checkpoint: the user wants to train from there"""

    begun = Signal(object, int)
    closed = Signal()

    def __init__(self, session: Any) -> None:
        super().__init__()
        self._session = session
        self.run: Kept | None = None
        self.title = Words("small", "text_secondary")
        self.checkpoints = QComboBox()
        self.checkpoints.setAccessibleName(_("Checkpoint to begin from"))
        self.train = QPushButton(_("Train the fork"))
        self.cancel = QPushButton(_("Cancel"))
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.checkpoints.currentIndexChanged.connect(lambda _place: self._show())
        self.train.clicked.connect(lambda _checked=False: self._on_train())
        self.cancel.clicked.connect(lambda _checked=False: self.close_strip())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title, 100)  # as wide as its text, and cut off where that is too wide
        row.addWidget(self.checkpoints)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.train)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.said)
        session.document.project_changed.connect(self._show)
        session.training.state_changed.connect(self._show)
        self.hide()

    def open_for(self, run: Kept) -> None:
        """Offer the checkpoints of a run."""
        self.run = run
        self._name()
        self.checkpoints.clear()
        for saved in run.checkpoints:
            self.checkpoints.addItem(place_text(saved), saved)
        self.show()
        self._show()
        self.checkpoints.setFocus()

    def close_strip(self) -> None:
        self.run = None
        self.hide()
        self.closed.emit()

    def look_again(self, run: Kept | None) -> None:
        """The run as it was read last: it may have more checkpoints, or be gone."""
        if self.run is None or run is self.run:
            return
        if run is None:
            self.close_strip()
        elif run.checkpoints != self.run.checkpoints:
            self.open_for(run)
        else:
            self.run = run
            self._name()

    def refusal(self) -> str:
        """Why it cannot begin, as a sentence; "" where it can."""
        run, project = self.run, self._session.document.project
        if run is None or run.project is None:
            return _("The project of this run cannot be read.")
        if not run.checkpoints:
            return _("This run has no checkpoint to begin from.")
        saved = self._saved()
        if saved is not None and saved.at_end and saved.epochs >= project.recipe.epochs:
            text = _("This checkpoint is from the end of epoch {done:,}: ask for more epochs, or take an earlier one.")
            return text.format(done=saved.epochs)
        if self._session.training.is_active:
            return _("A run is active: it is to be stopped before the fork begins.")
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_strip()
        else:
            super().keyPressEvent(event)

    def _name(self) -> None:
        text = _("Fork {run} from").format(run=self.run.name if self.run else "")
        self.title.setText(text)
        self.title.setMaximumWidth(QFontMetrics(theme().font("small")).horizontalAdvance(text) + 4)

    def _saved(self) -> Saved | None:
        found = self.checkpoints.currentData()
        return Saved(*found) if found is not None else None

    def _show(self, *_news: object) -> None:
        if self.run is None:
            return
        refusal = self.refusal()
        self.train.setEnabled(not refusal)
        self.said.setProperty("role", "error" if refusal else "small")
        self.said.style().polish(self.said)
        self.said.setText(refusal or " ".join(self._sentences()))

    def _sentences(self) -> list[str]:
        run, saved, project = self.run, self._saved(), self._session.document.project
        if run is None or run.project is None or saved is None:
            return []
        changed = changes(as_steered(run.project, run.record.steered, saved.step), project)
        if not changed:
            return [
                _(
                    "Nothing is changed yet: the fork would take the very steps of the run. Edit recipe, data or network."
                )
            ]
        more = len(changed) - MOST
        named = ", ".join(changed[:MOST]) + (_(" and {n} more").format(n=more) if more > 0 else "")
        said = [_("Changed: {changes}.").format(changes=named)]
        if other_layer(run.project.network, project.network) is not None:
            said.append(_("Layers that are unchanged keep their weights, the others begin with new ones."))
        return said + doubts(run.project, project, in_epoch=not saved.at_end and saved.step > 0)

    def _on_train(self) -> None:
        saved, run = self._saved(), self.run
        if run is not None and saved is not None and not self.refusal():
            self.begun.emit(run, saved.step)
            self.close_strip()


def place_text(saved: Saved) -> str:
    """Where a checkpoint lies: "step 338, end of epoch 2"."""
    if not saved.step:
        return _("step 0, untrained")
    text = _("step {step:,}, end of epoch {epoch:,}") if saved.at_end else _("step {step:,}, in epoch {epoch:,}")
    return text.format(step=saved.step, epoch=saved.epochs if saved.at_end else saved.epochs + 1)
