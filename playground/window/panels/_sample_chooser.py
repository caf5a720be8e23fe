"""Chooses a sample of the test part: the one before, a number, the next, any."""

import random

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from playground.core.drawing import Chosen
from playground.core.text import _
from playground.window.positions import PositionField
from playground.window.theme import theme


class SampleChooser(QWidget):
    """A number field between two arrows."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._value, self._total = 0, 1
        self._drawn = False  # a drawing is looked at in place of a sample
        self._field = PositionField("0")
        self._field.setFixedWidth(64)
        self._field.setPlaceholderText(_("drawn"))
        self._field.setAccessibleName(_("Sample of the test part"))
        self._field.editingFinished.connect(self._on_typed)
        self._name = name = QLabel(_("sample"))
        name.setProperty("role", "small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(name)
        layout.addWidget(self._arrow("‹", _("The sample before"), lambda: self._go(self._value - 1)))
        layout.addWidget(self._field)
        layout.addWidget(self._arrow("›", _("The next sample"), lambda: self._go(self._value + 1)))
        layout.addWidget(self._arrow("?", _("Any sample"), lambda: self._go(random.randrange(self._total))))

    def set_short(self, short: bool) -> None:
        """Leave out the word, where there is little room."""
        self._name.setVisible(not short)

    @property
    def value(self) -> int:
        return self._value

    def set_value(self, value: Chosen) -> None:
        """Show another sample, without a signal; for a drawing, none."""
        self._drawn = not isinstance(value, int)
        if isinstance(value, int):
            self._value = value
        shown = "" if self._drawn else str(value)
        if self._field.text() != shown:
            self._field.setText(shown)

    def set_total(self, total: int) -> None:
        """How many samples the test part has."""
        self._total = max(1, total)
        self._field.setToolTip(_("0 to {last:,}").format(last=self._total - 1))

    def _arrow(self, text: str, tip: str, go: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
        button.clicked.connect(go)
        return button

    def _on_typed(self) -> None:
        if self._field.text() or not self._drawn:  # an empty field stands for the drawing
            self._go(self._field.position)

    def _go(self, wanted: int) -> None:
        value = min(max(0, wanted), self._total - 1)
        before = None if self._drawn else self._value
        self.set_value(value)
        if value != before:
            self.chosen.emit(value)
