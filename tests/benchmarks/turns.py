"""Loops that train side by side, one at a time: each rests while another has its turn.

Started anew for each figure, they would lie half a minute apart, and at that distance the machine's own pace wanders by a
third. Here it is seconds, and there are many pairs.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QSize

from playground.core.project import Project, write_project
from playground.disk import folders, runs
from tests.e2e.stage import wait, window_of

PATIENCE_S = 300
_PR_SET_PDEATHSIG = 1  # of linux/prctl.h


@dataclass(frozen=True)
class Turn:
    """kept: epochs that count, the last ones of a turn;  skipped: those before them: one was torn by the rest, others are of
    the turn before and were told late"""

    skipped: int
    kept: int

    def of(self, seconds: Sequence[float]) -> float:
        return median(seconds[-self.kept :])

    @property
    def epochs(self) -> int:
        return self.skipped + self.kept


class Resting:
    """A process that trains without end; the system stops it but for its turns.

    words: of its command, Python aside;  epochs: gives the seconds of each so far, the evaluations left out
    """

    def __init__(
        self, words: Sequence[object], environment: dict[str, str], output: Path, epochs: Callable[[], list[float]]
    ):
        self._epochs = epochs
        with output.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, *map(str, words)],
                env={**os.environ, **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._output = output

    def seconds(self, turn: Turn) -> float:
        """Train for a turn; gives the seconds of an epoch."""
        wanted, until = len(self._epochs()) + turn.epochs, time.monotonic() + PATIENCE_S
        self._process.send_signal(signal.SIGCONT)
        while len(done := self._epochs()) < wanted:
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self._process.args!r} trains no more: {self._output.read_text()[-2000:]}")
            time.sleep(0.02)
        self._process.send_signal(signal.SIGSTOP)
        return turn.of(done)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def _die_with_parent() -> None:
    """Else a loop without end would outlive a program that was killed, and slow all that is measured after it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def headless(project: Project, threads: int, layout: str) -> Iterator[Resting]:
    """`playground train`, whose epochs are read from the run that it keeps."""
    with tempfile.TemporaryDirectory(prefix="playground-headless-") as name:
        folder = Path(name)
        file = folder / "project.playground"
        file.write_text(write_project(project), encoding="utf-8")
        # A data folder of its own, so that the run in it is the only one; the data sets are the same.
        home = folder / "data" / folders.NAME
        home.mkdir(parents=True)
        (home / "datasets").symlink_to(folders.datasets())

        def epochs() -> list[float]:
            kept = next(home.rglob(runs.EPOCHS), None)
            return [one.seconds for one in runs.read_epochs(kept.parent)] if kept is not None else []

        words = ["-m", "playground", "train", file, "--device", "cpu", "--threads", threads, "--layout", layout]
        environment = {"NO_COLOR": "1", "XDG_DATA_HOME": str(home.parent)}
        loop = Resting(words, environment, folder / "output", epochs)
        try:
            yield loop
        finally:
            loop.end()


@contextmanager
def plain(network: str, threads: int, layout: str, epochs: int) -> Iterator[Resting]:
    """The plain loop of `plain.py`."""
    with tempfile.TemporaryDirectory(prefix="playground-plain-") as name:
        output = Path(name) / "output"

        def done() -> list[float]:
            *whole, _torn = output.read_text().split("\n")
            return [json.loads(line)["seconds"] for line in whole]

        loop = Resting(plain_words("plain", network, threads, layout, epochs), {}, output, done)
        try:
            yield loop
        finally:
            loop.end()


def plain_words(loop: str, network: str, threads: int, layout: str, epochs: int) -> list[str]:
    """The words of the command that runs a loop of `plain.py`, Python aside."""
    options = {"loop": loop, "network": network, "threads": threads, "layout": layout, "epochs": epochs}
    words = ["-m", "tests.benchmarks.plain"]
    for name, value in {**options, "data": os.environ["PLAYGROUND_DATA"]}.items():
        words += [f"--{name}", str(value)]
    return words


@contextmanager
def live_run(project: Project, size: QSize) -> Iterator["Live"]:
    """A window of its own with every panel, in which the network trains."""
    with window_of(project, size) as window:
        yield (live := Live(window))
        live.end()


class Live:
    """A run in a window, which is paused but for its turns."""

    def __init__(self, window: Any) -> None:
        self._training = window.session.training
        self._frames = 0
        self._training.frame_received.connect(self._on_frame_received)
        self._training.start_paused()
        wait("threads and layout", lambda: self._lives and self.facts is not None and self._training.state == "paused")

    def seconds(self, turn: Turn) -> float:
        """As of `Resting`, and what an epoch's frames took: an epoch counts its steps alone."""
        training = self._training
        before, watched = len(training.history.epochs), self._watched
        training.resume()
        wait(
            "the epochs",
            lambda: self._lives and len(training.history.epochs) >= before + turn.epochs,
            1000 * PATIENCE_S,
        )
        seconds = turn.of([one.seconds for one in training.history.epochs])
        training.pause()
        wait("the pause", lambda: self._lives and training.state == "paused")
        return seconds + (self._watched - watched) / (len(training.history.epochs) - before)

    def end(self) -> None:
        self._training.stop()
        wait("it has stopped", lambda: self._training.state in ("idle", "finished"))

    @property
    def facts(self) -> Any:
        return self._training.facts

    @property
    def share(self) -> float:
        """Of its running time that went into watching, by the runner's own books."""
        return float(self._training.frame.watching)

    @property
    def _watched(self) -> float:
        """Seconds of the run so far that went into watching."""
        frame = self._training.frame
        return float(frame.watching * frame.seconds)

    @property
    def frames_per_second(self) -> float:
        """Of its running time."""
        return self._frames / self._training.frame.seconds

    @property
    def _lives(self) -> bool:
        if self._training.state in ("failed", "finished"):
            raise RuntimeError(f"the run has ended: {self._training.fault}")
        return True

    def _on_frame_received(self, frame: Any) -> None:
        self._frames += frame.state == "running"
