"""Small tables of numbers beside a plot; one is as high as its rows are."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem

from playground.window.theme import theme


class Figures(QTableWidget):
    """Rows are chosen, never edited. purpose: for screen readers"""

    def __init__(self, purpose: str, headings: Sequence[str], chosen: bool = False) -> None:
        """chosen: whether a person may choose a row"""
        super().__init__(0, len(headings))
        self.setAccessibleName(purpose)
        self.setHorizontalHeaderLabels(list(headings))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        single, none = QAbstractItemView.SelectionMode.SingleSelection, QAbstractItemView.SelectionMode.NoSelection
        self.setSelectionMode(single if chosen else none)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(8)
        for column in range(1, len(headings)):
            self.horizontalHeaderItem(column).setTextAlignment(
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        self.horizontalHeaderItem(0).setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Take these texts; only what is another text is drawn anew."""
        if self.rowCount() != len(rows):
            self.setRowCount(len(rows))
            self.updateGeometry()
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(row, column, item)
                if item.text() != text:
                    item.setText(text)
        self.dress()
        self._share_width()

    def _share_width(self) -> None:
        """Columns as wide as each other, if none is cut by it; else what is left over is shared."""
        count, width = self.columnCount(), self.viewport().width()
        header = self.horizontalHeader()
        needs = [max(self.sizeHintForColumn(one), header.sectionSizeHint(one)) + 2 for one in range(count)]
        if max(needs) <= width / count:
            wide = [width / count] * count
        else:
            wide = [need + (width - sum(needs)) / count for need in needs]
        ends = [round(sum(wide[: one + 1])) for one in range(count)]
        for column, (begin, end) in enumerate(zip([0, *ends], ends, strict=False)):
            if header.sectionSize(column) != end - begin:
                header.resizeSection(column, max(8, end - begin))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def say_heading(self, column: int, text: str) -> None:
        """Another text above a column."""
        item = self.horizontalHeaderItem(column)
        if item is not None and item.text() != text:
            item.setText(text)

    def texts(self) -> list[list[str]]:
        """Everything that is in it."""
        found = []
        for row in range(self.rowCount()):
            items = [self.item(row, column) for column in range(self.columnCount())]
            found.append(["" if item is None else item.text() for item in items])
        return found

    def dress(self) -> None:
        """Rows as high as the text asks for."""
        high = theme().size("hit_min")
        for row in range(self.rowCount()):
            if self.rowHeight(row) != high:
                self.setRowHeight(row, high)

    def sizeHint(self) -> QSize:
        rows = self.rowCount() * theme().size("hit_min")
        return QSize(280, self.horizontalHeader().sizeHint().height() + rows + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())
