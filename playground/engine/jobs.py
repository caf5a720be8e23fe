"""The workbench's slow work: downloads, decoding, looking into the user's files. Each has a thread of its own, so that
checks go on meanwhile, and a name by which it is cancelled."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from playground.core import messages as words
from playground.core.problem import Fault, Problem
from playground.core.text import _
from playground.disk import folders

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]  # done, total
Work = Callable[[Progress, Callable[[], bool]], words.Answer]


class Jobs:
    """Answers that take long, each sent by `send` when it is there: progress first, then the end, good or bad."""

    def __init__(self, send: Callable[[Any], None]):
        self._send = send
        self._stops: dict[str, threading.Event] = {}

    def start(self, id: int, name: str, work: Work) -> None:
        """Do `work(progress, cancelled)` beside the answers to come. raises Problem: the same is being done already"""
        if name in self._stops:
            raise Problem(where=name, what=_("it is being read already"), fix=_("Wait for it, or cancel it first"))
        stop = self._stops[name] = threading.Event()
        threading.Thread(target=self._do, args=(id, name, work, stop), name=f"job {name}", daemon=True).start()

    def cancel(self, name: str) -> None:
        """Ask the work of this name to stop; a name that is not at work is nothing to stop."""
        stop = self._stops.get(name)
        if stop is not None:
            stop.set()

    def _do(self, id: int, name: str, work: Work, stop: threading.Event) -> None:
        try:
            answer = work(lambda done, total: self._send(words.FetchProgress(id, name, done, total)), stop.is_set)
        except Problem as problem:
            answer = words.Failed(id, problem.fault)
        except Exception:  # a bug must cost its question, not the process
            _log.exception("%s", name)
            answer = words.Failed(id, bug(name))
        del self._stops[name]
        self._send(answer)


def bug(where: str) -> Fault:
    """What a person is told of a fault of ours."""
    what = _("something went wrong inside the program; the details are in {log}").format(log=folders.log())
    return Fault(where=where, what=what, fix=_("Try again, or undo the last change"))
