"""One neuron as a drawing: inputs, weights on their edges, the sum, the bias, the activation's curve with z on it, a."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.lab.told import NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.neuron.arrows import paint_arrow
from playground.window.lab.neuron.places import ROUND, SUM, Places, places
from playground.window.lab.neuron.words import activation_title, named, neuron_words
from playground.window.lab.plane import Plane, halo_text, heights_of, tick_text
from playground.window.lab.tensors.words import figure
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

MOST_INPUTS = 12  # that are drawn
_CENTER = Qt.AlignmentFlag.AlignCenter
_THIN, _THICK = 1.0, 7.0  # px, of an edge


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

    def places(self) -> Places:
        """Where everything is drawn, px."""
        count = min(len(self.state.inputs), MOST_INPUTS)
        return places(float(self.width()), float(self.height()), count, theme().text_scale)

    def labels(self, at: Places) -> list[tuple[str, QRectF]]:
        """On each edge its weight and what goes through it."""
        assert self.told is not None
        metrics, scale = QFontMetricsF(theme().font("small", "medium")), theme().text_scale
        products = numbers(self.told.products)[self.told.row].tolist()
        texts = [f"× {figure(one)} = {figure(made)}" for one, made in zip(self._numbers()[1], products, strict=True)]
        sizes = [QSizeF(metrics.horizontalAdvance(text) + 6, metrics.height()) for text in texts]
        return [(texts[number], at.label(number, sizes[number], scale)) for number in range(len(at.inputs))]

    def oval(self, middle: QPointF, value: float, radius: float) -> QRectF:
        """Around a number: long ones have an oval."""
        wide = max(radius, radius * len(figure(value)) / 4.5)
        return QRectF(middle.x() - wide, middle.y() - radius, 2 * wide, 2 * radius)

    def sizeHint(self) -> QSize:
        return QSize(640, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 220)

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

    def _paint_edges(self, painter: QPainter, at: Places, weights: tuple[float, ...]) -> None:
        """Thick where a weight is large, dashed where it is negative; its number and its product stand on it."""
        largest = max((abs(one) for one in weights), default=0.0) or 1.0
        reach = max(largest, 2.0)
        scale = theme().text_scale
        for number, weight in enumerate(weights[: len(at.inputs)]):
            pen = QPen(edge_color(weight), _THIN + (_THICK - _THIN) * min(1.0, abs(weight) / reach))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if weight < 0:
                pen.setDashPattern([max(1.5, 7 / pen.widthF()), max(1.0, 4 / pen.widthF())])
            elif not weight:
                pen.setDashPattern([1, 3])
            painter.setPen(pen)
            painter.drawLine(at.begin(number, scale), at.sum)
        painter.setFont(theme().font("small", "medium"))
        for text, room in self.labels(at):
            painter.fillRect(room, theme().color("surface"))
            painter.setPen(theme().color("text"))
            painter.drawText(room, _CENTER, text)

    def _paint_inputs(self, painter: QPainter, at: Places, x: tuple[float, ...]) -> None:
        scale = theme().text_scale
        for number, (place, value) in enumerate(zip(at.inputs, x, strict=False), 1):
            painter.setPen(QPen(theme().color("line_strong"), 1.25))
            painter.setBrush(theme().color("surface"))
            oval = self.oval(place, value, at.radius)
            painter.drawRoundedRect(oval, at.radius, at.radius)
            painter.setPen(theme().color("text"))
            painter.setFont(theme().font("small", "semibold"))
            painter.drawText(oval, _CENTER, figure(value))
            painter.setPen(theme().color("text_secondary"))
            painter.setFont(theme().font("small"))
            beside = QRectF(0, place.y() - 10 * scale, oval.left() - 4, 20 * scale)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, named("x", number))
        if len(x) > len(at.inputs):
            more = _("… and {n} more inputs").format(n=len(x) - len(at.inputs))
            painter.drawText(QPointF(8, self.height() - 30 * scale), more)

    def _paint_sum(self, painter: QPainter, at: Places, bias: float, z: float) -> None:
        """The circle with Σ, the bias that comes from its side, and z on the way to the activation."""
        scale, ink = theme().text_scale, theme().color("text_secondary")
        painter.setPen(QPen(ink, 1.5))
        lean = QPointF(0.4, -0.917 if at.stacked else 0.917) * SUM * scale  # towards the bias
        from_bias = QPointF(at.bias.center().x(), at.bias.bottom() if at.stacked else at.bias.top())
        paint_arrow(painter, from_bias, at.sum + lean)
        if at.stacked:
            paint_arrow(painter, at.sum + QPointF(0, SUM * scale), QPointF(at.sum.x(), at.curve.top()))
        else:
            paint_arrow(painter, at.sum + QPointF(SUM * scale, 0), QPointF(at.curve.left(), at.sum.y()))
        painter.setPen(QPen(theme().color("text"), 1.5))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(at.sum, SUM * scale, SUM * scale)
        painter.drawRoundedRect(at.bias, 5, 5)
        painter.setFont(theme().font("figure"))
        painter.drawText(QRectF(at.sum.x() - 26, at.sum.y() - 26, 52, 52), _CENTER, "Σ")
        painter.setFont(theme().font("small", "semibold"))
        painter.drawText(at.bias, _CENTER, f"+ {figure(bias)}")
        painter.setFont(theme().font("small"))
        painter.setPen(ink)
        painter.drawText(bias_name(at, scale), _CENTER, _("bias b"))
        self._paint_z(painter, at, z)

    def _paint_z(self, painter: QPainter, at: Places, z: float) -> None:
        """Its number and its name on the arrow to the activation."""
        scale = theme().text_scale
        right, flat = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme().font("base", "semibold"))
        if at.stacked:
            top = at.sum.y() + SUM * scale
            room = QRectF(at.sum.x() - 128 * scale, top, 120 * scale, at.curve.top() - top - 4)
            halo_text(painter, room, right | flat, f"z = {figure(z)}", "text")
            return
        left = at.sum.x() + SUM * scale
        above = QRectF(left, at.sum.y() - 26 * scale, at.curve.left() - left, 20 * scale)
        halo_text(painter, above, _CENTER, figure(z), "text")
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        painter.drawText(above.translated(0, 28 * scale), _CENTER, "z")

    def _paint_activation(self, painter: QPainter, at: Places, z: float, a: float) -> None:
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
        if at.stacked:  # beside the arrow that comes from above
            head = QRectF(at.sum.x() + 8, head.top(), self.width() - at.sum.x() - 8, head.height())
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(head, side if at.stacked else _CENTER, activation_title(self.state.activation))
        painter.setFont(theme().font("tick"))
        ends = QRectF(box.left(), box.bottom() + 2, box.width(), 16 * scale)
        painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, f"z {tick_text(plane.x[0], 0)}")
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight, tick_text(plane.x[1], 0))
        painter.setPen(QPen(ink, 1.5))
        radius = ROUND * scale
        out = self.oval(at.output, a, radius)
        begin, end = (box.left(), out.right()) if at.stacked else (box.right(), out.left())
        paint_arrow(painter, QPointF(begin, at.output.y()), QPointF(end, at.output.y()))
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(theme().color("surface"))
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


def bias_name(at: Places, scale: float) -> QRectF:
    """Where the bias has its name: beyond its box."""
    top = at.bias.top() - 20 * scale if at.stacked else at.bias.bottom() + 2
    return QRectF(at.bias.left(), top, at.bias.width(), 18 * scale)


def edge_color(weight: float) -> QColor:
    """Blue below 0, orange above it: the ends of the map of signed values."""
    if not weight:
        return theme().color("text_quiet")
    return QColor(*theme().lut("diverging")[0 if weight < 0 else -1].tolist())
