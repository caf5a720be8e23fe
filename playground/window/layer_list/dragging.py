"""Layers dragged over the list: where they would land, edges that scroll, blocks that open, and the drop."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QDrag, QDragMoveEvent, QDropEvent, QPainter, QRegion

from playground.core import network as tree
from playground.core.edit import MoveLayers
from playground.core.network import Path
from playground.session.document import Document
from playground.window import ghost
from playground.window.layer_list import clipboard, drops, insertion
from playground.window.theme import theme

if TYPE_CHECKING:
    from playground.window.layer_list.view import LayerListView

INDENT = 20
TURN_MS = 16  # between two steps of the scrolling
OPEN_AFTER_MS = 600  # that layers are held over a folded block
_EDGE = 40  # px at the upper and the lower end of the list where it scrolls
_SLOWEST, _FASTEST = 2, 22  # px a step, at the inner and at the outer end of the edge


class Dragging(QObject):
    """What a drag does to the list; the view hands its events on. target: where the layers would land now, if they may"""

    def __init__(self, view: "LayerListView", document: Document) -> None:
        super().__init__(view)
        self._view, self._document = view, document
        self.target: drops.Target | None = None
        self._dragged: tuple[Path, ...] = ()
        self._place, self._copies = QPoint(), False
        self._marked = QRegion()
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(TURN_MS)
        self._scrolling.timeout.connect(self.scroll)
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.setInterval(OPEN_AFTER_MS)
        self._opening.timeout.connect(self._open)

    # What the view hands on -----------------------------------------------------------------------------------------

    def start(self, paths: tuple[Path, ...]) -> None:
        """Drag these layers, until they are dropped somewhere or Esc is pressed."""
        self._dragged = tuple(tree.outermost(paths))
        if not self._dragged:
            return
        model = self._view.layers
        layers, text = [model.layer(path) for path in self._dragged], model.text(self._dragged[0])
        drag = QDrag(self._view)
        drag.setMimeData(clipboard.mime_of(layers))
        drag.setPixmap(ghost.picture(text.icon, text.name, text.brief, len(layers), self._view.devicePixelRatioF()))
        drag.setHotSpot(ghost.HOT_SPOT)
        self._view.viewport().update()  # what is lifted is paler
        drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)
        self._dragged = ()
        self.end()
        self._view.viewport().update()

    def move(self, event: QDragMoveEvent) -> None:
        """The pointer is at another place of the list."""
        if not clipboard.has_layers(event.mimeData()):
            self.end()
            event.ignore()
            return
        self._place, self._copies = event.position().toPoint(), not self._moves(event)
        self._scrolling.start() if self._speed() else self._scrolling.stop()
        self._look()
        if self.target is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction if self._copies else Qt.DropAction.MoveAction)
        event.accept()

    def drop(self, event: QDropEvent) -> None:
        """The layers are let go over the list."""
        self._place, self._copies = event.position().toPoint(), not self._moves(event)
        target = self._target_at(self._place)
        self.end()
        if self._into_itself(target):
            event.ignore()
            return
        if self._copies:
            self._view.insert_from(event.mimeData(), target.path)
        else:
            self._document.apply(MoveLayers(self._dragged, target.path))
        event.setDropAction(Qt.DropAction.CopyAction)  # nothing is left for the source to remove
        event.accept()
        self._view.setFocus()

    def end(self) -> None:
        """The drag has left the list, or is over."""
        self._scrolling.stop()
        self._opening.stop()
        self._show(None)

    def lifted(self, path: Path | None) -> bool:
        """Whether a row is being dragged, by itself or with its block."""
        return path is not None and any(path[: len(one)] == one for one in self._dragged)

    # Where they would land ------------------------------------------------------------------------------------------

    def _moves(self, event: QDropEvent) -> bool:
        copies = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.source() is self._view and bool(self._dragged) and not copies

    def _into_itself(self, target: drops.Target) -> bool:
        dragged = () if self._copies else self._dragged
        return any(target.path[: len(path)] == path and len(target.path) > len(path) for path in dragged)

    def _look(self) -> None:
        """Mark the place under the pointer."""
        target = self._target_at(self._place)
        before, self.target = self.target, None if self._into_itself(target) else target
        if self.target != before:
            self._show(self.target)
            folded = target.inside is not None and not self._view.isExpanded(self._view.layers.index_of(target.inside))
            self._opening.start() if self.target and folded else self._opening.stop()

    def _target_at(self, place: QPoint) -> drops.Target:
        depth = max(0, (place.x() - theme().tokens["columns"]["glyph_left"]) // INDENT)
        return drops.target_at(place.y(), self._boxes(), depth)

    def _boxes(self) -> list[drops.RowBox]:
        """The rows that are in sight, and one more at either end."""
        view, boxes = self._view, []
        seen = list(view.in_sight()) or [view.layers.index(0, 0)]
        for index in (view.indexAbove(seen[0]), *seen, view.indexBelow(seen[-1])):
            if index.isValid():
                rect, path = view.visualRect(index), view.layers.path(index)
                holds = path is not None and drops.is_block(view.layers.layer(path))
                opened = holds and view.isExpanded(index) and view.layers.rowCount(index) > 0
                boxes.append(drops.RowBox(path, rect.top(), rect.height(), holds, opened))
        return boxes

    # Edges and folded blocks ----------------------------------------------------------------------------------------

    def _speed(self) -> int:
        """px that the list scrolls in a step, below 0 upwards; the nearer to the end, the faster."""
        edge = min(_EDGE, self._view.viewport().height() // 4)
        above, below = edge - self._place.y(), self._place.y() - (self._view.viewport().height() - edge)
        depth = max(above, below)
        if depth <= 0:
            return 0
        speed = round(_SLOWEST + (_FASTEST - _SLOWEST) * min(1.0, depth / edge) ** 2)
        return -speed if above > below else speed

    def scroll(self) -> None:
        """One step, where the pointer is near an end of the list."""
        bar = self._view.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + self._speed())
        if bar.value() == before:
            self._scrolling.stop()
            return
        self._marked = QRegion()  # it has moved with the rows, which are painted anew
        self._view.viewport().update()
        self._look()

    def _open(self) -> None:
        if self.target is not None and self.target.inside is not None:
            self._view.setExpanded(self._view.layers.index_of(self.target.inside), True)
            self._look()

    # The mark -------------------------------------------------------------------------------------------------------

    def _show(self, target: drops.Target | None) -> None:
        self.target = target
        region = QRegion() if target is None else self._region(target)
        changed, self._marked = self._marked + region, region
        if not changed.isEmpty():
            self._view.viewport().update(changed)

    def _region(self, target: drops.Target) -> QRegion:
        place = insertion.place(target, INDENT, self._view.viewport().width(), self._row(target.inside))
        return QRegion(place) + QRegion(self._taker(target))

    def _row(self, path: Path | None) -> QRect | None:
        return None if path is None else self._view.visualRect(self._view.layers.index_of(path))

    def _taker(self, target: drops.Target) -> QRect:
        """Where the block stands that would take the layers, with all that is in it; empty where none would."""
        view, path = self._view, target.path[:-1]
        if not path:
            return QRect()
        first = last = view.layers.index_of(path)
        while view.isExpanded(last) and view.layers.rowCount(last):
            last = view.layers.index(view.layers.rowCount(last) - 1, 0, last)
        return self._whole(first).united(self._whole(last)).adjusted(INDENT * (len(path) - 1), 0, 0, 0)

    def _whole(self, index: QModelIndex) -> QRect:
        rect = self._view.visualRect(index)
        return QRect(0, rect.top(), self._view.viewport().width(), rect.height())

    def paint_under(self, painter: QPainter) -> None:
        """The tint of the block that would take the layers, below its rows."""
        if self.target is not None:
            insertion.tint(painter, self._taker(self.target))

    def paint_over(self, painter: QPainter) -> None:
        """The mark itself."""
        if self.target is not None:
            width = self._view.viewport().width()
            insertion.draw(painter, self.target, INDENT, width, self._row(self.target.inside))
