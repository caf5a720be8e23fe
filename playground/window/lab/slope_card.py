"""One of the functions side by side: its name, its plot, or why it is none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from playground.core.lab.scripts import title_of
from playground.core.lab.told import Curve
from playground.core.lab.topics import Slopes
from playground.core.text import _
from playground.window import icons
from playground.window.lab.slope_plot import SlopePlot
from playground.window.theme import theme


class SlopeCard(QWidget):
    """function: as the page has it"""

    x_chosen = Signal(float)
    removed = Signal()
    entered = Signal()  # a hand, or the keyboard, is at it

    def __init__(self, function: str) -> None:
        super().__init__()
        self.function = function
        self.plot = SlopePlot()
        self.plot.x_chosen.connect(self._on_x_chosen)
        self.title, self.rule, self.fault = QLabel(), QLabel(), QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("role", "title")
        self.rule.setProperty("role", "small-quiet")
        self.rule.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.fault.setProperty("role", "error")
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setWordWrap(True)
        self.fault.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.fault.hide()
        self.close_button = QToolButton()
        self.close_button.setProperty("kind", "icon")
        self.close_button.setIcon(icons.icon("close", "text_quiet"))
        self.close_button.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
        self.close_button.clicked.connect(lambda _on=False: self.removed.emit())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.rule, 0, 1)
        grid.addWidget(self.close_button, 0, 2)
        grid.addWidget(self.plot, 1, 0, 1, 3)
        grid.addWidget(self.fault, 1, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        self.show_function(function, False)

    def show_function(self, function: str, may_go: bool) -> None:
        """may_go: whether it is not the only one"""
        if function != self.function:
            self.plot.curve = None
        self.function = function
        metrics = self.title.fontMetrics()
        self.title.setText(metrics.elidedText(f"y = {title_of(function)}", Qt.TextElideMode.ElideRight, 180))
        self.title.setToolTip(f"y = {title_of(function)}")
        remove = _("Remove {function}").format(function=title_of(function))
        self.close_button.setToolTip(remove)
        self.close_button.setAccessibleName(remove)
        self.close_button.setVisible(may_go)

    def show_state(self, state: Slopes, derivative: bool) -> None:
        self.plot.show_state(state, derivative)

    def show_curve(self, curve: Curve, x: float) -> None:
        """What was told of it; an older answer may be about another function."""
        if curve.name != self.function:
            return
        self.rule.setText(f"y′ = {curve.derivative}" if curve.derivative else "")
        self.rule.setToolTip(self.rule.text())
        fault = curve.fault
        self.plot.setVisible(fault is None)
        self.fault.setVisible(fault is not None)
        if fault is not None:
            marks = " " * fault.column + "^" * max(1, fault.end - fault.column)
            self.fault.setText(f"{curve.name}\n{marks}\n{fault.sentence}. {fault.fix}{'.' if fault.fix else ''}")
            self.fault.setFont(theme().font("small", mono=True))
            return
        self.plot.show_curve(curve, x)

    def dress(self) -> None:
        self.plot.dress()

    def _on_x_chosen(self, x: float) -> None:
        self.entered.emit()
        self.x_chosen.emit(x)
