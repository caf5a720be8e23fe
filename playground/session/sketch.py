"""Strokes on a canvas, and the way back."""

from PySide6.QtCore import QObject, Signal

from playground.core.carried import Array
from playground.core.drawing import MOST_POINTS, MOST_STROKES, Point, Stroke

MOST_BACK = 200  # strokes that can be taken back


class Sketch(QObject):
    """What a canvas shows and changes. strokes: so far, the one under way last

    has_own_undo: Ctrl+Z on the canvas takes a stroke back, and is not the window's
    """

    strokes_changed = Signal()  # other strokes: one was taken back, or all
    extended = Signal(object)  # Stroke: two points, which the stroke under way has got more
    lifted = Signal()  # the stroke under way is done
    channels_changed = Signal()  # `channels` may be another

    has_own_undo = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.strokes: tuple[Stroke, ...] = ()
        self._back: list[tuple[Stroke, ...]] = []
        self._under_way: list[Point] | None = None

    @property
    def channels(self) -> int:
        """1 where ink is drawn, 3 where colours are, 0 where nothing can be drawn."""
        return 1

    @property
    def is_empty(self) -> bool:
        return not self.strokes

    @property
    def can_undo(self) -> bool:
        return bool(self._back) and self._under_way is None

    def begin(self, x: float, y: float, width: float, color: str = "", erases: bool = False) -> None:
        """Put the pen down. A dot, until it is moved."""
        self.end()
        if len(self.strokes) >= MOST_STROKES:
            return
        self._remember()
        self._under_way = [self._point(x, y)]
        self.strokes = (*self.strokes, Stroke(tuple(self._under_way), width, color, erases))
        self.extended.emit(self.strokes[-1])

    def move(self, x: float, y: float) -> None:
        """Draw on to here. Nothing happens where the pen is up."""
        if self._under_way is None or len(self._under_way) >= MOST_POINTS:
            return
        before, point = self._under_way[-1], self._point(x, y)
        if point != before:
            self._under_way.append(point)
            self.extended.emit(self.strokes[-1]._replace(points=(before, point)))

    def end(self) -> None:
        """Lift the pen."""
        if self._under_way is not None:
            self.strokes = (*self.strokes[:-1], self.strokes[-1]._replace(points=tuple(self._under_way)))
            self._under_way = None
            self.lifted.emit()

    def undo(self) -> None:
        """Take the last stroke back, or the clearing."""
        self.end()
        if self._back:
            self.strokes = self._back.pop()
            self.strokes_changed.emit()

    def clear(self) -> None:
        self.end()
        if self.strokes:
            self._remember()
            self.strokes = ()
            self.strokes_changed.emit()

    def show(self, ink: Array) -> None:
        """What the canvas shows now, as `FitDrawing.ink`."""

    def _remember(self) -> None:
        self._back = [*self._back, self.strokes][-MOST_BACK:]

    def _point(self, x: float, y: float) -> Point:
        """On the canvas, wherever the hand is."""
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
