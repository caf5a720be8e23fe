"""Watching changes nothing: a run in a window with every panel open has the losses of the headless one, bit for bit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playground.window.panels import PANELS
from tests.e2e.watched_run import EPOCHS, LAYOUT, PROJECT, THREADS

TOP = Path(__file__).resolve().parents[2]
PATIENCE_S = 240


def done(*words: object) -> None:
    """Run a module of Python to its end, offscreen."""
    ended = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=TOP,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> dict[str, Any]:
    """What came of a run in a window, which has a process of its own: pytest may have loaded torch."""
    file = tmp_path_factory.mktemp("watched") / "run.json"
    done("tests.e2e.watched_run", file)
    happened: dict[str, Any] = json.loads(file.read_text())
    return happened


def test_every_panel_is_open_and_every_probe_answers_while_it_trains(watched):
    assert watched["state"] == "finished"
    assert watched["panels"] == sorted(spec.name for spec in PANELS.values() if spec.room == "training")
    assert watched["hidden"] == []
    rectifiers = watched["seen"].pop("dead_units")  # looked at now and then, whatever is open
    assert set(watched["seen"]) == {"slopes", "filters", "feature_maps", "rows", "prediction"}
    assert min(watched["seen"].values()) >= 3, watched["seen"]
    assert rectifiers >= 1
    assert watched["slopes"] >= 3


def test_each_step_has_the_loss_of_the_headless_run(watched, tmp_path):
    report = tmp_path / "report.json"
    options = ("--epochs", EPOCHS, "--threads", THREADS, "--layout", LAYOUT, "--report", report)
    done("playground", "train", PROJECT, *options)
    headless = json.loads(report.read_text())
    assert (watched["threads"], watched["layout"]) == (headless["threads"], headless["layout"]) == (THREADS, LAYOUT)
    assert len(watched["train_loss"]) == headless["steps"] > 0
    # == of floats, and no approx: JSON writes each so that it is read back as the same bits
    assert watched["train_loss"] == headless["train_loss"]
    assert watched["test_loss"] == headless["test_loss"]


def test_the_windows_process_never_loads_torch(watched):
    assert watched["heavy"] == {"before": [], "during": [], "after": [], "closed": []}
