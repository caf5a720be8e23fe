"""What the lab's painted plots share: a picture of what stays while a hand drags, and a ring where the keyboard is."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.window.theme import theme


class DraggedPlot(QWidget):
    """A subclass paints on `ground`, and calls `paint_focus` last."""

    def __init__(self) -> None:
        super().__init__()
        self._ground: tuple[Any, QPixmap] | None = None
        self._by_key = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.renew_ground()
        self.update()

    def renew_ground(self) -> None:
        """What stays is another thing now."""
        self._ground = None

    def ground(self, paint: Callable[[QPainter], None], *about: Any, clear: bool = False) -> QPixmap:
        """The surface with what `paint` puts on it, painted once. about: what that depends on besides size and theme
        clear: without the surface, to lie on top of what moves
        """
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, theme().name, theme().text_scale, clear, *about)
        if self._ground is None or self._ground[0] != key:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent if clear else theme().color("surface"))
            painter = QPainter(picture)
            paint(painter)
            painter.end()
            self._ground = key, picture
        return self._ground[1]

    def paint_focus(self, painter: QPainter) -> None:
        """A ring, where the focus came by the keyboard."""
        if self._by_key and self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), theme().tokens["focus_ring"]["width"]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = theme().tokens["radius"]["control"]
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_key = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
