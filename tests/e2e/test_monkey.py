"""A monkey at the whole window: a sample of the campaign, which makes 100,000 events."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 200

SEED, LEAST_DURING = 3, 25  # percent: how far the engine is at an event is not chance's


@pytest.mark.usefixtures("found_data")
def test_random_events_beside_real_runs_come_to_nothing(tmp_path):
    """In a process of its own: it may write nothing outside of its folders, for ever. How long the window is blocked is
    judged by the campaign alone: here, other tests run beside it."""
    log = tmp_path / "events.jsonl"
    words = ["--count", str(EVENTS), "--seed", str(SEED), "--freeze", "60", "--log", str(log)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns.monkey", *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.search(r"(\d+) events, (\d+)% during runs", done.stdout)
    assert told, done.stdout
    assert int(told[1]) == EVENTS == len(log.read_text().splitlines())
    assert int(told[2]) > LEAST_DURING, done.stdout
