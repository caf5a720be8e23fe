"""A search that filters the list: rows stay that match, do not fit, or are chosen; the others are hidden."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.report import Row
from playground.core.text import _
from playground.session.document import Document
from playground.window import icons
from playground.window.layer_list.rows import RowText
from playground.window.theme import theme

if TYPE_CHECKING:
    from playground.window.layer_list.view import LayerListView

_TIMES = re.compile(r"(?<=\d)[x*](?=\d)")  # as it is typed


def matches(words: str, text: RowText, layer: Layer, row: Row | None) -> bool:
    """Whether a row has every word in its name, kind, family, arguments or output shape; "16x13x13" is a shape, too.

    "error", "warning" and "off" are the rows that do not fit, are remarked upon, are switched off.
    """
    spec = LAYERS.get(layer.layer)
    said = [text.name, layer.layer, text.brief, text.shape, text.note]
    said += [spec.title, _(spec.family)] if spec else []
    said += [_("error")] if row and row.error else []
    said += [_("warning")] if row and row.warnings else []
    everything = " ".join(said).casefold()
    return all(word in everything for word in _TIMES.sub("×", words.casefold()).split())


class RowFilter(QObject):
    """Hides rows of the view.

    words: what is searched for, empty hides nothing;  found: the layers that match;  hidden: those that are not shown
    changed: other rows may be shown now
    """

    changed = Signal()

    def __init__(self, view: "LayerListView", document: Document) -> None:
        super().__init__(view)
        self._view, self._document = view, document
        self.words = ""
        self.found: tuple[Path, ...] = ()
        self.hidden: set[Path] = set()

    @property
    def total(self) -> int:
        """Layers in the network."""
        return len(self._view.layers.paths)

    def search(self, words: str) -> None:
        """Show only what matches; what is hidden by this is chosen no longer."""
        self.words = words.strip()
        self.found = self._matching()
        if self.words:
            self._document.select(path for path in self._document.selection if path in self.found)
        self.apply()

    def apply(self) -> None:
        """Hide and show rows, after a search and after every change of the rows. Those above a match are shown, too."""
        if not self.words and not self.hidden:
            return
        self.found = self._matching()
        hidden: set[Path] = set()
        if self.words:
            kept = {*self.found, *self._document.selection}
            kept |= {path for path in self._view.layers.paths if (row := self._view.layers.row(path)) and row.error}
            shown = {path[:cut] for path in kept for cut in range(1, len(path) + 1)}
            hidden = {path for path in self._view.layers.paths if path not in shown}
        self._hide(hidden)
        self.changed.emit()

    def forget(self) -> None:
        """The view has begun anew, and shows all rows."""
        self.hidden = set()

    def choose_all(self) -> None:
        """Choose every layer that matches."""
        self._document.select(self.found)

    def choose_one(self) -> None:
        """Choose the first match, unless one is chosen already."""
        if not set(self.found) & set(self._document.selection):
            self.choose_next()

    def choose_next(self, backwards: bool = False) -> None:
        """Choose the match behind, or before, the one that is chosen; round from the last to the first."""
        if not self.found:
            return
        now = self._document.selection[-1] if self._document.selection else None
        in_order = self.found[::-1] if backwards else self.found
        further = [path for path in in_order if now is None or (path < now if backwards else path > now)]
        self._document.select(((further or in_order)[0],))

    def _matching(self) -> tuple[Path, ...]:
        model, words = self._view.layers, self.words
        if not words:
            return ()
        found = (one for one in model.paths if matches(words, model.text(one), model.layer(one), model.row(one)))
        return tuple(found)

    def _hide(self, hidden: set[Path]) -> None:
        for path in hidden ^ self.hidden:
            index = self._view.layers.index_of(path)
            if index.isValid():
                self._view.setRowHidden(index.row(), index.parent(), path in hidden)
        self.hidden = hidden


class FilterLine(QWidget):
    """Stands above the rows while one searches. left: the keyboard goes back to the list"""

    left = Signal()

    def __init__(self, rows: RowFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.field = QLineEdit()
        self.field.setProperty("kind", "search")
        self.field.setPlaceholderText(_("Name, kind or shape"))
        self.field.setAccessibleName(_("Filter the layers"))
        self.field.addAction(icons.icon("search", "text_quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.count = QLabel()
        self.count.setProperty("role", "small-quiet")
        close = QToolButton()
        close.setProperty("kind", "icon")
        close.setIcon(icons.icon("close", "text_quiet"))
        close.setToolTip(_("Show all layers (Esc)"))
        close.setAccessibleName(_("Show all layers"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.count)
        layout.addWidget(close)
        self.hide()
        self.field.textChanged.connect(rows.search)
        rows.changed.connect(self._on_changed)
        close.clicked.connect(self.close_search)
        theme().changed.connect(self._measure)
        self._measure()

    def open(self) -> None:
        """Show it, with what was searched for last to be typed over."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_search(self) -> None:
        """Show all rows again."""
        self.field.clear()
        self.hide()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Escape:
                    self.close_search()
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._rows.choose_next(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                    return True
                case Qt.Key.Key_Down:
                    self._rows.choose_one()
                    self.left.emit()
                    return True
        return super().eventFilter(watched, event)

    def _on_changed(self) -> None:
        count = len(self._rows.found)
        self.count.setText(_("{n} of {total}").format(n=count, total=self._rows.total) if self._rows.words else "")

    def _measure(self) -> None:
        self.field.setFixedHeight(theme().size("hit_min"))
