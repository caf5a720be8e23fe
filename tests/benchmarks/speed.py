"""How fast a watched run is: against the same loop unwatched, a plain loop, and a tutorial's.

Live is a whole window, offscreen at 1440×900, with every panel open. All others run while its engine rests.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import msgspec
from PySide6.QtCore import QSize

from playground.core.project import Project, write_project
from playground.disk import folders, projects, runs
from tests.benchmarks.measure import Asked, Measured, group_main, interleaved, of_fastest
from tests.benchmarks.reference import seconds_of
from tests.e2e.stage import empty_home, wait, window_of

PRESETS = {"linear": "preset:softmax-fashion-mnist", "lenet": "preset:lenet-fashion-mnist"}
EPOCHS = {"linear": 6, "lenet": 2}
SIZE = QSize(1440, 900)
PATIENCE_MS = 600_000
ROUNDS_MORE = 2


def measure(asked: Asked) -> Iterable[Measured]:
    with empty_home():
        for network, preset in PRESETS.items():
            yield from of_network(network, with_epochs(projects.load(preset), EPOCHS[network]), asked)


def of_network(network: str, project: Project, asked: Asked) -> Iterable[Measured]:
    with window_of(project, SIZE) as window:
        live = Live(window)
        live.seconds()  # fills the caches, and tells which threads and layout were chosen
        facts = live.facts
        epochs = len(window.session.training.history.epochs)

        def headless() -> float:
            return headless_seconds(project, facts.threads, facts.layout)

        def plain() -> float:
            return seconds_of("plain", network, facts.threads, facts.layout, epochs)

        def tutorial() -> float:
            return seconds_of("tutorial", network, facts.threads, facts.layout, 1)

        # A round takes the better part of a minute, and at such distances this machine's pace wanders by a third.
        rounds = asked.rounds + ROUNDS_MORE if asked.rounds > 1 else 1
        values, null = interleaved(
            {"headless": headless, "live": live.seconds, "plain": plain}, "headless", rounds, of_fastest
        )
        # Outside of the rounds: it takes most of the time, and its ratio is the furthest from its budget.
        values["tutorial"] = [tutorial() for _round in range(min(2, asked.rounds))]
        note = f"{facts.threads} thread, {facts.layout}, {median(live.rates):.0f} frames/s"
        for below, key in (("headless", "live_headless"), ("plain", "live_plain"), ("tutorial", "tutorial")):
            yield Measured(f"{key}_{network}", of_fastest(values[below], values["live"]), null, note)
        yield Measured(f"watching_{network}", 100 * median(live.shares), None, note)


class Live:
    """Runs in a window. shares: the runner's own books, of each run;  rates: frames a second that came of it."""

    def __init__(self, window: object) -> None:
        self._training = window.session.training  # type: ignore[attr-defined]
        self._seen: list[tuple[float, float]] = []
        self.shares: list[float] = []
        self.rates: list[float] = []
        self._training.frame_received.connect(self._on_frame_received)

    def seconds(self) -> float:
        """Seconds of the fastest epoch, training only."""
        self._seen.clear()
        self._training.start()
        wait("a run", lambda: self._training.state in ("preparing", "running"), PATIENCE_MS)
        wait("the run's end", lambda: self._training.state in ("finished", "failed"), PATIENCE_MS)
        if self._training.state == "failed":
            raise RuntimeError(str(self._training.fault))
        self.facts = self._training.facts
        self.shares.append(self._seen[-1][0])
        self.rates.append(median(rate for _share, rate in self._seen))
        return min(epoch.seconds for epoch in self._training.history.epochs)

    def _on_frame_received(self, frame: object) -> None:
        if frame.state == "running":  # type: ignore[attr-defined]
            self._seen.append((frame.watching, frame.frames_per_second))  # type: ignore[attr-defined]


def with_epochs(project: Project, epochs: int) -> Project:
    return msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, epochs=epochs))


def headless_seconds(project: Project, threads: int, layout: str) -> float:
    """Seconds of the fastest epoch of `playground train`, training only, from the run that it keeps."""
    with tempfile.TemporaryDirectory(prefix="playground-headless-") as folder:
        file = Path(folder) / "project.playground"
        file.write_text(write_project(project), encoding="utf-8")
        words = ["train", str(file), "--device", "cpu", "--threads", str(threads), "--layout", layout]
        subprocess.run(
            [sys.executable, "-m", "playground", *words],
            env={**os.environ, "NO_COLOR": "1", "XDG_DATA_HOME": str(data_home(Path(folder)))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=900,
            check=True,
        )
        kept = next((Path(folder) / "data").rglob("run.json")).parent
        return min(epoch.seconds for epoch in runs.read_epochs(kept))


def data_home(folder: Path) -> Path:
    """A data folder of its own, so that the run in it is the only one; the data sets are the same."""
    home = folder / "data" / folders.NAME
    home.mkdir(parents=True)
    (home / "datasets").symlink_to(folders.datasets())
    return home.parent


if __name__ == "__main__":
    group_main(measure)
