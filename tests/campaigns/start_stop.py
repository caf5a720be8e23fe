"""Starts and closes sessions with their real processes, at changing moments, and looks for what is left behind.

    uv run python -m tests.campaigns.start_stop [--count 50] [--window]

After each cycle there must be no child process, no running thread of Qt and no active timer, and the number of
threads, open files and temporary files must not have grown since the first cycles. `--window` opens the main window.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from shiboken6 import isValid

MOMENTS = ("at once", "workbench ready", "runner ready", "running", "paused", "finished")
PATIENCE_S = 120


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=50)
    ask.add_argument("--window", action="store_true")
    asked = ask.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = home
        app = _application(asked.window)
        faults = [fault for number in range(asked.count) for fault in _cycle(number, asked.window)]
        faults += _growth(asked.count, asked.window)
        app.processEvents()
    print("\n".join(faults) or f"{asked.count} cycles, nothing left behind", flush=True)
    return min(len(faults), 1)


def _application(window: bool) -> QCoreApplication:
    if window:
        from PySide6.QtWidgets import QApplication

        return QApplication([])
    return QCoreApplication([])


def cycle(moment: str, window: bool = False) -> None:
    """One session, closed at a moment. raises TimeoutError: the moment did not come"""
    from playground.session.session import Session

    session = Session()
    training, main_window = session.training, None
    if window:
        from playground.window.main_window import MainWindow

        main_window = MainWindow(session)
        main_window.show()
    session.start()
    if moment == "workbench ready":
        wait_until(lambda: session.client.report is not None)
    elif moment == "runner ready":
        wait_until(lambda: training.ready)
    elif moment in ("running", "finished"):
        training.start()
        wait_until(lambda: training.state in (moment, "finished"))
    elif moment == "paused":
        training.step()
        wait_until(lambda: training.state == "paused")
    if main_window is not None:
        main_window.close()
        main_window.deleteLater()
    session.close()
    session.deleteLater()


def left_behind() -> list[str]:
    """What a closed session must not leave."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    alive = [one for one in gc.get_objects() if issubclass(type(one), (QThread, QTimer)) and isValid(one)]
    return [
        *[f"process {child.pid}" for child in psutil.Process().children(recursive=True)],
        *[f"thread {one.objectName()}" for one in alive if issubclass(type(one), QThread) and one.isRunning()],
        *[f"timer of {one.parent()}" for one in alive if issubclass(type(one), QTimer) and one.isActive()],
    ]


def wait_until(condition: Callable[[], bool]) -> None:
    """Let Qt work until it is so. raises TimeoutError"""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError
        QCoreApplication.processEvents()
        time.sleep(0.002)


def _cycle(number: int, window: bool) -> list[str]:
    moment = MOMENTS[number % len(MOMENTS)]
    began = time.monotonic()
    cycle(moment, window)
    faults = [f"cycle {number}, closed {moment}: {fault}" for fault in left_behind()]
    print(f"{number + 1}: {moment}, {time.monotonic() - began:.1f} s, {_resources()}", flush=True)
    return faults


def _resources() -> dict[str, int]:
    process = psutil.Process()
    temporary = sum(1 for path in Path(os.environ["HOME"]).rglob(".*") if path.is_file())
    return {"threads": process.num_threads(), "files": process.num_fds(), "temporary files": temporary}


def _growth(count: int, window: bool) -> list[str]:
    """Whether some more cycles need more of anything than there is now."""
    before = _resources()
    for _more in range(min(count, 3)):
        cycle("at once", window)
        left_behind()
    after = _resources()
    return [f"{what} grew from {before[what]} to {after[what]}" for what in before if after[what] > before[what]]


if __name__ == "__main__":
    sys.exit(main())
