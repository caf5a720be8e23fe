"""Lines of PyTorch that the window writes for the learner: what was done by hand stands among what was typed."""

from collections.abc import Sequence

from playground.core.problem import Problem
from playground.core.text import _


def set_cell(name: str, place: Sequence[int], value: float) -> str:
    """The line that sets one cell of a tensor. raises Problem: it has no name"""
    if not name.isidentifier():
        raise Problem(where=name, what=_("only a name can be written to"), fix=_("Give the tensor a name first"))
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{name}[{', '.join(map(str, place)) or '...'}] = {int(value) if whole else float(value)!r}"
