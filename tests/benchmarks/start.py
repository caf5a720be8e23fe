"""From the start of the process to a window; from Train to a point on the curve; from Stop to a run that has stopped."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from statistics import median
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize

from playground.disk import projects
from tests.benchmarks.measure import Asked, Measured, group_main, interleaved, of_fastest
from tests.e2e.stage import empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)


def measure(asked: Asked) -> Iterable[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with empty_home():
        yield window_shown(asked)
        with window_of(projects.load("preset:lenet-digits"), SIZE) as window:
            yield first_point(window, asked)
            yield stopped(window, asked)


def window_shown(asked: Asked) -> Measured:
    """As from the second start on: the first one compiles every module, unless its environment forbids to keep that."""
    with tempfile.TemporaryDirectory(prefix="playground-compiled-") as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for name in ("empty", "window"):
            seconds_to_show(name, environment)  # compiles, and reads files into the system's cache
        values, null = interleaved(
            {name: partial(seconds_to_show, name, environment) for name in ("empty", "window")},
            "empty",
            asked.rounds * 3,
            of_fastest,
            both=min,
        )
    note = f"{min(values['window']):.2f} s, empty {min(values['empty']):.2f} s"
    return Measured("window_shown", of_fastest(values["window"], values["empty"]), null, note)


def seconds_to_show(program: str, environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.programs", program],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        took = time.perf_counter() - began
        process.stdin.close()
        process.wait(timeout=30)
    time.sleep(0.5)  # its engine is gone, too
    return took


class PaintWatch(QObject):
    """Remembers when a widget, or one inside it, was painted after it was told to look."""

    def __init__(self, widget: Any) -> None:
        super().__init__()
        self.painted_at = 0.0
        self.looks: Callable[[], bool] = lambda: False
        for one in (widget, *widget.findChildren(QObject)):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.painted_at and self.looks():
            self.painted_at = time.perf_counter()
        return False


def first_point(window: Any, asked: Asked) -> Measured:
    from playground.window.panels import PANELS

    training = window.session.training
    watch = PaintWatch(window.findChild(PANELS["loss"].make))
    seconds = []
    for _ in range(3 * asked.rounds):
        rest(4000)  # the next runner is warm
        watch.painted_at, watch.looks = 0.0, lambda: training.state == "running" and len(training.history.losses) > 0
        began = time.perf_counter()
        training.start()
        wait("a point is drawn", lambda: watch.painted_at > 0)
        seconds.append(watch.painted_at - began)
        stop(training)
    return Measured("first_point", median(seconds), None, f"longest {max(seconds):.2f} s")


def stopped(window: Any, asked: Asked) -> Measured:
    training = window.session.training
    seconds = []
    for _ in range(3 * asked.rounds):
        rest(2000)
        training.start()
        wait("it runs", lambda: len(training.history.losses) > 0 and training.state == "running")
        seconds.append(stop(training))
    return Measured("stopped", median(seconds), None, f"longest {max(seconds):.2f} s")


def stop(training: Any) -> float:
    """Seconds from the order to the state that follows it."""
    began = time.perf_counter()
    training.stop()
    wait("it has stopped", lambda: training.state in ("idle", "finished"))
    return time.perf_counter() - began


if __name__ == "__main__":
    group_main(measure)
