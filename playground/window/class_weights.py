"""The sheet in which each class gets a number: how much it counts in the loss."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from playground.core.arguments import fault_of
from playground.core.class_weights import balanced
from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _
from playground.session.session import Session
from playground.window.data.drawing import class_name
from playground.window.fields import MOST_TYPED, parsed
from playground.window.layer_list.panel import hairline
from playground.window.theme import theme

CLASS, SAMPLES, WEIGHT = range(3)
_WIDTH, _HEIGHT = 420, 560  # px
_ROWS = 14  # seen at once
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WeightsModel(QAbstractTableModel):
    """A row for each class: its name, its training samples where they are known, and its number.

    weights: as they are now
    faults: row -> what was typed in it and is no weight, and why, as a sentence without full stop
    """

    def __init__(self, argument: Argument, dataset: DatasetSpec, weights: Sequence[float]) -> None:
        super().__init__()
        self._number = replace(argument, kind="float", default=1.0)
        self._names = [class_name(label, dataset) for label in range(len(dataset.classes))]
        self._counts: tuple[int, ...] = ()
        self.weights = list(weights)
        self.faults: dict[int, tuple[str, str]] = {}

    def show_counts(self, counts: Sequence[int]) -> None:
        self._counts = tuple(counts)
        self.dataChanged.emit(self.index(0, SAMPLES), self.index(self.rowCount() - 1, SAMPLES))

    def show_weights(self, weights: Sequence[float]) -> None:
        self.weights, self.faults = list(weights), {}
        self.dataChanged.emit(self.index(0, WEIGHT), self.index(self.rowCount() - 1, WEIGHT))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.weights)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """The keyboard stays in the numbers: a cell that is not enabled is passed over."""
        if index.column() != WEIGHT:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        match role:
            case _Role.DisplayRole | _Role.EditRole:
                return self._text(row, column)
            case _Role.ToolTipRole if column == CLASS:
                return self._names[row]
            case _Role.TextAlignmentRole if column != CLASS:
                return _RIGHT
            case _Role.ForegroundRole if column == WEIGHT and row in self.faults:
                return theme().color("error")
            case _Role.ForegroundRole:
                return theme().color("text_secondary" if column == SAMPLES else "text")
            case _Role.AccessibleTextRole if column == WEIGHT:
                return _("weight of {name}: {weight}").format(name=self._names[row], weight=self._text(row, column))
        return None

    def _text(self, row: int, column: int) -> str:
        if column == CLASS:
            return self._names[row]
        if column == WEIGHT:
            return self.faults[row][0] if row in self.faults else f"{self.weights[row]:.12g}"
        return f"{self._counts[row]:,}" if row < len(self._counts) else "–"

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        """What is no weight stays as it was typed, until it is mended."""
        row, text = index.row(), str(value).strip()
        if text != self._text(row, WEIGHT):
            number, fault = self._read(text)
            self.faults.pop(row, None)
            if fault:
                self.faults[row] = text, _("{name}: {fault}").format(name=self._names[row], fault=fault)
            else:
                self.weights[row] = number
        self.dataChanged.emit(index, index)
        return True

    def _read(self, text: str) -> tuple[float, str]:
        """The number that a text means, and what is wrong with it."""
        try:
            number = parsed(self._number, text)
        except (ValueError, OverflowError):
            return 0.0, _("{text} is not a number").format(text=text)
        return int(number) if number.is_integer() else number, fault_of(self._number, number) or ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == _Role.TextAlignmentRole:
            return _RIGHT if section != CLASS else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == _Role.DisplayRole:
            return (_("Class"), _("Training samples"), _("Weight"))[section]
        return None


class NumberDelegate(QStyledItemDelegate):
    """A line for a number. Enter, Up and Down take what was typed and lead to the next class, or the one before."""

    moved = Signal(int)  # rows

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        line = QLineEdit(parent)
        line.setMaxLength(MOST_TYPED)
        line.setAlignment(_RIGHT)
        line.setAccessibleName(index.data(_Role.AccessibleTextRole))
        return line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's own filter takes Enter and leaves the cell where it is."""
        keys = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys:
            line = watched
            assert isinstance(line, QLineEdit)
            self.commitData.emit(line)
            self.closeEditor.emit(line, QStyledItemDelegate.EndEditHint.NoHint)
            self.moved.emit(keys[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)


class WeightsSheet(QDialog):
    """chosen: a list with a number for each class, or None: all count alike"""

    chosen = Signal(object)

    def __init__(
        self, session: Session, argument: Argument, dataset: DatasetSpec, weights: Any, parent: QWidget
    ) -> None:
        """argument: whose numbers they are;  dataset: whose classes;  weights: as they are so far"""
        super().__init__(parent)
        self._session, self._argument = session, argument
        classes = len(dataset.classes)
        fits = isinstance(weights, (list, tuple)) and fault_of(argument, weights) is None and len(weights) == classes
        self.model = WeightsModel(argument, dataset, weights if fits else [1] * classes)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Weights of the classes"))
        self.sentence, self.trouble = self._label("secondary"), self._label("error")
        self.sentence.setText(f"{argument.name} {argument.help}.")
        self.table = self._make_table()
        self._lay_out()
        self.model.dataChanged.connect(lambda *_cells: self._say(self._fault()))
        session.looking.survey()  # asks
        session.looking.changed.connect(self._show_counts)
        self._show_counts()
        scale = theme().text_scale
        wanted = 200 + min(classes, _ROWS) * theme().size("row")
        self.resize(
            min(round(_WIDTH * scale), parent.width() - 64), min(wanted, round(_HEIGHT * scale), parent.height() - 64)
        )
        self.table.setCurrentIndex(self.model.index(0, WEIGHT))
        self.table.setFocus()

    @staticmethod
    def _label(role: str) -> QLabel:
        label = QLabel()
        label.setProperty("role", role)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        self.delegate = NumberDelegate(table)
        self.delegate.moved.connect(self._move)
        table.setItemDelegateForColumn(WEIGHT, self.delegate)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)  # Tab leads on to the buttons
        table.setAccessibleName(_("Weights of the classes"))
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(theme().size("row"))
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(CLASS, QHeaderView.ResizeMode.Stretch)
        for column, width in ((SAMPLES, 128), (WEIGHT, 112)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            head.resizeSection(column, round(width * theme().text_scale))
        return table

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(24, 20, 24, 12)
        top.setSpacing(8)
        heading = QLabel(_("Weights of the classes"))
        heading.setProperty("role", "heading")
        for widget in (heading, self.sentence):
            top.addWidget(widget)
        top.addWidget(self.table, 1)
        top.addWidget(self.trouble)
        self.trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top, 1)
        column.addWidget(hairline())
        column.addLayout(self._make_foot())

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(8)
        self.balanced = self._button(_("Balanced"), self._balance)
        self.none = self._button(_("None"), lambda: self._choose(None))
        self.none.setToolTip(_("No weights: all classes count alike"))
        self.cancel = self._button(_("Cancel"), self.reject)
        self.use = self._button(_("Use them"), self._on_use)
        self.use.setProperty("kind", "main")
        for button in (self.balanced, self.none):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.cancel, self.use):
            row.addWidget(button)
        return row

    @staticmethod
    def _button(title: str, do: Any) -> QPushButton:
        button = QPushButton(title)
        button.setAutoDefault(False)  # Enter is for the numbers
        button.clicked.connect(lambda _checked=False: do())
        return button

    # Samples ------------------------------------------------------------------------------------------------------

    def _counts(self) -> tuple[int, ...]:
        """Training samples of each class; () while they are not known."""
        survey = self._session.looking.survey()
        counts = survey.classes.get("train", ()) if survey else ()
        return counts if len(counts) == len(self.model.weights) else ()

    def _show_counts(self) -> None:
        counts = self._counts()
        self.model.show_counts(counts)
        self.balanced.setEnabled(bool(counts))
        fault = self._session.looking.fault
        waiting = str(fault) if fault else _("The samples are being counted")
        tip = _("Numbers by which all classes together count alike; a class without samples gets 0")
        self.balanced.setToolTip(tip if counts else waiting)

    def _balance(self) -> None:
        self.model.show_weights(balanced(self._counts(), self._argument.name))

    # Choosing -----------------------------------------------------------------------------------------------------

    def _move(self, rows: int) -> None:
        row = min(self.model.rowCount() - 1, max(0, self.table.currentIndex().row() + rows))
        self.table.setCurrentIndex(self.model.index(row, WEIGHT))

    def _say(self, fault: str) -> None:
        self.trouble.setText(f"{fault}." if fault else "")
        self.trouble.setVisible(bool(fault))

    def _fault(self) -> str:
        """What is wrong with one of the numbers; "" where nothing is."""
        return next((fault for _text, fault in self.model.faults.values()), "")

    def _on_use(self) -> None:
        self.table.setFocus()  # a line that is open gives what was typed
        weights = list(self.model.weights)
        fault = self._fault() or fault_of(self._argument, weights)
        if fault:
            self._say(fault)
        else:
            self._choose(weights)

    def _choose(self, weights: list[float] | None) -> None:
        self.accept()
        self.chosen.emit(weights)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on the numbers begins to edit one; Ctrl+Enter uses them."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._on_use()
            elif self.table.hasFocus():
                self.table.edit(self.table.currentIndex())
            return
        super().keyPressEvent(event)
