"""Fields in two columns, each with its name; in one column where the names are long."""

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from playground.core.arguments import fault_of
from playground.core.spec import Argument
from playground.window.fields import ArgumentField
from playground.window.layouts import take_widgets
from playground.window.scrolling import BAR
from playground.window.theme import theme

_GAP, _CUT = 12, 14


class NameLabel(QWidget):
    """The name of a field, cut off with … where it does not fit; its tool tip has the whole name."""

    def __init__(self, text: str, buddy: QWidget) -> None:
        super().__init__()
        self._text, self._buddy = text, buddy
        self.setToolTip(buddy.toolTip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), theme().size("form_row"))

    def wanted_width(self) -> int:
        return QFontMetrics(theme().font("small")).horizontalAdvance(self._text) + 6

    def minimumSizeHint(self) -> QSize:
        return QSize(30, theme().size("form_row"))

    def mousePressEvent(self, event: Any) -> None:
        self._buddy.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class FieldGrid(QWidget):
    """Fields for declared arguments.

    set_requested: (name, value);  release_requested: name;  entered: name of the field that has the keyboard
    open_requested: name of the field whose value is edited elsewhere
    """

    set_requested = Signal(str, object)
    release_requested = Signal(str)
    open_requested = Signal(str)
    entered = Signal(str)

    def __init__(self, field_width: int = 78) -> None:
        """field_width: px of a field in two columns"""
        super().__init__()
        self._width = field_width
        self._fields: dict[str, ArgumentField] = {}
        self._labels: dict[str, NameLabel] = {}
        self._columns = 0
        self._only: frozenset[str] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 0, 12 - BAR, 0)  # the scroll bar has its place beside it
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(2)
        theme().changed.connect(self._on_theme_changed)

    @property
    def fields(self) -> dict[str, ArgumentField]:
        return self._fields

    def add(
        self,
        argument: Argument,
        title: str = "",
        titles: Mapping[Any, str] | None = None,
        can_release: bool = True,
        removable: bool = False,
    ) -> ArgumentField:
        """One more field. title: shown in place of the argument's name;  titles: of its choices"""
        name = argument.name
        field = ArgumentField(argument, titles, can_release, removable)
        field.set_requested.connect(lambda value, name=name: self.set_requested.emit(name, value))
        field.release_requested.connect(lambda name=name: self.release_requested.emit(name))
        field.entered.connect(lambda name=name: self.entered.emit(name))
        field.open_requested.connect(lambda name=name: self.open_requested.emit(name))
        field.explain(title)
        label = NameLabel(title or name, field)
        for widget in (field, label):
            widget.setParent(self)  # shown without a parent, it would be a window
        self._fields[name], self._labels[name] = field, label
        self._columns = 0
        self._arrange()
        return field

    def show_only(self, names: Iterable[str] | None) -> None:
        """Show these fields and hide the others; None shows all."""
        only = None if names is None else frozenset(names)
        if only != self._only:
            self._only = only
            self._columns = 0
            self._arrange()

    def show_values(self, values: Mapping[str, Any], pinned: Mapping[str, Any]) -> dict[str, str]:
        """Show what is in effect; returns name -> fault of the pinned values that cannot be."""
        faults = {}
        for name, field in self._fields.items():
            value = pinned.get(name, values.get(name))
            fault = fault_of(field.argument, value) if name in pinned else None
            if fault:
                faults[name] = fault
            field.show_value(value, name in pinned, fault)
        return faults

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _on_theme_changed(self) -> None:
        for field in self._fields.values():
            field.measure()
        self._columns = 0
        self._arrange()

    def _wanted_columns(self) -> int:
        # A name may be cut off by a few letters rather than cost the second column.
        longest = max((label.wanted_width() for label in self._labels.values()), default=0) - _CUT
        field = round(self._width * theme().text_scale)
        usual = round(360 * theme().text_scale) if self._columns == 0 else 0
        return 2 if 2 * (longest + field + 6) + _GAP <= max(self.width(), usual) - 28 else 1

    def _arrange(self) -> None:
        columns = self._wanted_columns()
        if columns == self._columns:
            return
        self._columns = columns
        take_widgets(self._grid)
        field_width = round((self._width if columns == 2 else 2 * _GAP + 130) * theme().text_scale)
        for column in range(5):
            self._grid.setColumnMinimumWidth(column, 0)
            self._grid.setColumnStretch(column, 0)
        shown = [name for name in self._fields if self._only is None or name in self._only]
        for name, field in self._fields.items():
            field.setVisible(name in shown)
            self._labels[name].setVisible(name in shown)
        for number, name in enumerate(shown):
            field = self._fields[name]
            row, side = divmod(number, columns)
            self._grid.addWidget(self._labels[name], row, 3 * side)
            self._grid.addWidget(field, row, 3 * side + 1)
            field.setFixedWidth(field_width)
            self._grid.setColumnStretch(3 * side, 1)
        if columns == 2:
            self._grid.setColumnMinimumWidth(2, _GAP - 8)
            self._grid.setColumnStretch(3, 1)
            if len(shown) == 1:
                self._grid.setColumnMinimumWidth(4, field_width)
        self.updateGeometry()
