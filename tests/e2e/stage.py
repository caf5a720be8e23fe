"""A window on a stage: its own empty folders, a project, a theme and a size; for pictures and for measuring."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QDeadlineTimer, QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

KINDS = ("DATA", "CONFIG", "CACHE", "STATE")
PATIENCE_MS = 120_000


@contextmanager
def empty_home() -> Iterator[Path]:
    """Folders of the user's that are empty, and only for this process and its children.

    PLAYGROUND_DATA, a folder with `FashionMNIST/raw` and the like, is then the folder of downloaded data sets.
    """
    with tempfile.TemporaryDirectory(prefix="playground-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        os.environ.update({f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in KINDS})
        real = os.environ.get("PLAYGROUND_DATA")
        if real:
            (home / "data" / "torch-playground").mkdir(parents=True)
            (home / "data" / "torch-playground" / "datasets").symlink_to(Path(real).resolve())
        yield home


def application() -> QApplication:
    """The one QApplication, offscreen unless the environment says otherwise; a window dresses it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from playground.window.theme import theme

    app = QApplication.instance() or QApplication(["playground"])
    theme().prepare(app)
    return app


def wait(what: str, wanted: Callable[[], bool], patience_ms: int = PATIENCE_MS) -> None:
    """Let Qt work until something holds. raises TimeoutError"""
    deadline, dispatcher = QDeadlineTimer(patience_ms), QAbstractEventDispatcher.instance()
    waker = QTimer()  # something may come to hold without an event
    waker.start(20)
    while not wanted():
        if deadline.hasExpired():
            raise TimeoutError(what)
        # processEvents with a time would not sleep: it would take a whole core from the run that is measured
        dispatcher.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    waker.stop()


def rest(milliseconds: int) -> None:
    """Let Qt work for a while, as it does in the program: it sleeps where there is nothing to do."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@contextmanager
def window_of(project: str, size: QSize) -> Iterator[object]:
    """A whole window on a project ("preset:NAME"), shown, its engine ready and the project checked."""
    from playground.app import SWITCH_S
    from playground.garbage import collected_here
    from playground.session.session import Session
    from playground.window.main_window import MainWindow

    sys.setswitchinterval(SWITCH_S)
    application()
    session = Session()
    session.start()
    session.document.new(project, "lenet-digits")
    window = MainWindow(session)
    window.resize(size)
    window.show()
    try:
        wait("the project is checked", lambda: session.client.ready and session.client.report is not None)
        with collected_here():
            yield window
    finally:
        session.document.undo_stack.setIndex(0)  # as it was opened: there is nothing to ask about
        window.close()
        session.close()
        window.deleteLater()
        rest(50)
