"""A run with every panel open: `python -m tests.e2e.watched_run FILE` trains in a whole window, offscreen.

While it trains, the window is used: layers are selected, another sample is looked at, the theme changes. At the end
FILE says, as JSON, what the run came to, what was watched, and when `torch` was seen in this process.
"""

import json
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from playground.core.edit import SetRecipe
from playground.disk import projects
from tests.e2e.stage import empty_home, rest, wait, window_of

PROJECT, EPOCHS, THREADS, LAYOUT = "preset:lenet-digits", 2, 1, "contiguous"
STEPS_PER_SECOND = 150.0  # slow enough for some dozens of frames on any machine
FORBIDDEN = {"torch", "torchvision", "sklearn", "playground.engine"}


class Witness:
    """What was seen with each frame of the run."""

    def __init__(self, window: Any) -> None:
        self.window, self.session = window, window.session
        self.seen: Counter[str] = Counter()  # pictures of each probe that came with a frame
        self.hidden: set[str] = set()  # panels that were not open at some frame
        self.heavy = {"before": heavy_modules()}
        self.uses = iter([self._select, self._other_sample, self._other_theme])
        self.session.training.frame_received.connect(self._on_frame)

    def _on_frame(self, frame: Any) -> None:
        self.seen.update(picture.watch.probe for picture in frame.pictures if not picture.fault)
        self.hidden |= {dock.spec.name for dock in self.window.dock_area.docks if not dock.panel.isVisible()}
        self.heavy["during"] = sorted({*self.heavy.get("during", ()), *heavy_modules()})
        if frame.state == "running" and sum(self.seen.values()) > 20:
            next(self.uses, lambda: None)()

    def _select(self) -> None:
        self.session.document.select(((3,),))

    def _other_sample(self) -> None:
        self.session.document.set_sample(7)

    def _other_theme(self) -> None:
        from playground.window.theme import theme

        theme().set("dark")


def heavy_modules() -> list[str]:
    """What only the engine's processes may have loaded."""
    return sorted(FORBIDDEN & set(sys.modules))


def train(window: Any) -> dict[str, Any]:
    """Train to the end and tell what happened."""
    session, training = window.session, window.session.training
    for room in ("data", "training"):  # every room is made, so that every panel there is exists
        window.enter(room)
        rest(200)
    for dock in window.dock_area.docks:
        dock.show()
    session.document.apply(SetRecipe({"epochs": EPOCHS}))
    witness = Witness(window)
    training._start = partial(training._start, threads=THREADS, layout=LAYOUT)
    training.set_speed(STEPS_PER_SECOND)
    training.start()
    wait("the end of the run", lambda: training.state in ("finished", "failed"))
    rest(500)
    witness.heavy["after"] = heavy_modules()
    history, facts = training.history, training.facts
    return {
        "state": training.state,
        "threads": facts.threads,
        "layout": facts.layout,
        "train_loss": history.losses.tolist(),
        "test_loss": [epoch.test_loss for epoch in history.epochs],
        "slopes": len(history.slope_steps),
        "seen": witness.seen,
        "hidden": sorted(witness.hidden),
        "panels": sorted(dock.spec.name for dock in window.dock_area.docks),
        "heavy": witness.heavy,
    }


def main() -> None:
    with empty_home():
        with window_of(projects.load(PROJECT), QSize(1440, 900)) as window:
            happened = train(window)
        happened["heavy"]["closed"] = heavy_modules()
    QApplication.processEvents()
    Path(sys.argv[1]).write_text(json.dumps(happened))


if __name__ == "__main__":
    main()
