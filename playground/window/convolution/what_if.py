"""What if the stride were 2? Fields for the arguments of a layer that change what is seen here, and not the project."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.spec import Argument, LayerSpec
from playground.core.text import _
from playground.window.fields import ArgumentField
from playground.window.flow import FlowLayout
from playground.window.layouts import take_widgets
from playground.window.panels.base import toggle
from playground.window.theme import theme

_FIRST = {"MaxPool2d": ("kernel_size", "stride", "padding"), "AvgPool2d": ("kernel_size", "stride", "padding")}
_FIRST_OF_MOST = ("stride", "padding", "dilation")
_WIDE = 72  # px of a field


class WhatIf(QWidget):
    """changed: an argument is another;  used: the changes are to be made in the project
    values: the arguments that differ from the layer's
    """

    changed = Signal()
    used = Signal()

    def __init__(self, title: str, pinned: bool = False) -> None:
        """title: before the fields;  pinned: every argument is of the page itself, and none can be let go"""
        super().__init__()
        self._pinned = pinned
        self.values: dict[str, Any] = {}
        self._base: dict[str, Any] = {}
        self._spec: LayerSpec | None = None
        self._names: tuple[str, ...] = ()
        self._fields: dict[str, ArgumentField] = {}
        self._can_use = True
        self._title = QLabel(title)
        self._title.setProperty("role", "small")
        self._title.setMinimumHeight(theme().size("hit_min"))
        self._all = toggle(_("All"), _("Show every argument of this layer"), False, self._fold)
        self._all.setAccessibleName(_("All arguments"))
        self.use = QPushButton(_("Use it"))
        self.use.clicked.connect(lambda _checked=False: self.used.emit())
        self.back = QPushButton(_("Back"))
        self.back.setToolTip(_("As the layer is in the project"))
        self.back.setProperty("kind", "quiet")
        self.back.clicked.connect(lambda _checked=False: self.reset())
        self._ways = QWidget()
        ways = QHBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(8)
        ways.addWidget(self.use)
        ways.addWidget(self.back)
        self._flow_holder = QWidget()
        self._flow = FlowLayout(self._flow_holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._flow_holder)
        theme().changed.connect(self._measure)

    def show_layer(
        self, spec: LayerSpec, base: Mapping[str, Any], names: tuple[str, ...] = (), use: str = "", tip: str = ""
    ) -> None:
        """base: its arguments in effect;  names: of those that can be changed, all where empty
        use: text of the button that takes the changes over; none where it is empty
        """
        if spec is not self._spec or names != self._names:
            self._spec, self._names, self.values = spec, names, {}
            self._make_fields(spec, names)
        self._base = dict(base)
        self.values = {name: value for name, value in self.values.items() if value != base.get(name)}
        self._can_use = bool(use)
        self.use.setText(use)
        self.use.setToolTip(tip)
        self._show_values()

    def reset(self) -> None:
        """As the layer is."""
        if self.values:
            self.values = {}
            self._show_values()
            self.changed.emit()

    def field(self, name: str) -> ArgumentField:
        return self._fields[name]

    def _make_fields(self, spec: LayerSpec, names: tuple[str, ...]) -> None:
        for widget in take_widgets(self._flow):
            if widget not in (self._title, self._all, self._ways):
                widget.deleteLater()
        self._fields = {}
        self._flow.addWidget(self._title)
        arguments = [one for one in spec.arguments if one.to == "module" and (not names or one.name in names)]
        first = _FIRST.get(spec.name, _FIRST_OF_MOST)
        arguments.sort(key=lambda one: first.index(one.name) if one.name in first else len(first))
        for argument in arguments:
            self._flow.addWidget(self._labelled(argument))
        for widget in (self._all, self._ways):
            self._flow.addWidget(widget)
        self._fold(self._all.isChecked())

    def _labelled(self, argument: Argument) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(6)
        name = QLabel(argument.name)
        field = ArgumentField(argument, can_release=not self._pinned)
        field.setFixedWidth(_width(argument))
        field.explain()
        field.set_requested.connect(lambda value, name=argument.name: self._set(name, value))
        field.release_requested.connect(lambda name=argument.name: self._set(name, self._base.get(name)))
        row.addWidget(name)
        row.addWidget(field)
        self._fields[argument.name] = field
        return holder

    def _measure(self) -> None:
        """The text may be of another size."""
        self._title.setMinimumHeight(theme().size("hit_min"))
        for field in self._fields.values():
            field.setFixedWidth(_width(field.argument))
            field.measure()

    def _fold(self, unfolded: bool) -> None:
        if self._spec is None:
            return
        first = _FIRST.get(self._spec.name, _FIRST_OF_MOST)
        for name, field in self._fields.items():
            field.parentWidget().setVisible(unfolded or name in first)
        more = any(name not in first for name in self._fields)
        self._all.setVisible(more)
        self._flow_holder.updateGeometry()

    def _set(self, name: str, value: Any) -> None:
        if value == self._base.get(name):
            self.values.pop(name, None)
        else:
            self.values[name] = value
        self._show_values()
        self.changed.emit()

    def _shown(self, name: str) -> Any:
        """The value in effect: of pooling, the stride is the side of the window where nobody says otherwise."""
        value = self.values.get(name, self._base.get(name))
        return self._shown("kernel_size") if value is None and name == "stride" else value

    def _show_values(self) -> None:
        for name, field in self._fields.items():
            field.show_value(self._shown(name), self._pinned or name in self.values)
        self.use.setVisible(bool(self.values) and self._can_use)
        self._ways.setVisible(bool(self.values))


def _width(argument: Argument) -> int:
    return round((_WIDE + (28 if argument.kind == "choice" else 0)) * theme().text_scale)
