"""The rows of a table: sortable by every column, the target last."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from playground.core.messages import Samples
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data import drawing
from playground.window.data.tiles import One
from playground.window.theme import theme

MOST_ROWS = 50_000  # that are asked for
_Index = QModelIndex | QPersistentModelIndex


def column_names(spec: DatasetSpec, count: int) -> tuple[str, ...]:
    """The names of the columns, the target last."""
    known = spec.features if len(spec.features) == count else tuple(f"[{place}]" for place in range(count))
    return (*known, spec.target or _("target"))


class Rows(QAbstractTableModel):
    """The samples as they came, in the order of one column."""

    def __init__(self) -> None:
        super().__init__()
        self._values = np.empty((0, 0), np.float32)
        self._targets: np.ndarray = np.empty(0, np.float32)
        self._numbers: tuple[int, ...] = ()
        self._order: np.ndarray = np.arange(0)
        self._names: tuple[str, ...] = ()
        self._spec: DatasetSpec | None = None
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def show_rows(self, answer: Samples, spec: DatasetSpec) -> None:
        self.beginResetModel()
        values = numbers(answer.inputs)
        self._values = values.reshape(len(values), int(np.prod(values.shape[1:], dtype=int)))
        targets = numbers(answer.targets)
        self._targets = targets if targets.ndim == 1 else targets.reshape(len(targets), -1)[:, 0]
        self._numbers, self._spec = answer.numbers, spec
        self._names = column_names(spec, self._values.shape[1])
        self._arrange()
        self.endResetModel()

    def at(self, row: int) -> One | None:
        if not 0 <= row < len(self._order):
            return None
        place = int(self._order[row])
        return One(self._values[place], float(self._targets[place]), self._numbers[place])

    def row_of(self, number: int) -> int:
        """Where the sample of this number stands, -1 where it is not shown."""
        places = np.asarray(self._numbers)[self._order] == number
        return int(places.argmax()) if places.any() else -1

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = (column, order)
        self.layoutAboutToBeChanged.emit()
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        column, order = self._sorted
        if not 0 <= column <= self._values.shape[1] or not len(self._values):
            self._order = np.arange(len(self._values))
            return
        keys = self._targets if column == self._values.shape[1] else self._values[:, column]
        found = np.argsort(keys, kind="stable")
        self._order = found if order == Qt.SortOrder.AscendingOrder else found[::-1]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._names)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        place = int(self._order[index.row()])
        if index.column() == self._values.shape[1]:
            return drawing.class_name(float(self._targets[place]), self._spec)
        return drawing.value_text(float(self._values[place, index.column()]))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._numbers[int(self._order[section])]
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._names[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class RowsView(QTableView):
    """chosen: the row that a person chose"""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()
        self.setModel(self.rows)
        self.setAccessibleName(_("Rows of the table"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)
        head.setHighlightSections(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().setHighlightSections(False)
        self.setSortingEnabled(True)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme().size("row"))
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.chosen.emit(now.row()))

    def show_rows(self, answer: Samples, spec: DatasetSpec) -> None:
        self.rows.show_rows(answer, spec)
        head, metrics = self.horizontalHeader(), self.fontMetrics()
        for column in range(self.rows.columnCount()):
            name = self.rows.headerData(column, Qt.Orientation.Horizontal)
            head.resizeSection(column, min(190, max(76, metrics.horizontalAdvance(str(name)) + 40)))
