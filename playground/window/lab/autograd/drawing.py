"""A graph as it can be painted: all that follows from its shape alone, made once, in any thread."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from playground.core.lab.told import Graph
from playground.window.lab.autograd.chain import users_of
from playground.window.lab.autograd.fold import folded
from playground.window.lab.autograd.layout import Layout, laid_out
from playground.window.lab.autograd.nodes import arrow_path, edge_path, sizes

_ROOM = 8  # px that may stand out of a node or an edge


class Edge(NamedTuple):
    """To a node from its input at a place. end: before it, what flowed back is written"""

    node: int
    place: int
    path: QPainterPath
    arrow: QPainterPath
    end: QPointF


class Drawing:
    """rects: of the nodes;  edges: in the order of the routes;  users: of each node, who takes what it made
    columns: nodes in a row of a chain that is folded, 0 of any other graph
    """

    def __init__(self, graph: Graph, columns: int = 0) -> None:
        size, inputs = sizes(), [node.inputs for node in graph.nodes]
        self.columns = columns
        self.layout: Layout = folded(inputs, size, columns) if columns else laid_out(inputs, size)
        self.users = users_of(graph)
        self.rects = [QRectF(x, y, size.width, size.height) for x, y in self.layout.nodes]
        self.edges: list[Edge] = []
        for (number, place), points in self.layout.routes.items():
            to_next_row = bool(columns) and len(points) > 2
            path, end = polygon_path(points) if to_next_row else edge_path(points), QPointF(*points[-1])
            told_at = QPointF(points[3][0] + size.across, points[3][1]) if to_next_row else end  # between the rows
            self.edges.append(Edge(number, place, path, arrow_path(end), told_at))
        self._node_bounds = _bounds(self.rects)
        self._edge_bounds = _bounds([one.path.controlPointRect() for one in self.edges])

    def nodes_in(self, free: QRectF) -> list[int]:
        """Numbers of those that are seen there."""
        return _near(self._node_bounds, free)

    def edges_in(self, free: QRectF) -> list[Edge]:
        return [self.edges[place] for place in _near(self._edge_bounds, free)]


def polygon_path(points: list[tuple[float, float]]) -> QPainterPath:
    """Straight from point to point."""
    path = QPainterPath(QPointF(*points[0]))
    for x, y in points[1:]:
        path.lineTo(x, y)
    return path


def _bounds(rects: list[QRectF]) -> np.ndarray:
    """(n, 4): left, top, right and bottom of each, with room for what stands out."""
    found = [(one.left() - _ROOM, one.top() - _ROOM, one.right() + _ROOM, one.bottom() + _ROOM) for one in rects]
    return np.array(found, np.float64).reshape(-1, 4)


def _near(bounds: np.ndarray, free: QRectF) -> list[int]:
    seen = (bounds[:, 0] < free.right()) & (bounds[:, 1] < free.bottom())
    seen &= (bounds[:, 2] > free.left()) & (bounds[:, 3] > free.top())
    found: list[int] = np.flatnonzero(seen).tolist()
    return found
