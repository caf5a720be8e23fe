"""Many widgets paint again only what has changed. All of it together is what they paint as a whole, in every room."""

import json
import os
import subprocess
import sys
from pathlib import Path

from playground.window.rooms import ROOMS

TOP = Path(__file__).resolve().parents[2]
PATIENCE_S = 240


def test_frames_leave_nothing_behind_on_the_screen(tmp_path):
    words = [sys.executable, "-m", "tests.e2e.repainted", str(tmp_path)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(words, cwd=TOP, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == dict.fromkeys(ROOMS, 0), f"pictures of it are in {tmp_path}"
