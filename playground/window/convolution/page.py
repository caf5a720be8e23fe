"""The parts of a page on which a window slides, and what they show and want. Where it is low, all but the bar below is
scrolled."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.convolving import Slid, Slide
from playground.core.text import _
from playground.session.history import numbers
from playground.session.sketch import Sketch
from playground.window.convolution import told, words
from playground.window.convolution.arithmetic_view import ArithmeticView
from playground.window.convolution.bars import Tail
from playground.window.convolution.player import Adder, Player
from playground.window.convolution.scene import Scene, place_of_window
from playground.window.convolution.stage_view import StageView
from playground.window.convolution.tiles import TileStrip
from playground.window.convolution.what_if import WhatIf
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea

if TYPE_CHECKING:
    from playground.window.canvas.side import SideCanvas

CHANNEL_TILE = 40  # px
_ROOMY, _HIGH = 760, 600  # px of width and height, below which a canvas is small: the arithmetic has its place below


class Page(QWidget):
    """head: what slides;  what_if: its arguments;  stage: the pictures;  channels: of the input
    adder: goes through them;  arithmetic: of one place;  tail: sentences;  player: the bar below
    """

    went = Signal(int, int, int)  # a person wants to see this place: which layer, row and column of its map

    canvas: "SideCanvas | None" = None  # to draw the input on, once it was asked for

    def __init__(self, head: Any, scene: Scene, what_if: WhatIf) -> None:
        super().__init__()
        self.head, self.scene, self.what_if = head, scene, what_if
        self._shown: tuple[Slid, Slide] | None = None
        self.is_pale = False  # what the window has not reached yet
        self._make_parts()
        self._lay_out()
        self.stage.pixel_chosen.connect(self._on_pixel)
        self.stage.dragged.connect(self._on_dragged)
        self.stage.moved.connect(self._on_moved)
        self.player.chosen.connect(self._on_place)

    def _make_parts(self) -> None:
        self.tail = Tail()
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

    def show_canvas(self, drawing: Sketch, on: bool) -> None:
        """A canvas to draw the input on, left of it. It is made when it is shown first."""
        if on and self.canvas is None:
            from playground.window.canvas.side import SideCanvas  # few sessions need it

            self.canvas = SideCanvas(drawing)
            self._beside.insertWidget(0, self.canvas)
        if self.canvas is not None:
            self.canvas.setVisible(on)
            self._fit_canvas()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_canvas()

    def _fit_canvas(self) -> None:
        if self.canvas is not None:
            self.canvas.set_narrow(self.width() < _ROOMY or self.height() < _HIGH)

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
        scroll = ScrollArea(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(hairline())
        whole.addWidget(self.player)

    # What is shown ------------------------------------------------------------------------------------------------

    def show_parts(self, shown: bool, why: str, fault: str) -> None:
        """shown: there is an answer to be seen;  why: there is none;  fault: why the newest question has none"""
        for widget in (self.stage, self.arithmetic, self.tail, self.player):
            widget.setVisible(shown)
        self.message.setVisible(not shown)
        self.message.setText(why or _("A moment…"))
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        if not shown:
            self.strip.hide()

    def show_answer(self, slid: Slid, asked: Slide, looks: tuple[str, str]) -> None:
        """looks: colours of the input, and what is said of its {shape} and {channel}"""
        lut = looks[0]
        self._shown, scene = (slid, asked), self.scene
        stage = asked.stages[asked.told]
        height, width = slid.maps[asked.told].shape
        scene.channel = min(scene.channel, len(slid.channels) - 1)
        whole = numbers(asked.input)
        under = numbers(slid.maps[0])[None] if asked.told else whole[list(slid.channels)]
        panes, spot = told.panes(slid, asked, scene, whole, looks)
        facts = told.facts(slid, stage.layer, under.shape[1:])
        self.stage.show_panes(panes, spot, facts, told.result_words(slid))
        place = slid.at[0] * width + slid.at[1]
        self.stage.show_until(place if self.is_pale else None)
        self.player.show_place(place, height * width)
        title, lines = told.sums(slid, asked, scene.channel)
        grids = told.grids(slid, asked, scene, under, lut)
        self.arithmetic.show_place(grids, title, lines, editable=told.is_painted(asked))
        several = len(under) > 1
        self.strip.setVisible(several)
        if several:
            captions = [told.signed(value) for value in numbers(slid.sums)]
            self.channels.show_tiles(under, lut, scene.channel, captions)
            self.adder.show_place(scene.channel, len(under))
        has_bias = bool(stage.layer.arguments.get("bias", True))
        lesson = words.lesson(stage.layer.layer, slid, has_bias, told.is_painted(asked))
        self.tail.show_words(told.fresh_words(slid) or lesson, slid.line, [] if self.stage.shows_facts else facts)

    # Where a person goes ------------------------------------------------------------------------------------------

    def rest(self) -> None:
        """The window slides no more, and all of the map is seen."""
        self.player.play(False)
        self.is_pale = False

    def _on_pixel(self, pane: int, row: int, column: int) -> None:
        """A pixel of a map is a place; one of the input is the middle of a window."""
        if pane == 0:
            self._on_dragged(pane, row, column)
        else:
            self.rest()
            self._go(pane - 1, row, column)

    def _on_dragged(self, pane: int, row: int, column: int) -> None:
        if self._shown is None:
            return
        slid, asked = self._shown
        self.rest()
        if pane < asked.told:
            self._go(pane, row, column)
        elif pane > asked.told:
            self._go(asked.told, row, column)
        else:
            self._go(asked.told, *place_of_window(asked.stages[asked.told].layer, slid, row, column))

    def _on_moved(self, down: int, right: int) -> None:
        if self._shown is not None:
            slid, asked = self._shown
            self.rest()
            row, column = self.scene.at or slid.at  # a key may be faster than the answers
            self._go(asked.told, row + down, column + right)

    def _on_place(self, place: int) -> None:
        if self._shown is not None:
            slid, asked = self._shown
            self._go(asked.told, *divmod(place, slid.maps[asked.told].shape[1]))

    def _go(self, number: int, row: int, column: int) -> None:
        """number: of the layer"""
        if self._shown is not None and number < len(self._shown[0].maps):
            height, width = self._shown[0].maps[number].shape
            self.went.emit(number, min(max(0, row), height - 1), min(max(0, column), width - 1))
