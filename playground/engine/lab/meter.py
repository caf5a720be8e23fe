"""What a line, and all lines of a page, have cost so far; nothing is computed that would cost too much."""

import time

from playground.core.lab.limits import MOST_BYTES, MOST_SECONDS, MOST_WORK, MOST_WORK_OF_ALL
from playground.core.text import _
from playground.engine.lab.refusal import Refusal
from playground.engine.lab.values import refuse_size

_LEAST = 1_000.0  # what calling PyTorch costs, however small the tensors


_loading = [0.0]  # seconds


def loaded(seconds: float) -> None:
    """So long it took to load a part of PyTorch, once in a process: no line is to blame for that."""
    _loading[0] += seconds


def _now() -> float:
    """Seconds of this thread, so that a busy machine refuses nothing."""
    return time.thread_time() - _loading[0]


class Meter:
    """graph_work, graph_bytes: of all operations that autograd has noted, since backward() goes through them again"""

    def __init__(self) -> None:
        self.graph_work = self.graph_bytes = 0.0
        self._work_of_all = 0.0
        self.begin_line(0)

    def begin_line(self, bytes_held: int) -> None:
        """bytes_held: by the tensors that are there"""
        self._work, self._bytes = 0.0, float(bytes_held)
        self._until = _now() + MOST_SECONDS

    def charge(self, work: float) -> float:
        """Before something is computed. raises Refusal: it would take too long;  returns what was charged"""
        work += _LEAST
        if self._work + work > MOST_WORK:
            raise Refusal(
                _("this would take too long for a line of the lab"), _("Use smaller tensors, or fewer operations")
            )
        if self._work_of_all + work > MOST_WORK_OF_ALL:
            raise Refusal(_("all lines together take too long by now"), _("Use smaller tensors, or begin another page"))
        self._work += work
        self._work_of_all += work
        return work

    def hold(self, elements: int, itemsize: int, dimensions: int = 0) -> int:
        """Before memory is taken. raises Refusal: that is more than there may be;  returns bytes"""
        refuse_size(elements, dimensions)
        taken = elements * itemsize
        if self._bytes + self.graph_bytes + taken > MOST_BYTES:
            what = _("it would take {n:,} bytes more, and all tensors of a page may take {most:,}")
            raise Refusal(what.format(n=taken, most=MOST_BYTES), _("Make it smaller, or remove a line"))
        self._bytes += taken
        return taken

    def look_at_the_clock(self) -> None:
        """Between two nodes. raises Refusal: the line has taken longer than was thought"""
        if _now() > self._until:
            raise Refusal(_("the line took more than a second"), _("Use smaller tensors, or fewer operations"))
