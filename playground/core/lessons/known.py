"""What the program knows of what a learner did: all that a check of a lesson may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playground.core.carried import Array, EpochReport
from playground.core.lab.told import Told
from playground.core.lab.topics import State
from playground.core.project import Project

Kernel = tuple[tuple[float, ...], ...]
_Told = TypeVar("_Told")
_CODES = {"float32": "f", "float64": "d", "int32": "i", "int64": "q", "uint8": "B", "int8": "b", "bool": "?"}


@dataclass(frozen=True)
class Run:
    """A run that began after the lesson. losses: one a step;  diverged: it ended because its loss is not a number"""

    project: Project
    losses: Sequence[float] = ()
    epochs: Sequence[EpochReport] = ()
    diverged: bool = False


@dataclass(frozen=True)
class Known:
    """page: of the lab, as it is seen;  opened: as the lesson opened it;  told: its newest answers, by their kind
    project: as it is now;  begun: as the lesson opened it, None where it is one of the lab
    run: the newest one, None where there is none since the lesson was opened
    cell: of the confusion matrix that is looked at, true and predicted class
    kernel: that is painted in the room of convolutions;  measured: what the newest whole comparison of devices is about
    """

    page: State | None = None
    told: Mapping[type, Told] = field(default_factory=dict)
    project: Project | None = None
    begun: Project | None = None
    run: Run | None = None
    cell: tuple[int, int] | None = None
    kernel: Kernel | None = None
    measured: Project | None = None
    opened: State | None = None

    def answer(self, kind: type[_Told]) -> _Told | None:
        """The newest answer of a kind."""
        found = self.told.get(kind)
        return found if isinstance(found, kind) else None


def numbers(array: Array) -> Sequence[Any]:
    """The numbers that a message carries, in their order, as Python's own."""
    return memoryview(array.data).cast(_CODES[array.dtype])  # type: ignore[call-overload, no-any-return]
