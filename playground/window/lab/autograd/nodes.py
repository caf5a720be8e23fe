"""How nodes and edges of a graph are painted. A leaf is round at its left and says so; what backward() has reached has a
thick edge and the number of its step."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF, QStaticText

from playground.core.lab.told import Graph, GraphNode
from playground.core.text import _
from playground.window.lab.autograd import words
from playground.window.lab.autograd.layout import Sizes
from playground.window.theme import theme

_SIDE, _TOP, _LINE = 10.0, 7.0, 19.0  # px in a node
_ARROW = 7.0
_LEAST_TEXT = 0.75  # of the size that it is elsewhere
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


class Row(NamedTuple):
    """A text of a node, laid out. high: of its font"""

    text: QStaticText
    font: QFont
    wide: float
    high: float


class NodePainter:
    """Lays out the texts of each node once; another theme is another painter."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        font = theme().font
        self._fonts = (
            font("base", "semibold", mono=True), font("small"), font("small"), font("small", "semibold"), font("tick", "medium")
        )  # fmt: skip
        self._metrics = tuple(map(QFontMetrics, self._fonts))
        self._size, self._line, self._top = sizes(), _LINE * theme().text_scale, _TOP * theme().text_scale
        color = theme().color
        self._inks = (color("text"), color("text_secondary"), color("text"), color("accent"))
        self._edges = (_pen(color("line_strong"), 1.0), _pen(color("accent"), 2.0))
        self._grounds = (color("surface"), color("accent_tint"))
        self._rows: dict[int, tuple[Row, ...]] = {}
        self._chips: dict[tuple[int, bool], Row] = {}
        self._names: tuple[float, dict[int, Row]] = (0.0, {})  # at which scale

    def _laid_out(self, text: str, kind: int, room: float) -> Row:
        metrics = self._metrics[kind]
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        return _row(cut, self._fonts[kind], metrics)

    def rows(self, node: GraphNode) -> tuple[Row, ...]:
        """Title, kind, facts and slope."""
        found = self._rows.get(node.number)
        if found is None:
            room = self._size.width - 2 * _SIDE - (6 if node.leaf else 0)
            tick = self._metrics[-1]
            chip = max(tick.horizontalAdvance(chip_of(node.number + 1, now)) for now in (False, True)) + 2
            slope = _("slope {text}").format(text=words.slope_text(node.came_in, node.came_norm))
            texts = (words.title(node), words.kind(node), words.facts(node), slope)
            rooms = (room, room, room, room - chip)
            found = tuple(self._laid_out(text, kind, rooms[kind]) for kind, text in enumerate(texts))
            self._rows[node.number] = found
        return found

    def paint(self, painter: QPainter, node: GraphNode, rect: QRectF, mark: Mark, scale: float) -> None:
        painter.setPen(self._edges[bool(mark.step)])
        painter.setBrush(self._grounds[mark.now])
        if scale >= READABLE or node.leaf:
            painter.drawPath(outline(rect, node.leaf))
        else:
            painter.drawRect(rect)
        if mark.chosen:
            painter.setPen(_pen(theme().color("text"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(outline(rect.adjusted(-4, -4, 4, 4), node.leaf))
        if scale < READABLE:
            self._paint_name(painter, node, rect, scale)
        else:
            self._paint_rows(painter, node, rect, mark)

    def _paint_name(self, painter: QPainter, node: GraphNode, rect: QRectF, scale: float) -> None:
        """As large as the node can hold it, up to what it is elsewhere."""
        if rect.height() * scale < self._fonts[-1].pixelSize() + 2:
            return
        if self._names[0] != scale:
            self._names = (scale, {})
        row = self._names[1].get(node.number)
        if row is None:
            font, title = theme().font("tick", "medium", mono=True), words.title(node)
            wide = QFontMetrics(font).horizontalAdvance(title) + 1
            share = max(_LEAST_TEXT, min(1.0, (rect.width() - 12) * scale / wide))
            font.setPixelSize(round(font.pixelSize() * share / scale))
            metrics = QFontMetrics(font)
            cut = metrics.elidedText(title, Qt.TextElideMode.ElideRight, int(rect.width() - 12))
            row = self._names[1][node.number] = _row(cut, font, metrics)
        painter.setPen(self._inks[0])
        _paint_row(painter, row, rect.center().x() - row.wide / 2, rect.center().y() - row.high / 2)

    def _paint_rows(self, painter: QPainter, node: GraphNode, rect: QRectF, mark: Mark) -> None:
        left = rect.x() + _SIDE + (6 if node.leaf else 0)
        rows = self.rows(node)
        for number, (row, ink) in enumerate(zip(rows, self._inks, strict=True)):
            if mark.step or number < len(rows) - 1:
                painter.setPen(ink)
                y = rect.y() + self._top + number * self._line
                _paint_row(painter, row, left, y + (self._line - row.high) / 2)
        if mark.step or node.number == 0:
            key = (mark.step, mark.now)
            if key not in self._chips:
                text = chip_of(mark.step, mark.now) if mark.step else _("output")
                self._chips[key] = self._laid_out(text, 4, self._size.width)
            chip = self._chips[key]
            painter.setPen(self._inks[3 if mark.step else 1])
            y = rect.y() + self._top + (len(rows) - 1) * self._line + (self._line - chip.high) / 2
            _paint_row(painter, chip, rect.right() - _SIDE - chip.wide, y)


def _row(text: str, font: QFont, metrics: QFontMetrics) -> Row:
    laid = QStaticText(text)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.prepare(font=font)
    return Row(laid, font, metrics.horizontalAdvance(text), metrics.height())


def _paint_row(painter: QPainter, row: Row, x: float, y: float) -> None:
    painter.setFont(row.font)
    painter.drawStaticText(QPointF(x, y), row.text)


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


def arrow_path(end: QPointF) -> QPainterPath:
    """Where an edge meets its node."""
    path = QPainterPath()
    corners = [end, end + QPointF(-_ARROW, -_ARROW / 2), end + QPointF(-_ARROW, _ARROW / 2), end]
    path.addPolygon(QPolygonF(corners))
    return path


class EdgeLook(NamedTuple):
    """flowed: a slope went back through it;  chosen: it is one of the node that is looked at"""

    flowed: bool = False
    chosen: bool = False


def paint_edges(painter: QPainter, lines: QPainterPath, arrows: QPainterPath, look: EdgeLook) -> None:
    """All that look alike at once."""
    color: QColor = theme().color("accent" if look.flowed else "text" if look.chosen else "text_quiet")
    painter.setPen(_pen(color, 2.5 if look.chosen else 2.0 if look.flowed else 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(lines)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPath(arrows)


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
