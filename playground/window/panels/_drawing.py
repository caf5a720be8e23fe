"""A picture that is drawn in portions, between which the window answers; until it is whole, the one before is shown."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from playground.window.theme import theme
from playground.window.turns import AT_ONCE_S, turns

RESTS_S = 0.25  # after a picture, before one of the next result is begun: nobody reads more than four a second

Portion = Callable[[QPainter, QImage], None]  # sets fonts and pens itself


def portion(draw: Callable[..., None], *arguments: Any) -> Portion:
    """A portion that calls `draw` with the painter and these arguments."""
    return lambda painter, _image: draw(painter, *arguments)


class Drawing(QObject):
    """What a widget shows. image: the newest that is whole, None before the first"""

    def __init__(
        self, widget: QWidget, portions: Callable[[], Iterable[Portion]], size: Callable[[], QSize] | None = None
    ) -> None:
        """portions: what is to be drawn, in order;  size: of the picture in px, else that of the widget"""
        super().__init__(widget)
        self._widget, self._portions, self._size = widget, portions, size or widget.size
        self.image: QImage | None = None
        self._next: QImage | None = None
        self._left: deque[Portion] = deque()
        self._stale, self._at_once = True, False
        self._rests_until = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._ask)
        theme().changed.connect(self._on_theme_changed)

    @property
    def is_seen(self) -> bool:
        return self._widget.isVisible()

    def renew(self) -> None:
        """What it shows is another, or in another place: somebody waits for it."""
        self._rests_until = 0.0
        self.follow()

    def follow(self) -> None:
        """The result of a run is another, which may be so many times a second."""
        self._stale = True
        self._ask()

    def _ask(self) -> None:
        if self.is_seen:
            turns().ask(self._widget, self._take_turn)

    def paint(self, painter: QPainter, top: int = 0) -> None:
        """Paint what there is, and ask for what is missing. top: where it begins, px"""
        if self._at_once:
            self._at_once = False
            self.finish()
        if self.image is not None:
            painter.drawImage(0, top, self.image)
        if self._stale or not self._fits(self._next if self._next is not None else self.image):
            self.follow()

    def finish(self) -> None:
        """Draw what is missing at once, e.g. to save it."""
        while self._stale or self._next is not None:
            self._go_on()

    def _on_theme_changed(self) -> None:
        """The picture before would have the wrong colours: the next one is waited for."""
        self._stale = self._at_once = True
        self._widget.update()

    def _pixels(self) -> QSize:
        return self._size() * self._widget.devicePixelRatioF()

    def _take_turn(self) -> None:
        if not self.is_seen:
            self._stale = True  # it is begun anew when it is seen again
        elif self._stale and (rest := self._rests_until - time.perf_counter()) > 0 and self._fits(self.image):
            self._rest.start(math.ceil(1000 * rest))
        else:
            self._go_on()

    def _fits(self, image: QImage | None) -> bool:
        return image is not None and image.size() == self._pixels()

    def _go_on(self) -> None:
        if self._stale:
            self._begin()
        if self._next is None:
            return
        painter, until = QPainter(self._next), time.perf_counter() + AT_ONCE_S
        while self._left:
            painter.save()
            self._left.popleft()(painter, self._next)
            painter.restore()
            if time.perf_counter() >= until:
                break
        painter.end()
        if self._left:
            turns().ask(self._widget, self._take_turn)
        else:
            self.image, self._next = self._next, None
            self._rests_until = time.perf_counter() + RESTS_S
            self._widget.update()

    def _begin(self) -> None:
        self._stale = False
        pixels = self._pixels()
        self._next = QImage(pixels.expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
        self._next.setDevicePixelRatio(self._widget.devicePixelRatioF())
        self._next.fill(theme().color("surface"))
        self._left = deque(self._portions())


def finish_all(panel: QWidget) -> None:
    """Draw all that is missing in a panel at once."""
    for one in panel.findChildren(Drawing):
        if one.is_seen:
            one.finish()
