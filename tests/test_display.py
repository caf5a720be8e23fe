"""Without a screen or a library the program says so in one line; Qt would end the process."""

import os
import subprocess
import sys

import pytest

from playground import display
from playground.core.problem import Problem

VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="asks what happens without X11 and Wayland, by which only Linux shows windows"
)


@pytest.fixture(autouse=True)
def _no_screen(monkeypatch, tmp_path):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":4711"}, "DISPLAY=:4711 does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-4711"}, "WAYLAND_DISPLAY=wayland-4711 does not answer"),
        ({"DISPLAY": ":4711", "QT_QPA_PLATFORM": "xcb"}, "DISPLAY=:4711 does not answer"),
    ],
)
def test_the_program_says_in_one_line_that_there_is_no_screen(screen, words):
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES} | screen
    start = "import sys; from playground.app import run_window; sys.exit(run_window(None))"
    done = subprocess.run([sys.executable, "-c", start], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert words in done.stderr or "apt-get install" in done.stderr


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_a_platform_without_a_screen_needs_none(monkeypatch, platform):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    display.look()


def test_missing_libraries_are_named_by_their_packages(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(display.ALWAYS, "libno-such-thing.so.1", "libno-such-thing1")
    with pytest.raises(Problem, match="apt-get install libno-such-thing1"):
        display.look()


def test_a_wayland_socket_that_answers_is_a_screen(monkeypatch, tmp_path):
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-0"))
        listener.listen()
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        display.look()
    assert "QT_QPA_PLATFORM" not in os.environ
