"""Slow work outside the window's thread; its end comes back into it (files, mostly: an fsync may take a second)."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from playground.core.problem import Fault, Problem
from playground.core.text import _
from playground.disk import folders

_log = logging.getLogger(__name__)


class Background(QObject):
    """Runs functions one after another, in the order they came, in one thread that ends when it is idle."""

    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(1_000)
        self._ended.connect(self._on_ended)

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[Fault], None] | None = None,
    ) -> None:
        """Do `work` in the thread; then `then(result)` or `failed(fault)` in the window's thread."""

        def task() -> None:
            try:
                end = then, work()
            except Exception as error:
                end = failed, fault_of(error)
            self._ended.emit(*end)

        self._pool.start(task)

    def close(self, wait_ms: int = 5_000) -> bool:
        """Wait until everything that was asked for is done, so that no file is left half-way. False: it is not."""
        return self._pool.waitForDone(wait_ms)

    @Slot(object, object)
    def _on_ended(self, callback: Callable[[Any], None] | None, result: Any) -> None:
        if callback is not None:
            callback(result)


def fault_of(error: Exception) -> Fault:
    """What to tell people of an exception; one that is not a Problem is a bug and goes to the log."""
    if isinstance(error, Problem):
        return error.fault
    _log.error("unexpected", exc_info=error)
    return Fault(
        where=_("Torch Playground"),
        what=_("something went wrong that should not: {error}").format(error=str(error) or type(error).__name__),
        fix=_("The details are in {log}; please report them").format(log=folders.log()),
    )
