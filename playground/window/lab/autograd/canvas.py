"""The graph as it is drawn: moved and zoomed by hand, walked through by keys."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from playground.core.lab.told import Graph
from playground.core.text import _
from playground.window.lab.autograd import words
from playground.window.lab.autograd.chain import users_of
from playground.window.lab.autograd.layout import Layout, laid_out
from playground.window.lab.autograd.nodes import (
    READABLE,
    EdgeLook,
    Mark,
    NodePainter,
    edge_path,
    paint_edge,
    paint_flow,
    sizes,
)
from playground.window.lab.ground import DraggedPlot
from playground.window.theme import theme

_MARGIN = 24.0
_LEAST, _MOST, _COMFORTABLE = 0.05, 2.0, 0.74
_STEP = 1.2  # of a zoom


class GraphCanvas(DraggedPlot):
    """chosen: the node that is looked at

    node_chosen: its number;  stepped: by how many;  ended: to the last step;  opened: the layer whose nodes are wanted
    """

    node_chosen = Signal(int)
    stepped = Signal(int)
    rewound = Signal()
    ended = Signal()
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.graph: Graph | None = None
        self.layout_ = Layout()
        self.chosen = 0
        self.position = 0
        self.scale, self.offset = 1.0, QPointF()
        self._painter: NodePainter | None = None
        self._paths: dict[tuple[int, int], QPainterPath] = {}
        self._users: list[list[tuple[int, int]]] = []
        self._fit: Callable[[], None] | None = (
            self.fit
        )  # what is done again in another room; None where a hand has moved it
        self._grip: QPointF | None = None
        self._dressed_at = theme().text_scale
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(140)
        self._speak()

    # What is shown ------------------------------------------------------------------------------------------------

    def show_graph(self, graph: Graph | None, layout: Layout | None = None) -> None:
        """Another graph, or other numbers of the same one: then nothing moves. layout: of it, where it is known"""
        before, self.graph = self.graph, graph
        self._painter = NodePainter(graph) if graph is not None else None
        if graph is not None and (before is None or shape_of(before) != shape_of(graph)):
            self._users = users_of(graph)
            self._take_layout(layout or layout_of(graph))
            self.chosen = 0
            self.fit()
        self._speak()
        self.update()

    def is_drawn(self, graph: Graph) -> bool:
        """Whether its nodes lie where those of the graph lie that is seen."""
        return self.graph is not None and shape_of(self.graph) == shape_of(graph)

    def _take_layout(self, layout: Layout) -> None:
        self.layout_ = layout
        self._paths = {edge: edge_path(points) for edge, points in layout.routes.items()}

    def show_walk(self, position: int, chosen: int) -> None:
        """position: nodes walked;  chosen: the number of the node that is looked at"""
        if (position, chosen) != (self.position, self.chosen):
            self.position, self.chosen = position, chosen
            self._bring_to_view(chosen)
            self._speak()
            self.update()

    def dress(self) -> None:
        super().dress()
        if self.graph is not None:
            self._painter = NodePainter(self.graph)
            if self._dressed_at != theme().text_scale:
                self._take_layout(layout_of(self.graph))
            if self._fit is not None:
                self._fit()
        self._dressed_at = theme().text_scale

    def _speak(self) -> None:
        if self.graph is None or self.chosen >= len(self.graph.nodes):
            self.setAccessibleName(_("Graph, empty"))
            return
        node = self.graph.nodes[self.chosen]
        self.setAccessibleName(_("Graph: {node}").format(node=words.spoken(node, self.graph, self.position)))

    # Where things are ---------------------------------------------------------------------------------------------

    def rect_of(self, number: int) -> QRectF:
        """Of a node, on the graph."""
        x, y = self.layout_.nodes[number]
        size = sizes()
        return QRectF(x, y, size.width, size.height)

    def seen(self, rect: QRectF) -> QRectF:
        """A place on the graph as one in the widget."""
        return QRectF(rect.topLeft() * self.scale + self.offset, rect.size() * self.scale)

    def node_at(self, place: QPointF) -> int | None:
        """place: in the widget"""
        on_graph = (place - self.offset) / self.scale
        count = len(self.layout_.nodes)
        return next((number for number in range(count) if self.rect_of(number).contains(on_graph)), None)

    def fit(self) -> None:
        """All of it, where that can be read; else as large as reading asks for, with the node that is looked at."""
        wide, high = self.layout_.width, self.layout_.height
        if not wide or self.width() <= 2 * _MARGIN:
            return
        room_x, room_y = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        self.scale = max(_COMFORTABLE, min(1.0, room_x / wide, room_y / high))
        self._center()
        self._fit = self.fit
        self._bring_to_view(self.chosen)
        self.update()

    def fit_all(self) -> None:
        """All of it, however small."""
        wide, high = max(1.0, self.layout_.width), max(1.0, self.layout_.height)
        room_x, room_y = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        self.scale = max(_LEAST, min(1.0, room_x / wide, room_y / high))
        self._center()
        self._fit = self.fit_all
        self.update()

    def _center(self) -> None:
        """In the middle; what is wider or higher than there is room begins at the output, or at the top."""
        wide, high = self.layout_.width * self.scale, self.layout_.height * self.scale
        x = (self.width() - wide) / 2 if wide <= self.width() else self.width() - _MARGIN - wide
        y = (self.height() - high) / 2
        self.offset = QPointF(x, y)

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        middle = around if around is not None else QPointF(self.width() / 2, self.height() / 2)
        scale = max(_LEAST, min(_MOST, self.scale * factor))
        self.offset = middle - (middle - self.offset) * (scale / self.scale)
        self.scale, self._fit = scale, None
        self.update()

    def _bring_to_view(self, number: int) -> None:
        """Move as little as is needed for a node, and the gap at its left, to be seen whole."""
        if number >= len(self.layout_.nodes) or self.width() < 40:
            return
        whole = self.seen(QRectF(0, 0, self.layout_.width, self.layout_.height))
        free = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        if free.contains(whole):
            return
        before = (
            sizes().across
            if self.graph is not None and any(one is not None for one in self.graph.nodes[number].inputs)
            else 8.0
        )
        place = self.seen(self.rect_of(number).adjusted(-before, -8, 8, 8))
        dx = max(0.0, free.left() - place.left()) if place.width() < free.width() else 0.0
        dx = dx or min(0.0, free.right() - place.right())
        dy = max(0.0, free.top() - place.top()) or min(0.0, free.bottom() - place.bottom())
        if dx or dy:
            self.offset += QPointF(dx, dy)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fit is not None:
            self._fit()

    # Paint --------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().color("surface"))
        if self.graph is not None and self._painter is not None:
            painter.save()
            painter.translate(self.offset)
            painter.scale(self.scale, self.scale)
            corner = -self.offset / self.scale
            self._paint_graph(painter, QRectF(corner, QRectF(self.rect()).size() / self.scale))
            painter.restore()
        self.paint_focus(painter)

    def _paint_graph(self, painter: QPainter, free: QRectF) -> None:
        """free: the part of the graph that is seen"""
        assert self.graph is not None
        assert self._painter is not None
        shown = [
            number
            for number in range(len(self.graph.nodes))
            if self.rect_of(number).adjusted(-8, -8, 8, 8).intersects(free)
        ]
        flows = []
        for (number, place), path in sorted(self._paths.items(), key=lambda one: self._is_chosen(*one[0])):
            if not path.controlPointRect().adjusted(-4, -8, 4, 8).intersects(free):
                continue
            look = self._edge(number, place)
            end = QPointF(path.currentPosition())
            paint_edge(painter, path, end, look)
            if look.flowed:
                flows.append((end, look.flowed))
        if self.scale >= READABLE:
            for end, text in flows:
                paint_flow(painter, end, text, sizes().across)
        for number in shown:
            step = number + 1 if number < self.position else 0
            mark = Mark(step, step == self.position and step > 0, number == self.chosen)
            self._painter.paint(painter, self.graph.nodes[number], self.rect_of(number), mark, self.scale)

    def _is_chosen(self, number: int, place: int) -> bool:
        assert self.graph is not None
        return self.chosen in (number, self.graph.nodes[number].inputs[place])

    def _edge(self, number: int, place: int) -> EdgeLook:
        assert self.graph is not None
        node = self.graph.nodes[number]
        text = ""
        if number < self.position:
            array = node.goes_out[place] if place < len(node.goes_out) else None
            norm = node.out_norms[place] if place < len(node.out_norms) else None
            text = words.slope_text(array, norm)
        return EdgeLook(text, self._is_chosen(number, place))

    # The hand -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = self.node_at(event.position())
        if found is not None:
            self.node_chosen.emit(found)
        else:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.offset += event.position() - self._grip
            self._grip, self._fit = event.position(), None
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.node_at(event.position())
        if found is not None and self.graph is not None and self.graph.nodes[found].layer:
            self.opened.emit(self.graph.nodes[found].layer)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.stepped.emit(1)
        elif key == Qt.Key.Key_Backspace:
            self.stepped.emit(-1)
        elif key == Qt.Key.Key_Home:
            self.rewound.emit()
        elif key == Qt.Key.Key_End:
            self.ended.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            found = self._beside(Qt.Key(key))
            if found is not None:
                self.node_chosen.emit(found)
        elif text in ("+", "="):
            self.zoom(_STEP)
        elif text in ("-", "−"):
            self.zoom(1 / _STEP)
        elif text == "0":
            self.fit()
        elif text.lower() == "o" and self.graph is not None and self.graph.nodes[self.chosen].layer:
            self.opened.emit(self.graph.nodes[self.chosen].layer)
        else:
            super().keyPressEvent(event)

    def _beside(self, key: Qt.Key) -> int | None:
        """The node that an arrow leads to: along an edge, or up and down in the column."""
        if self.graph is None:
            return None
        here = self.chosen
        y = self.layout_.nodes[here][1]
        if key == Qt.Key.Key_Left:
            near = [one for one in self.graph.nodes[here].inputs if one is not None]
        elif key == Qt.Key.Key_Right:
            near = [user for user, _place in self._users[here]]
        else:
            column = self.layout_.columns
            down = key == Qt.Key.Key_Down
            near = [one for one, place in enumerate(column) if place == column[here] and one != here]
            near = [one for one in near if (self.layout_.nodes[one][1] > y) == down]
        return min(near, key=lambda one: abs(self.layout_.nodes[one][1] - y), default=None)


def layout_of(graph: Graph) -> Layout:
    return laid_out([node.inputs for node in graph.nodes], sizes())


def shape_of(graph: Graph) -> list[tuple[str, tuple[int | None, ...]]]:
    return [(node.label or node.name, node.inputs) for node in graph.nodes]
