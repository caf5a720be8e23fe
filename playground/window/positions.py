"""A field for a position in a list."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget


class PositionField(QLineEdit):
    """Takes digits alone. By the customs of a language, commas or points may stand between them, too: "12,605" would be
    a whole number to Qt, and none to Python."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        plain = QLocale(QLocale.Language.C)
        plain.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
        digits = QIntValidator(0, 2**31 - 1, self)
        digits.setLocale(plain)
        self.setValidator(digits)
        self.setAcceptDrops(False)  # a file that is dropped is for the window

    @property
    def position(self) -> int:
        """0 where the field is empty."""
        return int(self.text() or 0)
