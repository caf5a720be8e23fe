"""No screen, folders of the test run's own, and nothing left behind by any test: no thread, timer, process or file."""

import gc
import os
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

_HOME = Path(tempfile.mkdtemp(prefix="torch-playground-tests-"))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HOME"] = os.environ["USERPROFILE"] = str(_HOME)
for _variable, _folder in (
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", "state"),
):
    os.environ[_variable] = str(_HOME / _folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folders."""
    import shutil

    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest):
    """Fails a test that leaves a thread, a running timer, a process or a temporary file."""
    threads, children = set(threading.enumerate()), _children()
    timers = _timers()
    yield
    if request.node.stash.get(_LEAKS_ALLOWED, False):
        return
    leaks = _leaks(threads, children, timers)
    deadline = time.monotonic() + 3
    while leaks and time.monotonic() < deadline:  # what was told to end may need a moment
        _let_qt_work()
        time.sleep(0.02)
        leaks = _leaks(threads, children, timers)
    assert not leaks, "left behind: " + "; ".join(leaks)


_LEAKS_ALLOWED = pytest.StashKey[bool]()


def _leaks(threads: set, children: set, timers: set) -> list[str]:
    # Dummies are Python's shadows of Qt's threads, which are looked at themselves.
    left = [
        f"thread {thread.name}"
        for thread in set(threading.enumerate()) - threads
        if not isinstance(thread, threading._DummyThread)
    ]
    left += [f"process {process.pid} {_command(process)}" for process in _children() - children]
    left += [f"QThread {thread.objectName()}" for thread in _alive("QThread") if thread.isRunning()]
    left += [
        f"QTimer of {timer.parent()}" for timer in _alive("QTimer") if timer.isActive() and id(timer) not in timers
    ]
    left += [f"file {path}" for path in _HOME.rglob(".*") if path.is_file()]
    return left


def _children() -> set[psutil.Process]:
    return {one for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE}


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()[-3:])
    except psutil.Error:
        return ""


def _timers() -> set[int]:
    return {id(timer) for timer in _alive("QTimer") if timer.isActive()}


def _alive(kind: str) -> list:
    """Qt's objects of a kind that Python knows; none where no test has loaded Qt yet."""
    import sys

    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return []
    from shiboken6 import isValid

    wanted = getattr(core, kind)
    return [one for one in gc.get_objects() if isinstance(one, wanted) and isValid(one)]


def _let_qt_work() -> None:
    import sys

    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.processEvents()
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
