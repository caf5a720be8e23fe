"""How nodes and edges of a graph are painted. A leaf is round at its left and says so; what backward() has reached has a
thick edge and the number of its step."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from playground.core.lab.told import Graph, GraphNode
from playground.core.text import _
from playground.window.lab.autograd import words
from playground.window.lab.autograd.layout import Sizes
from playground.window.theme import theme

_SIDE, _TOP, _LINE = 12.0, 7.0, 19.0  # px in a node
_ARROW = 7.0
READABLE = 0.45  # a scale below it shows names alone


class Mark(NamedTuple):
    """Of a node. step: of backward() that reached it, from 1, else 0;  now: it is the newest;  chosen: it is looked at"""

    step: int = 0
    now: bool = False
    chosen: bool = False


def sizes() -> Sizes:
    """Of nodes, grown with the text."""
    scale = theme().text_scale
    plain = Sizes()
    return Sizes(plain.width * scale, plain.height * scale, plain.across * scale, plain.down * scale)


class NodePainter:
    """texts: what stands in each node, cut to its width once"""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._lines: dict[int, tuple[str, str, str]] = {}
        self._slopes: dict[int, str] = {}

    def lines(self, node: GraphNode) -> tuple[str, str, str]:
        """Title, kind and facts, as they are painted."""
        if node.number not in self._lines:
            room = sizes().width - 2 * _SIDE - (6 if node.leaf else 0)
            cut = Qt.TextElideMode.ElideRight
            head = QFontMetrics(theme().font("base", "semibold", mono=True))
            small = QFontMetrics(theme().font("small"))
            self._lines[node.number] = (
                head.elidedText(words.title(node), cut, int(room)),
                small.elidedText(words.kind(node), cut, int(room)),
                small.elidedText(words.facts(node), cut, int(room)),
            )
        return self._lines[node.number]

    def slope(self, node: GraphNode) -> str:
        """What came in, as it is painted."""
        if node.number not in self._slopes:
            text = _("slope {text}").format(text=words.slope_text(node.came_in, node.came_norm))
            small = QFontMetrics(theme().font("small", "semibold"))
            tick = QFontMetrics(theme().font("tick", "medium"))
            beside = max(tick.horizontalAdvance(chip_of(node.number + 1, now)) for now in (False, True)) + 4
            room = int(sizes().width - 2 * _SIDE - beside - (6 if node.leaf else 0))
            self._slopes[node.number] = small.elidedText(text, Qt.TextElideMode.ElideRight, room)
        return self._slopes[node.number]

    def paint(self, painter: QPainter, node: GraphNode, rect: QRectF, mark: Mark, scale: float) -> None:
        color = theme().color
        edge, width = (color("accent"), 2.0) if mark.step else (color("line_strong"), 1.0)
        painter.setPen(_pen(edge, width))
        painter.setBrush(color("accent_tint" if mark.now else "surface"))
        painter.drawPath(outline(rect, node.leaf))
        if mark.chosen:
            painter.setPen(_pen(color("text"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(outline(rect.adjusted(-4, -4, 4, 4), node.leaf))
        if scale < READABLE:
            self._paint_name(painter, node, rect, scale)
        else:
            self._paint_lines(painter, node, rect, mark)

    def _paint_name(self, painter: QPainter, node: GraphNode, rect: QRectF, scale: float) -> None:
        """As large as it is elsewhere, as long as the node can hold it."""
        font = theme().font("tick", "medium", mono=True)
        if rect.height() * scale < font.pixelSize() + 2:
            return
        font.setPixelSize(round(font.pixelSize() / scale))
        painter.setFont(font)
        painter.setPen(theme().color("text"))
        text = painter.fontMetrics().elidedText(words.title(node), Qt.TextElideMode.ElideRight, int(rect.width() - 12))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lines(self, painter: QPainter, node: GraphNode, rect: QRectF, mark: Mark) -> None:
        scale = theme().text_scale
        left, line = _SIDE + (6 if node.leaf else 0), _LINE * scale
        title, kind, facts = self.lines(node)
        chip = _("output") if node.number == 0 else ""
        if mark.step:
            chip = chip_of(mark.step, mark.now)
        rows = (
            (title, theme().font("base", "semibold", mono=True), "text"),
            (kind, theme().font("small"), "text_secondary"),
            (facts, theme().font("small"), "text"),
            (self.slope(node) if mark.step else "", theme().font("small", "semibold"), "accent"),
        )
        place = QRectF(rect.x() + left, rect.y() + _TOP * scale, rect.width() - left - _SIDE, line)
        for number, (text, font, token) in enumerate(rows):
            painter.setFont(font)
            painter.setPen(theme().color(token))
            painter.drawText(place.translated(0, number * line), Qt.AlignmentFlag.AlignVCenter, text)
        if chip:
            painter.setFont(theme().font("tick", "medium"))
            painter.setPen(theme().color("accent" if mark.step else "text_secondary"))
            last = place.translated(0, (len(rows) - 1) * line)
            painter.drawText(last, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, chip)


def chip_of(step: int, now: bool) -> str:
    """What says that a node is reached."""
    return _("now · {n}").format(n=step) if now else _("step {n}").format(n=step)


def _pen(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """As wide on the screen whatever the graph's scale is."""
    pen = QPen(color, width, style)
    pen.setCosmetic(True)
    return pen


