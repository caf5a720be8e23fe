"""Lines made of hairlines look as Qt's own wide pen draws them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from playground.window.plots.strokes import stroke

WIDE, HIGH = 240, 120


def noisy() -> np.ndarray:
    """Heights of a line that goes up and down, as a slope does: (60,)"""
    return HIGH * (0.5 + 0.12 * np.random.default_rng(3).standard_normal(60))


def straight() -> np.ndarray:
    return np.linspace(10, HIGH - 10, 60)


def ink(heights: np.ndarray, width: float, ratio: float, draw) -> np.ndarray:
    """How dark each pixel is, 0 to 1. draw: called with painter, path and pen"""
    image = QImage(round(WIDE * ratio), round(HIGH * ratio), QImage.Format.Format_Grayscale8)
    image.setDevicePixelRatio(ratio)
    image.fill(255)
    path = QPainterPath()
    path.moveTo(4, heights[0])
    for x, y in zip(np.linspace(4, WIDE - 4, len(heights))[1:], heights[1:], strict=True):
        path.lineTo(x, y)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, path, QPen(QColor("black"), width))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return 1 - rows[:, : image.width()] / 255


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [1.25, 1.5, 2.0])
@pytest.mark.parametrize("line", [noisy, straight])
def test_hairlines_cover_what_a_wide_pen_covers(qapp, line, width, ratio):
    ours = ink(line(), width, ratio, stroke)
    own = ink(line(), width, ratio, lambda painter, path, pen: painter.strokePath(path, pen))
    assert ours.sum() == pytest.approx(own.sum(), rel=0.18)
    assert np.abs(ours - own).sum() < 0.2 * own.sum()


def test_a_dashed_line_stays_dashed(qapp):
    pen = QPen(QColor("black"), 2)
    pen.setDashPattern([4, 4])
    dashed = ink(straight(), 2, 1, lambda painter, path, _pen: stroke(painter, path, pen))
    assert dashed.sum() < 0.7 * ink(straight(), 2, 1, stroke).sum()


def test_a_translucent_line_is_as_light_where_it_crosses_itself(qapp):
    color = QColor("black")
    color.setAlphaF(0.5)
    light = ink(noisy(), 2, 1, lambda painter, path, _pen: stroke(painter, path, QPen(color, 2)))
    assert light.max() <= 0.51


def test_the_painter_is_left_as_it_was(qapp):
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.translate(3, 4)
    before = painter.worldTransform()
    stroke(painter, QPainterPath(), QPen(Qt.GlobalColor.black, 1.5))
    assert painter.worldTransform() == before
    painter.end()
