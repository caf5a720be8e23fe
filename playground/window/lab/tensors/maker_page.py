"""The fields of one word that makes a tensor, made from its declaration."""

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.core.lab.new_tensors import typed
from playground.core.lab.new_tensors.declared import Entry, Maker
from playground.window.field_grid import NameLabel
from playground.window.fields import ArgumentField, ChoiceButton, ValueLine, stepped


class MakerPage(QWidget):
    """given: (entry, what a person gave for it), None where PyTorch is to choose;  entered: the one with the keyboard"""

    given = Signal(str, object)
    entered = Signal(str)

    def __init__(self, maker: Maker) -> None:
        super().__init__()
        self.fields: dict[str, ArgumentField] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, entry in enumerate(maker.fields):
            field = self._make_field(entry)
            grid.addWidget(NameLabel(entry.name, field), row, 0)
            grid.addWidget(field, row, 1)
        grid.setRowStretch(len(maker.fields), 1)

    def _make_field(self, entry: Entry) -> ArgumentField:
        field = self.fields[entry.name] = ArgumentField(entry.argument, can_release=entry.default is None)
        field.explain()
        field.set_requested.connect(lambda value: self.given.emit(entry.name, value))
        field.release_requested.connect(lambda: self.given.emit(entry.name, None))
        field.entered.connect(lambda: self.entered.emit(entry.name))
        editor = field.editor
        if isinstance(editor, ChoiceButton):
            editor.setAutoDefault(False)  # Enter makes the tensor; Space opens the choices
        if isinstance(editor, ValueLine) and entry.sort in ("whole", "number"):
            editor.step_requested.connect(lambda up: self._on_step_requested(entry, up))
        if isinstance(editor, ValueLine) and entry.default is None:
            editor.editingFinished.connect(lambda: None if editor.text() else self.given.emit(entry.name, None))
        return field

    def show_values(self, values: Mapping[str, Any], given: Mapping[str, Any], wrong: str, sentence: str) -> None:
        """values: entry -> what counts;  given: those that a person gave;  wrong: the entry that the sentence is about"""
        for name, field in self.fields.items():
            pinned = name in given or field.toggle is None
            field.show_value(values.get(name), pinned, sentence if name == wrong else None)

    def set_label_width(self, width: int) -> None:
        """Let the names be as wide as those of the other pages."""
        for label in self._labels():
            label.setFixedWidth(width)

    def measure(self) -> None:
        """Take the sizes that the size of the text asks for."""
        for field in self.fields.values():
            field.measure()

    def _labels(self) -> list[NameLabel]:
        return self.findChildren(NameLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def _on_step_requested(self, entry: Entry, up: bool) -> None:
        editor = self.fields[entry.name].editor
        text = stepped_text(entry, editor.text(), up) if isinstance(editor, ValueLine) else None
        if text is not None:
            editor.setText(text)
            self.given.emit(entry.name, text)


def stepped_text(entry: Entry, text: str, up: bool) -> str | None:
    """The number after, or before, the one that is typed; one with a point keeps it. None where there is none"""
    try:
        value = typed.value(typed.number(text))
    except ValueError:
        return None
    kind: Any = "int" if isinstance(value, int) else "float"
    found = stepped(msgspec.structs.replace(entry.argument, kind=kind), value, up)
    if found is None:
        return None
    written = f"{found:g}" if isinstance(found, float) else str(found)
    return f"{written}." if isinstance(found, float) and written.lstrip("-").isdigit() else written
