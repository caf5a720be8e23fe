"""A virtual X display, and a mouse and a keyboard on it.

The display is a new one of its own: whatever else runs on this machine is never touched.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

WIDTH, HEIGHT = 1440, 900
_MOVES = 10


def missing() -> list[str]:
    """The programs that are not here, by the name of their Debian package."""
    packages = {"Xvfb": "xvfb", "xdotool": "xdotool"}
    return [package for program, package in packages.items() if shutil.which(program) is None]


@contextmanager
def virtual_display(width: int = WIDTH, height: int = HEIGHT) -> Iterator[str]:
    """Start Xvfb on a free number and end it by its id. Gives the value of DISPLAY, ":1"."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as number:
            line = number.readline().strip()  # written when the display answers; empty when Xvfb died
        if not line:
            raise RuntimeError("Xvfb did not start")
        yield f":{line}"
    finally:
        server.terminate()
        server.wait(timeout=10)


class Mouse:
    """xdotool on one display. Places are screen coordinates in px."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}

    def move(self, place: tuple[int, int]) -> None:
        self._do("mousemove", *place)

    def click(self, place: tuple[int, int], hold: str = "") -> None:
        """hold: a key that is down meanwhile, "shift" """
        self.move(place)
        time.sleep(0.1)
        if hold:
            self._do("keydown", hold)
        self._do("mousedown", 1)
        time.sleep(0.05)
        self._do("mouseup", 1)
        if hold:
            self._do("keyup", hold)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, ten moves 20 ms apart, release: slow enough to be taken for a drag, not for a click."""
        self.move(start)
        time.sleep(0.1)
        self._do("mousedown", 1)
        time.sleep(0.1)
        for number in range(1, _MOVES + 1):
            part = number / _MOVES
            self.move(tuple(round(a + (b - a) * part) for a, b in zip(start, end, strict=True)))
            time.sleep(0.02)
        time.sleep(0.1)
        self._do("mouseup", 1)

    def stroke(self, places: Sequence[tuple[int, int]]) -> None:
        """Press, go from place to place, release; not faster than a hand, or Qt takes several places for one."""
        self.move(places[0])
        time.sleep(0.05)
        self._do("mousedown", 1)
        for place in places[1:]:
            self.move(place)
            time.sleep(0.03)
        self._do("mouseup", 1)

    def key(self, name: str) -> None:
        """name: xdotool's, "ctrl+z"."""
        self._do("key", name)

    def type(self, text: str) -> None:
        self._do("type", "--delay", 20, text)

    def windows(self, title: str) -> list[int]:
        """Process ids of the windows on the display whose title has these words."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout.split()
        said = [self._do("getwindowpid", one) for one in found]
        return sorted({int(pid) for pid in said if pid})

    def _do(self, *words: object) -> str:
        command = ["xdotool", *map(str, words)]
        done = subprocess.run(command, env=self._environment, check=True, stdout=subprocess.PIPE, text=True, timeout=20)
        return done.stdout.strip()
