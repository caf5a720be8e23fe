"""Opens the window. Everything heavy is imported here only once it is known that a window can be opened."""

import logging
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from playground import calm, display, garbage
from playground.core.problem import Fault, Problem
from playground.core.text import _
from playground.disk import folders, language, log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from playground.session.session import Session

# Python lets a thread hold the interpreter for 5 ms, which is what the window would wait for one that reads a frame.
SWITCH_S = 0.0005

_log = logging.getLogger(__name__)


def run_window(project: str | None, lab: str | None = None, lesson: str | None = None) -> int:
    """Open the window and return the exit code when it is closed.

    project: a path, "preset:NAME" or "-"; None for the first preset, with the welcome page before it
    lab: a topic, to begin in the lab; "" for the lab as it begins
    lesson: its name, to begin with it; "" for the list of all
    """
    language.install()
    log.install("window")
    try:
        display.look()
        return _run(project, lab, lesson)
    except (Problem, ImportError) as error:
        # a missing library of the system is an ImportError of PySide6
        print(f"playground: {error}", file=sys.stderr)
        return 1


def _run(project: str | None, lab: str | None, lesson: str | None) -> int:
    from PySide6.QtWidgets import QApplication

    _spare_sources()
    calm.load_numpy()
    sys.setswitchinterval(SWITCH_S)
    app = QApplication(sys.argv[:1])
    app.setApplicationName(folders.NAME)
    app.setApplicationDisplayName(_("Torch Playground"))
    with garbage.collected_here():
        return _run_window(app, project, lab, lesson)


def _run_window(app: "QApplication", project: str | None, lab: str | None, lesson: str | None) -> int:
    from PySide6.QtCore import QTimer

    from playground.session.session import Session
    from playground.window import offers
    from playground.window.first_paint import AfterFirstPaint
    from playground.window.main_window import MainWindow
    from playground.window.welcome.front import AT_START

    session = Session()
    try:
        if project is not None:
            _open(session, project)
        with _bugs_are_told(session), _signals_close(session):
            window = MainWindow(session)
            if lesson is not None:
                window.lessons.open_name(lesson)
            elif lab is not None or session.lab.path is not None:
                window.open_lab(lab or "")
            elif project is None and session.settings.get(AT_START, True):
                window.front.open()
            AfterFirstPaint(window, session.start)
            window.show()
            QTimer.singleShot(0, window, lambda: offers.make(session, window.notices))
            code: int = app.exec()
            window.close()
            window.deleteLater()
            return code
    finally:
        session.close()


def _spare_sources() -> None:
    """Keep PySide6 from reading the source of every module that is imported, a tenth of the time to a window.

    It looks for `from __feature__ import`, which nobody here uses; that statement itself is not touched. Where a version
    keeps it elsewhere, nothing changes.
    """
    feature: Any = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: True  # as of every module that names PySide6


def _open(session: "Session", name: str) -> None:
    """raises Problem"""
    from pathlib import Path

    from playground.core.lab.page import SUFFIX
    from playground.disk import projects

    if Path(name).suffix == SUFFIX:
        session.lab.open(Path(name).absolute())
    elif name == "-":
        session.document.new(projects.load(name), _("untitled"))
    elif name.startswith(projects.PRESET):
        session.document.new(projects.load(name), name.removeprefix(projects.PRESET))
    else:
        session.document.open(Path(name).absolute())
        session.settings.add_recent(Path(name))


@contextmanager
def _bugs_are_told(session: "Session") -> "Iterator[None]":
    """An exception that nobody caught goes to the log, and people are told where; the window stays."""

    def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        _log.error("unexpected", exc_info=(kind, error, trace))
        session.notice(
            Fault(
                where=_("Torch Playground"),
                what=_("something went wrong that should not: {error}").format(error=str(error) or kind.__name__),
                fix=_("The details are in {log}; please report them").format(log=folders.log()),
            )
        )

    before, sys.excepthook = sys.excepthook, on_bug
    try:
        yield
    finally:
        sys.excepthook = before


@contextmanager
def _signals_close(session: "Session") -> "Iterator[None]":
    """Ctrl+C and SIGTERM end the program in order. Nobody can be asked then: what is unsaved waits for the next start.

    Python runs its handlers only between two of its own steps, and Qt's loop makes none: a socket wakes it, on which
    Python writes the number of each signal. All is done when the loop reads it: a signal that comes before the loop
    runs waits for it (an exit() without a loop is lost), and none comes amid a change of the session.
    """
    from PySide6.QtCore import QCoreApplication, QSocketNotifier

    woken, waker = socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)

    def on_signal(_number: int, _frame: Any) -> None:
        """Must be there: Python writes to the socket only for a signal that has a handler of its own."""

    def on_woken() -> None:
        with suppress(BlockingIOError):
            numbers = woken.recv(64)
            session.close(keep_unsaved=True)
            QCoreApplication.exit(128 + numbers[0])

    notifier = QSocketNotifier(woken.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(on_woken)
    wakeup_before = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup_before)
        notifier.setEnabled(False)
        woken.close()
        waker.close()
