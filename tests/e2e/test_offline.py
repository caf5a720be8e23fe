"""Without torchvision and without a network the program trains on what comes with it, and opens no connection."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = """
import socket, sys, traceback

class NoTorchvision:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torchvision":
            raise ModuleNotFoundError(name, name=name)

def refuse(*arguments, **more):
    with open({told!r}, "a") as file:
        file.write("".join(traceback.format_stack()))
    raise OSError("no network")

sys.meta_path.insert(0, NoTorchvision())
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
"""
WINDOW = """
import sys
from PySide6.QtCore import QSize
from playground.disk import projects
from tests.e2e.stage import empty_home, wait, window_of

with empty_home(), window_of(projects.load("preset:lenet-digits"), QSize(1024, 700)) as window:
    training = window.session.training
    training.start()
    wait("steps", lambda: len(training.history.losses) >= 20)
    training.stop()
    wait("the stop", lambda: training.state in ("idle", "finished"))
print(len(training.history.losses))
"""


@pytest.fixture
def run(tmp_path):
    """Runs Python without torchvision and a network, its children too; fails where a connection was tried."""
    told = tmp_path / "connections.txt"
    (tmp_path / "sitecustomize.py").write_text(SITE.format(told=str(told)))
    home = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    environment = {**os.environ, **home, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen", "NO_COLOR": "1"}

    def run_it(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240
        )
        assert not told.exists(), told.read_text()
        return done

    return run_it


def test_torchvision_is_really_gone_and_a_connection_is_noticed(run):
    assert "ModuleNotFoundError: torchvision" in run("-c", "import torchvision").stderr
    with pytest.raises(AssertionError):
        run("-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')")


def test_the_command_line_trains(run, tmp_path):
    report = tmp_path / "report.json"
    done = run("-m", "playground", "train", "preset:softmax-iris", "--epochs", "2", "--report", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(json.loads(report.read_text())["test_loss"]) == 2


def test_what_has_to_be_downloaded_says_so_and_fetches_nothing(run):
    done = run("-m", "playground", "data", "list", "--json")
    states = {one["name"]: one["available"] for one in json.loads(done.stdout)}
    assert states["digits"]
    assert states["spirals"]
    assert not states["svhn"]


def test_the_window_trains(run):
    done = run("-c", WINDOW)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[-1]) >= 20
