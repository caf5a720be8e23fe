"""Where the parts of a drawn neuron lie: in one row, or with the activation below where there is no room for it beside."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF

ROUND, SUM = 21, 26  # px, radii of an input and of the sum
KEY = 44  # px for the words at the bottom
_WIDE = 560  # px, with less the activation goes below
_ALONG = 0.42  # where on an edge its weight stands, with room for it
_LINE = 20  # px from one weight to the next at least


class Places(NamedTuple):
    """inputs: middles of their circles, from the top;  sum, output: middles;  bias: its box;  curve: of the activation
    radius: of an input;  stacked: whether the activation is below the sum
    """

    inputs: list[QPointF]
    sum: QPointF
    bias: QRectF
    curve: QRectF
    output: QPointF
    radius: float
    stacked: bool

    def begin(self, number: int, scale: float) -> QPointF:
        """Of the edge from an input, counted from 0."""
        return self.inputs[number] + QPointF(ROUND * scale, 0)

    def label(self, number: int, size: QSizeF, scale: float) -> QRectF:
        """Where the weight on an edge stands: nearer to the inputs where these are close together."""
        begin = self.begin(number, scale)
        apart = self.inputs[1].y() - self.inputs[0].y() if len(self.inputs) > 1 else 999.0
        along = min(_ALONG, max(0.05, 1 - _LINE * scale / apart))
        on = begin + (self.sum - begin) * along
        left = max(on.x() - size.width() / 2, begin.x() + 8)
        return QRectF(left, on.y() - size.height() / 2, size.width(), size.height())


def places(width: float, height: float, count: int, scale: float) -> Places:
    """Of so many inputs in a picture of this size. scale: of the text"""
    stacked = width < _WIDE * scale
    return _below(width, height, count, scale) if stacked else _beside(width, height, count, scale)


def _column(count: int, top: float, bottom: float, scale: float) -> tuple[list[QPointF], float]:
    """Inputs below each other, and the radius of one."""
    apart = min(140.0, (bottom - top) / max(1, count))
    middle = (top + bottom) / 2
    found = [QPointF(58 * scale, middle + (number - (count - 1) / 2) * apart) for number in range(count)]
    return found, min(ROUND * scale, 0.46 * apart)


def _bias(sum_: QPointF, above: bool, scale: float) -> QRectF:
    """To the right of the sum, where no edge comes from."""
    wide, high, far = 68 * scale, 26 * scale, (SUM + 24) * scale
    top = sum_.y() - far - high if above else sum_.y() + far
    return QRectF(sum_.x() - 2 * scale, top, wide, high)


def _beside(width: float, height: float, count: int, scale: float) -> Places:
    inputs, radius = _column(count, 8, height - KEY * scale - 8, scale)
    middle = (height - KEY * scale) / 2
    wide = min(260.0, max(104.0, (0.26 - 0.04 * scale) * width))
    high = min(0.8 * wide, height - KEY * scale - 60)
    right = width - 62 * scale
    curve = QRectF(right - 32 * scale - wide, middle - high / 2, wide, high)
    sum_ = QPointF(curve.left() - 100 * scale, middle)
    return Places(inputs, sum_, _bias(sum_, False, scale), curve, QPointF(right, middle), radius, False)


def _below(width: float, height: float, count: int, scale: float) -> Places:
    """The sum at the right, its activation under it, and what comes out at the left of that."""
    room = height - KEY * scale - 20 * scale  # the ends of the axis are written below the curve
    wide = min(180.0, 0.36 * width)
    high = max(24.0, min(0.75 * wide, 0.27 * room))
    x = width - 76 * scale
    curve = QRectF(width - 8 - wide, room - high, wide, high)
    far = (SUM + 24 + 26 + 20) * scale  # of the bias and its name, above the sum
    middle = max(far, (curve.top() - 24 * scale) / 2)
    middle = min(middle, curve.top() - (SUM + 40) * scale)
    inputs, radius = _column(count, 8, max(2 * middle - 8, 40.0), scale)
    sum_ = QPointF(x, middle)
    output = QPointF(curve.left() - (32 + ROUND) * scale, curve.center().y())
    return Places(inputs, sum_, _bias(sum_, True, scale), curve, output, radius, True)
