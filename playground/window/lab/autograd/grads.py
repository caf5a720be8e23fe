""".grad of each leaf after each round, and what zero_grad() has to do with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.lab.told import Graph
from playground.core.lab.topics import Autograd
from playground.core.spec import Argument
from playground.core.text import _
from playground.window.fields import ArgumentField
from playground.window.lab.autograd import words
from playground.window.lab.figures import Figures

_MOST = 10
_ROUNDS = Argument(name="rounds", kind="int", default=1, help=_("how often backward() is done"), low=1, high=_MOST)


class Grads(QWidget):
    """rounds_chosen: how often forward and backward are done;  zero_chosen: whether `.grad` is emptied between them"""

    rounds_chosen = Signal(int)
    zero_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.rounds = ArgumentField(_ROUNDS, can_release=False)
        self.rounds.editor.setAccessibleName(_("Rounds of forward and backward"))
        self.rounds.setFixedWidth(56)
        self.rounds.set_requested.connect(lambda value: self.rounds_chosen.emit(int(max(1, min(value, _MOST)))))
        self.zero = QCheckBox(_("zero_grad()"))
        self.zero.setToolTip(_("Empty .grad before each backward()"))
        self.zero.toggled.connect(self.zero_chosen)
        self.sentence = QLabel()
        self.sentence.setProperty("role", "small")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._count = 0
        self.table: Figures | None = None
        row = QHBoxLayout()
        row.setSpacing(8)
        title = QLabel(_(".grad"))
        title.setProperty("role", "title")
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(QLabel(_("rounds")))
        row.addWidget(self.rounds)
        row.addWidget(self.zero)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 4, 16, 12)
        self._column.setSpacing(4)
        self._column.addLayout(row)
        self._column.addWidget(self.sentence)

    def show_state(self, state: Autograd) -> None:
        self.rounds.show_value(state.rounds, True)
        before = self.zero.blockSignals(True)
        self.zero.setChecked(state.zero_grad)
        self.zero.blockSignals(before)

    def show_graph(self, graph: Graph, state: Autograd, position: int) -> None:
        """position: nodes walked"""
        headings = words.grad_headings(state.rounds)
        if self.table is None or self._count != len(headings):
            self._make_table(headings)
        assert self.table is not None
        for column, heading in enumerate(headings):
            self.table.say_heading(column, heading)
        waiting = words.waiting_leaves(graph, position)
        self.table.show_rows(words.grad_rows(graph.grads, state.rounds, waiting))
        self.sentence.setText(words.rounds_text(graph.grads, state.rounds, state.zero_grad, waiting))

    def _make_table(self, headings: list[str]) -> None:
        """Another number of columns is another table."""
        if self.table is not None:
            self._column.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = Figures(_(".grad of each leaf after each round"), headings)
        self._count = len(headings)
        self._column.insertWidget(1, self.table)

    def dress(self) -> None:
        if self.table is not None:
            self.table.dress()
