"""What refuses a line, and where."""

import ast

from playground.core.lab.told import LineFault
from playground.core.problem import Problem
from playground.core.text import _

_LONGEST_MESSAGE = 1_500


class Refusal(Exception):
    """Something of a line is refused; who knows its place makes a LineProblem of it. what, fix: without a full stop"""

    def __init__(self, what: str, fix: str = "", torch_message: str = ""):
        super().__init__(what)
        self.what, self.fix, self.torch_message = what, fix, torch_message


class LineProblem(Problem):
    """A line that is refused, as a Problem that points at its column."""

    def __init__(self, line_fault: LineFault):
        self.line_fault = line_fault
        super().__init__(
            where=_("Column {column}").format(column=line_fault.column + 1),
            what=line_fault.sentence,
            fix=line_fault.fix or _("Change this part of the line"),
        )

    @classmethod
    def at(cls, place: ast.AST | tuple[int, int], refusal: Refusal) -> "LineProblem":
        """place: a node of the line, or where the part begins and ends"""
        begin, end = place if isinstance(place, tuple) else span(place)
        return cls(
            LineFault(
                sentence=refusal.what, fix=refusal.fix, column=begin, end=end, torch_message=refusal.torch_message
            )
        )


def span(node: ast.AST) -> tuple[int, int]:
    """Where a node begins and ends in its line; a line is ASCII, so bytes are columns."""
    begin = getattr(node, "col_offset", 0)
    return begin, max(getattr(node, "end_col_offset", None) or begin + 1, begin + 1)


def torch_refuses(error: Exception) -> Refusal:
    """PyTorch's own words, without the C++ frames that some of them carry."""
    text = str(error).partition("\nException raised from")[0].partition("\nC++ CapturedTraceback")[0].strip()
    message = text[:_LONGEST_MESSAGE] or type(error).__name__
    first = " ".join(message.split("\n", 1)[0].split())
    return Refusal(_("PyTorch refuses it: {message}").format(message=first.rstrip(".:")), "", message)
