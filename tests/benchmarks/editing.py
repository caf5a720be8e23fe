"""From an edit to the shapes that follow from it, as the window's thread sees it: idle, and beside a run."""

import time
from collections.abc import Iterable
from statistics import median
from typing import Any

import msgspec
from PySide6.QtCore import QSize

from playground.core.edit import SetArgument
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.report import Report
from playground.disk import projects
from tests.benchmarks.measure import Asked, Measured, group_main
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
DEEP = 150


def measure(asked: Asked) -> Iterable[Measured]:
    lenet = with_epochs(projects.load("preset:lenet-digits"), 1000)
    with empty_home():
        for name, project in (("lenet", lenet), ("deep", deep(lenet))):
            with window_of(project, SIZE) as window:
                rest(3000)
                yield of(window, f"edit_{name}_idle", asked)
                training = window.session.training
                training.start()
                wait("it runs", lambda training=training: len(training.history.losses) > 0)
                yield of(window, f"edit_{name}_run", asked)
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


def deep(project: Project) -> Project:
    """The same data under 150 layers: convolutions that keep the size, each with its bend."""
    convolution = Layer("Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1})
    body = (convolution, Layer("ReLU")) * ((DEEP - 2) // 2)
    network = (*body, Layer("Flatten"), Layer("Linear", {"out_features": 10}))
    return msgspec.structs.replace(project, network=network)


if __name__ == "__main__":
    group_main(measure)
