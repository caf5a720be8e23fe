"""The script for several processes, started by torchrun, against the same script alone."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine import code

NETWORK = (
    Layer("Flatten"),
    Layer("Linear", {"out_features": 16}),
    Layer("ReLU"),
    Layer("Linear", {"out_features": 10}),
)
PROJECT = Project(
    Data(preparation=({"normalize": "-1..1"},), batch_size=33, validation_fraction=0.2),  # 33: shares of unequal size
    NETWORK,
    Recipe(optimizer={"SGD": {"lr": 0.1}}, epochs=4, patience=3),
)


def figures(script: Path, *before: str) -> list[tuple[float, float]]:
    """Test loss and accuracy that a script prints at the end of each epoch."""
    # torch for Windows is built without libuv, which its store would use unless it is told not to
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **({"USE_LIBUV": "0"} if sys.platform == "win32" else {})}
    command = [sys.executable, *before, str(script)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    found = re.findall(r"test loss ([\d.]+), test accuracy ([\d.]+)", done.stdout)
    return [(float(loss), float(accuracy)) for loss, accuracy in found]


def test_two_processes_reach_what_one_does(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(code.write(PROJECT, "processes").text)
    alone = figures(script)
    together = figures(script, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")
    assert len(alone) == len(together) == 4  # one process speaks
    assert together[-1][1] == pytest.approx(alone[-1][1], abs=0.005 + 1e-6)
    assert together[-1][0] == pytest.approx(alone[-1][0], rel=0.02)
    assert alone[-1][1] > 0.8
