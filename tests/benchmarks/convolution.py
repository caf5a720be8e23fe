"""From the hand on a cell of a kernel to the map painted anew: idle, and beside a run, which it may hardly slow."""

import time
from collections.abc import Iterable
from statistics import median, quantiles
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from playground.disk import projects
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
        yield followed(hand, "kernel_idle", asked)
        training = window.session.training
        training.start()
        wait("it runs", lambda: len(training.history.losses) > 0)
        yield followed(hand, "kernel_run", asked)
        yield beside(hand, training, "kernel_beside", asked)
        training.stop()
        wait("it has stopped", lambda: training.state in ("idle", "finished"))


class Hand(QObject):
    """Drags a cell of a painted kernel, the second of two in a row. painted_at: when its map was last painted anew"""

    def __init__(self, window: Any) -> None:
        super().__init__()
        self.window = window
        window.enter("convolution")
        self.room = window.rooms.area("convolution").docks[0].panel.room
        self.room.head.modes.button("paint").click()
        wait("the kernel's map", lambda: self.room.sliding.answer is not None and not self.room.stage.isHidden())
        self.room.head.chain.click()
        wait("both maps", lambda: len(self.room.sliding.answer.maps) == 2)
        rest(300)
        self._up = 0
        self._wanted = 0.0
        self.painted_at = 0.0
        self.room.stage.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        asked = self.room.sliding.asked
        if event.type() == QEvent.Type.Paint and asked is not None and self._value_in(asked) == self._wanted:
            self.painted_at = time.perf_counter()  # the painting itself follows, which `answered` waits for
        return False

    def press(self) -> None:
        self._point = self.room.arithmetic.cell_rect(1, 1, 1).center()
        self._send(QEvent.Type.MouseButtonPress, self._point, Qt.MouseButton.LeftButton)

    def move(self) -> None:
        self._up = (self._up + 7) % 60
        self.painted_at = 0.0
        self._send(QEvent.Type.MouseMove, self._point - QPointF(0, self._up), Qt.MouseButton.NoButton)
        self._wanted = float(self.room.scene.painted.values[1, 1])

    def release(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, self._point, Qt.MouseButton.LeftButton)

    def _value_in(self, asked: Any) -> float:
        """Of the cell, in the question that the picture answers."""
        from playground.session.history import numbers

        return float(numbers(asked.stages[asked.told].weight)[0, 1, 1])

    def _send(self, kind: QEvent.Type, point: QPointF, button: Qt.MouseButton) -> None:
        view = self.room.arithmetic
        held = Qt.MouseButton.LeftButton if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        there = QPointF(view.mapToGlobal(point.toPoint()))
        QApplication.sendEvent(view, QMouseEvent(kind, point, there, button, held, Qt.KeyboardModifier.NoModifier))


def followed(hand: Hand, key: str, asked: Asked) -> Measured:
    """A move of the pointer, until the map that follows from it is painted: 95 of 100 take no longer."""
    milliseconds, there = [], []
    pace = Pace()
    hand.press()
    for _move in range(MOVES * asked.rounds):
        rest(MOVE_EACH_MS)
        began = time.perf_counter()
        hand.move()
        wait("the map", lambda: hand.painted_at > 0)
        QApplication.processEvents()
        milliseconds.append(1000 * (time.perf_counter() - began))
        there.append(milliseconds[-1] / pace())
    hand.release()
    pace.close()
    note = f"median {median(milliseconds):.1f} ms here, where drawing takes {pace.typical():.2f}× its time"
    return Measured(key, quantiles(there, n=20)[-1], None, note)


if __name__ == "__main__":
    group_main(measure)
