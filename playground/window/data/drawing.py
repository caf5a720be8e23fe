"""How samples become pictures: levels, colours, lines."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from playground.core.messages import Histogram
from playground.core.spec import DatasetSpec
from playground.window.theme import theme

FEW = 5  # classes that have a colour of their own in the theme; more share a colour map
LONGEST_TEXT = 2_000  # characters that are drawn of a text


class Scale(NamedTuple):
    """The values that are drawn darkest and brightest, lowest and highest."""

    low: float
    high: float


def scale_of(histogram: Histogram) -> Scale:
    """From the smallest to the largest value that was counted."""
    low, high = histogram.edges[0], histogram.edges[-1]
    if len(histogram.edges) > 1 and histogram.edges[1] - low == 1.0 and low % 1 == 0.5:  # a bin for each whole number
        low, high = low + 0.5, high - 0.5
    return Scale(low, high) if high > low else Scale(low - 0.5, low + 0.5)


def levels(values: np.ndarray, scale: Scale) -> np.ndarray:
    """Values as 0..255, what lies outside of the scale cut off; what is no number is 0."""
    exact = np.nan_to_num(values.astype(np.float32), nan=scale.low)
    return (np.clip((exact - scale.low) / (scale.high - scale.low), 0, 1) * 255).astype(np.uint8)


def images(samples: np.ndarray, scale: Scale) -> list[QImage]:
    """Pictures at their own size. samples: (n, channels, height, width); three channels are colours, else the first."""
    if not len(samples):
        return []
    if samples.shape[1] == 3:
        pixels = levels(samples, scale).transpose(0, 2, 3, 1)
    else:
        pixels = theme().lut("ink")[levels(samples[:, 0], scale)]
    return [image_of(one) for one in pixels]


def image_of(pixels: np.ndarray) -> QImage:
    """(height, width, 3) uint8 as an image."""
    plain = np.ascontiguousarray(pixels)
    height, width = plain.shape[:2]
    return QImage(plain.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def draw_image(painter: QPainter, room: QRectF, image: QImage) -> QRectF:
    """An image as large as it fits into the room, its pixels sharp; returns where it lies."""
    side = min(room.width() / image.width(), room.height() / image.height())
    width, height = image.width() * side, image.height() * side
    place = QRectF(room.x() + (room.width() - width) / 2, room.y() + (room.height() - height) / 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side < 1)
    painter.drawImage(place, image)
    return place


def draw_series(painter: QPainter, room: QRectF, sample: np.ndarray, scale: Scale, width: float = 1.25) -> None:
    """A stretch of a series as one line a channel. sample: (length,) or (channels, length)"""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = np.atleast_2d(sample)
    colors = class_colors(len(lines)) if len(lines) > 1 else [theme().color("accent")]
    for line, color in zip(lines, colors, strict=True):
        painter.setPen(QPen(color, width))
        xs = room.x() + np.arange(len(line)) * room.width() / max(1, len(line) - 1)
        share = (np.nan_to_num(line) - scale.low) / (scale.high - scale.low)
        ys = room.bottom() - share * room.height()
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def text_of(sample: np.ndarray, classes: tuple[str, ...]) -> str:
    """The characters of a text; the end of a line is shown as a sign."""
    return "".join(character(int(token), classes) for token in sample.reshape(-1)[:LONGEST_TEXT])


def character(token: int, classes: tuple[str, ...]) -> str:
    """One character as a person can see it."""
    one = classes[token] if 0 <= token < len(classes) else "·"
    return "↵" if one == "\n" else "→" if one == "\t" else one


def class_colors(count: int) -> list[QColor]:
    """A colour for each class, as far apart as they can be."""
    lines = theme().layer_lines()
    if count <= FEW:
        places = np.linspace(0, len(lines) - 1, max(2, count)).round().astype(int)[: max(1, count)]
        return [lines[place] for place in places]
    lut = theme().lut("viridis")
    return [QColor(*(int(part) for part in lut[place])) for place in np.linspace(16, 240, count).astype(int)]


def class_name(label: float, spec: DatasetSpec | None) -> str:
    """The name of a label, or the value of a target as people write it."""
    if spec is not None and spec.classes and 0 <= label < len(spec.classes):
        name = spec.classes[int(label)]
        return character(int(label), spec.classes) if spec.kind == "text" else name
    return value_text(label)


def value_text(value: float) -> str:
    """A value of a sample: whole numbers without a point, others with four figures."""
    if not np.isfinite(value):
        return "–"
    if float(value).is_integer() and abs(value) < 1e9:
        return f"{int(value):,}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")


def draw_sentence(painter: QPainter, room: QRectF, sentence: str) -> None:
    """A quiet sentence in the middle of an empty room."""
    painter.setFont(theme().font())
    painter.setPen(theme().color("text_quiet"))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(room.adjusted(16, 8, -16, -8), flags, sentence)
