"""One node in numbers: what came in, times its local derivative, is what goes out to each of its inputs."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.carried import Array
from playground.core.lab.told import Graph, GraphNode
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.autograd import words
from playground.window.lab.tensors.painting import Stamp, Tint, cell_height, cell_width
from playground.window.lab.tensors.words import figure, sizes
from playground.window.theme import theme

_MOST_ROWS = 4
_SIGN = 20  # px
_MOST_ROWS_OF_SLOPES = 8  # that are told, one below the other


class Part(NamedTuple):
    """A grid of numbers and what it is. sign: between it and the one before;  text: in its place where it has too many"""

    name: str
    values: np.ndarray | None
    text: str = ""
    sign: str = ""


class Arithmetic(QWidget):
    """Grids side by side, with signs between them."""

    def __init__(self) -> None:
        super().__init__()
        self._head = ""
        self._parts: tuple[Part, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_parts(self, head: str, parts: tuple[Part, ...]) -> None:
        self._head, self._parts = head, parts
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """In words: "to y: came in 0.25 × local 3 = goes out 0.75"."""
        said = [f"{one.sign} {one.name} {_few(one)}".strip() for one in self._parts]
        return f"{self._head}: {' '.join(said)}" if said else self._head

    def _line(self) -> int:
        return round(18 * theme().text_scale)

    def _rows(self) -> int:
        return max((min(_MOST_ROWS, len(one.values)) for one in self._parts if one.values is not None), default=0)

    def sizeHint(self) -> QSize:
        high = self._line() + 4
        if self._parts:
            high += self._line() + max(self._rows() * cell_height(True), self._line()) + 8
        return QSize(240, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, count = self._line(), max(1, len(self._parts))
        painter.setFont(theme().font("small", "medium"))
        painter.setPen(theme().color("text"))
        head = painter.fontMetrics().elidedText(self._head, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignVCenter, head)
        signs = sum(_SIGN for part in self._parts if part.sign)
        natural = [_natural(part) for part in self._parts]
        share = (self.width() - signs) / count
        fits = sum(natural) + signs <= self.width()
        x = 0.0
        for part, wide in zip(self._parts, natural, strict=True):
            room = wide if fits else share
            if part.sign:
                painter.setFont(theme().font("base", "semibold"))
                painter.setPen(theme().color("text"))
                middle = QRectF(x, 2 * line + 2, _SIGN, max(self._rows() * cell_height(True), line))
                painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, part.sign)
                x += _SIGN
            x += self._paint_part(painter, part, QRectF(x, line + 2, room, self.height() - line))

    def _paint_part(self, painter: QPainter, part: Part, rect: QRectF) -> float:
        """The width that it took."""
        line = self._line()
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        named = painter.fontMetrics().horizontalAdvance(part.name) + 4
        painter.drawText(QRectF(rect.x(), rect.y(), rect.width(), line), Qt.AlignmentFlag.AlignVCenter, part.name)
        if part.values is None:
            painter.setFont(theme().font("small"))
            painter.setPen(theme().color("text"))
            text = painter.fontMetrics().elidedText(part.text, Qt.TextElideMode.ElideRight, int(rect.width()))
            painter.drawText(QRectF(rect.x(), rect.y() + line, rect.width(), line), Qt.AlignmentFlag.AlignVCenter, text)
            return max(named, painter.fontMetrics().horizontalAdvance(text) + 4)
        return max(named, self._paint_grid(painter, part.values, rect.translated(0, line)))

    @staticmethod
    def _paint_grid(painter: QPainter, values: np.ndarray, rect: QRectF) -> float:
        wide, high = cell_width(values, small=True), cell_height(True)
        fit = max(1, int(rect.width() - 12) // wide) if values.shape[1] * wide > rect.width() else values.shape[1]
        finite = values[np.isfinite(values)]
        tint = Tint(float(np.abs(finite).max()) if finite.size else 0.0)
        stamp, shown = Stamp(painter, tint, wide, high), values[:_MOST_ROWS, :fit]
        for (row, column), value in np.ndenumerate(shown):
            stamp(rect.x() + column * wide, rect.y() + row * high, value.item())
        if shown.shape != values.shape:
            painter.setPen(theme().color("text_secondary"))
            painter.setFont(theme().font("small", "semibold"))
            corner = QRectF(rect.x() + fit * wide, rect.y() + (len(shown) - 1) * high, 12, high)
            painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, "…")
            return float(fit * wide + 14)
        return float(fit * wide)


def _natural(part: Part) -> float:
    """px that a part asks for."""
    if part.values is None:
        return QFontMetrics(theme().font("small")).horizontalAdvance(part.text) + 4
    named = QFontMetrics(theme().font("tick")).horizontalAdvance(part.name) + 4
    return max(named, part.values.shape[1] * cell_width(part.values, small=True))


def _few(part: Part) -> str:
    if part.values is None:
        return part.text
    rows = [" ".join(figure(one) for one in row) for row in part.values[:_MOST_ROWS, :8].tolist()]
    return "; ".join(rows)


def grid_of(array: Array | None) -> np.ndarray | None:
    """As rows and columns."""
    if array is None:
        return None
    found = numbers(array)
    if not found.size:
        return None
    return found.reshape(1, -1) if found.ndim < 2 else found.reshape(-1, found.shape[-1])


class NodeCard(QWidget):
    """flows: one for each input;  opened: the layer whose own nodes are wanted, or are not wanted any more"""

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._layer = 0
        self.title, self.what, self.sentence = QLabel(), QLabel(), QLabel()
        self.fold = QPushButton()
        self.fold.clicked.connect(lambda _on=False: self.opened.emit(self._layer))
        self.value = Arithmetic()
        self.flows = [Arithmetic() for _place in range(_MOST_ROWS_OF_SLOPES)]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 4, 16, 8)
        self._column.setSpacing(4)
        for label, role in ((self.title, "title"), (self.what, "small"), (self.sentence, "small")):
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._column.addWidget(label)
        self._column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        for flow in (self.value, *self.flows):
            self._column.addWidget(flow)

    def show_node(self, graph: Graph, number: int, position: int, opened: tuple[int, ...]) -> None:
        """position: nodes walked;  opened: layers whose own nodes are seen"""
        node = graph.nodes[number]
        reached = number < position
        self.title.setText(words.title(node) if words.title(node) != node.name else node.name)
        self.what.setText(_what(node))
        folded = node.layer and node.layer not in opened
        step = _("Step {n}. ").format(n=number + 1) if reached else ""
        rule = _folded_words(node) if folded and node.parts else words.rule(node.name)
        wait = "" if reached else _(" backward() has not reached it yet.")
        self.sentence.setText(f"{step}{rule}{wait}".strip())
        self.sentence.setVisible(bool(self.sentence.text()))
        self._layer = node.layer
        self.fold.setVisible(bool(node.layer) and not node.leaf)
        self.fold.setText(_("Open the layer") if folded else _("Fold the layer"))
        self._show_value(node)
        flows = _flows(graph, node) if reached else []
        for flow, (head, parts) in zip(self.flows, flows, strict=False):
            flow.show_parts(head, parts)
        for place, flow in enumerate(self.flows):
            flow.setVisible(place < len(flows))

    def _show_value(self, node: GraphNode) -> None:
        values = grid_of(node.value)
        text = words.value_text(None, node.low, node.high)
        self.value.setVisible(values is not None or bool(text))
        name = _("value, {shape}").format(shape=sizes(node.shape)) if node.shape else _("value")
        self.value.show_parts(_("It made"), (Part(name, values, text),))
        if node.leaf:
            self.value.show_parts(_("It holds"), (Part(name, values, text),))

    def text(self) -> str:
        """All that is said of the slopes."""
        return "\n".join(flow.text() for flow in self.flows if not flow.isHidden())


def _what(node: GraphNode) -> str:
    said = [words.kind(node)]
    if node.line and node.line != words.title(node):
        said.append(f"{node.label} = {node.line}" if node.label and not node.parts and not node.layer else node.line)
    return " · ".join(said)


def _folded_words(node: GraphNode) -> str:
    return _("One node for the layer; in it: {names}.").format(names=", ".join(node.parts))


def _flows(graph: Graph, node: GraphNode) -> list[tuple[str, tuple[Part, ...]]]:
    """A heading and the arithmetic for each input; of a leaf, what is added to its `.grad`."""
    came = Part(_("came in"), grid_of(node.came_in), words.slope_text(None, node.came_norm))
    if node.leaf:
        return [(_("added to {name}.grad").format(name=node.label or _("the leaf")), (came,))]
    there = [place for place, one in enumerate(node.inputs) if one is not None]
    told: list[tuple[str, tuple[Part, ...]]] = []
    if any(place >= len(node.local) or node.local[place] is None for place in there):
        told.append((_("From what takes it"), (came,)))  # once: no number of it has a factor of its own
    for place, one in enumerate(node.inputs):
        out = node.goes_out[place] if place < len(node.goes_out) else None
        norm = node.out_norms[place] if place < len(node.out_norms) else None
        if one is None:
            if norm is None:
                told.append((_("input {n}: no slope is wanted, it is outside of the graph").format(n=place + 1), ()))
            continue
        head = _("to {name}").format(name=words.title(graph.nodes[one]))
        local = node.local[place] if place < len(node.local) else None
        goes = Part(_("goes out"), grid_of(out), words.slope_text(None, norm), "" if local is None else "=")
        factor = Part(_("local"), grid_of(local), "", "×")
        told.append((head, (goes,) if local is None else (came, factor, goes)))
    return told[:_MOST_ROWS_OF_SLOPES]
