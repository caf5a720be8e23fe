"""One neuron as a drawing: inputs, weights on their edges, the sum, the bias, the activation's curve with z on it, a."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.lab.told import NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.neuron.arrows import paint_arrow
from playground.window.lab.neuron.words import activation_title, named, neuron_words
from playground.window.lab.plane import Plane, halo_text, heights_of, tick_text
from playground.window.lab.tensors.words import figure
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

MOST_INPUTS = 12  # that are drawn
_CENTER = Qt.AlignmentFlag.AlignCenter
_ROUND, _SUM = 21, 26  # px, radii of an input and of the sum
_THIN, _THICK = 1.0, 7.0  # px, of an edge
_ALONG = 0.42  # where on an edge its weight stands


class _Places(NamedTuple):
    """inputs: middles of their circles, from the top;  sum, output: middles;  bias: its box;  curve: of the activation"""

    inputs: list[QPointF]
    sum: QPointF
    bias: QRectF
    curve: QRectF
    output: QPointF


class NeuronDrawing(QWidget):
    """Nothing in it is for the hand: sliders and fields beside it are."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Neuron()
        self.told: NeuronTold | None = None
        self._curve = np.empty((2, 0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_told(self, state: Neuron, told: NeuronTold) -> None:
        """state: the page that it is about"""
        self.state, self.told = state, told
        self._curve = numbers(told.curve)
        x, weights, bias, z, a = self._numbers()
        self.setAccessibleName(_("The neuron: {words}").format(words=neuron_words(x, weights, bias, z, a, state.activation)))  # fmt: skip
        self.update()

    def _numbers(self) -> tuple[tuple[float, ...], tuple[float, ...], float, float, float]:
        """x, weights, bias, z and a of the neuron in hand."""
        assert self.told is not None
        row, state = self.told.row, self.state
        z, a = (float(numbers(one)[row]) for one in (self.told.z, self.told.a))
        return state.inputs, state.weights[row], state.biases[row], z, a

    # Geometry -------------------------------------------------------------------------------------------------------

    def places(self) -> _Places:
        """Where everything is drawn, px."""
        scale = theme().text_scale
        width, height = float(self.width()), float(self.height())
        below = 44 * scale  # room for the words at the bottom
        middle = (height - below) / 2
        count = min(len(self.state.inputs), MOST_INPUTS)
        apart = min(140.0, (height - below - 16) / max(1, count))
        inputs = [QPointF(58 * scale, middle + (number - (count - 1) / 2) * apart) for number in range(count)]
        wide = min(260.0, max(104.0, (0.26 - 0.04 * scale) * width))
        high = min(0.8 * wide, height - below - 60)
        right = width - 62 * scale
        curve = QRectF(right - 32 * scale - wide, middle - high / 2, wide, high)
        sum_ = QPointF(curve.left() - 84 * scale, middle)
        bias = QRectF(sum_.x() - 34 * scale, middle + (_SUM + 34) * scale, 68 * scale, 26 * scale)
        return _Places(inputs, sum_, bias, curve, QPointF(right, middle))

    def sizeHint(self) -> QSize:
        return QSize(640, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 220)

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.told is not None:
            at = self.places()
            x, weights, bias, z, a = self._numbers()
            self._paint_edges(painter, at, weights)
            self._paint_inputs(painter, at, x)
            self._paint_sum(painter, at, bias, z)
            self._paint_activation(painter, at, z, a)
            self._paint_key(painter)
        painter.end()

    def _paint_edges(self, painter: QPainter, at: _Places, weights: tuple[float, ...]) -> None:
        """Thick where a weight is large, dashed where it is negative; its number and its product stand on it."""
        assert self.told is not None
        products = numbers(self.told.products)[self.told.row]
        largest = max((abs(one) for one in weights), default=0.0) or 1.0
        reach = max(largest, 2.0)
        scale = theme().text_scale
        for place, weight in zip(at.inputs, weights, strict=False):
            pen = QPen(edge_color(weight), _THIN + (_THICK - _THIN) * min(1.0, abs(weight) / reach))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if weight < 0:
                pen.setDashPattern([max(1.5, 7 / pen.widthF()), max(1.0, 4 / pen.widthF())])
            elif not weight:
                pen.setDashPattern([1, 3])
            painter.setPen(pen)
            painter.drawLine(place + QPointF(_ROUND * scale, 0), at.sum)
        painter.setFont(theme().font("small", "medium"))
        for place, weight, product in zip(at.inputs, weights, products.tolist(), strict=False):
            begin = place + QPointF(_ROUND * scale, 0)
            on = begin + (at.sum - begin) * _ALONG
            room = QRectF(on.x() - 70 * scale, on.y() - 9 * scale, 140 * scale, 18 * scale)
            text = f"× {figure(weight)} = {figure(product)}"
            painter.fillRect(painter.boundingRect(room, _CENTER, text).adjusted(-3, 0, 3, 0), theme().color("surface"))
            painter.setPen(theme().color("text"))
            painter.drawText(room, _CENTER, text)

    def _paint_inputs(self, painter: QPainter, at: _Places, x: tuple[float, ...]) -> None:
        scale = theme().text_scale
        radius = _ROUND * scale
        if len(at.inputs) > 1:
            radius = min(radius, 0.46 * (at.inputs[1].y() - at.inputs[0].y()))
        for number, (place, value) in enumerate(zip(at.inputs, x, strict=False), 1):
            painter.setPen(QPen(theme().color("line_strong"), 1.25))
            painter.setBrush(theme().color("surface"))
            wide = max(radius, radius * len(figure(value)) / 4.5)  # long numbers have an oval
            painter.drawRoundedRect(QRectF(place.x() - wide, place.y() - radius, 2 * wide, 2 * radius), radius, radius)
            painter.setPen(theme().color("text"))
            painter.setFont(theme().font("small", "semibold"))
            painter.drawText(QRectF(place.x() - 40, place.y() - radius, 80, 2 * radius), _CENTER, figure(value))
            painter.setPen(theme().color("text_secondary"))
            painter.setFont(theme().font("small"))
            beside = QRectF(0, place.y() - 10 * scale, place.x() - wide - 6, 20 * scale)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, named("x", number))
        if len(x) > len(at.inputs):
            more = _("… and {n} more inputs").format(n=len(x) - len(at.inputs))
            painter.drawText(QPointF(8, self.height() - 30 * scale), more)

    def _paint_sum(self, painter: QPainter, at: _Places, bias: float, z: float) -> None:
        """The circle with Σ, the bias that comes from below, and z on the way to the activation."""
        scale, ink = theme().text_scale, theme().color("text_secondary")
        painter.setPen(QPen(ink, 1.5))
        paint_arrow(painter, QPointF(at.bias.center().x(), at.bias.top()), at.sum + QPointF(0, _SUM * scale))
        paint_arrow(painter, at.sum + QPointF(_SUM * scale, 0), QPointF(at.curve.left(), at.sum.y()))
        painter.setPen(QPen(theme().color("text"), 1.5))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(at.sum, _SUM * scale, _SUM * scale)
        painter.drawRoundedRect(at.bias, 5, 5)
        painter.setFont(theme().font("figure"))
        painter.drawText(QRectF(at.sum.x() - 26, at.sum.y() - 26, 52, 52), _CENTER, "Σ")
        painter.setFont(theme().font("small", "semibold"))
        painter.drawText(at.bias, _CENTER, f"+ {figure(bias)}")
        painter.setFont(theme().font("small"))
        painter.setPen(ink)
        under = QRectF(at.bias.left() - 20, at.bias.bottom() + 2, at.bias.width() + 40, 18 * scale)
        painter.drawText(under, _CENTER, _("bias b"))
        painter.setFont(theme().font("base", "semibold"))
        above = QRectF(at.sum.x() + _SUM * scale, at.sum.y() - 26 * scale, at.curve.left() - at.sum.x() - _SUM * scale, 20 * scale)  # fmt: skip
        halo_text(painter, above, _CENTER, figure(z), "text")
        painter.setFont(theme().font("small"))
        painter.setPen(ink)
        painter.drawText(above.translated(0, 28 * scale), _CENTER, "z")

    def _paint_activation(self, painter: QPainter, at: _Places, z: float, a: float) -> None:
        """The curve of the activation with a point at z, and a on its way out."""
        box, scale = at.curve, theme().text_scale
        painter.setPen(QPen(theme().color("line_strong"), 1))
        painter.setBrush(theme().color("surface"))
        painter.drawRoundedRect(box, 6, 6)
        inside = box.adjusted(8, 8, -8, -8)
        x, y = self._curve
        plane = Plane(inside, (float(x[0]), float(x[-1])), heights_of(y))
        zero = plane.point(0, 0)
        painter.setPen(QPen(theme().color("line_strong"), 1))
        painter.drawLine(QPointF(inside.left(), zero.y()), QPointF(inside.right(), zero.y()))
        painter.drawLine(QPointF(zero.x(), inside.top()), QPointF(zero.x(), inside.bottom()))
        painter.save()
        painter.setClipRect(box)
        stroke(painter, plane.path(x, y), QPen(theme().color("text"), 2))
        here = plane.point(z, a)
        dots = QPen(theme().color("accent"), 1)
        dots.setDashPattern([2, 2])
        painter.setPen(dots)
        painter.drawLine(here, QPointF(here.x(), zero.y()))
        painter.drawLine(here, QPointF(zero.x(), here.y()))
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(here, 5, 5)
        painter.restore()
        ink = theme().color("text_secondary")
        painter.setPen(ink)
        painter.setFont(theme().font("small", "semibold"))
        head = QRectF(box.left() - 20, box.top() - 22 * scale, box.width() + 40, 18 * scale)
        painter.drawText(head, _CENTER, activation_title(self.state.activation))
        painter.setFont(theme().font("tick"))
        ends = QRectF(box.left(), box.bottom() + 2, box.width(), 16 * scale)
        painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, f"z {tick_text(plane.x[0], 0)}")
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight, tick_text(plane.x[1], 0))
        painter.setPen(QPen(ink, 1.5))
        radius = _ROUND * scale
        wide = max(radius, radius * len(figure(a)) / 4.5)
        paint_arrow(painter, QPointF(box.right(), at.output.y()), QPointF(at.output.x() - wide, at.output.y()))
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(theme().color("surface"))
        out = QRectF(at.output.x() - wide, at.output.y() - radius, 2 * wide, 2 * radius)
        painter.drawRoundedRect(out, radius, radius)
        painter.setFont(theme().font("small", "semibold"))
        painter.setPen(theme().color("text"))
        painter.drawText(out, _CENTER, figure(a))
        painter.setPen(ink)
        painter.setFont(theme().font("small"))
        painter.drawText(out.translated(0, 2 * radius - 2), Qt.AlignmentFlag.AlignHCenter, "a")

    def _paint_key(self, painter: QPainter) -> None:
        """What an edge says without words."""
        scale = theme().text_scale
        painter.setFont(theme().font("small"))
        top, left = self.height() - 12 * scale, 8.0
        for text, weight in ((_("w > 0"), 1.0), (_("w < 0, dashed"), -1.0), (_("thick: w is large"), None)):
            if weight is not None:
                pen = QPen(edge_color(weight), 3)
                if weight < 0:
                    pen.setDashPattern([2.4, 1.4])
                painter.setPen(pen)
                painter.drawLine(QPointF(left, top), QPointF(left + 28, top))
                left += 34
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(
                QRectF(left, top - 9 * scale, 160 * scale, 18 * scale), Qt.AlignmentFlag.AlignVCenter, text
            )
            left += painter.fontMetrics().horizontalAdvance(text) + 20


def edge_color(weight: float) -> QColor:
    """Blue below 0, orange above it: the ends of the map of signed values."""
    if not weight:
        return theme().color("text_quiet")
    return QColor(*theme().lut("diverging")[0 if weight < 0 else -1].tolist())
