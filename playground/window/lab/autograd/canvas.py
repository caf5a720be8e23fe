"""The graph as it is drawn: moved and zoomed by hand, walked through by keys."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from playground.core.lab.told import Graph
from playground.core.text import _
from playground.window.lab.autograd import words
from playground.window.lab.autograd.drawing import Drawing, Edge
from playground.window.lab.autograd.fold import columns_for, is_chain
from playground.window.lab.autograd.nodes import (
    READABLE,
    EdgeLook,
    Mark,
    NodePainter,
    paint_edges,
    paint_flow,
    sizes,
)
from playground.window.lab.ground import DraggedPlot
from playground.window.theme import theme

_MARGIN = 24.0
_LEAST, _MOST, _COMFORTABLE = 0.01, 2.0, 0.74
_FOLDED = 0.6  # of a chain that is seen whole
_MANY = 200  # edges that are painted smooth where they are small
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
        self._drawing: Drawing | None = None
        self.chosen = 0
        self.position = 0
        self.scale, self.offset = 1.0, QPointF()
        self._painter: NodePainter | None = None
        self._flows: dict[tuple[int, int], str] = {}  # what flowed back, in a word
        self._fit: Callable[[], None] | None = (
            self.fit
        )  # what is done again in another room; None where a hand has moved it
        self._grip: QPointF | None = None
        self._dressed_at = theme().text_scale
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(140)
        self._speak()

    # What is shown ------------------------------------------------------------------------------------------------

    def show_graph(self, graph: Graph | None, drawing: Drawing | None = None) -> None:
        """Another graph, or other numbers of the same one: then nothing moves. drawing: of it, where it is known"""
        before, self.graph = self.graph, graph
        self._painter, self._flows = NodePainter(graph) if graph is not None else None, {}
        if graph is not None and (before is None or shape_of(before) != shape_of(graph)):
            self._drawing = drawing or Drawing(graph)
            self.chosen = 0
            self.fit()
        self._speak()
        self.update()

    @property
    def drawing(self) -> Drawing:
        """Of the graph that was seen last; an empty one before."""
        if self._drawing is None:
            self._drawing = Drawing(Graph((), (), ()))
        return self._drawing

    def is_drawn(self, graph: Graph) -> bool:
        """Whether its nodes lie where those of the graph lie that is seen."""
        return self.graph is not None and shape_of(self.graph) == shape_of(graph)

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
                self._drawing = Drawing(self.graph)
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
        return self.drawing.rects[number]

    def seen(self, rect: QRectF) -> QRectF:
        """A place on the graph as one in the widget."""
        return QRectF(rect.topLeft() * self.scale + self.offset, rect.size() * self.scale)

    def node_at(self, place: QPointF) -> int | None:
        """place: in the widget"""
        on_graph = (place - self.offset) / self.scale
        return next((number for number, rect in enumerate(self.drawing.rects) if rect.contains(on_graph)), None)

    def fit(self) -> None:
        """All of it, where that can be read; else as large as reading asks for, with the node that is looked at."""
        self._fold()
        wide, high = self.drawing.layout.width, self.drawing.layout.height
        if not wide or self.width() <= 2 * _MARGIN:
            return
        room_x, room_y = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        least = _FOLDED if self.drawing.columns else _COMFORTABLE
        self.scale = max(least, min(1.0, room_x / wide, room_y / high))
        self._center()
        self._fit = self.fit
        self._bring_to_view(self.chosen)
        self.update()

    def fit_all(self) -> None:
        """All of it, however small."""
        self._fold()
        wide, high = max(1.0, self.drawing.layout.width), max(1.0, self.drawing.layout.height)
        room_x, room_y = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        self.scale = max(_LEAST, min(1.0, room_x / wide, room_y / high))
        self._center()
        self._fit = self.fit_all
        self.update()

    def _fold(self) -> None:
        """A chain has as many rows as it is largest in."""
        inputs = [node.inputs for node in self.graph.nodes] if self.graph is not None else []
        if self.graph is None or not is_chain(inputs):
            return
        room_x, room_y = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        columns = columns_for(len(inputs), max(1.0, room_x), max(1.0, room_y), sizes())
        if columns != self.drawing.columns:
            self._drawing = Drawing(self.graph, columns)

    def _center(self) -> None:
        """In the middle; what is wider or higher than there is room begins at the output, or at the top."""
        wide, high = self.drawing.layout.width * self.scale, self.drawing.layout.height * self.scale
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
        if number >= len(self.drawing.layout.nodes) or self.width() < 40:
            return
        whole = self.seen(QRectF(0, 0, self.drawing.layout.width, self.drawing.layout.height))
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
        else:
            painter.setFont(theme().font())
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("No graph yet"))
        self.paint_focus(painter)

    def _paint_graph(self, painter: QPainter, free: QRectF) -> None:
        """free: the part of the graph that is seen"""
        assert self.graph is not None
        assert self._painter is not None
        many = self.scale < READABLE and len(self.drawing.edges) > _MANY
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
        groups: dict[EdgeLook, tuple[QPainterPath, QPainterPath]] = {}
        flowed = []
        for edge in self.drawing.edges_in(free):
            look = EdgeLook(edge.node < self.position, self._is_chosen(edge))
            if look not in groups:
                groups[look] = QPainterPath(), QPainterPath()
            lines, arrows = groups[look]
            lines.addPath(edge.path)
            arrows.addPath(edge.arrow)
            if look.flowed:
                flowed.append(edge)
        for look in sorted(groups, key=lambda one: (one.chosen, one.flowed)):
            paint_edges(painter, *groups[look], look)
        if self.scale >= READABLE:
            for edge in flowed:
                if free.contains(edge.end):
                    paint_flow(painter, edge.end, self._flow(edge), sizes().across)
        for number in self.drawing.nodes_in(free):
            step = number + 1 if number < self.position else 0
            mark = Mark(step, step == self.position and step > 0, number == self.chosen)
            self._painter.paint(painter, self.graph.nodes[number], self.drawing.rects[number], mark, self.scale)

    def _is_chosen(self, edge: Edge) -> bool:
        assert self.graph is not None
        return self.chosen in (edge.node, self.graph.nodes[edge.node].inputs[edge.place])

    def _flow(self, edge: Edge) -> str:
        """What went back through an edge."""
        assert self.graph is not None
        key = (edge.node, edge.place)
        if key not in self._flows:
            node, place = self.graph.nodes[edge.node], edge.place
            array = node.goes_out[place] if place < len(node.goes_out) else None
            norm = node.out_norms[place] if place < len(node.out_norms) else None
            self._flows[key] = words.slope_text(array, norm)
        return self._flows[key]

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
        y = self.drawing.layout.nodes[here][1]
        if key == Qt.Key.Key_Left:
            near = [one for one in self.graph.nodes[here].inputs if one is not None]
        elif key == Qt.Key.Key_Right:
            near = [user for user, _place in self.drawing.users[here]]
        else:
            column = self.drawing.layout.columns
            down = key == Qt.Key.Key_Down
            near = [one for one, place in enumerate(column) if place == column[here] and one != here]
            near = [one for one in near if (self.drawing.layout.nodes[one][1] > y) == down]
        return min(near, key=lambda one: abs(self.drawing.layout.nodes[one][1] - y), default=None)


def shape_of(graph: Graph) -> list[tuple[str, tuple[int | None, ...]]]:
    return [(node.label or node.name, node.inputs) for node in graph.nodes]
