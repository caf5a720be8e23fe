"""Lines of equal height over a grid."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# shares of the surface that lie below a line: dense near the bottom, where descent ends
_SHARES = (0.002, 0.01, 0.03, 0.06, 0.1, 0.16, 0.24, 0.34, 0.46, 0.58, 0.7, 0.82, 0.92)


def levels(heights: Floats) -> list[float]:
    """Heights whose lines show the surface well, rising."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return []
    return sorted({float(one) for one in np.quantile(finite, _SHARES)})


def segments(x: Floats, y: Floats, heights: Floats, level: float) -> Floats:
    """Straight pieces of one line, (pieces, 2 ends, 2 coordinates), by marching over triangles.

    heights: (len(y), len(x)). Every cell is cut into two triangles, which a plane goes through in one way only: where
    a cell of four corners could be read in two ways, at a saddle, nothing is to be guessed.
    """
    columns, rows = np.meshgrid(x, y)
    points = np.stack([columns, rows, heights - level], -1)
    corners = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    below = np.concatenate(
        [
            np.stack(three, -2).reshape(-1, 3, 3)
            for three in ((corners[0], corners[1], corners[2]), (corners[0], corners[2], corners[3]))
        ]
    )
    below = below[np.isfinite(below).all((1, 2))]
    positive = below[:, :, 2] > 0
    cut = below[positive.any(1) & ~positive.all(1)]
    if not len(cut):
        return np.empty((0, 2, 2))
    positive = cut[:, :, 2] > 0
    alone = np.where((positive.sum(1) == 1)[:, None], positive, ~positive).argmax(1)
    each = np.arange(len(cut))
    apex = cut[each, alone]
    ends = []
    for step in (1, 2):
        other = cut[each, (alone + step) % 3]
        share = apex[:, 2] / (apex[:, 2] - other[:, 2])
        ends.append(apex[:, :2] + share[:, None] * (other[:, :2] - apex[:, :2]))
    return np.stack(ends, 1)
