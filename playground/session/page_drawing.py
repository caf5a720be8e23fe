"""What is drawn on a page of the lab: its strokes are a part of the page, and each is a step of its Undo."""

import math

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.core.carried import Array
from playground.core.drawing import Point, Stroke
from playground.core.lab.topics import Convolution
from playground.core.text import _
from playground.session.lab import Lab
from playground.session.sketch import MOST_BACK, Sketch

MOST_KEPT = 30_000  # points of all strokes: as text about half of what a page's file may have
_PLACES = 3  # digits of a point behind the comma: a third of a pixel of the canvas
_NEAR = 0.004  # of the side: a hand that moves less has drawn nothing that is seen


class PageDrawing(Sketch):
    """ink: what a canvas shows of the strokes, as `FitDrawing.ink`; None while none has shown them"""

    inked = Signal()  # there is other ink

    has_own_undo = False  # a stroke is a step of the page

    def __init__(self, lab: Lab, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lab = lab
        self.ink: Array | None = None

    def follow(self, strokes: tuple[Stroke, ...]) -> None:
        """Show what the page has. A stroke under way stays as long as those below it do."""
        settled = self.strokes if self._under_way is None else self.strokes[:-1]
        if strokes != settled:
            self._under_way, self.ink = None, None
            self.strokes = strokes
            self._back = [strokes[:count] for count in range(len(strokes))][-MOST_BACK:]
            self.strokes_changed.emit()

    def begin(self, x: float, y: float, width: float, color: str = "", erases: bool = False) -> None:
        if self._has_room:
            super().begin(x, y, width, color, erases)

    def move(self, x: float, y: float) -> None:
        if self._under_way is not None and self._has_room and math.dist(self._under_way[-1], self._point(x, y)) > _NEAR:
            super().move(x, y)

    def end(self) -> None:
        drawn = self._under_way is not None
        super().end()
        if drawn:
            self._put(_("erase a stroke") if self.strokes[-1].erases else _("draw a stroke"))

    def undo(self) -> None:
        super().undo()
        self._put(_("take a stroke back"))

    def clear(self) -> None:
        super().clear()
        self._put(_("clear the drawing"))

    def show(self, ink: Array) -> None:
        if ink != self.ink:
            self.ink = ink
            self.inked.emit()

    @property
    def _has_room(self) -> bool:
        under_way = len(self._under_way or ())
        return sum(len(stroke.points) for stroke in self.strokes) + under_way < MOST_KEPT

    def _put(self, text: str) -> None:
        """Let the page have the strokes. text: for Undo"""
        state = self._lab.page.state
        if isinstance(state, Convolution):
            self._lab.change(msgspec.structs.replace(state, strokes=self.strokes), text)

    def _point(self, x: float, y: float) -> Point:
        x, y = super()._point(x, y)
        return round(x, _PLACES), round(y, _PLACES)
