"""Columns and rows of the window that touch each other."""

from typing import TypeVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

FORM_SHARE = 0.55  # of the column's height, at most

_Box = TypeVar("_Box", bound=QBoxLayout)


class ListColumn(QWidget):
    """The list above the form; the list keeps its share of the height whatever the form wants."""

    form: QWidget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.form.setMaximumHeight(round(self.height() * FORM_SHARE))


def tight(layout: _Box) -> _Box:
    """Without a margin or a gap."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout
