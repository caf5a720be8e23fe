"""A layer's name is written in its row."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView

from playground.core.network import Path

if TYPE_CHECKING:
    from playground.window.layer_list.delegate import LayerDelegate
    from playground.window.layer_list.view import LayerListView


class Naming:
    """path: of a row with an error while its name is written, for its widget lies where the field is to be: meanwhile it
    is a row like any other"""

    def __init__(self, view: "LayerListView", delegate: "LayerDelegate", changed: Callable[[], None]) -> None:
        """changed: the row at `path` has its widget no more, or again"""
        self._view, self._delegate, self._changed = view, delegate, changed
        self.path: Path | None = None
        delegate.written.connect(self._on_written, Qt.ConnectionType.QueuedConnection)

    def begin(self, path: Path, *, wrong: bool) -> None:
        """Open the field. wrong: the row has an error"""
        self._end()  # a menu leaves it open
        if wrong:
            self.path = path
            self._changed()
        self._view.edit(self._view.layers.index_of(path))

    def forget(self) -> None:
        """The rows are others, and the field went with them."""
        self._delegate.editor = self.path = None

    def _end(self) -> None:
        """What is being written is done. The keyboard may be in another window: to take it away would not be enough."""
        if (editor := self._delegate.editor) is not None:
            self._view.commitData(editor)
            self._view.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        # a field that went with its row, or a button that is down, leaves a state in which Qt begins no other
        self._view.setState(QAbstractItemView.State.NoState)
        self._view.setFocus()

    def _on_written(self) -> None:
        if self.path is not None:
            self.path = None
            self._changed()
