"""From the hand on the canvas to the answer painted: idle, and beside a run, which it may hardly slow."""

import math
import time
from collections.abc import Iterable
from statistics import median, quantiles
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from playground.disk import projects
from playground.session.history import numbers
from playground.window.panels.draw import WATCH
from tests.benchmarks.hand import MOVE_EACH_MS, beside
from tests.benchmarks.measure import Asked, Measured, group_main
from tests.benchmarks.pace import Pace
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
MOVES = 60  # a round


def measure(asked: Asked) -> Iterable[Measured]:
    lenet = with_epochs(projects.load("preset:lenet-digits"), 1000)
    with empty_home(), window_of(lenet, SIZE) as window:
        hand = Hand(window)
        rest(2000)
        yield followed(hand, "canvas_idle", asked)
        training = window.session.training
        training.start()
        wait("it runs", lambda: len(training.history.losses) > 0)
        rest(1000)
        yield followed(hand, "canvas_run", asked)
        yield beside(hand, training, "canvas_beside", asked)
        training.stop()
        wait("it has stopped", lambda: training.state in ("idle", "finished"))


class Hand:
    """Draws circles, without lifting the pen; a new one where the stroke gets long."""

    def __init__(self, window: Any) -> None:
        self.session = window.session
        window.enter("draw")
        self.panel = window.rooms.area("draw").docks[0].panel
        self.canvas = self.panel.page.canvas
        wait("the canvas", lambda: self.canvas.isVisible() and self.session.drawing.fitted is not None)
        rest(300)
        self._turn = 0

    @property
    def is_answered(self) -> bool:
        """Whether the panel has taken the answer to what is drawn now."""
        drawing, picture = self.session.drawing, self.session.training.picture(WATCH)
        if (
            picture is not self.panel.page.shown
            or drawing.is_busy
            or drawing.fitted is None
            or picture is None
            or "input" not in picture.arrays
        ):
            return False
        return bool((numbers(picture.arrays["input"]) == numbers(drawing.fitted.input)).all())

    def press(self) -> None:
        self._send(QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)

    def move(self) -> None:
        self._turn += 1
        if self._turn % 40 == 0:  # else all is ink, and nothing changes any more
            self.release()
            self.session.drawing.clear()
            self.press()
        self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton)

    def release(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton) -> None:
        angle, radius = self._turn / 6, 0.1 + 0.008 * (self._turn % 40)
        place = self.canvas.place(0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle))
        held = Qt.MouseButton.LeftButton if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        there = QPointF(self.canvas.mapToGlobal(place.toPoint()))
        event = QMouseEvent(kind, place, there, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.canvas, event)


def followed(hand: Hand, key: str, asked: Asked) -> Measured:
    """A move of the pen, until the probabilities that follow from it are painted: 95 of 100 take no longer."""
    milliseconds, there = [], []
    pace = Pace()
    hand.press()
    for _move in range(MOVES * asked.rounds):
        rest(MOVE_EACH_MS)
        began = time.perf_counter()
        hand.move()
        wait("the answer", lambda: hand.is_answered)
        QApplication.processEvents()  # and its painting
        milliseconds.append(1000 * (time.perf_counter() - began))
        there.append(milliseconds[-1] / pace())
    hand.release()
    pace.close()
    note = f"median {median(milliseconds):.1f} ms here, where drawing takes {pace.typical():.2f}× its time"
    return Measured(key, quantiles(there, n=20)[-1], None, note)


if __name__ == "__main__":
    group_main(measure)
