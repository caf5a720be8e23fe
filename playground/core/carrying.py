"""Which layers of a changed network are those of another one, so that they can keep their weights."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from playground.core.network import Path
from playground.core.report import Row

_WEIGHTS = 1_000_000  # a layer with weights counts more than all without, which only tell layers alike apart


class Kept(NamedTuple):
    """pairs: of layers that are unchanged, (path before, path after);  kept, of: layers with weights that keep them, and
    all layers with weights of the changed network;  fresh: the paths of the others, which begin anew
    """

    pairs: tuple[tuple[Path, Path], ...]
    kept: int
    of: int
    fresh: tuple[Path, ...]


def unchanged(before: Sequence[Row], after: Sequence[Row]) -> Kept:
    """Match the layers of two checked networks in their order, so that as many as can be keep their weights.

    A layer is unchanged where its kind, its arguments in effect and the shapes of its parameters are: it may stand
    elsewhere, behind a layer that was put in, or in a block. Layers that are switched off are left out.
    """
    old, new = [row for row in before if not row.disabled], [row for row in after if not row.disabled]
    pairs = tuple(
        (old[i].path, new[j].path) for i, j in _longest([_key(one) for one in old], [_key(one) for one in new])
    )
    kept = {path for _before, path in pairs}
    with_weights = [row.path for row in new if row.tensors]
    fresh = tuple(path for path in with_weights if path not in kept)
    return Kept(pairs, len(with_weights) - len(fresh), len(with_weights), fresh)


def _key(row: Row) -> tuple[bool, str]:
    """(whether it has weights, what it is); equal for layers that can take each other's weights."""
    arguments: dict[str, Any] = dict(sorted(row.arguments.items()))
    return bool(row.tensors), repr((row.layer, arguments, row.tensors))


def _longest(old: Sequence[tuple[bool, str]], new: Sequence[tuple[bool, str]]) -> list[tuple[int, int]]:
    """The common subsequence that weighs most, as places in both. What both begin and end with is a part of it."""
    shortest = min(len(old), len(new))
    head = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    left = shortest - head
    tail = next((place for place in range(left) if old[-1 - place] != new[-1 - place]), left)
    inner = _between(old[head : len(old) - tail], new[head : len(new) - tail])
    ends = [(len(old) - tail + place, len(new) - tail + place) for place in range(tail)]
    return [*((place, place) for place in range(head)), *((head + i, head + j) for i, j in inner), *ends]


def _between(old: Sequence[tuple[bool, str]], new: Sequence[tuple[bool, str]]) -> list[tuple[int, int]]:
    best = [[0] * (len(new) + 1) for _row in range(len(old) + 1)]  # of what stands behind each two places
    for i in range(len(old) - 1, -1, -1):
        row, below, one = best[i], best[i + 1], old[i]
        weight = _WEIGHTS if one[0] else 1
        for j in range(len(new) - 1, -1, -1):
            row[j] = weight + below[j + 1] if one == new[j] else max(below[j], row[j + 1])
    pairs, i, j = list[tuple[int, int]](), 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
