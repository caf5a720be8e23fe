"""What is another in a text than in the one before it, by lines. Lines are counted from 0 here."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_PAIRS = 60_000  # lines × lines that are held against each other: some milliseconds


class Hunk(NamedTuple):
    """The lines from `first` on: `removed` of them gave way to `added` others."""

    first: int
    removed: int
    added: int


class Difference(NamedTuple):
    """whole: the smallest run of lines outside of which both texts are equal;  parts: the runs that differ inside it"""

    whole: Hunk
    parts: tuple[Hunk, ...]

    def changed(self) -> list[int]:
        """Lines of the new text that are new or different."""
        found: list[int] = []
        shift = 0
        for part in self.parts:
            found += range(part.first + shift, part.first + shift + part.added)
            shift += part.added - part.removed
        return found

    def moved(self, line: int) -> int:
        """Where a line of the old text is in the new one; the next line where it is no longer there."""
        shift = 0
        for part in self.parts:
            if part.first + part.removed <= line:
                shift += part.added - part.removed
            elif part.first <= line:
                return part.first + shift + min(line - part.first, part.added)
        return line + shift


def compare(before: Sequence[str], after: Sequence[str]) -> Difference:
    """Where very many lines differ, all those between the first and the last of them count as one part."""
    whole = hunk(before, after)
    first, removed, added = whole
    if not removed or not added or removed * added > MOST_PAIRS:
        return Difference(whole, (whole,) if removed or added else ())
    matcher = SequenceMatcher(None, before[first : first + removed], after[first : first + added], autojunk=False)
    codes = [
        (old, old_end, new, new_end) for what, old, old_end, new, new_end in matcher.get_opcodes() if what != "equal"
    ]
    return Difference(whole, tuple(Hunk(first + old, end - old, new_end - new) for old, end, new, new_end in codes))


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
