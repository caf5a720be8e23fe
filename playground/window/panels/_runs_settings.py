"""The settings of runs beside each other: those that differ; the equal ones are folded away until asked for."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from playground.core.differences import RECIPE, Compared, compare
from playground.core.steered import STEERED, told
from playground.core.text import _, plural
from playground.disk.kept_runs import Kept
from playground.window.panels import _run_styles as styles
from playground.window.panels.base import toggle
from playground.window.theme import theme

RUN = _("Run")
_NAME_WIDTH, _NARROWEST, _WIDEST = 112, 72, 240  # px
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


def compared(runs: Sequence[Kept]) -> list[Compared]:
    """Every setting of the runs: data, network, recipe, and where they ran. Runs whose project is lost have none."""
    projects = [one.project for one in runs if one.project is not None]
    if not runs or len(projects) < len(runs):
        return []
    records = [one.record for one in runs]
    settings = [
        one._replace(values=tuple(map(told, one.values, [one.name] * len(runs), [run.steered for run in records])))
        if one.name in STEERED and one.group == RECIPE
        else one
        for one in compare(projects)
    ]
    where = {
        "device": [one.device for one in records],
        "threads": [str(one.threads) for one in records],
        "layout": [one.layout for one in records],
        "torch": [one.versions.get("torch", "") for one in records],
    }
    return [*settings, *(Compared(RUN, name, tuple(values)) for name, values in where.items())]


class SettingsModel(QAbstractTableModel):
    """rows: a str is the heading of a group"""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Compared | str] = []
        self.runs: list[Kept] = []
        self.slots: list[int] = []
        self.highlights = False  # where equal ones stand among them

    def show(self, runs: Sequence[Kept], slots: Sequence[int], settings: Sequence[Compared], highlights: bool) -> None:
        self.beginResetModel()
        self.runs, self.slots, self.highlights, self.rows = list(runs), list(slots), highlights, []
        for setting in settings:
            if setting.group not in self.rows:
                self.rows.append(setting.group)
            self.rows.append(setting)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1 + len(self.runs)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if isinstance(row, str):
            return self._heading(row, column, role)
        text = row.name if column == 0 else row.values[column - 1] or "–"
        match role:
            case _Role.DisplayRole | _Role.ToolTipRole:
                return text
            case _Role.AccessibleTextRole:
                return f"{text} ({_('differs')})" if row.differs else text
            case _Role.BackgroundRole if row.differs and self.highlights:
                return theme().color("accent_tint")
            case _Role.ForegroundRole if column == 0:
                return theme().color("text_secondary")
            case _Role.FontRole if column and row.differs and row.values[column - 1] != row.values[0]:
                return theme().font("base", "semibold")
        return None

    def _heading(self, text: str, column: int, role: int) -> Any:
        match role:
            case _Role.DisplayRole if column == 0:
                return text
            case _Role.FontRole:
                return theme().font("small", "semibold")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if section == 0:
            return _("Setting") if role == _Role.DisplayRole else None
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            return styles.marked(self.slots[section - 1], self.runs[section - 1].name)
        return None


class Tinted(QStyledItemDelegate):
    """Fills the background that the model names: under a style sheet for cells Qt leaves it out."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tint = index.data(_Role.BackgroundRole)
        if tint is not None:
            painter.fillRect(option.rect, tint)
        super().paint(painter, option, index)


class SettingsView(QWidget):
    """A heading that counts, the switch for the equal ones, and the table."""

    def __init__(self) -> None:
        super().__init__()
        self.model = SettingsModel()
        self._runs: list[Kept] = []
        self._slots: list[int] = []
        self.heading = QLabel()
        self.heading.setProperty("role", "small")
        self.heading.setMinimumWidth(0)
        self.all = toggle(_("All"), _("Show the settings that are equal, too"), False, lambda _on: self._show())
        self.table = _table(self.model)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.addWidget(self.heading, 1)
        head.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        policy = self.table.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the heading stays where it is
        self.table.setSizePolicy(policy)
        self._show()

    def show_runs(self, runs: Sequence[Kept], slots: Sequence[int]) -> None:
        """The runs in the order of their columns."""
        if (list(runs), list(slots)) != (self._runs, self._slots):
            self._runs, self._slots = list(runs), list(slots)
            self._show()

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.table.verticalHeader().setDefaultSectionSize(theme().size("row"))
        self._show()

    def _show(self) -> None:
        found = compared(self._runs)
        differing = [one for one in found if one.differs]
        alone = len(self._runs) < 2
        everything = alone or self.all.isChecked()
        self.all.setVisible(not alone)
        self.heading.setText(self._said(len(differing), len(found) - len(differing)))
        self.model.show(self._runs, self._slots, found if everything else differing, everything and not alone)
        self.table.setVisible(bool(self._runs))
        self.table.clearSpans()
        for row, one in enumerate(self.model.rows):
            if isinstance(one, str) and len(self._runs):
                self.table.setSpan(row, 0, 1, 1 + len(self._runs))
        self._share_out()

    def _said(self, differing: int, equal: int) -> str:
        if not self._runs:
            return _("Tick two runs to see what differs.")
        if not differing + equal:
            return _("The project of a run cannot be read.")
        if len(self._runs) == 1:
            return _("Settings")
        words = plural("{n} setting differs", "{n} settings differ", differing)
        return words if self.all.isChecked() else words + ", " + plural("{n} is equal", "{n} are equal", equal)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """The values share the room that the names of the settings leave."""
        count, head = len(self._runs), self.table.horizontalHeader()
        if not count:
            return
        scale = theme().text_scale
        names = round(_NAME_WIDTH * scale)
        each = max(round(_NARROWEST * scale), min(_WIDEST, (self.table.viewport().width() - names) // count))
        head.resizeSection(0, names)
        for section in range(1, count + 1):
            head.resizeSection(section, each)


def _table(model: SettingsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setItemDelegate(Tinted(table))
    table.setAccessibleName(_("Settings of the runs that are shown"))
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(theme().size("row"))
    return table
