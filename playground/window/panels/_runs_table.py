"""The table of kept runs: a row each, newest first; ticked ones lie over each other in the chart."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from playground.core.text import _
from playground.disk.kept_runs import Kept
from playground.window.panels import _run_styles as styles
from playground.window.plots.axis import figure_text
from playground.window.theme import theme

STATES = {
    "new": _("not begun"),
    "running": _("running"),
    "paused": _("paused"),
    "stopped": _("stopped"),
    "finished": _("finished"),
    "failed": _("failed"),
    "died": _("died"),
}
NAME = 0
_OF = _("After its newest epoch, or after the best one where its weights came back at the end")
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class _Column(NamedTuple):
    """width: px, for a text of the usual size;  text: what stands there"""

    title: str
    tip: str
    width: int
    text: Callable[[Kept], str]


def _figure(name: str) -> Callable[[Kept], str]:
    def text(run: Kept) -> str:
        value = getattr(run.held, name) if run.held else None
        return figure_text(value, 4) if value is not None else "–"

    return text


def _epochs(run: Kept) -> str:
    """How many were done, and which of them the figures are of where that is not the newest."""
    if run.held is None or not run.best_is_back:
        return f"{run.epochs:,}"
    return _("{epochs:,}, best {best:,}").format(epochs=run.epochs, best=run.held.epoch)


def duration(seconds: float) -> str:
    """A time for people: 12.3 s, 2 min 05 s, 1 h 05 min."""
    if seconds < 60:
        return _("{seconds:.1f} s").format(seconds=seconds)
    if seconds < 3600:
        return _("{minutes} min {seconds:02} s").format(minutes=int(seconds // 60), seconds=int(seconds % 60))
    return _("{hours:,} h {minutes:02} min").format(hours=int(seconds // 3600), minutes=int(seconds % 3600 // 60))


def _started(run: Kept) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(run.record.started))


def _origin(run: Kept) -> str:
    return _("step {step:,}").format(step=run.record.parent_step or 0) if run.record.parent else ""


COLUMNS = (
    _Column(_("Name"), _("Tick a run to lay its curve over the others"), 210, lambda run: run.name),
    _Column(_("State"), _("How it ended, or that it goes on"), 76, lambda run: STATES.get(run.record.state, "")),
    _Column(_("Test loss"), _OF, 76, _figure("test_loss")),
    _Column(_("Accuracy"), _("On the test part") + "\n" + _OF, 76, _figure("test_accuracy")),
    _Column(_("Validation loss"), _OF, 104, _figure("validation_loss")),
    _Column(_("Validation accuracy"), _OF, 130, _figure("validation_accuracy")),
    _Column(_("Epochs"), _("That were done; and the best, where its weights came back at the end"), 84, _epochs),
    _Column(_("Steps"), _("That were done"), 66, lambda run: f"{run.steps:,}"),
    _Column(_("Time"), _("Of its training steps"), 88, lambda run: duration(run.seconds)),
    _Column(_("Started"), "", 144, _started),
    _Column(_("Forked at"), _("The step at which it left the run that it is a fork of"), 82, _origin),
    _Column(_("Device"), "", 70, lambda run: run.record.device or "–"),
    _Column(_("Threads"), "", 64, lambda run: str(run.record.threads or "–")),
    _Column(_("Layout"), _("Of pictures in memory"), 104, lambda run: run.record.layout or "–"),
    _Column(_("Checkpoints"), _("From which it can be forked"), 88, lambda run: f"{len(run.checkpoints):,}"),
)
_VALIDATION = [place for place, column in enumerate(COLUMNS) if column.title.startswith(_("Validation"))]
_WORDS = {NAME, 1, 9, 10, 11, 13}  # columns of words stand left


class RunsModel(QAbstractTableModel):
    """slots: of the runs that are shown, folder -> place among them"""

    toggled = Signal(object, bool)  # Kept, whether it is to be shown
    renamed = Signal(object, str)  # Kept, its name

    def __init__(self) -> None:
        super().__init__()
        self.runs: tuple[Kept, ...] = ()
        self.slots: Mapping[Path, int] = {}

    def show_runs(self, runs: tuple[Kept, ...]) -> bool:
        """Whether rows came, went or moved: then the selection is to be made again."""
        moved = [one.folder for one in runs] != [one.folder for one in self.runs]
        if moved:
            self.beginResetModel()
            self.runs = runs
            self.endResetModel()
        else:
            self.runs = runs
            self.repaint()
        return moved

    def repaint(self) -> None:
        """What the cells show is another."""
        if self.runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.runs) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        run, column = self.runs[index.row()], COLUMNS[index.column()]
        match role:
            case _Role.DisplayRole | _Role.EditRole:
                return column.text(run)
            case _Role.ToolTipRole:
                return self._tip(run)
            case _Role.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if index.column() in _WORDS else Qt.AlignmentFlag.AlignRight
                return side | Qt.AlignmentFlag.AlignVCenter
            case _Role.AccessibleTextRole:
                return f"{column.title}: {column.text(run)}"
        if index.column() != NAME:
            return None
        slot = self.slots.get(run.folder)
        if role == _Role.CheckStateRole:
            return Qt.CheckState.Unchecked if slot is None else Qt.CheckState.Checked
        return styles.swatch(slot) if role == _Role.DecorationRole else None

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        run = self.runs[index.row()]
        if role == _Role.CheckStateRole:
            self.toggled.emit(run, Qt.CheckState(value) == Qt.CheckState.Checked)
        elif role == _Role.EditRole:
            self.renamed.emit(run, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == _Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section in _WORDS else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        title, tip, _width, _text = COLUMNS[section]
        return title if role == _Role.DisplayRole else tip or title if role == _Role.ToolTipRole else None

    def _tip(self, run: Kept) -> str:
        said = [run.name, run.record.fault, str(run.folder)]
        if run.record.parent:
            origin = next((one.name for one in self.runs if one.folder.name == run.record.parent), run.record.parent)
            said.insert(1, _("A fork of {run}, from step {step:,}").format(
                run=origin, step=run.record.parent_step or 0))  # fmt: skip
        if run.record.carried:
            kept, count = run.record.carried
            said.insert(2, _("Of its {n} layers with weights {kept} kept those").format(n=count, kept=kept))
        if run.held is not None and run.best_is_back:
            text = _("Its weights and figures are those of epoch {best:,}, the best of {epochs:,}")
            said.append(text.format(best=run.held.epoch, epochs=run.epochs))
        return "\n".join(one for one in said if one)


class RunsView(QTableView):
    """selection_changed: other runs are selected, see `chosen`"""

    selection_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scale = 0.0
        self._waiting: tuple[Kept, ...] | None = None  # until a name is typed
        self.rows = RunsModel()
        self.setModel(self.rows)
        self.setAccessibleName(_("Kept runs"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(styles.SWATCH)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.measure()
        self.selectionModel().selectionChanged.connect(lambda *_change: self.selection_changed.emit())

    def measure(self) -> None:
        """Take the sizes of the text, where they are others; widths that the user gave to columns stay otherwise."""
        if self._scale == theme().text_scale:
            return
        self._scale = theme().text_scale
        self.verticalHeader().setDefaultSectionSize(theme().size("row"))
        for place, column in enumerate(COLUMNS):
            self.horizontalHeader().resizeSection(place, round(column.width * self._scale))

    def show_runs(self, runs: tuple[Kept, ...]) -> None:
        """Rows with the selection as it was. While a name is being typed they wait: it would be lost."""
        if self.state() == self.State.EditingState:
            self._waiting = runs
            return
        chosen, current = {one.folder for one in self.chosen()}, self.current()
        if self.rows.show_runs(runs):
            self.select(chosen, current.folder if current else None)
        validated = any(one.last and one.last.validation_loss is not None for one in runs)
        for place in _VALIDATION:
            self.setColumnHidden(place, not validated)

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        """Every frame of a run changes a row: Qt would put the old name back into the field where it is being typed."""
        if self.state() == self.State.EditingState:
            self.viewport().update()
        else:
            super().dataChanged(first, last, list(roles))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if self._waiting is not None:
            QTimer.singleShot(0, self, self._show_waiting)  # who closes the editor is not done with its row

    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.show_runs(waiting)

    def chosen(self) -> list[Kept]:
        """The runs that are selected, newest first."""
        found = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows.runs[row] for row in found if row < len(self.rows.runs)]

    def current(self) -> Kept | None:
        """The run that the keyboard is at."""
        row = self.currentIndex().row()
        return self.rows.runs[row] if 0 <= row < len(self.rows.runs) else None

    def select(self, folders: Sequence[Path] | set[Path], current: Path | None) -> None:
        """Select runs, and put the keyboard at one of them."""
        last, wanted = len(COLUMNS) - 1, QItemSelection()
        for row, run in enumerate(self.rows.runs):
            if run.folder == current:
                self.selectionModel().setCurrentIndex(
                    self.rows.index(row, NAME), QItemSelectionModel.SelectionFlag.NoUpdate
                )
            if run.folder in folders:
                wanted.append(QItemSelectionRange(self.rows.index(row, 0), self.rows.index(row, last)))
        # in one go: after each of hundreds of runs the whole selection would be asked for
        self.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.Select)

    def begin_rename(self) -> None:
        """Let the name of the run that the keyboard is at be typed."""
        if self.current() is not None and self.state() != self.State.EditingState:
            self.edit(self.rows.index(self.currentIndex().row(), NAME))
