"""A drawing made to look as the samples of a data set do: as large, in the same place, with strokes as thick.

What is written by hand is brought to one size before it becomes a data set, and a network knows it no other way:
the digits of MNIST were fitted into a box of 20×20 pixels, their aspect kept, and put into 28×28 so that the centre of
mass is in the middle; those of optdigits, which scikit-learn has, were normalised to 32×32 black and white pixels, whose
number was counted in each block of 4×4. Neither is written down here: `measure` finds it out from the training part, and
so it holds for another data set, too.

source: http://yann.lecun.com/exdb/mnist/ (Y. LeCun, C. Cortes, C. Burges);
    https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits (E. Alpaydin, C. Kaynak)
"""

from typing import NamedTuple

import numpy as np

FAINT = 0.04  # share of the largest value, below which a pixel is no ink
INSIDE = 0.5  # of a pixel of the drawing that is covered by ink
MOST_THICKER, MOST_THINNER = 8, 6  # px of the drawing, on each side of a stroke
LEAST_LEFT = 0.35  # of the ink that a thinner stroke has to leave

Box = tuple[float, float, float, float]  # top, bottom, left, right, px


class Style(NamedTuple):
    """How ink lies in samples, px.

    shape: (height, width) of a sample;  side: the longer side of the box around the ink, typically
    centre: row and column of what is in one place in all samples;  by_mass: that is the centre of mass, else of the box
    weight: how thick strokes are, see `weights`
    """

    shape: tuple[int, int]
    side: float
    centre: tuple[float, float]
    by_mass: bool
    weight: float


def measure(ink: np.ndarray) -> Style:
    """ink: (n, height, width), 0 to 1, light strokes on a ground of 0. Samples without ink do not count."""
    ink = ink[(ink > FAINT).any(axis=(1, 2))]
    shape = (ink.shape[1], ink.shape[2])
    if not len(ink):
        return Style(shape, min(shape), (shape[0] / 2, shape[1] / 2), False, 0.0)
    boxes = np.array([box(one, FAINT) for one in ink])
    sides = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2])
    masses = np.array([mass_centre(one) for one in ink])
    middles = np.stack(((boxes[:, 0] + boxes[:, 1]) / 2, (boxes[:, 2] + boxes[:, 3]) / 2), axis=1)
    by_mass = bool(masses.std(axis=0).sum() < middles.std(axis=0).sum())
    centre = (masses if by_mass else middles).mean(axis=0)
    weight = float(weights(ink).mean())
    return Style(shape, float(np.median(sides)), (float(centre[0]), float(centre[1])), by_mass, weight)


def fitted(ink: np.ndarray, style: Style) -> np.ndarray:
    """A drawing in that style: (height, width) float32, 0 to 1; all 0 where nothing is drawn. ink: (h, w), 0 to 1"""
    if not (ink > INSIDE).any():
        return np.zeros(style.shape, np.float32)
    top, bottom, left, right = (int(one) for one in box(ink, FAINT))
    ink = np.pad(ink[top:bottom, left:right].astype(np.float32), MOST_THICKER + 1)  # what is empty costs time, too
    best = _placed(ink, style)
    if style.weight <= 0:
        return best
    off = float(weights(best[None])[0]) - style.weight
    changed = ink
    for _px in range(MOST_THINNER if off > 0 else MOST_THICKER):
        changed = _thinner(changed) if off > 0 else _thicker(changed, _px % 2 == 1)
        if off > 0 and changed.sum() < LEAST_LEFT * ink.sum():
            break
        made = _placed(changed, style)
        now = float(weights(made[None])[0]) - style.weight
        if abs(now) >= abs(off):
            break
        best, off = made, now
    return best


