"""Digits written by an imagined hand: strokes of each digit as points, with slant, size and jitter, all of a seed.

It knows nothing of the program: points are (x, y) in a square of side 1, y downwards, as a pen would leave them.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Point = tuple[float, float]
Stroke = list[Point]


def line(*points: Point) -> Stroke:
    """Straight from point to point, as densely as a hand leaves events."""
    found: Stroke = []
    for (x, y), (to_x, to_y) in pairwise(points):
        count = max(2, round(40 * math.hypot(to_x - x, to_y - y)))
        found += [(x + (to_x - x) * n / count, y + (to_y - y) * n / count) for n in range(count)]
    return [*found, points[-1]]


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> Stroke:
    """Around (x, y), radii wide and high, angles in degrees: 0 is right, 90 is down."""
    count = max(8, round(abs(end - start) / 9))
    angles = [math.radians(start + (end - start) * n / count) for n in range(count + 1)]
    return [(x + wide * math.cos(one), y + high * math.sin(one)) for one in angles]


# One digit upright in the square, about 0.5 wide and 0.8 high
DIGITS: dict[int, Sequence[Stroke]] = {
    0: (arc(0.5, 0.5, 0.25, 0.4, -90, 275),),
    1: (line((0.36, 0.26), (0.53, 0.1), (0.53, 0.9)),),
    2: ([*arc(0.5, 0.31, 0.23, 0.21, -170, 45), *line((0.62, 0.5), (0.27, 0.9), (0.75, 0.9))],),
    3: ([*arc(0.47, 0.29, 0.24, 0.19, -150, 90), *arc(0.47, 0.69, 0.27, 0.21, -90, 150)],),
    4: (line((0.56, 0.1), (0.24, 0.62), (0.78, 0.62)), line((0.61, 0.4), (0.61, 0.9))),
    5: ([*line((0.72, 0.1), (0.34, 0.1), (0.31, 0.46)), *arc(0.48, 0.66, 0.25, 0.24, -130, 145)],),
    6: ([*arc(0.72, 0.62, 0.45, 0.52, -105, -178), *arc(0.51, 0.68, 0.24, 0.22, 180, 550)],),
    7: (line((0.25, 0.1), (0.75, 0.1), (0.44, 0.9)),),
    8: ([*arc(0.5, 0.3, 0.19, 0.2, 80, -270), *arc(0.5, 0.7, 0.24, 0.2, -85, 275)],),
    9: ([*arc(0.49, 0.33, 0.22, 0.23, 0, -360), *line((0.71, 0.33), (0.66, 0.9))],),
}


def written(digit: int, draw: np.random.Generator) -> list[Stroke]:
    """This digit once more, as this hand writes it now: slanted, larger or smaller, somewhere, not quite steady."""
    slant, size = draw.uniform(-0.25, 0.3), draw.uniform(0.45, 0.9)
    narrow, turn = draw.uniform(0.85, 1.15), math.radians(draw.uniform(-8, 8))
    room = 0.5 - 0.5 * size
    left, down = draw.uniform(-room, room), draw.uniform(-room, room)
    strokes = []
    for stroke in DIGITS[digit]:
        shake = _drift(len(stroke), draw)
        moved = []
        for (x, y), (wide, high) in zip(stroke, shake, strict=True):
            across, along = (x - 0.5) * narrow - slant * (y - 0.5) + wide, y - 0.5 + high
            across, along = (
                across * math.cos(turn) - along * math.sin(turn),
                across * math.sin(turn) + along * math.cos(turn),
            )
            moved.append((0.5 + left + size * across, 0.5 + down + size * along))
        strokes.append([(min(max(x, 0.02), 0.98), min(max(y, 0.02), 0.98)) for x, y in moved])
    return strokes


def _drift(count: int, draw: np.random.Generator) -> np.ndarray:
    """How far the hand is off at each point: (count, 2), smooth along the stroke."""
    knots = draw.normal(0, 0.022, (max(3, count // 8), 2))
    places = np.linspace(0, len(knots) - 1, count)
    return np.stack([np.interp(places, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)], axis=1)


def inked(strokes: Sequence[Stroke], width: float, side: int) -> np.ndarray:
    """(side, side), 0 to 1: what a round pen of this width leaves, as the distance to its way tells."""
    rows, columns = np.mgrid[0:side, 0:side] + 0.5
    least = np.full((side, side), np.inf)
    for stroke in strokes:
        for (x, y), (to_x, to_y) in pairwise(stroke):
            along = np.array([to_x - x, to_y - y]) * side
            length = float(along @ along) or 1.0
            share = ((columns - x * side) * along[0] + (rows - y * side) * along[1]) / length
            share = np.clip(share, 0, 1)
            off = np.hypot(columns - x * side - share * along[0], rows - y * side - share * along[1])
            least = np.minimum(least, off)
    return np.clip(width * side / 2 - least + 0.5, 0, 1)
