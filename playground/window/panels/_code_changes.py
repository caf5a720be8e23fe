"""What is another in a text than in the one before it, by lines. Lines are counted from 0 here."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_PAIRS = 400_000  # lines × lines that are held against each other: some 6 ms


class Hunk(NamedTuple):
    """The lines from `first` on: `removed` of them gave way to `added` others."""

    first: int
    removed: int
    added: int


class Difference(NamedTuple):
    """parts: the runs that differ, in their order; all other lines are the same, though some have moved"""

    parts: tuple[Hunk, ...] = ()

    def placed(self) -> Iterator[tuple[Hunk, int]]:
        """Each part, and where it begins in the new text."""
        shift = 0
        for part in self.parts:
            yield part, part.first + shift
            shift += part.added - part.removed

    def changed(self) -> list[int]:
        """Lines of the new text that are new or different."""
        return [line for part, first in self.placed() for line in range(first, first + part.added)]

    def moved(self, line: int) -> int:
        """Where a line of the old text is in the new one; the next line where it is no longer there."""
        shift = 0
        for part, first in self.placed():
            if part.first <= line < part.first + part.removed:
                return first + min(line - part.first, part.added)
            if part.first <= line:
                shift += part.added - part.removed
        return line + shift


def compare(before: Sequence[str], after: Sequence[str]) -> Difference:
    """Where very many lines differ, all those between the first and the last of them count as one part."""
    whole = hunk(before, after)
    first, removed, added = whole
    if not removed or not added or removed * added > MOST_PAIRS:
        return Difference((whole,) if removed or added else ())
    matcher = SequenceMatcher(None, before[first : first + removed], after[first : first + added], autojunk=False)
    return Difference(
        tuple(
            Hunk(first + old, old_end - old, new_end - new)
            for what, old, old_end, new, new_end in matcher.get_opcodes()
            if what != "equal"
        )
    )


def hunk(before: Sequence[str], after: Sequence[str]) -> Hunk:
    """The smallest run of lines outside of which two texts are equal."""
    shorter = min(len(before), len(after))
    behind = 0
    while behind < shorter and before[-1 - behind] == after[-1 - behind]:
        behind += 1
    first = 0
    while first < shorter - behind and before[first] == after[first]:
        first += 1
    return Hunk(first, len(before) - behind - first, len(after) - behind - first)
