"""What a style sheet cannot say: the focus ring with its offset.

Qt's own style stays as it is: a proxy style in Python would be asked tens of thousands of times while a window is
dressed, which costs seconds.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSlider, QTabBar, QWidget
from shiboken6 import isValid

from playground.window.theme import theme

_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show)


class FocusRing(QWidget):
    """A ring around the button, slider or tab that has the keyboard. Fields and lists show their focus themselves."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._followed: QWidget | None = None
        self._watched: list[QWidget] = []  # it and what it lies in: a layout or a scroll area moves all of it at once
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        ring = theme().tokens["focus_ring"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color(ring["color"]), ring["width"]))
        radius = theme().tokens["radius"]["control"] + ring["offset"]
        half = ring["width"] / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        for one in self._watched:
            if isValid(one):  # a button of a notice goes with it
                one.removeEventFilter(self)
        # Focus that comes while a button is down came by the mouse, and needs no ring.
        wanted = isinstance(now, (QAbstractButton, QSlider, QTabBar)) and not QApplication.mouseButtons()
        wanted = wanted and not now.property("own_ring")  # a card paints its own, which scrolls with it
        self._followed = now if wanted and now is not None and now.window() is self._window else None
        self._watched = _up_to(self._followed, self._window)
        for one in self._watched:
            one.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        widget = self._followed
        if widget is None or not isValid(widget) or not widget.isVisible():
            self.hide()
            return
        margin = 4  # a ring of 2 px at a distance of 2 px
        corner = widget.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(QRect(corner, widget.size()).adjusted(-margin, -margin, margin, margin))
        self.raise_()
        self.show()


def _up_to(widget: QWidget | None, window: QWidget) -> list[QWidget]:
    """A widget and all that it lies in, without the window."""
    found = []
    while widget is not None and widget is not window:
        found.append(widget)
        widget = widget.parentWidget()
    return found
