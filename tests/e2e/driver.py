"""The program with an eye on it: `python -m tests.e2e.driver FILE [PROJECT]` opens the window as a user's command does.

Ten times a second it writes to FILE, as JSON, where things are on the screen and how far the run is, so that another
process can move the mouse there. It does nothing to the window itself.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from playground.core.network import walk
from playground.session.history import numbers
from playground.window.layer_list.view import LayerListView
from playground.window.main_window import MainWindow
from playground.window.palette import PaletteView
from playground.window.plots.plot import Plot
from playground.window.run_chooser import DatasetChooser

EVERY_MS = 100


def main() -> int:
    """Start as the command does; the eye opens when Qt's loop begins, for no timer runs before."""
    from playground.app import run_window

    file, loop = Path(sys.argv[1]), QApplication.exec

    def watched_loop(*_application: QApplication) -> int:
        timer = QTimer()
        timer.timeout.connect(lambda: write(file))
        timer.start(EVERY_MS)
        return loop()

    QApplication.exec = watched_loop
    return run_window(sys.argv[2] if len(sys.argv) > 2 else None)


def write(file: Path) -> None:
    """Replace the file in one go, so that no reader sees half of it."""
    window = next((one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)), None)
    if window is None or not window.isVisible():
        return
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(facts(window)))
    os.replace(partial, file)


def facts(window: MainWindow) -> dict[str, Any]:
    session = window.session
    palette, layers = window.findChild(PaletteView), window.findChild(LayerListView)
    entries = {
        index.data(): centre(palette.viewport(), palette.visualRect(index))
        for row in range(palette.model().rowCount())
        if (index := palette.model().index(row, 0)).flags() & Qt.ItemFlag.ItemIsDragEnabled
    }
    paths = layers.layers.paths
    rows = [layers.visualRect(layers.layers.index_of(path)) for path in paths]
    return {
        "layers": [layer.layer for layer in session.document.project.network],
        "checked": [row.layer for row in session.client.report.rows] if session.client.report else [],
        "ready": session.client.ready,
        "welcome": window.front.is_open,
        "state": session.training.state,
        "losses": len(session.training.history.losses),
        "watched": sorted(picture.watch.probe for picture in newest(session)),
        "palette": entries,
        "rows": [place(layers.viewport(), row.left() + 120, row.top() + 2) for row in rows],
        "boxes": {words(path): box(layers, row) for path, row in zip(paths, rows, strict=True)},
        "tree": {words(path): layer.layer for path, layer in walk(session.document.project.network)},
        "selection": [words(path) for path in session.document.selection],
        "file": str(session.document.path or ""),
        "modified": session.document.is_modified,
        "notices": [notice.text for notice in window.notices.shown],
        "plot": centre(plot, plot.rect()) if (plot := window.findChild(Plot)) else None,
        "corner": place(window, 0, 0),
        "main_button": main_button(window),
        "torch": sorted({"torch", "torchvision", "playground.engine"} & set(sys.modules)),
        "tabs": {
            window.tabs.tabData(n): centre(window.tabs, window.tabs.tabRect(n)) for n in range(window.tabs.count())
        },
        "convolution": convolution(window),
        "drawing": drawing(window),
        "shot": shot(window),
    }


def convolution(window: MainWindow) -> dict[str, Any] | None:
    """Of the room where a window slides: where things are, and what is told; None before there is something to see."""
    panel = window.rooms.area("convolution").docks[0].panel if window.rooms.name == "convolution" else None
    if panel is None or panel.room.stage.isHidden() or panel.room.sliding.answer is None:
        return None
    room, slid, asked = panel.room, panel.room.sliding.answer, panel.room.sliding.asked
    stage, cells, kinds = room.stage, room.arithmetic, room.head.modes
    return {
        "at": list(slid.at),
        "value": slid.value,
        "kernel": cells.kernel.round(4).tolist(),
        "asked_kernel": [round(one, 4) for one in numbers(asked.stages[0].weight)[0].reshape(-1).tolist()],
        "window": centre(stage, stage.window_rect().toRect()),
        "pixel": centre(stage, stage.pixel_rect(0, 4, 5).toRect()),
        "map_pixel": centre(stage, stage.pixel_rect(1, 20, 3).toRect()),
        "cell": centre(cells, cells.cell_rect(1, 0, 2).toRect()),
        "paint": centre(kinds.button("paint"), kinds.button("paint").rect()),
        "mode": kinds.current,
        "playing": room.player.is_playing,
        "slide": centre(room.player.button, room.player.button.rect()),
    }


def drawing(window: MainWindow) -> dict[str, Any] | None:
    """Of the room where one draws: where the canvas is, and what the network says; None where it is not seen."""
    if window.rooms.name != "draw":
        return None
    panel, own = window.rooms.area("draw").docks[0].panel, window.session.drawing
    canvas, clear = panel.page.canvas, panel.page.tools.clear
    room, strokes = canvas.room().toRect(), own.strokes
    shares = panel.page.bars.shares.tolist()
    return {
        "canvas": [*place(canvas, room.left(), room.top()), room.width()],
        "clear": centre(clear, clear.rect()),
        "strokes": len(strokes),
        "points": len(strokes[-1].points) if strokes else 0,
        "busy": own.is_busy,
        "sample": window.session.document.sample,
        "shares": shares,
        "best": str(shares.index(max(shares))) if shares else "",
        "listed": own.fitted is not None and window.findChild(DatasetChooser)._sample == own.fitted.input,
    }


def words(path: tuple[int, ...]) -> str:
    """A path as a key of JSON: "2.0"."""
    return ".".join(map(str, path))


def box(layers: LayerListView, row: QRect) -> list[int]:
    """A row on the screen: where its name begins, top, height."""
    return [*place(layers.viewport(), row.left() + 60, row.top()), row.height()]


def newest(session: Any) -> tuple[Any, ...]:
    return session.training.frame.pictures if session.training.frame else ()


def shot(window: QWidget) -> str:
    """What the user sees, saved when the environment asks for it."""
    folder = os.environ.get("PLAYGROUND_SHOTS", "")
    if folder:
        window.grab().save(str(Path(folder) / "real-window.png"))
    return folder


def main_button(window: QWidget) -> list[int] | None:
    for button in window.findChildren(QPushButton):
        if button.property("kind") == "main" and button.isVisible() and button.isEnabled():
            return centre(button, button.rect())
    return None


def centre(widget: QWidget, rect: QRect) -> list[int]:
    return place(widget, rect.center().x(), rect.center().y())


def place(widget: QWidget, x: int, y: int) -> list[int]:
    at = widget.mapToGlobal(QRect(x, y, 1, 1).topLeft())
    return [at.x(), at.y()]


if __name__ == "__main__":
    sys.exit(main())
