"""A network drawn small: what an example shows where nobody made a picture for it.

Layers stand in their order from left to right. A convolution and a Linear are as high as they are wide in channels or
features, branches lie above each other, and what a Residual adds goes round it in an arc.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from playground.core.arguments import in_effect
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network
from playground.disk.presets import layer_count
from playground.window.theme import theme

_HIGH = 72.0  # of a layer with very many channels; all in units that are scaled to the room
_GAP, _FORK, _PLUS = 3.5, 9.0, 3.0
_WIDTHS = {"Convolution": 9.0, "Linear": 5.0, "Pooling": 5.0, "Sequence": 9.0, "Blocks": 9.0}
_THIN = 2.0  # an activation, a normalisation, and the like
_LEAST_WIDE, _MOST_SCALE = 120.0, 2.2
_CHANNELS = ("out_channels", "out_features", "hidden_size", "d_model", "embedding_dim")
_FEWEST, _MOST = 1.0, 8.0  # log2 of the channels of the lowest and the highest layer


def draw_network(painter: QPainter, room: QRectF, network: Network) -> None:
    """Draw it in the middle of a room, as large as it fits."""
    wide, high = _width(network), _height(network)
    scale = min(room.width() / max(wide, _LEAST_WIDE), room.height() / high, _MOST_SCALE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.center().x() - scale * wide / 2, room.center().y() + scale * _lift(network) / 2)
    painter.scale(scale, scale)
    _Pencil(painter, max(1, layer_count(network))).draw(network, QPointF(0, 0), _HIGH)
    painter.restore()


def _family(layer: Layer) -> str:
    return LAYERS[layer.layer].family if layer.layer in LAYERS else ""


def _is_fork(layer: Layer) -> bool:
    return layer.layer == "Parallel" and bool(layer.children)


def _width(layers: Sequence[Layer]) -> float:
    return sum(_width_of(layer) for layer in layers) + _GAP * max(0, len(layers) - 1)


def _width_of(layer: Layer) -> float:
    if _is_fork(layer):
        return max(_width((branch,)) for branch in layer.children) + 2 * _FORK
    if layer.layer == "Residual" and layer.children:
        return _width(layer.children) + 2 * _FORK + _PLUS
    if layer.children:
        return _width(layer.children)
    return 0.0 if _is_empty(layer) else _WIDTHS.get(_family(layer), _THIN)


def _is_empty(layer: Layer) -> bool:
    """A block with nothing in it: it hands on what it gets."""
    return layer.layer in LAYERS and bool(LAYERS[layer.layer].block) and not layer.children


def _lift(layers: Sequence[Layer]) -> float:
    """How far an arc goes beyond the layers, at the top only."""
    inside = max((_lift(layer.children) for layer in layers if layer.children), default=0.0)
    return max(inside, 22.0 if any(layer.layer == "Residual" and layer.children for layer in layers) else 0.0)


def _height(layers: Sequence[Layer]) -> float:
    return _HIGH + _lift(layers)


def _share(layer: Layer) -> float:
    """How high a layer is, of what it may be: by the channels or features that come out."""
    family = _family(layer)
    if family not in ("Convolution", "Linear", "Sequence"):
        return 0.5
    values = in_effect(LAYERS[layer.layer].arguments, layer.arguments, None)
    count = next((values[name] for name in _CHANNELS if isinstance(values.get(name), int)), 2)
    return 0.3 + 0.7 * min(1.0, max(0.0, (math.log2(max(1, count)) - _FEWEST) / (_MOST - _FEWEST)))


class _Pencil:
    """Draws from left to right; the colour goes with the depth."""

    def __init__(self, painter: QPainter, layers: int) -> None:
        self._painter, self._layers, self._drawn = painter, layers, 0
        self._quiet = QPen(theme().color("text_quiet"), 1.0)
        self._colors = theme().layer_lines()

    def draw(self, layers: Sequence[Layer], start: QPointF, high: float) -> QPointF:
        """start: where the line comes in, at half the height of the layers.  Returns where it leaves."""
        here = QPointF(start)
        for number, layer in enumerate(layers):
            if number:
                here = self._line(here, _GAP)
            if _is_fork(layer):
                here = self._fork(layer, here, high)
            elif layer.layer == "Residual" and layer.children:
                here = self._detour(layer, here, high)
            elif layer.children:
                here = self.draw(layer.children, here, high)
            elif not _is_empty(layer):
                here = self._layer(layer, here, high)
        return here

    def _color(self) -> QColor:
        place = self._drawn / max(1, self._layers - 1) * (len(self._colors) - 1)
        self._drawn += 1
        low = min(int(place), len(self._colors) - 2)
        one, other, part = self._colors[low], self._colors[low + 1], min(1.0, place - low)
        ends = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
        return QColor(*(round(start + part * (end - start)) for start, end in ends))

    def _line(self, start: QPointF, length: float) -> QPointF:
        end = start + QPointF(length, 0)
        self._painter.setPen(self._quiet)
        self._painter.drawLine(start, end)
        return end

    def _layer(self, layer: Layer, start: QPointF, high: float) -> QPointF:
        wide, tall, color = _width_of(layer), high * _share(layer), self._color()
        box = QRectF(start.x(), start.y() - tall / 2, wide, tall)
        family = _family(layer)
        self._painter.setPen(Qt.PenStyle.NoPen)
        if family in ("Convolution", "Linear", "Sequence"):
            self._painter.setBrush(color)
            self._painter.drawRoundedRect(box, 1.5, 1.5)
        else:
            color.setAlphaF(0.45)
            self._painter.setBrush(color)
            path = QPainterPath()
            if family == "Pooling":  # what comes out is smaller
                lost = tall / 5
                path.moveTo(box.topLeft())
                for corner in (box.topRight() + QPointF(0, lost), box.bottomRight() - QPointF(0, lost)):
                    path.lineTo(corner)
                path.lineTo(box.bottomLeft())
                path.closeSubpath()
            else:
                path.addRoundedRect(box, 1, 1)
            self._painter.drawPath(path)
        return start + QPointF(wide, 0)

    def _detour(self, layer: Layer, start: QPointF, high: float) -> QPointF:
        """The layers of a Residual, and the way round them to the plus."""
        inside = self._line(start, _FORK)
        left = self._line(self.draw(layer.children, inside, high), _FORK / 2)
        plus = left + QPointF(_FORK / 2, 0)
        arc = QPainterPath(start + QPointF(_FORK / 3, 0))
        top = start.y() - high / 2 - 10
        arc.cubicTo(QPointF(start.x() + _FORK / 3, top), QPointF(plus.x(), top), plus - QPointF(0, _PLUS))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(theme().color("accent"), 1.4))
        self._painter.drawPath(arc)
        self._painter.drawEllipse(plus, _PLUS, _PLUS)
        for stroke in (QPointF(_PLUS / 2, 0), QPointF(0, _PLUS / 2)):
            self._painter.drawLine(plus - stroke, plus + stroke)
        return plus + QPointF(_PLUS, 0)

    def _fork(self, layer: Layer, start: QPointF, high: float) -> QPointF:
        """Branches above each other, each with its share of the height."""
        wide = _width_of(layer) - 2 * _FORK
        share = high / len(layer.children)
        join = start + QPointF(wide + 2 * _FORK, 0)
        for number, branch in enumerate(layer.children):
            middle = start.y() - high / 2 + (number + 0.5) * share
            self._curve(start, QPointF(start.x() + _FORK, middle))
            end = self.draw((branch,), QPointF(start.x() + _FORK, middle), share * 0.8)
            end = self._line(end, start.x() + _FORK + wide - end.x())
            self._curve(end, join)
        return join

    def _curve(self, start: QPointF, end: QPointF) -> None:
        path, half = QPainterPath(start), QPointF((end.x() - start.x()) / 2, 0)
        path.cubicTo(start + half, end - half, end)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(self._quiet)
        self._painter.drawPath(path)
