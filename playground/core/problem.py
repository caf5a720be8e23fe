"""A fault that a person can mend, as one sentence: where, what, and what to do.

A bug is never a Problem: bugs go to the log with their traceback.
"""

import msgspec

MEMORY, DIVERGED, PRECISION = "memory", "diverged", "precision"  # kinds of a fault that the window has ways out of


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A Problem as a value, so that it can cross a pipe or lie in a file.

    kind: MEMORY, DIVERGED, PRECISION, or nothing;  batch_size: the largest that would fit into the memory, 0 where none does, None
    where that is not known
    """

    where: str
    what: str
    fix: str
    kind: str = ""
    batch_size: int | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.fix}."


class Problem(Exception):
    """Raised where the fault is met; shown as it is by the window and the command line.

    where, what, fix: sentences without a full stop at their end.
    """

    def __init__(self, *, where: str, what: str, fix: str, kind: str = "", batch_size: int | None = None):
        what, fix = what.rstrip("."), fix.rstrip(".")
        self.fault = Fault(where=where, what=what, fix=fix, kind=kind, batch_size=batch_size)
        super().__init__(str(self.fault))

    @classmethod
    def from_fault(cls, fault: Fault) -> "Problem":
        return cls(**{name: getattr(fault, name) for name in fault.__struct_fields__})
