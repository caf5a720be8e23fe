"""Killed while it saves and autosaves: a few kills of the campaign, which does 500."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.kills
@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="its campaign makes the processes that it kills by os.fork, which Windows lacks"
)
def test_a_session_killed_while_it_saves_leaves_whole_files_and_offers_the_rest():
    command = [sys.executable, "-m", "tests.campaigns.saves", "--count", "8", "--seed", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.startswith("well")