def outline(rect: QRectF, leaf: bool) -> QPainterPath:
    """Rounded at all corners; of a leaf, the left end is half a circle."""
    radius = float(theme().tokens["radius"]["card"])
    path = QPainterPath()
    if not leaf:
        path.addRoundedRect(rect, radius, radius)
        return path
    round_ = min(rect.height() / 2, 28.0 * theme().text_scale)
    path.moveTo(rect.right() - radius, rect.top())
    path.arcTo(rect.right() - 2 * radius, rect.top(), 2 * radius, 2 * radius, 90, -90)
    path.arcTo(rect.right() - 2 * radius, rect.bottom() - 2 * radius, 2 * radius, 2 * radius, 0, -90)
    path.arcTo(rect.left(), rect.bottom() - 2 * round_, 2 * round_, 2 * round_, 270, -90)
    path.arcTo(rect.left(), rect.top(), 2 * round_, 2 * round_, 180, -90)
    path.closeSubpath()
    return path


def edge_path(points: list[tuple[float, float]]) -> QPainterPath:
    """Level where it leaves and arrives, and where it passes a column."""
    path = QPainterPath(QPointF(*points[0]))
    for number, (x, y) in enumerate(points[1:], 1):
        before_x, before_y = points[number - 1]
        if number % 2 == 0:  # along a column
            path.lineTo(x, y)
            continue
        half = (x - before_x) / 2
        path.cubicTo(before_x + half, before_y, x - half, y, x, y)
    return path


class EdgeLook(NamedTuple):
    """flowed: what went back through it, "" before;  chosen: it is one of the node that is looked at"""

    flowed: str = ""
    chosen: bool = False


def paint_edge(painter: QPainter, path: QPainterPath, end: QPointF, look: EdgeLook) -> None:
    color: QColor = theme().color("accent" if look.flowed else "text" if look.chosen else "text_quiet")
    width = 2.5 if look.chosen else 2.0 if look.flowed else 1.0
    painter.setPen(_pen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(color))
    corner = [end, end + QPointF(-_ARROW, -_ARROW / 2), end + QPointF(-_ARROW, _ARROW / 2)]
    painter.drawPolygon(QPolygonF(corner))


def paint_flow(painter: QPainter, end: QPointF, text: str, room: float) -> None:
    """What went back, on the last piece of an edge. end: where it meets its node;  room: px between two columns"""
    painter.setFont(theme().font("tick", "semibold"))
    metrics = painter.fontMetrics()
    said = metrics.elidedText(f"← {text}", Qt.TextElideMode.ElideRight, int(room - 20))
    wide, high = metrics.horizontalAdvance(said) + 8, metrics.height()
    box = QRectF(end.x() - wide - 12, end.y() - high / 2, wide, high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("surface"))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(theme().color("accent"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)
