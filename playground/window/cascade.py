"""Where a window stands when others are open: a step down and to the right of the one before, on the screen."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

STEP = 32  # px


def place(window: QWidget, number: int) -> None:
    """Move a window that is about to be shown. number: of windows that are open already"""
    if number and not window.isMaximized() and not window.isFullScreen():
        area = window.screen().availableGeometry()
        window.setGeometry(cascaded(window.geometry(), number, area, window.minimumSize()))


def cascaded(rect: QRect, number: int, area: QRect, smallest: QSize) -> QRect:
    """The place of the window of a number, where the first stands at `rect`; smaller where the screen ends."""
    x, y = (
        edge + (start - edge + number * STEP) % max(1, room)
        for edge, start, room in (
            (area.left(), rect.left(), area.width() - smallest.width()),
            (area.top(), rect.top(), area.height() - smallest.height()),
        )
    )
    moved = QRect(QPoint(x, y), rect.size())
    return QRect(moved.topLeft(), (moved & area).size().expandedTo(smallest))
