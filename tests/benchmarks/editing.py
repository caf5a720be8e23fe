"""From an edit to the shapes that follow from it, as the window's thread sees it: idle, and beside a run, which it may
hardly slow; and what layers that are dragged over a long list cost the window's thread."""

import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import Any

import msgspec
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt
from PySide6.QtGui import QDragMoveEvent
from PySide6.QtWidgets import QApplication

from playground.core.edit import SetArgument
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.report import Report
from playground.disk import projects
from playground.window.layer_list import clipboard
from tests.benchmarks.measure import Asked, Measured, group_main, interleaved, ratio, steady
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
DEEP = 150
EDIT_EACH_MS = 150
TURN_MS = 4


def measure(asked: Asked) -> Iterable[Measured]:
    lenet = with_epochs(projects.load("preset:lenet-digits"), 1000)
    with empty_home():
        for name, project in (("lenet", lenet), ("deep", deep(lenet))):
            with window_of(project, SIZE) as window:
                rest(3000)
                yield of(window, f"edit_{name}_idle", asked)
                if name == "deep":
                    yield dragged(window, asked)
                training = window.session.training
                training.start()
                wait("it runs", lambda training=training: len(training.history.losses) > 0)
                yield of(window, f"edit_{name}_run", asked)
                yield beside(window, f"edited_{name}", asked)
                training.stop()
                wait("it has stopped", lambda training=training: training.state in ("idle", "finished"))


def of(window: Any, key: str, asked: Asked) -> Measured:
    """The first convolution gets another number of feature maps; the shapes of its row and those below follow."""
    document, client = window.session.document, window.session.client
    milliseconds, seen_at = [], [0.0]

    def on_report_changed(report: Report) -> None:
        if report.rows[0].output_shape[:1] == (channels,):
            seen_at[0] = time.perf_counter()

    client.report_changed.connect(on_report_changed)  # after the list, which connected first, has taken it
    for number in range(10 * asked.rounds):
        channels = 7 + number
        rest(200)
        seen_at[0] = 0.0
        began = time.perf_counter()
        document.apply(SetArgument((0,), "out_channels", channels))
        wait("the shapes", lambda: seen_at[0] > 0)
        milliseconds.append(1000 * (seen_at[0] - began))
    client.report_changed.disconnect(on_report_changed)
    return Measured(key, median(milliseconds), None, f"longest {max(milliseconds):.0f} ms")


class Pace:
    """How fast the runner is: steps a second between two frames."""

    def __init__(self, training: Any) -> None:
        self._last = (0.0, 0)
        self._training = training
        training.frame_received.connect(self._on_frame_received)

    def over(self, seconds: float, meanwhile: Callable[[], None]) -> float:
        """Steps a second while something else is done again and again."""
        first = self._next()
        while time.perf_counter() - first[0] < seconds:
            meanwhile()
        last = self._next()
        return (last[1] - first[1]) / (last[0] - first[0])

    def close(self) -> None:
        self._training.frame_received.disconnect(self._on_frame_received)

    def _next(self) -> tuple[float, int]:
        before = self._last
        wait("a frame with a step", lambda: self._last[1] > before[1])
        return self._last

    def _on_frame_received(self, frame: Any) -> None:
        if frame.step > self._last[1]:
            self._last = time.perf_counter(), frame.step


def beside(window: Any, key: str, asked: Asked) -> Measured:
    """Steps a second of the run while the first convolution is edited again and again, and while nothing is."""
    document, pace = window.session.document, Pace(window.session.training)
    edits = [0]

    def edit() -> None:
        edits[0] += 1
        document.apply(SetArgument((0,), "out_channels", 7 + edits[0] % 24))
        rest(EDIT_EACH_MS)

    seconds = 3 if asked.quick else 8
    measures = {
        "edited": lambda: pace.over(seconds, edit),
        "alone": lambda: pace.over(seconds, lambda: rest(EDIT_EACH_MS)),
    }
    values, null = interleaved(measures, "alone", 1 if asked.quick else 4)
    pace.close()
    note = f"{median(values['edited']):.3g} and {median(values['alone']):.3g} steps/s, an edit each {EDIT_EACH_MS} ms"
    return Measured(key, ratio(values["edited"], values["alone"]), null, note)


def dragged(window: Any, asked: Asked) -> Measured:
    """Layers held over the list, row after row, then at its edge, where it scrolls: 95 of 100 moves take no longer."""
    view = window.list_panel.view
    mime = clipboard.mime_of([Layer("Dropout")])
    milliseconds: list[float] = []

    def attempt() -> tuple[float, float]:
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
        rest(200)
        ours, paces = [], []
        for _round in range(asked.rounds):
            for y in (*range(60, view.viewport().height() - 60, 7), *[view.viewport().height() - 2] * 60):
                ours.append(_thread_ms(lambda y=y: _held(view, mime, y)))
                rest(TURN_MS)  # what the edge scrolls meanwhile is counted with the next move
                paces.append(_thread_ms(_count))
        view.dragging.end()
        milliseconds.extend(ours)
        return quantiles(ours, n=20)[-1], median(paces) / min(paces)

    value, noise = steady(attempt, asked.rounds)
    note = f"median {median(milliseconds):.1f} ms, longest {max(milliseconds):.0f} ms"
    return Measured("dragging", value, noise, note)


def _held(view: Any, mime: QMimeData, y: int) -> None:
    """A move of the pointer as the window system sends it, what the edge scrolls, and the painting of both."""
    actions, button = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    event = QDragMoveEvent(QPoint(150, y), actions, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), event)
    view.dragging.scroll()
    QApplication.processEvents()


def _thread_ms(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return 1000 * (time.thread_time() - began)


def _count() -> None:
    """The same work every time: what it takes longer than at its best is the machine's noise."""
    for _number in range(40_000):
        pass


def deep(project: Project) -> Project:
    """The same data under 150 layers: convolutions that keep the size, each with its bend."""
    convolution = Layer("Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1})
    body = (convolution, Layer("ReLU")) * ((DEEP - 2) // 2)
    network = (*body, Layer("Flatten"), Layer("Linear", {"out_features": 10}))
    return msgspec.structs.replace(project, network=network)


if __name__ == "__main__":
    group_main(measure)
