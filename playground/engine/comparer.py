"""The comparer: a process that times one network on every device, tells how far it is, and is then done. To cancel it
is to close its pipe: it ends at once, whatever it is measuring."""

import logging

from playground.core import messages as words
from playground.core.comparison import Comparison
from playground.core.problem import Fault, Problem
from playground.core.project import read_project
from playground.core.text import _
from playground.engine.compare import compare
from playground.engine.heap import keep_memory
from playground.engine.jobs import bug
from playground.engine.pipe import Inbox
from playground.engine.versions import versions

_log = logging.getLogger(__name__)


def run(inbox: Inbox) -> None:
    """Answer each Compare, until the pipe closes."""
    keep_memory()  # as the runner does: the CPU is to be compared as it trains
    inbox.send(words.Ready(0, versions()))
    while True:
        question = inbox.messages.get()
        if isinstance(question, words.Compare):
            _answer(inbox, question)
        else:
            fault = Fault(where=_("Devices"), what=_("this process only compares devices"), fix=_("Ask another one"))
            inbox.send(words.Failed(question.id, fault))


def _answer(inbox: Inbox, question: words.Compare) -> None:
    id = question.id

    def tell(so_far: Comparison, done: int, total: int) -> None:
        inbox.send(words.Compared(id, so_far, done, total))

    try:
        compare(read_project(question.project, _("Project")), seconds=question.seconds, progress=tell)
    except Problem as problem:
        inbox.send(words.Failed(id, problem.fault))
    except Exception:  # a bug must cost its question, not the process
        _log.exception("Compare")
        inbox.send(words.Failed(id, bug(_("Devices"))))
