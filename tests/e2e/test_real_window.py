"""The window as a person uses it: an X display, a mouse, a press on Train."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.display import Mouse, missing, virtual_display

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is a program of Linux"),
    pytest.mark.skipif(
        sys.platform == "linux" and bool(missing()),
        reason=f"a real window needs the Debian package {' and '.join(missing())}",
    ),
]
PATIENCE_S = 60


class RealWindow:
    """The program in a process of its own, and its mouse."""

    def __init__(self, process: subprocess.Popen[str], file: Path, mouse: Mouse) -> None:
        self.process, self.mouse = process, mouse
        self._file = file

    def facts(self) -> dict[str, Any]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def wait(self, what: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The facts once they are as wanted."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the window ended before {what}: {self.process.stderr.read()}"
            facts = self.facts()
            if facts and wanted(facts):
                return facts
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {PATIENCE_S} s; last seen {self.facts()}")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[RealWindow]:
    home = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    file = tmp_path / "facts.json"
    with virtual_display() as display:
        environment = {**os.environ, **home, "HOME": str(tmp_path), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        environment.pop("WAYLAND_DISPLAY", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.driver", str(file)],
            cwd=Path(__file__).resolve().parents[2],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            seen = RealWindow(process, file, Mouse(display))
            seen.wait("the engine is ready", lambda facts: facts["ready"] and len(facts["checked"]) == 12)
            time.sleep(0.5)  # the first layout of the window has settled
            assert seen.facts()["welcome"]
            seen.mouse.click(seen.facts()["main_button"])  # "Go on with lenet-digits"
            seen.wait("the project in place of the page", lambda facts: not facts["welcome"])
            time.sleep(0.3)
            yield seen
        finally:
            process.kill()
            process.communicate(timeout=10)


def test_a_layer_is_dragged_in_and_the_network_is_trained_by_a_press(window: RealWindow):
    before = window.facts()
    assert before["layers"][:2] == ["Conv2d", "ReLU"]
    assert before["torch"] == []

    # from the palette onto the upper edge of the second row: it lands before it
    window.mouse.drag(before["palette"]["Conv2d"], before["rows"][1])
    dropped = window.wait("a layer more", lambda facts: len(facts["layers"]) == 13)
    assert dropped["layers"] == ["Conv2d", "Conv2d", *before["layers"][1:]]
    window.wait("the edit is checked", lambda facts: facts["checked"] == dropped["layers"])

    window.mouse.click(window.facts()["main_button"])
    running = window.wait("the loss curve moves", lambda facts: facts["losses"] > 30)
    later = window.wait("it moves on", lambda facts: facts["losses"] > running["losses"])
    assert later["state"] in ("running", "finished")
    assert later["torch"] == []


def test_the_keyboard_takes_the_drop_back(window: RealWindow):
    before = window.facts()
    window.mouse.drag(before["palette"]["ReLU"], before["rows"][3])
    window.wait("a layer more", lambda facts: len(facts["layers"]) == 13)
    window.mouse.key("ctrl+z")
    after = window.wait("the drop is undone", lambda facts: len(facts["layers"]) == 12)
    assert after["layers"] == before["layers"]


def test_a_killed_window_takes_its_engine_with_it(window: RealWindow):
    window.mouse.click(window.facts()["main_button"])
    window.wait("it trains", lambda facts: facts["losses"] > 0)
    children = psutil.Process(window.process.pid).children(recursive=True)
    assert len(children) >= 2  # workbench and runner

    window.process.kill()

    deadline = time.monotonic() + 2
    while any(map(lives, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if lives(child)]


def lives(process: psutil.Process) -> bool:
    """A zombie does not: it has ended, and only waits for the system's first process to notice."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