def scaled(picture: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The whole picture at another size, each pixel the mean of what it covers: (..., *shape). picture: (..., h, w)"""
    rows = _cover(picture.shape[-2], 0.0, picture.shape[-2] / shape[0], shape[0])
    columns = _cover(picture.shape[-1], 0.0, picture.shape[-1] / shape[1], shape[1])
    made: np.ndarray = rows @ picture @ columns.T
    return made.astype(np.float32)


def box(ink: np.ndarray, least: float) -> Box:
    """Around all that is above `least`; there must be some."""
    rows, columns = np.flatnonzero((ink > least).any(axis=1)), np.flatnonzero((ink > least).any(axis=0))
    return float(rows[0]), float(rows[-1] + 1), float(columns[0]), float(columns[-1] + 1)


def mass_centre(ink: np.ndarray) -> tuple[float, float]:
    """Row and column, px; the middle of the first pixel is at 0.5."""
    total = float(ink.sum())
    down, across = ink.sum(axis=1), ink.sum(axis=0)
    return float(down @ (np.arange(len(down)) + 0.5)) / total, float(across @ (np.arange(len(across)) + 0.5)) / total


def weights(ink: np.ndarray) -> np.ndarray:
    """How thick the strokes are, px: twice the ink by the length of its edge, (n,). A stroke of length L and thickness t
    has L·t of ink, and an edge of about 2·L, which is what the slopes of its picture add up to. ink: (n, h, w)"""
    rimmed = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    down, across = rimmed[:, 1:, :-1] - rimmed[:, :-1, :-1], rimmed[:, :-1, 1:] - rimmed[:, :-1, :-1]
    edges = np.sqrt(down * down + across * across).sum(axis=(1, 2))
    found: np.ndarray = 2 * ink.sum(axis=(1, 2)) / np.maximum(edges, 1e-6)
    return found


def _placed(ink: np.ndarray, style: Style) -> np.ndarray:
    """Scaled and centred, strokes as thick as they come out."""
    top, bottom, left, right = box(ink, INSIDE)
    high, wide = bottom - top, right - left
    scale = min(style.side / max(high, wide), style.shape[0] / high, style.shape[1] / wide)
    middle = mass_centre(ink) if style.by_mass else ((top + bottom) / 2, (left + right) / 2)
    matrices = []
    for axis, (low, size) in enumerate(((top, high), (left, wide))):
        room = style.shape[axis]
        begins = style.centre[axis] - (middle[axis] - low) * scale  # of the box in the sample; it stays inside
        begins = min(max(begins, 0.0), room - size * scale)
        matrices.append(_cover(ink.shape[axis], low - begins / scale, 1 / scale, room))
    made: np.ndarray = matrices[0] @ ink @ matrices[1].T
    return np.clip(made, 0, 1).astype(np.float32)


def _cover(size: int, begin: float, step: float, count: int) -> np.ndarray:
    """What share of pixel j of a line each pixel i of it is: (count, size), where i covers `begin` + i·step and as much
    after it. Rows add up to 1 but where they reach beyond the line."""
    edges = begin + step * np.arange(count + 1)
    places = np.arange(size)
    low, high = np.maximum(edges[:-1, None], places), np.minimum(edges[1:, None], places + 1)
    shares: np.ndarray = np.maximum(high - low, 0.0) / step
    return shares.astype(np.float32)


def _thicker(ink: np.ndarray, corners: bool) -> np.ndarray:
    """By one px on each side; with the corners each second time, so that it stays round."""
    rimmed = np.pad(ink, 1)
    return _extreme(rimmed, np.maximum, corners)


def _thinner(ink: np.ndarray) -> np.ndarray:
    return _extreme(np.pad(ink, 1), np.minimum, corners=False)


def _extreme(rimmed: np.ndarray, of: np.ufunc, corners: bool) -> np.ndarray:
    middle = slice(1, -1)
    if corners:
        rows = of(of(rimmed[:-2], rimmed[1:-1]), rimmed[2:])
        return np.asarray(of(of(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:]))
    across = of(of(rimmed[middle, :-2], rimmed[middle, middle]), rimmed[middle, 2:])
    return np.asarray(of(of(rimmed[:-2, middle], across), rimmed[2:, middle]))
