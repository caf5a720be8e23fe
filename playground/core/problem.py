"""A fault that a person can mend, as one sentence: where, what, and what to do.

A bug is never a Problem: bugs go to the log with their traceback.
"""

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A Problem as a value, so that it can cross a pipe or lie in a file."""

    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.fix}."


class Problem(Exception):
    """Raised where the fault is met; shown as it is by the window and the command line.

    where, what, fix: sentences without a full stop at their end.
    """

    def __init__(self, *, where: str, what: str, fix: str):
        self.fault = Fault(where=where, what=what.rstrip("."), fix=fix.rstrip("."))
        super().__init__(str(self.fault))

    @classmethod
    def from_fault(cls, fault: Fault) -> "Problem":
        return cls(where=fault.where, what=fault.what, fix=fault.fix)
