"""A real window of the program in a process of its own, on a virtual display, and the mouse and keyboard on it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.display import Mouse, missing, virtual_display

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
needs_a_display = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is a program of Linux"),
    pytest.mark.skipif(
        sys.platform == "linux" and bool(missing()),
        reason=f"a real window needs the Debian package {' and '.join(missing())}",
    ),
]


class RealWindow:
    """The program in a process of its own, and its mouse."""

    def __init__(self, process: subprocess.Popen[str], file: Path, mouse: Mouse, environment: dict[str, str]) -> None:
        self.process, self.mouse, self.environment = process, mouse, environment
        self._file = file

    def facts(self) -> dict[str, Any]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def told_at(self) -> int:
        """When the window told its newest facts, in ns."""
        return self._file.stat().st_mtime_ns if self._file.exists() else 0

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

    def enter_project(self) -> None:
        """Go on from the page that a window without a project begins with."""
        assert self.facts()["welcome"]
        self.mouse.click(self.facts()["main_button"])  # "Go on with lenet-digits"
        self.wait("the project in place of the page", lambda facts: not facts["welcome"])
        time.sleep(0.3)

    def settled(self) -> dict[str, Any]:
        """The facts once the newest edit is checked and the rows stand still."""
        self.wait("the edit is checked", lambda facts: len(facts["checked"]) == len(facts["boxes"]))
        before = None
        while (now := self.facts()["boxes"]) != before:
            before = now
            time.sleep(0.3)
        return self.facts()


@contextmanager
def opened(home: Path, project: Path | None = None) -> Iterator[RealWindow]:
    """A window on a display of its own, its engine ready and its project checked."""
    with virtual_display() as display, one_more(home, environment_on(display, home), project) as window:
        yield window


def environment_on(display: str, home: Path) -> dict[str, str]:
    """What a program is given that is to appear on a display, with folders of its own."""
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    environment = {**os.environ, **folders, "HOME": str(home), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    return environment


@contextmanager
def one_more(
    home: Path, environment: dict[str, str], project: Path | None = None, driver: str = "tests.e2e.driver"
) -> Iterator[RealWindow]:
    """A window on a display that is there. driver: the module that opens it and has an eye on it"""
    file = home / f"facts-{time.monotonic_ns()}.json"
    process = subprocess.Popen(
        [sys.executable, "-m", driver, str(file), *([str(project)] if project else [])],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        seen = RealWindow(process, file, Mouse(environment["DISPLAY"]), environment)
        seen.wait("the engine is ready", lambda facts: facts["ready"] and len(facts["checked"]) == len(facts["boxes"]))
        time.sleep(0.5)  # the first layout of the window has settled
        if project is None:
            seen.enter_project()
        yield seen
    finally:
        process.kill()
        process.communicate(timeout=10)


def lives(process: psutil.Process) -> bool:
    """A zombie does not: it has ended, and only waits for the system's first process to notice."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
