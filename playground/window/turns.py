"""Who draws when: a few milliseconds of drawing in a turn of the event loop, and between two turns the window answers."""

import time
from collections.abc import Callable
from functools import cache
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

AT_ONCE_S = 0.002  # after which the next one has to wait for another turn


class Turns(QObject):
    """Widgets that want to draw, first come first served; each once, however often it asks before its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[QWidget, Callable[[], None]] = {}
        self._known: WeakSet[QWidget] = WeakSet()  # whose end is listened for
        self._afterwards: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)  # paint events come before it: what one has drawn is on the screen in the next turn
        self._timer.timeout.connect(self._give)

    def ask(self, widget: QWidget, draw: Callable[[], None]) -> None:
        """Let `draw` be called, soon and once; never after the widget's end."""
        if widget not in self._known:
            self._known.add(widget)
            widget.destroyed.connect(self._forget_the_dead)
        self._waiting.setdefault(widget, draw)
        self._timer.start()

    def forget(self, widget: QWidget) -> None:
        """It is hidden, or goes away."""
        self._waiting.pop(widget, None)
        self._rest()

    def afterwards(self, then: Callable[[], None]) -> None:
        """Call `then` once all who ask are on the screen."""
        if then not in self._afterwards:
            self._afterwards.append(then)
        self._timer.start()

    def cancel(self, then: Callable[[], None]) -> None:
        """Do not call it."""
        if then in self._afterwards:
            self._afterwards.remove(then)
        self._rest()

    def _forget_the_dead(self) -> None:
        self._waiting = {widget: draw for widget, draw in self._waiting.items() if isValid(widget)}
        self._rest()

    def _rest(self) -> None:
        """No timer outlives what it was for."""
        if not self._waiting and not self._afterwards:
            self._timer.stop()

    def _give(self) -> None:
        until = time.perf_counter() + AT_ONCE_S
        if self._waiting:
            self._timer.start()
            self._first()()
            while self._waiting and time.perf_counter() < until:
                self._first()()
            return
        afterwards, self._afterwards = self._afterwards, []
        for then in afterwards:
            then()

    def _first(self) -> Callable[[], None]:
        return self._waiting.pop(next(iter(self._waiting)))


@cache
def turns() -> Turns:
    """Those of this process."""
    return Turns()
