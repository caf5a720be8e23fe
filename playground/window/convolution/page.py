"""The parts of the room, and where they stand. Where the room is low, all but the bar below is scrolled."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.core.text import _
from playground.window.convolution.arithmetic_view import ArithmeticView
from playground.window.convolution.bars import Head, Tail
from playground.window.convolution.player import Adder, Player
from playground.window.convolution.stage_view import StageView
from playground.window.convolution.tiles import TileStrip
from playground.window.convolution.what_if import WhatIf
from playground.window.layer_list.panel import hairline

if TYPE_CHECKING:
    from playground.window.canvas.side import SideCanvas

CHANNEL_TILE = 40  # px
_ROOMY = 760  # px, below which a canvas is small


class Page(QWidget):
    """head: what slides;  what_if: its arguments;  stage: the pictures;  channels: of the input
    adder: goes through them;  arithmetic: of one place;  tail: sentences;  player: the bar below
    """

    canvas: "SideCanvas | None" = None  # to draw the input on, once it was asked for

    def __init__(self) -> None:
        super().__init__()
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self.head, self.what_if, self.tail = Head(), WhatIf(), Tail()
        self.stage, self.arithmetic, self.player = StageView(), ArithmeticView(), Player()
        self.channels = TileStrip(_("channel"), CHANNEL_TILE, captions=True)
        self.adder = Adder()
        self.message = QLabel()
        self.message.setProperty("role", "quiet")
        self.message.setWordWrap(True)
        self.message.setContentsMargins(24, 16, 24, 16)
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.fault.setContentsMargins(24, 0, 24, 4)

    def _staged(self) -> QWidget:
        """The pictures, and beside them the canvas, where one is shown."""
        whole = QWidget()
        self._beside = QHBoxLayout(whole)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(0)
        self._beside.addWidget(self.stage, 1)
        return whole

    def show_canvas(self, session: Any, on: bool) -> None:
        """A canvas to draw the input on, left of it. It is made when it is shown first."""
        if on and self.canvas is None:
            from playground.window.canvas.side import SideCanvas  # few sessions need it

            self.canvas = SideCanvas(session)
            self._beside.insertWidget(0, self.canvas)
        if self.canvas is not None:
            self.canvas.setVisible(on)
            self.canvas.set_narrow(self.width() < _ROOMY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.canvas is not None:
            self.canvas.set_narrow(self.width() < _ROOMY)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        bars = QVBoxLayout()
        bars.setContentsMargins(24, 0, 16, 4)
        bars.setSpacing(6)
        bars.addWidget(self.head)
        bars.addWidget(self.what_if)
        strip = QHBoxLayout()
        strip.setContentsMargins(19, 0, 16, 0)
        strip.addWidget(self.adder)
        strip.addWidget(self.channels, 1)
        self.strip = QWidget()
        self.strip.setLayout(strip)
        column.addLayout(bars)
        for widget, share in (
            (hairline(), 0), (self.message, 1), (self.fault, 0), (self._staged(), 1), (self.strip, 0), (hairline(), 0),
            (self.arithmetic, 0), (self.tail, 0),
        ):  # fmt: skip
            column.addWidget(widget, share)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(hairline())
        whole.addWidget(self.player)
