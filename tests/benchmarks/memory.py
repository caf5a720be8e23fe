"""Memory (resident) while LeNet trains on Fashion-MNIST with every panel open."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import median

import psutil
from PySide6.QtCore import QSize

from playground.disk import projects
from tests.benchmarks.measure import Asked, Measured, group_main
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import empty_home, rest, wait, window_of

MB = 1e6
SIZE = QSize(1440, 900)


def measure(asked: Asked) -> Iterable[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with empty_home():
        empty, data = resident_of("empty"), resident_of("data")
        project = with_epochs(projects.load("preset:lenet-fashion-mnist"), 20)
        with window_of(project, SIZE) as window:
            training = window.session.training
            training.start()
            wait("it runs", lambda: len(training.history.losses) > 500)
            ours, runners = [], []
            for _ in range(5 * asked.rounds):
                rest(1000)
                ours.append(psutil.Process().memory_info().rss)
                runners.append(runner_resident())
            training.stop()
            wait("it has stopped", lambda: training.state in ("idle", "finished"))
        window_note = f"{median(ours) / MB:.0f} MB, empty {empty / MB:.0f} MB"
        yield Measured("window_memory", median(ours) / empty, None, window_note)
        runner_note = f"{median(runners) / MB:.0f} MB, torch and data alone {data / MB:.0f} MB"
        yield Measured("runner_memory", (median(runners) - data) / MB, None, runner_note)


def runner_resident() -> int:
    """Of the child that trains: of the runners (one may be kept warm), the one that has worked most."""
    children = psutil.Process().children(recursive=True)
    runners = [one for one in children if "runner" in one.cmdline()]
    return max(runners, key=lambda one: one.cpu_times().user).memory_info().rss


def resident_of(program: str) -> int:
    with started(program) as process:
        return psutil.Process(process.pid).memory_info().rss


@contextmanager
def started(program: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of `programs.py` that has told its first line; it ends with this block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.programs", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.stdin.close()
        process.wait(timeout=30)


if __name__ == "__main__":
    group_main(measure)
