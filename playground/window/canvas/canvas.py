"""The canvas: a pen for the mouse, the finger, the tablet and the keyboard."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QShowEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.drawing import PAPER, PENS, Stroke
from playground.core.text import _
from playground.session.sketch import Sketch
from playground.window.canvas.sheet import Sheet, sent, sent_sheet
from playground.window.theme import theme

WIDTH = 0.08  # of the pen at first, as a share of the side
ERASER = 2.0  # times as wide as the pen
_CROSS, _RIM = 4, 3  # px, of the keyboard's pen beyond its ring; of a line and its smooth edge beyond where it is drawn
STEP, FINE = 1 / 32, 1 / 128  # of the side, that an arrow moves the pen
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_OWN_KEYS = (
    *_DIRECTIONS, Qt.Key.Key_Space, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_E,
)  # fmt: skip
HINT = _(
    "Draw with the left button, erase with the right one. On the keyboard: arrows move the pen, Shift makes them fine, "
    "Space puts it down and lifts it, E erases, Backspace takes a stroke back, Delete clears."
)


class Canvas(QWidget):
    """Shows and changes a sketch. pen: its width, as a share of the side;  color: for pictures in colour"""

    def __init__(self, drawing: Sketch, least: int = 160) -> None:
        super().__init__()
        self.drawing = drawing
        self.pen, self.color = WIDTH, next(iter(PENS))
        self.tip = (0.5, 0.5)  # of the pen that the keyboard moves
        self._is_down = self._erases = False  # that pen
        self._held: set[int] = set()  # arrows
        self._shown: Sheet | None = None
        self._sent = sent_sheet(self._channels)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(least, least)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else all around it is painted with it
        self.setToolTip(HINT)
        self.setAccessibleDescription(HINT)
        self.drawing.strokes_changed.connect(self._on_strokes_changed)
        self.drawing.extended.connect(self._extend)
        self.drawing.lifted.connect(self._say)
        self.drawing.channels_changed.connect(self._on_channels_changed)
        theme().changed.connect(self._renew)
        self._say()

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    @property
    def _channels(self) -> int:
        return 3 if self.drawing.channels == 3 else 1

    # Geometry -----------------------------------------------------------------------------------------------------

    def room(self) -> QRectF:
        """Where it is drawn: the largest square, in whole px."""
        side = max(8, min(self.width(), self.height()) - 6)  # the focus ring has its place around it
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def place(self, x: float, y: float) -> QPointF:
        """A point of the drawing on the widget."""
        room = self.room()
        return QPointF(room.x() + x * room.width(), room.y() + y * room.height())

    def _point(self, where: QPointF) -> tuple[float, float]:
        room = self.room()
        return (where.x() - room.x()) / room.width(), (where.y() - room.y()) / room.height()

    # What is shown, and sent ----------------------------------------------------------------------------------------

    def _sheet(self) -> Sheet:
        """That is on the screen, made when it is of another size."""
        side, ratio = int(self.room().width()), self.devicePixelRatioF()
        if self._shown is None or self._shown.image.width() != round(side * ratio):
            colored = self._channels == 3
            paper = QColor(PAPER) if colored else theme().color("surface")
            self._shown = Sheet(side, paper, None if colored else theme().color("text"), ratio)
            self._shown.paint(self.drawing.strokes)
        return self._shown

    def _renew(self) -> None:
        """Paint everything anew."""
        self._shown = None
        if self.isVisible():
            self._sent = sent_sheet(self._channels)
            self._sent.paint(self.drawing.strokes)
            self.drawing.show(sent(self._sent))
            self.update()
        self._say()

    def _extend(self, more: Stroke) -> None:
        if not self.isVisible():
            self._shown = None
            return
        if len(self.drawing.strokes) == 1 and len(more.points) == 1:
            self.update()  # its first dot: the words on the empty canvas go
        self._sheet().extend(more)
        self._sent.extend(more)
        self.drawing.show(sent(self._sent))
        self._update_around(more.points, more.width)

    def _update_around(self, points: tuple[tuple[float, float], ...], width: float) -> None:
        places = [self.place(*point) for point in points]
        rim = width * self.room().width() / 2 + _RIM
        left, right = min(one.x() for one in places) - rim, max(one.x() for one in places) + rim
        top, bottom = min(one.y() for one in places) - rim, max(one.y() for one in places) + rim
        self.update(QRectF(left, top, right - left, bottom - top).toAlignedRect())

    def _put_tip(self, x: float, y: float) -> None:
        """Move the keyboard's pen, which is painted where it was and where it is now."""
        before = self._pen_rect()
        self.tip = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
        if self.hasFocus():  # else there is none to be seen
            self.update(before)
            self.update(self._pen_rect())

    def _on_strokes_changed(self) -> None:
        self._is_down = False  # the stroke under way is done, or gone
        self._renew()

    def _on_channels_changed(self) -> None:
        if (self._sent.image.depth() > 8) != (self._channels == 3):
            self._renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shown = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._renew()

    def paintEvent(self, event: QPaintEvent) -> None:
        room, painter = self.room(), QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        painter.drawImage(room, self._sheet().image)
        painter.setPen(QPen(theme().color("text_quiet"), 1))
        painter.drawRect(room.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self.drawing.is_empty:
            painter.setPen(theme().color("text_quiet") if self._channels == 1 else QColor(next(iter(PENS))))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, _("Draw here"))
        if self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), theme().tokens["line_width"]["focus"]))
            painter.drawRect(room.adjusted(-2, -2, 2, 2))
            self._draw_pen(painter)
        painter.end()

    def _draw_pen(self, painter: QPainter) -> None:
        """Of the keyboard: a ring as wide as what it draws, and a cross where it is up."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        where, radius = self.place(*self.tip), self._radius
        for pen in (QPen(theme().color("surface"), 3), QPen(theme().color("accent"), 1.5)):
            painter.setPen(pen)
            painter.drawEllipse(where, radius, radius)
            if not self._is_down:
                reach = radius + _CROSS
                painter.drawLine(where - QPointF(reach, 0), where + QPointF(reach, 0))
                painter.drawLine(where - QPointF(0, reach), where + QPointF(0, reach))

    @property
    def _radius(self) -> float:
        """Of the keyboard's pen, px."""
        return max(3.0, self._width * self.room().width() / 2)

    def _pen_rect(self) -> QRect:
        """All that `_draw_pen` touches."""
        where, reach = self.place(*self.tip), self._radius + _CROSS + _RIM
        return QRectF(where.x() - reach, where.y() - reach, 2 * reach, 2 * reach).toAlignedRect()

    # Mouse, finger, tablet ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._lift()
            self._begin(self._point(event.position()), event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self._move(self._point(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.drawing.end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The other end of the pen erases."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            self._lift()
            self._begin(self._point(event.position()), event.pointerType() == QPointingDevice.PointerType.Eraser)
        elif kind == QEvent.Type.TabletMove and event.buttons():
            self._move(self._point(event.position()))
        elif kind == QEvent.Type.TabletRelease:
            self.drawing.end()
        event.accept()

    def _begin(self, point: tuple[float, float], erases: bool) -> None:
        width = min(1.0, self.pen * ERASER) if erases else self.pen
        self.drawing.begin(*point, width, self.color if self._channels == 3 else "", erases)
        self._put_tip(*point)

    def _move(self, point: tuple[float, float]) -> None:
        self.drawing.move(*point)
        self._put_tip(*point)

    # Keyboard -------------------------------------------------------------------------------------------------------

    @property
    def _width(self) -> float:
        return self.pen * ERASER if self._erases else self.pen

    def event(self, event: QEvent) -> bool:
        """What is done here on the canvas is not the window's: Delete would delete layers, Ctrl+Z undo an edit."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            undo = undo and self.drawing.has_own_undo
            plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
            if undo or (plain and event.key() in _OWN_KEYS):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held_down = event.key(), event.isAutoRepeat()
        if key in _DIRECTIONS:
            self._held.add(key)
            self._go(FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP)
        elif key == Qt.Key.Key_Space and not held_down:
            self._put_down() if not self._is_down else self._lift()
        elif key == Qt.Key.Key_E and not held_down:
            self._lift()
            self._erases = not self._erases
        elif key == Qt.Key.Key_Escape and self._is_down:
            self._lift()
        elif key == Qt.Key.Key_Backspace or (key == Qt.Key.Key_Z and event.modifiers() and self.drawing.has_own_undo):
            self._lift()
            self.drawing.undo()
        elif key == Qt.Key.Key_Delete:
            self._lift()
            self.drawing.clear()
        else:
            super().keyPressEvent(event)
            return
        self.update()
        self._say()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._held.discard(event.key())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._held.clear()
        self._lift()
        self.update()

    def _go(self, step: float) -> None:
        """Two arrows at once go across."""
        x = self.tip[0] + step * sum(_DIRECTIONS[Qt.Key(key)][0] for key in self._held)
        y = self.tip[1] + step * sum(_DIRECTIONS[Qt.Key(key)][1] for key in self._held)
        self._put_tip(x, y)
        if self._is_down:
            self.drawing.move(*self.tip)

    def _put_down(self) -> None:
        self._is_down = True
        self._begin(self.tip, self._erases)

    def _lift(self) -> None:
        if self._is_down:
            self._is_down = False
            self.drawing.end()

    def _say(self) -> None:
        """What a screen reader says."""
        pen = _("eraser") if self._erases else _("pen")
        state = _("down") if self._is_down else _("up")
        text = _("Canvas, strokes: {count}, {pen} {state} at {x} % from the left, {y} % from above")
        x, y = (round(100 * one) for one in self.tip)
        self.setAccessibleName(text.format(count=len(self.drawing.strokes), pen=pen, state=state, x=x, y=y))
