"""A small button that is nothing but an icon, and says in words what it does."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QToolButton

from playground.window import icons
from playground.window.theme import theme


def icon_button(icon: str, words: str, do: Callable[[], Any]) -> QToolButton:
    """words: for its tip, and for screen readers"""
    button = QToolButton()
    button.setProperty("kind", "icon")
    button.setIcon(icons.icon(icon, "text_secondary"))
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
    button.clicked.connect(lambda _checked=False: do())
    return button
