"""A small canvas with its tools, to stand beside pictures."""

from typing import Any

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.window.canvas.canvas import Canvas
from playground.window.canvas.tools import Tools
from playground.window.theme import theme


class SideCanvas(QWidget):
    """canvas: to draw on"""

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.canvas = Canvas(session, least=140)
        self.tools = Tools(session, self.canvas)
        self.tools.set_short(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.tools)
        column.addWidget(self.canvas, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._measure()
        theme().changed.connect(self._measure)

    def _measure(self) -> None:
        self.setFixedWidth(round(214 * min(1.3, theme().text_scale)))
