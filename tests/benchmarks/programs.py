"""The programs that groups start beside themselves: `python -m tests.benchmarks.programs NAME`.

empty: a PySide6 window with a pyqtgraph plot, and nothing else
window: ours, as the command starts it
data: torch and the samples of Fashion-MNIST as float32 tensors, and nothing else
first-batch: times reading Fashion-MNIST to its first batch
Each prints JSON lines of what it has to tell; `empty`, `window` and `data` then stay until standard input closes.
"""

import json
import os
import sys
import threading
import time
from typing import Any


def tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def leave_with_parent() -> None:
    def wait() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def shown(application: Any, widget: Any) -> None:
    """Tell once what is posted so far, the first paint among it, is done."""
    application.processEvents()
    application.processEvents()
    tell(shown=widget.isVisible())


def empty() -> None:
    import pyqtgraph
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(pyqtgraph.PlotWidget())
    window.resize(1440, 900)
    window.show()
    shown(application, window)
    application.exec()


def window() -> None:
    from PySide6.QtWidgets import QApplication

    from playground.app import run_window

    loop = QApplication.exec

    def told_loop(*_application: Any) -> int:
        application = QApplication.instance()
        from playground.window.main_window import MainWindow

        shown(application, next(one for one in application.topLevelWidgets() if isinstance(one, MainWindow)))
        return loop()

    QApplication.exec = told_loop
    run_window(None)


def data() -> None:
    from pathlib import Path

    import torch

    from tests.benchmarks.plain import idx

    raw = Path(os.environ["PLAYGROUND_DATA"]) / "FashionMNIST" / "raw"
    kept = []
    for part in ("train", "t10k"):
        pictures = idx(raw / f"{part}-images-idx3-ubyte", 16).view(-1, 1, 28, 28)
        kept.append((pictures.float().div_(127.5).sub_(1), idx(raw / f"{part}-labels-idx1-ubyte", 8).long()))
    tell(tensors=len(kept), torch=torch.__version__)
    threading.Event().wait()


def first_batch() -> None:
    from playground.disk import projects
    from playground.engine import loader

    prepared_for = projects.load("preset:lenet-fashion-mnist")
    began = time.perf_counter()
    prepared = loader.prepare(prepared_for.data, 0)
    order = loader.order(len(prepared.train_inputs), 0, 0)[: prepared_for.data.batch_size]
    batch = prepared.samples("train", order)
    tell(seconds=time.perf_counter() - began, shape=list(batch.shape), dtype=str(batch.dtype))


if __name__ == "__main__":
    programs = {"empty": empty, "window": window, "data": data, "first-batch": first_batch}
    name = sys.argv[1]
    if name != "first-batch":
        leave_with_parent()
    programs[name]()
