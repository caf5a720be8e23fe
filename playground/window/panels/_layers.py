"""Layers of the document for panels that show one of them."""

from typing import Any, NamedTuple

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path, working
from playground.core.project import Project
from playground.core.spec import LayerSpec


class Numbered(NamedTuple):
    """A layer with its number in the list, from 1."""

    number: int
    path: Path
    layer: Layer
    spec: LayerSpec

    @property
    def title(self) -> str:
        return f"{self.number} {self.layer.called}"


_last: tuple[Project | None, list[Numbered]] = (None, [])


def numbered(project: Project) -> list[Numbered]:
    """Every layer that the catalogue knows and that is no block."""
    global _last  # panels ask for the same project several times a frame
    if _last[0] is not project:
        rows = working(project.network)
        known = ((index, path, layer, LAYERS.get(layer.layer)) for index, path, layer in rows)
        layers = [Numbered(index, path, layer, spec) for index, path, layer, spec in known if spec and not spec.block]
        _last = (project, layers)
    return _last[1]


class LayerBox(QComboBox):
    """A choice among layers."""

    def __init__(self, name: str) -> None:
        """name: for screen readers"""
        super().__init__()
        self._entries: list[tuple[str, Any]] = []
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def fill(self, entries: list[tuple[str, Any]], chosen: Any) -> None:
        """Give it its entries (text, data), and choose one, without a signal."""
        data = [entry[1] for entry in entries]
        row = data.index(chosen) if chosen in data else 0
        if entries == self._entries and row == self.currentIndex():
            return
        with QSignalBlocker(self):
            if entries != self._entries:
                self._entries = entries
                self.clear()
                for text, datum in entries:
                    self.addItem(text, datum)
            self.setCurrentIndex(row)
        self.setEnabled(len(entries) > 1)
