"""Whose graph is looked at, examples, the output, and the buttons that walk backward() through it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from playground.core.lab.graph_examples import EXAMPLES, GraphExample
from playground.core.lab.topics import LONGEST_NAME, Autograd
from playground.core.text import _
from playground.window import icons
from playground.window.data.segments import Segments
from playground.window.lab.walk_bar import WalkBar
from playground.window.theme import theme

SOURCES = {"lines": _("these lines"), "network": _("my network")}


class GraphHead(QWidget):
    """source_chosen: a key of SOURCES;  example_chosen: a `GraphExample`;  output_chosen: a name"""

    source_chosen = Signal(str)
    example_chosen = Signal(object)
    output_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.source = Segments(SOURCES, _("Graph of"))
        self.source.chosen.connect(self.source_chosen)
        self.examples = QPushButton(_("Examples"))
        self.examples.setIcon(icons.icon("chevron-down"))
        self.examples.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the word
        menu = QMenu(self.examples)
        menu.setToolTipsVisible(True)
        for one in EXAMPLES:
            action = menu.addAction(one.title)
            action.setToolTip(one.sentence)
            action.triggered.connect(lambda _on=False, one=one: self._choose(one))
        self.examples.setMenu(menu)
        self.output = QLineEdit()
        self.output.setMaxLength(LONGEST_NAME)
        self.output.setFixedWidth(76)
        self.output.setAccessibleName(_("Name of the output, whose backward() is walked"))
        self.output.editingFinished.connect(self._on_output)
        self.call = QLabel(".backward()")
        self.walk = WalkBar(with_reset=True)
        self._shown = ""
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        name = QLabel(_("Graph of"))
        name.setProperty("role", "secondary")
        row.addWidget(name)
        row.addWidget(self.source)
        row.addWidget(self.examples)
        row.addStretch(1)
        row.addWidget(self.output)
        row.addWidget(self.call)
        row.addSpacing(4)
        row.addWidget(self.walk)

    def show_state(self, state: Autograd) -> None:
        self.source.choose(state.source)
        lines = state.source == "lines"
        self.examples.setVisible(lines)
        self.output.setVisible(lines)
        self.call.setText(".backward()" if lines else "loss.backward()")
        self._shown = state.output
        if self.output.text() != state.output and not self.output.hasFocus():
            self.output.setText(state.output)

    def dress(self) -> None:
        self.output.setFont(theme().font("base", mono=True))
        self.call.setFont(theme().font("base", mono=True))

    def _choose(self, one: GraphExample) -> None:
        self.output.clearFocus()
        self.example_chosen.emit(one)

    def _on_output(self) -> None:
        name = self.output.text().strip()
        if name and name != self._shown:
            self.output_chosen.emit(name)
