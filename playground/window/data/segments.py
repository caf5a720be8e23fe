"""A row of choices of which one is down."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy


class Segments(QFrame):
    """chosen: the key of the choice that a person made"""

    chosen = Signal(str)

    def __init__(self, titles: Mapping[str, str], purpose: str) -> None:
        """titles: key -> text, the first one is down;  purpose: for screen readers"""
        super().__init__()
        self.setProperty("role", "segments")
        self.setAccessibleName(purpose)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for key, title in titles.items():
            button = QPushButton(title)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self._group.buttonToggled.connect(lambda _button, on: self._enter_at_chosen() if on else None)
        self.choose(next(iter(titles)))

    @property
    def current(self) -> str:
        """The key of the choice that is down."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def button(self, key: str) -> QPushButton:
        return self._buttons[key]

    def choose(self, key: str) -> None:
        """Put a choice down, without a signal."""
        self._buttons[key].setChecked(True)

    def say(self, key: str, title: str) -> None:
        """Give a choice another text."""
        if self._buttons[key].text() != title:
            self._buttons[key].setText(title)

    def offer(self, key: str, there: bool) -> None:
        """Show a choice, or hide it."""
        self._buttons[key].setVisible(there)
        self._enter_at_chosen()

    def _enter_at_chosen(self) -> None:
        """Tab comes to the choice that is down, as it does in every group of which one is; the arrow keys go on. Qt sees
        to it only once one of them had the focus."""
        there = [one for one in self._buttons.values() if not one.isHidden()]
        entry = next((one for one in there if one.isChecked()), there[0] if there else None)
        for one in self._buttons.values():
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one is entry else Qt.FocusPolicy.ClickFocus)
