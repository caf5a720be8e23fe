"""Keeps what is laid out anew inside of a panel from laying out the window around it."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class Fence(QWidget):
    """Holds one widget, as large as itself.

    Each new text of a QLabel asks its layout for a new one, and that layout asks the next one outwards, whether its own
    size is another or not: a panel whose headline follows a run so lays out every dock and the whole window with each
    frame. Here it ends, as long as the widget needs no more room and no less.
    """

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        inner.setParent(self)
        self._inner = inner
        self._least = self.minimumSizeHint()

    def sizeHint(self) -> QSize:
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        inner = self._inner
        least = inner.minimumSizeHint().expandedTo(inner.minimumSize()).boundedTo(inner.maximumSize())
        return least.expandedTo(QSize(0, 0))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            least = self.minimumSizeHint()
            if least != self._least:
                self._least = least
                self.updateGeometry()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._inner.setGeometry(self.rect())
