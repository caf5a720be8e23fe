"""The list of layers: selection both ways with the document, drag and drop, keyboard, live pictures."""

from collections.abc import Iterator

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from playground.core.edit import InsertLayers
from playground.core.network import Path
from playground.core.problem import Problem
from playground.core.report import Fix
from playground.core.text import _
from playground.session.session import Session
from playground.window.layer_list import clipboard
from playground.window.layer_list.delegate import LayerDelegate
from playground.window.layer_list.dragging import INDENT, Dragging
from playground.window.layer_list.error_row import ErrorRow
from playground.window.layer_list.filter import RowFilter
from playground.window.layer_list.folds import Folds
from playground.window.layer_list.live import LivePictures
from playground.window.layer_list.model import LayerListModel
from playground.window.layer_list.naming import Naming
from playground.window.layer_list.sight import Sight
from playground.window.theme import theme


class LayerListView(QTreeView):
    """The rows. Every change goes through the document.

    noticed: a Fault for the strip under the run bar, e.g. when what was pasted are no layers
    """

    noticed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._live = LivePictures(session)
        self._sight = Sight(self, session.document)
        self._layers = LayerListModel(session, self)
        self._sight.follow(self._layers)
        self._delegate = LayerDelegate(self._layers, self._live, self)
        self._folds = Folds(self._layers)
        self.dragging = Dragging(self, session.document)
        self.filter = RowFilter(self, session.document)
        self._error_rows: dict[Path, tuple[object, ErrorRow]] = {}
        self._naming = Naming(self, self._delegate, self._on_heights_changed)
        self._selecting = False
        self._heights: tuple[tuple[Path, int], ...] = ()  # as they are laid out
        self._set_up()
        self.setModel(self._layers)
        self.setItemDelegate(self._delegate)
        self._connect()
        self._rebuild()

    def _set_up(self) -> None:
        self.setAccessibleName(_("Network"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(INDENT)
        self.setUniformRowHeights(False)
        self.setExpandsOnDoubleClick(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)  # F2 is an action, see LayerCommands
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)  # the view paints its own line
        self.setAutoScroll(False)  # `Dragging` does it, and the mark follows
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _connect(self) -> None:
        session = self._session
        self._layers.modelReset.connect(self._rebuild)
        self._layers.heights_changed.connect(self._on_heights_changed)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        session.document.selection_changed.connect(self._on_document_selected)
        session.document.sample_changed.connect(self._watch)
        session.training.pictures_changed.connect(self._on_pictures_changed)
        session.training.history_reset.connect(self.viewport().update)
        theme().changed.connect(self._on_theme_changed)
        self.collapsed.connect(lambda index: self._on_folded(index, True))
        self.expanded.connect(lambda index: self._on_folded(index, False))

    @property
    def layers(self) -> LayerListModel:
        return self._layers

    # Selection ----------------------------------------------------------------------------------------------------

    def selected_paths(self) -> tuple[Path, ...]:
        """The selected layers, top to bottom."""
        found = (self._layers.path(index) for index in self.selectedIndexes())
        return tuple(sorted(path for path in found if path is not None))

    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        if not self._selecting:
            self._selecting = True
            self._session.document.select(self.selected_paths())
            self._selecting = False

    def _on_document_selected(self, *_paths: object) -> None:
        if not self._selecting:
            self._show_selection()

    def _show_selection(self) -> None:
        wanted = tuple(sorted(self._session.document.selection))
        self.filter.apply()
        for path in self._folds.open(wanted):
            self.setExpanded(self._layers.index_of(path), True)
        if wanted == self.selected_paths() and (wanted or self.currentIndex().isValid()):
            return
        self._selecting = True
        indexes = [index for path in wanted if (index := self._layers.index_of(path)).isValid()]
        chosen = QItemSelection()
        for index in indexes:
            chosen.select(index, index)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if indexes:
            self.selectionModel().setCurrentIndex(indexes[-1], QItemSelectionModel.SelectionFlag.NoUpdate)
            self._sight.show(wanted)
        self._selecting = False

    # Rows ---------------------------------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        """After a change of the tree: blocks stay open. A field in which a name is written goes with the rows."""
        self._naming.forget()
        self._error_rows.clear()
        self._folds.follow()
        self._folds.open(self._session.document.selection)
        if any(len(path) > 1 for path in self._layers.paths):
            self._expand()
        self._place_error_rows()
        self.filter.forget()
        self.filter.apply()
        self._heights = tuple(self.heights())
        self.doItemsLayout()
        self._show_selection()

    def doItemsLayout(self) -> None:
        super().doItemsLayout()
        self._sight.settle()

    def _expand(self) -> None:
        """Open all blocks but those that are folded. It lays all rows out once more, which a flat network is spared."""
        folded = frozenset(path for path in self._layers.paths if path in self._folds)
        self.expandAll()  # tells of every block, `_on_folded` hears it
        self._delegate.folded = folded
        for path in folded:
            self.setExpanded(self._layers.index_of(path), False)

    def _on_folded(self, index: QModelIndex, folded: bool) -> None:
        if (path := self._layers.path(index)) is not None:
            self._folds.put(path, folded)
            self._delegate.folded = self._delegate.folded - {path} | ({path} if folded else set())
            self.viewport().update()

    def fold_all(self, folded: bool) -> None:
        """Fold, or unfold, every block."""
        for path in self._layers.paths:
            if self._layers.layer(path).children:
                self.setExpanded(self._layers.index_of(path), not folded)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        path = self._layers.path(index)
        if path is not None and self._delegate.fold_place(self.visualRect(index), path).contains(place):
            self.setExpanded(index, not self.isExpanded(index))
            return
        super().mousePressEvent(event)

    def rename(self, path: Path) -> None:
        """Let the name of a layer be written in its row."""
        self._naming.begin(path, wrong=path in self._error_rows)

    def _on_heights_changed(self) -> None:
        self._place_error_rows()
        self.filter.apply()
        before, self._heights = self._heights, tuple(self.heights())
        if self._heights != before:
            self.scheduleDelayedItemsLayout()  # which settles what is in sight
            self.viewport().update()
        else:
            self._sight.settle()

    def heights(self) -> Iterator[tuple[Path, int]]:
        """The layers whose rows are neither folded away nor filtered out, and how high these are in px."""
        folded, hidden = self._delegate.folded, self.filter.hidden
        for path in self._layers.paths:
            if path not in hidden and not any(path[:cut] in folded for cut in range(1, len(path))):
                yield path, self._delegate.height_of(path)

    def in_sight(self) -> Iterator[QModelIndex]:
        """The rows that can be seen, from top to bottom."""
        return (index for index, _rect in self._rows_in_sight())

    def _rows_in_sight(self) -> Iterator[tuple[QModelIndex, QRect]]:
        """Each with its place: to ask for it costs, and a frame asks for all."""
        index, height = self.indexAt(QPoint(0, 0)), self.viewport().height()
        while index.isValid() and (rect := self.visualRect(index)).top() < height:
            yield index, rect
            index = self.indexBelow(index)

    def _place_error_rows(self) -> None:
        """A widget on each row with an error, kept while the error is the same."""
        can_undo = self._session.document.undo_stack.canUndo()
        paths = (path for path in self._layers.paths if path != self._naming.path)
        wanted = {path: row for path in paths if (row := self._layers.row(path)) and row.error}
        for path in [path for path in self._error_rows if path not in wanted]:
            self.setIndexWidget(self._layers.index_of(path), None)  # type: ignore[arg-type]  # None takes it away
            del self._error_rows[path]
        new = [path for path in wanted if path not in self._error_rows]
        for path, row in wanted.items():
            state = (row.error, row.fixes, can_undo)
            if row.error is None or (path in self._error_rows and self._error_rows[path][0] == state):
                continue
            widget = ErrorRow(row, row.error, can_undo, self.viewport())
            widget.fix_requested.connect(self._on_fix_requested)
            widget.undo_requested.connect(self._session.document.undo_stack.undo)
            self._error_rows[path] = (state, widget)
            self.setIndexWidget(self._layers.index_of(path), widget)
        self._measure_error_rows()
        if new and self.isVisible():
            QTimer.singleShot(0, self, self._show_error)

    def _show_error(self) -> None:
        """Bring the first row that does not fit into sight, once, when it turns up."""
        if self._error_rows:
            self.scrollTo(self._layers.index_of(min(self._error_rows)))

    def _measure_error_rows(self) -> None:
        width = self.viewport().width()
        self._delegate.error_heights = {
            path: widget.height_at(width - INDENT * (len(path) - 1))
            for path, (_state, widget) in self._error_rows.items()
        }

    def _on_fix_requested(self, fix: Fix) -> None:
        self.setFocus()  # the button goes away with its error
        self._session.document.apply(*fix.edits, text=fix.label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._error_rows:
            self._measure_error_rows()
            self.scheduleDelayedItemsLayout()

    # Live pictures ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.dragging.end()
        self._session.training.unwatch(self)

    def _watch(self, *_sample: object) -> None:
        if self.isVisible():
            self._session.training.watch(self, self._live.watches())
        self._on_pictures_changed()

    def _on_pictures_changed(self) -> None:
        before, sample = self._live.subject, self._live.sample
        self._live.refresh()
        if self._live.subject != before:
            self.viewport().update()
        else:
            self._update_live_rows(self._live.sample != sample)

    def _update_live_rows(self, other_sample: bool) -> None:
        """Paint only what a frame changes: strips and sparklines, and the sample where it is another one. An answer about
        another data set may come after the project that asked for it was painted with the picture of the one before."""
        for index, row in self._rows_in_sight():
            path = self._layers.path(index)
            if path is None:
                rect = self._delegate.sample_rect(row) if other_sample else QRect()
            else:
                rect = self._delegate.live_rect(row, path)
            if not rect.isEmpty():
                self.viewport().update(rect)

    def _on_theme_changed(self) -> None:
        for path in list(self._error_rows):
            self.setIndexWidget(self._layers.index_of(path), None)  # type: ignore[arg-type]  # None takes it away
        self._error_rows.clear()
        self._heights = ()  # lines of text may be of another height
        self._on_heights_changed()

    # Painting -----------------------------------------------------------------------------------------------------

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        self._draw_back(painter, option, index)
        inner = QStyleOptionViewItem(option)
        inner.rect = self.visualRect(index)
        painter.setOpacity(theme().tokens["opacity"]["lifted"] if self.dragging.lifted(self._layers.path(index)) else 1)
        self._delegate.paint(painter, inner, index)
        painter.setOpacity(1)

    def _draw_back(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The tint of the row over its whole width, and the 2 px edge of what is selected or wrong."""
        rect = QRect(0, option.rect.top(), self.viewport().width(), option.rect.height())
        selected = self.selectionModel().isSelected(index)
        path = self._layers.path(index)
        edge = QRect(0, rect.top(), 2, rect.height())
        if path in self._error_rows:
            painter.fillRect(rect, theme().color("error_tint"))
            painter.fillRect(edge, theme().color("error"))
        elif selected:
            painter.fillRect(rect, theme().color("accent_tint"))
            painter.fillRect(edge, theme().color("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver and not self.dragging.target:
            painter.fillRect(rect, theme().color("window"))
        if self.hasFocus() and index == self.currentIndex() and (not selected or path in self._error_rows):
            painter.setPen(QPen(theme().color("accent_line"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.dirty = event.region()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().color("surface"))
        self.dragging.paint_under(painter)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self.dragging.paint_over(painter)

    # Drag and drop ------------------------------------------------------------------------------------------------

    def startDrag(self, _actions: Qt.DropAction) -> None:
        self.dragging.start(self.selected_paths())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if clipboard.has_layers(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.dragging.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.dragging.end()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dragging.drop(event)

    def insert_from(self, mime: QMimeData | None, path: Path) -> None:
        """Insert the layers that a drop or the clipboard holds; says why where it holds none."""
        try:
            layers = clipboard.layers_of(mime)
        except Problem as problem:
            self.noticed.emit(problem.fault)
            return
        self._session.document.apply(InsertLayers(path, layers))
