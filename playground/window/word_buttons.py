"""Buttons in fields: a value in words, and what is chosen or opened by a click."""

import html
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from playground.core.arguments import shown
from playground.core.class_weights import shown_weights
from playground.core.text import _


class WordButton(QPushButton):
    """A button that shows its value in words, shortened where they do not fit; its tool tip has all of them then."""

    def __init__(self) -> None:
        super().__init__()
        self._value: Any = None
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_value(self, value: Any) -> None:
        self._value, self._title = value, self.words_of(value)
        self._elide()

    def words_of(self, value: Any) -> str:
        return shown(value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, max(8, self.width())))
        self.setToolTip(self.tip())

    def tip(self) -> str:
        """Rich text; "" leaves it to the field."""
        return f"<span>{html.escape(self._title)}</span>" if self.text() != self._title else ""


class ChoiceButton(WordButton):
    """One of several words, chosen from a menu."""

    chosen = Signal(object)

    def __init__(self, titles: Mapping[Any, str]) -> None:
        super().__init__()
        self._titles = dict(titles)
        self._refused: Mapping[Any, str] = {}
        self._group = QActionGroup(self)
        menu = QMenu(self)
        for value, title in self._titles.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(value)
            self._group.addAction(action)
        menu.triggered.connect(self._on_triggered)
        self.setMenu(menu)

    def show_value(self, value: Any) -> None:
        super().show_value(value)
        for action in self._group.actions():
            action.setChecked(action.data() == value)

    def words_of(self, value: Any) -> str:
        return self._titles.get(value, shown(value))

    def refuse(self, reasons: Mapping[Any, str]) -> None:
        """Words that cannot be chosen now, each with the reason, a sentence that its tool tip says."""
        self._refused = dict(reasons)
        self.menu().setToolTipsVisible(bool(reasons))
        for action in self._group.actions():
            reason = self._refused.get(action.data(), "")
            action.setEnabled(not reason)
            action.setToolTip(reason or action.text())
        self._elide()

    def tip(self) -> str:
        reason = self._refused.get(self._value, "")
        return f"<span>{html.escape(reason)}</span>" if reason else super().tip()

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())


class WeightsButton(WordButton):
    """A number for each class; a click is for whoever lets them be edited."""

    def words_of(self, value: Any) -> str:
        return (
            shown_weights(value) if isinstance(value, (list, tuple)) else _("none") if value is None else shown(value)
        )
