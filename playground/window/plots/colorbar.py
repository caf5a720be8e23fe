"""The bar that says what the colours mean."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from playground.window.theme import theme

_HIGH = 8  # px


def draw_color_bar(painter: QPainter, room: QRectF, lut: str, low: str, high: str, longest: float = 180) -> None:
    """The colour map as a bar with a text at each end, at the left of the room."""
    painter.setFont(theme().font("tick"))
    painter.setPen(theme().color("text_secondary"))
    metrics = painter.fontMetrics()
    left, right = metrics.horizontalAdvance(low) + 6, metrics.horizontalAdvance(high) + 6
    width = max(16.0, min(longest, room.width() - left - right))
    colors = np.ascontiguousarray(theme().lut(lut)[None])
    image = QImage(colors.tobytes(), colors.shape[1], 1, 3 * colors.shape[1], QImage.Format.Format_RGB888)
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
    bar = QRectF(room.x() + left, room.center().y() - _HIGH / 2, width, _HIGH)
    painter.drawImage(bar, image)
    behind = QRectF(bar.right() + 6, room.y(), right, room.height())
    painter.drawText(behind, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, high)
