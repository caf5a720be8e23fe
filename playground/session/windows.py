"""Several windows. Each is a process of its own, with engines of its own: one that dies costs only itself."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile, QProcess

from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import folders

COMMAND = ("-m", "playground", "window")
MOST = 64  # windows that are told from each other


def open_window(project: Path | None = None) -> None:
    """Open another window, on a project file or as the program begins. Returns at once. raises Problem"""
    words = [*COMMAND, *([str(project)] if project else [])]
    started, _pid = QProcess.startDetached(sys.executable, words, os.getcwd())
    if not started:
        raise Problem(
            where=_("New window"),
            what=_("the program could not be started once more"),
            fix=_("Close other programs, then try again"),
        )


class WindowNumber:
    """Which of the windows that are open now this one is: 0 for the first. It is free again when the process ends.

    number: 0, too, where the folder of the settings cannot be written
    """

    def __init__(self) -> None:
        self.number = 0
        self._lock: QLockFile | None = None
        try:
            folder = folders.made(folders.config())
        except OSError:
            return
        for number in range(MOST):
            lock = QLockFile(str(folder / f"window-{number}.lock"))
            lock.setStaleLockTime(0)  # however long it stands; that of a process that died is taken over
            if lock.tryLock(0):
                self.number, self._lock = number, lock
                return
            if lock.error() != QLockFile.LockError.LockFailedError:
                return

    def release(self) -> None:
        """The window is closed."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
