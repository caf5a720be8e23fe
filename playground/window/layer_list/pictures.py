"""The small pictures of the rows: strips of feature maps as one stitched image each, slopes as one path each."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainterPath

from playground.core.messages import Array
from playground.window.plots.graph import pg

_TILE_RADIUS = 2  # px, as tokens.json's radius.tile
POINTS = 60  # of a sparkline


def as_numpy(array: Array) -> np.ndarray:
    """A read-only view of an array's bytes."""
    return np.frombuffer(array.data, dtype=array.dtype).reshape(array.shape)


def strip(maps: np.ndarray, lut: np.ndarray, side: int, gap: int, columns: int, ratio: float = 1.0) -> QImage:
    """Feature maps side by side as one image, each scaled on its own minimum and maximum. maps: (count, height, width)"""
    return stitched(own_levels(maps), lut, side, gap, columns, ratio)


def stitched(levels: np.ndarray, lut: np.ndarray, side: int, gap: int, columns: int, ratio: float = 1.0) -> QImage:
    """Tiles side by side as one image, nearest neighbour, each fitted into a square.

    levels: (count, height, width) uint8;  lut: (256, 3) uint8;  side, gap: of a tile in device-independent px
    columns: tiles in a line;  ratio: device px in one px. Gaps are transparent.
    """
    count = len(levels)
    lines, across = -(-count // columns), min(count, columns)
    tile, space = round(side * ratio), round(gap * ratio)
    rows = (np.arange(tile) * levels.shape[1]) // tile
    cols = (np.arange(tile) * levels.shape[2]) // tile
    tiles = np.take(_pixels(lut.tobytes()), levels.take(rows, axis=1).take(cols, axis=2))
    if gap:
        _round_corners(tiles, _TILE_RADIUS * ratio)
    pitch = tile + space
    canvas = np.zeros((lines, pitch, across, pitch), dtype=np.uint32)
    for line in range(lines):
        here = tiles[line * across : (line + 1) * across]
        canvas[line, :tile, : len(here), :tile] = here.transpose(1, 0, 2)
    height, width = lines * pitch - space, across * pitch - space
    image = QImage(canvas.data, width, height, 4 * across * pitch, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=16)
def _pixels(lut: bytes) -> np.ndarray:
    """A lookup table as whole pixels of Qt, (256,) uint32: one look-up a pixel, not three."""
    red, green, blue = np.frombuffer(lut, np.uint8).reshape(256, 3).astype(np.uint32).T
    return 0xFF000000 | red << 16 | green << 8 | blue


def _round_corners(tiles: np.ndarray, radius: float) -> None:
    """Blend the pixels outside of rounded corners away, in place. tiles: (count, side, side) uint32, opaque"""
    coverage = _rounded_square(tiles.shape[1], radius)
    rows, columns = np.nonzero(coverage < 255)
    inside = coverage[rows, columns].astype(np.uint32)
    pixels = tiles[:, rows, columns]
    parts = [(((pixels >> shift) & 255) * inside // 255) << shift for shift in (0, 8, 16)]
    tiles[:, rows, columns] = inside << 24 | parts[0] | parts[1] | parts[2]


@lru_cache(maxsize=16)
def _rounded_square(side: int, radius: float) -> np.ndarray:
    """Coverage of a square with rounded corners, (side, side) uint8."""
    centres = np.abs(np.arange(side) + 0.5 - side / 2) - (side / 2 - radius)
    outside = np.hypot(np.maximum(centres[:, None], 0), np.maximum(centres[None, :], 0))
    return (
        (np.clip(radius - outside + 0.5, 0, 1) * 255).astype(np.uint8) if radius else np.full((side, side), 255, "u1")
    )


def thumbnail(sample: np.ndarray, ink: np.ndarray, side: int, ratio: float = 1.0) -> QImage:
    """The sample as a square picture: (C, H, W) with one channel in ink, with three in colour; (N,) as a column of bars."""
    if sample.ndim == 3 and sample.shape[0] == 3:
        return _colour(sample, side, ratio)
    if sample.ndim == 3:
        return strip(sample[:1], ink, side, 0, 1, ratio)
    flat = sample.reshape(-1)[:64]
    return strip(flat.reshape(1, len(flat), 1), ink, side, 0, 1, ratio)


def _colour(sample: np.ndarray, side: int, ratio: float) -> QImage:
    size = round(side * ratio)
    low, high = float(sample.min()), float(sample.max())
    span = high - low
    values = ((sample - low) / span * 255 if span else np.zeros_like(sample)).astype(np.uint8)
    rows = (np.arange(size) * sample.shape[1]) // size
    cols = (np.arange(size) * sample.shape[2]) // size
    picture = np.ascontiguousarray(values[:, rows[:, None], cols[None, :]].transpose(1, 2, 0))
    image = QImage(picture.tobytes(), size, size, 3 * size, QImage.Format.Format_RGB888).copy()
    image.setDevicePixelRatio(ratio)
    return image


def own_levels(maps: np.ndarray) -> np.ndarray:
    """Each map as 0..255 of its own range; a flat map is all 0, and what is no number too."""
    finite = np.where(np.isfinite(maps), maps, 0.0).astype(np.float32)
    low = finite.min(axis=(1, 2), keepdims=True)
    span = finite.max(axis=(1, 2), keepdims=True) - low
    scaled = np.divide(finite - low, span, out=np.zeros_like(finite), where=span > 0)
    return (scaled * 255).astype(np.uint8)


def shared_levels(maps: np.ndarray, low: float, high: float) -> np.ndarray:
    """All maps as 0..255 of one range, what lies outside cut off."""
    finite = np.where(np.isfinite(maps), maps, 0.0).astype(np.float32)
    span = high - low
    return (np.clip((finite - low) / span, 0, 1) * 255).astype(np.uint8) if span > 0 else np.zeros(maps.shape, np.uint8)


def sparkline(values: np.ndarray, width: float, height: float) -> tuple[QPainterPath, QPointF] | None:
    """The last values on a logarithmic scale, and where the newest stands; None while there are fewer than two.

    A scale spans a factor of ten at least, so that a quiet slope does not look like noise.
    """
    recent = values[-POINTS:]
    usable = np.isfinite(recent) & (recent > 0)
    if usable.sum() < 2:
        return None
    logs = np.log10(recent[usable])
    low, high = float(logs.min()), float(logs.max())
    middle, half = (low + high) / 2, max((high - low) / 2, 0.5)
    xs = np.linspace(0, width, len(recent))[usable]
    ys = height / 2 - (logs - middle) / half * height / 2
    path = pg.arrayToQPath(xs, ys)
    return path, QPointF(xs[-1], ys[-1])


def rounded(rect: QRectF, radius: float) -> QPainterPath:
    """A rounded rectangle as a path to clip with."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path
