"""What stands on the screen in each room, after frames of a run and with a pen that moves, beside what the window paints as a
whole; prints a line of JSON: room -> how many pixels differ.

python -m tests.e2e.repainted [FOLDER]  keeps in it the pictures of what differs
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPixmap

from playground.disk import projects
from playground.window.rooms import ROOMS
from tests.e2e.stage import empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
FRAMES = 4
NEAR = 3  # of 255; two ways to blend may round differently
SETTLING_MS, PATIENCE_MS = 700, 10_000
STROKE = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.5), (0.7, 0.7), (0.3, 0.8)]


def main(folder: Path | None) -> None:
    project = projects.load("preset:lenet-digits")
    project = msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, epochs=1000))
    with empty_home(), window_of(project, SIZE) as window:
        print(json.dumps({room: differing(window, room, folder) for room in ROOMS}))


def differing(window: Any, room: str, folder: Path | None) -> int:
    """Pixels that frames of the run have left behind in a room: painted as a whole, they are others."""
    training = window.session.training
    window.enter(room)
    came: list[object] = []
    training.frame_received.connect(came.append)
    training.resume() if training.is_active else training.start()
    if room == "draw":
        draw(window.session.drawing)
    wait("frames", lambda: len(came) >= FRAMES)
    training.pause()
    wait("the pause", lambda: training.state == "paused")
    training.frame_received.disconnect(came.append)
    return settled(window, room, folder)


def draw(drawing: Any) -> None:
    """A stroke, as slowly as a hand."""
    wait("the canvas", lambda: drawing.channels > 0)
    drawing.begin(*STROKE[0], 0.08)
    for point in STROKE[1:]:
        drawing.move(*point)
        rest(150)
    drawing.end()
    wait("the answer", lambda: not drawing.is_busy)


def settled(window: Any, room: str, folder: Path | None) -> int:
    """The fewest that differ: something may still move for a moment."""
    for _attempt in range(PATIENCE_MS // SETTLING_MS):
        rest(SETTLING_MS)
        screen, whole = window.screen().grabWindow(window.winId()), window.grab()
        count = int((np.abs(pixels(screen) - pixels(whole)).max(axis=2) > NEAR).sum())
        if not count:
            break
    if count and folder is not None:
        screen.save(str(folder / f"{room}-screen.png")), whole.save(str(folder / f"{room}-whole.png"))
    return count


def pixels(picture: QPixmap) -> np.ndarray:
    """(height, width, 3)"""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].astype(np.int16)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
