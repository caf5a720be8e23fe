"""A table of layers or parameters: figures at the right, and how the values lie as a small picture."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from playground.window.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_PICTURE, _PAD = 96, 8  # px
_COUNTS = Qt.ItemDataRole.UserRole


class Entry(NamedTuple):
    """cells: one for each heading;  counts: of the picture in the last column, empty for none"""

    cells: tuple[str, ...]
    counts: tuple[int, ...] = ()


class Entries(QAbstractTableModel):
    def __init__(self, headings: Sequence[str], picture: str) -> None:
        """picture: heading of the last column, empty where there is none"""
        super().__init__()
        self._headings = (*headings, picture) if picture else tuple(headings)
        self.words = len(headings)
        self.entries: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        """A table of as many rows is not made anew: what is chosen stays."""
        if len(entries) == len(self.entries):
            self.entries = entries
            if entries:
                self.dataChanged.emit(self.index(0, 0), self.index(len(entries) - 1, len(self._headings) - 1))
            return
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, column = self.entries[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == _COUNTS:
            return entry.counts if column == self.words else ()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) and column < len(entry.cells):
            return entry.cells[column]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._headings[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _side(section) if section < self.words else _side(0)
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class _Cells(QStyledItemDelegate):
    """Painted here: a style sheet takes milliseconds for what are a few words and bars."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        room = QRectF(option.rect)  # type: ignore[attr-defined]
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(room, theme().color("accent_tint"))
        counts = index.data(_COUNTS)
        if counts:
            _draw_counts(painter, room.adjusted(12, 5, -12, -5), counts)
            return
        text = index.data()
        if text:
            painter.setFont(theme().font())
            painter.setPen(theme().color("text"))
            inside = room.adjusted(_PAD, 0, -_PAD, 0)
            painter.drawText(inside, _side(index.column()), theme().elided(text, inside.width())[0])


def _draw_counts(painter: QPainter, room: QRectF, counts: tuple[int, ...]) -> None:
    """How many values lie where, from the lowest to the highest."""
    wide, most = room.width() / len(counts), max(counts) or 1
    painter.fillRect(QRectF(room.x(), room.bottom(), room.width(), 1), theme().color("line_strong"))
    bars = []
    for place, count in enumerate(counts):
        high = max(1.0, room.height() * count / most)
        if count:
            bars.append(QRectF(room.x() + place * wide, room.bottom() - high, wide - 0.5, high))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("accent"))
    painter.drawRects(bars)


class StageTable(QTableView):
    """chosen: the row that a person chose"""

    chosen = Signal(int)

    def __init__(self, name: str, headings: Sequence[str], picture: str = "") -> None:
        """name: for screen readers"""
        super().__init__()
        self.entries = Entries(headings, picture)
        self.setModel(self.entries)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.setMinimumHeight(72)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(40)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setItemDelegate(_Cells(self))
        self._choosing = False
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right are for the panel: rows have no columns to go to."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._go_to_chosen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self._go_to_chosen()

    def _go_to_chosen(self) -> None:
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def show_entries(self, entries: list[Entry], chosen: int | None = None) -> None:
        """chosen: the row that is marked, without a signal"""
        self.verticalHeader().setDefaultSectionSize(theme().size("row"))
        self._choosing = True
        self.entries.show_entries(entries)
        self._give_widths()
        if chosen is not None and chosen < len(entries):
            self.selectRow(chosen)
        self._choosing = False

    def _give_widths(self) -> None:
        """The first column takes what the others leave."""
        head, metrics = self.horizontalHeader(), self.fontMetrics()
        for column in range(1, self.entries.columnCount()):
            if column == self.entries.words:
                head.resizeSection(column, _PICTURE + 24)
                continue
            texts = [str(self.entries.headerData(column, Qt.Orientation.Horizontal))]
            texts += [entry.cells[column] for entry in self.entries.entries]
            head.resizeSection(column, max(metrics.horizontalAdvance(text) for text in texts) + 28)

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._choosing and now.isValid():
            self.chosen.emit(now.row())
