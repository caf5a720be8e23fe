"""Whose graph is looked at, examples, the output, and the buttons that walk backward() through it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QWidget

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
        self.call = QLabel(_(".backward()"))
        self.walk = WalkBar(with_reset=True)
        self._shown = ""
        self._lay_out()

    def _lay_out(self) -> None:
        name = QLabel(_("Graph of"))
        name.setProperty("role", "secondary")
        self._halves = (_row(name, self.source, self.examples), _row(self.output, self.call, self.walk))
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(16, 8, 12, 8)
        self._rows.setSpacing(8)
        self._rows.addWidget(self._halves[0], 0, Qt.AlignmentFlag.AlignLeft)
        self._rows.addWidget(self._halves[1], 0, Qt.AlignmentFlag.AlignRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stack()

    def _stack(self) -> None:
        """One below the other where there is no room beside each other."""
        wide = sum(half.sizeHint().width() for half in self._halves) + 44
        direction = QBoxLayout.Direction.LeftToRight if wide <= self.width() else QBoxLayout.Direction.TopToBottom
        if direction != self._rows.direction():
            self._rows.setDirection(direction)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def show_state(self, state: Autograd) -> None:
        self.source.choose(state.source)
        lines = state.source == "lines"
        self.examples.setVisible(lines)
        self.output.setVisible(lines)
        self.call.setText(_(".backward()") if lines else _("loss.backward()"))
        self._shown = state.output
        self._stack()
        if self.output.text() != state.output and not self.output.hasFocus():
            self.output.setText(state.output)

    def dress(self) -> None:
        self.output.setFont(theme().font("base", mono=True))
        self.call.setFont(theme().font("base", mono=True))
        self._stack()

    def _choose(self, one: GraphExample) -> None:
        self.output.clearFocus()
        self.example_chosen.emit(one)

    def _on_output(self) -> None:
        name = self.output.text().strip()
        if name and name != self._shown:
            self.output_chosen.emit(name)


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return holder
