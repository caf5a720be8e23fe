"""How the views of the lab put their parts together."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


def column_in(widget: QWidget) -> QVBoxLayout:
    """A column without margins."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
