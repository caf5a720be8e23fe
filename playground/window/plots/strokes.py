"""Lines a few pixels wide, drawn at the price of hairlines."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

# Steps from one hairline to the next, in widths less one pixel, so that they cover a line of any direction evenly:
# the corners of a triangle; the middle and the corners of a hexagon
_TRIANGLE = ((0.0, -0.58), (0.5, 0.87), (-1.0, 0.0))
_HEXAGON = ((0.0, 0.0), (0.5, 0.0), (-0.25, 0.43), (-0.5, 0.0), (-0.25, -0.43), (0.25, -0.43), (0.5, 0.0))


def stroke(painter: QPainter, path: QPainterPath, pen: QPen) -> None:
    """Draw a path that is not filled. pen: its width in px of the window, whatever the painter is scaled to

    Qt outlines every path wider than one pixel of the screen as a polygon, and fills that: for the noisy lines of a
    training run at 30 to 80 times the price of a hairline. Up to three pixels are three or seven hairlines here; what
    is wider, dashed or translucent goes to Qt, as its parts must not lie on top of each other.
    """
    ratio = painter.device().devicePixelRatioF()
    width = pen.widthF() * ratio
    translucent = pen.color().alpha() < 255
    whole = width > 3 or pen.style() != Qt.PenStyle.SolidLine or translucent
    apart = 0.0 if whole else max(0.0, width - 1)
    one = QPen(pen)
    one.setCosmetic(True)  # its width is in pixels of the screen
    hair = not whole or (translucent and pen.widthF() <= 1)  # a hairline stays one on any screen
    one.setWidthF(1 if hair else width)
    painter.setPen(one)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not apart:
        painter.drawPath(path)
        return
    transform = painter.worldTransform()
    across, down = apart / (ratio * transform.m11()), apart / (ratio * transform.m22())
    for right, below in _TRIANGLE if apart <= 1 else _HEXAGON:
        painter.translate(right * across, below * down)
        painter.drawPath(path)
    painter.setWorldTransform(transform)
