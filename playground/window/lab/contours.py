"""Lines of equal height over a grid."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# shares of the surface that lie below a line: dense near the bottom, where descent ends
_SHARES = (0.02, 0.06, 0.11, 0.17, 0.24, 0.34, 0.46, 0.58, 0.7, 0.82, 0.92)


def levels(heights: Floats) -> list[float]:
    """Heights whose lines show the surface well, rising."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return []
    return sorted({float(one) for one in np.quantile(finite, _SHARES)})


def lines(x: Floats, y: Floats, heights: Floats, wanted: Sequence[float]) -> Floats:
    """Straight pieces of all these lines, (pieces, 2 ends, 2 coordinates), by marching over triangles.

    heights: (len(y), len(x)). Every cell is cut into two triangles, which a plane goes through in one way only: where
    a cell of four corners could be read in two ways, at a saddle, nothing is to be guessed.
    """
    columns, rows = np.meshgrid(x, y)
    points = np.stack([columns, rows, heights], -1)
    first, second, third, fourth = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    halves = (first, second, third), (first, third, fourth)
    triangles = np.concatenate([np.stack(three, -2).reshape(-1, 3, 3) for three in halves])
    triangles = triangles[np.isfinite(triangles).all((1, 2))]
    lowest, highest = triangles[:, :, 2].min(1), triangles[:, :, 2].max(1)
    found = [_cut(triangles[(lowest <= level) & (highest > level)], level) for level in wanted]
    return np.concatenate(found) if found else np.empty((0, 2, 2))


def _cut(triangles: Floats, level: float) -> Floats:
    """Where a level goes through triangles that have a corner above it, and one not above."""
    above = triangles[:, :, 2] > level
    alone = np.where((above.sum(1) == 1)[:, None], above, ~above).argmax(1)
    each = np.arange(len(triangles))
    apex = triangles[each, alone]
    ends = []
    for step in (1, 2):
        other = triangles[each, (alone + step) % 3]
        share = (apex[:, 2] - level) / (apex[:, 2] - other[:, 2])
        ends.append(apex[:, :2] + share[:, None] * (other[:, :2] - apex[:, :2]))
    return np.stack(ends, 1)
