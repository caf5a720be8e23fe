"""A number that is turned: its name, a slider, and a field to type it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from playground.core.spec import Argument
from playground.core.text import _
from playground.window.fields import ArgumentField
from playground.window.theme import theme

LOW, HIGH, UNIT = -5.0, 5.0, 0.1  # of the slider; what is typed may lie beyond
_FIELD, _NAME = 84, 28  # px
_FAR = 1e12


class Knob(QWidget):
    """turned: to which number a person turned it. A hand, the arrow keys and the field do the same"""

    turned = Signal(float)

    def __init__(self, name: str, purpose: str) -> None:
        """purpose: for screen readers"""
        super().__init__()
        self.name, self.slider = QLabel(name), QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(LOW / UNIT), round(HIGH / UNIT))
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(purpose)
        self.slider.setToolTip(_("{purpose}; ← and → turn it by {unit}").format(purpose=purpose, unit=UNIT))
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMinimumWidth(80)
        self.slider.valueChanged.connect(lambda place: self.turned.emit(round(place * UNIT, 4)))
        told = Argument(name=purpose, kind="float", default=0.0, help=purpose, low=-_FAR, high=_FAR)
        self.field = ArgumentField(told, can_release=False)
        self.field.editor.setAccessibleName(_("{purpose}, typed").format(purpose=purpose))
        self.field.setFixedWidth(_FIELD)
        self.field.set_requested.connect(self._on_typed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.dress()

    def show_value(self, value: float) -> None:
        """Without a signal; the slider stays at its end where the number lies beyond."""
        place = round(min(HIGH, max(LOW, value)) / UNIT)
        if place != self.slider.value():
            before = self.slider.blockSignals(True)
            self.slider.setValue(place)
            self.slider.blockSignals(before)
        self.field.show_value(value, True)

    def dress(self) -> None:
        """Sizes that grow with the text."""
        self.name.setFixedWidth(round(_NAME * theme().text_scale))
        self.field.setFixedWidth(round(_FIELD * theme().text_scale))
        self.slider.setFixedHeight(theme().size("hit_min"))

    def _on_typed(self, value: float) -> None:
        if abs(value) <= _FAR:
            self.turned.emit(float(value))
