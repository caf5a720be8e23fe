"""A monkey at the whole window: a sample of the campaign, which makes 100,000 events."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 200


SEEDS = 2, 3, 4, 5  # how far the engine is at an event is not chance's: where a run failed early, few came during runs
LEAST_DURING = 25  # percent


@pytest.mark.usefixtures("found_data")
def test_random_events_beside_real_runs_come_to_nothing(tmp_path):
    """In a process of its own: it may write nothing outside of its folders, for ever. How long the window is blocked is
    judged by the campaign alone: here, other tests run beside it. All that is tried has to come to nothing."""
    shares = []
    while not shares or shares[-1] <= LEAST_DURING:
        shares.append(share_during_runs(SEEDS[len(shares)], tmp_path / f"events-{len(shares)}.jsonl"))
        assert max(shares) > LEAST_DURING or len(shares) < len(SEEDS), shares


def share_during_runs(seed: int, log: Path) -> int:
    """Of a campaign that comes to nothing, in percent."""
    words = ["--count", str(EVENTS), "--seed", str(seed), "--freeze", "60", "--log", str(log)]
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
    return int(told[2])
