"""A small canvas with its tools, to stand beside pictures."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.session.sketch import Sketch
from playground.window.canvas.canvas import Canvas
from playground.window.canvas.tools import Tools
from playground.window.theme import theme

_SIDE, _NARROW, _MARGIN = 220, 148, 24  # px


class SideCanvas(QWidget):
    """canvas: to draw on"""

    def __init__(self, drawing: Sketch) -> None:
        super().__init__()
        self._narrow = False
        self.canvas = Canvas(drawing, least=_NARROW)
        self.tools = Tools(self.canvas)
        self.tools.set_short(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.tools)
        column.addWidget(self.canvas)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._measure()
        theme().changed.connect(self._measure)

    def set_narrow(self, narrow: bool) -> None:
        """Leave more room to the pictures."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._measure()

    def _measure(self) -> None:
        side = _NARROW if self._narrow else round(_SIDE * min(1.3, theme().text_scale))
        self.canvas.setFixedSize(side, side)
        self.setFixedWidth(side + _MARGIN)
