"""Layers of the document for panels that show one of them."""

from typing import Any, NamedTuple

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path, walk
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
        return f"{self.number} {self.layer.layer}"


def numbered(project: Project) -> list[Numbered]:
    """Every layer that the catalogue knows and that is no block."""
    rows = enumerate(walk(project.network), 1)
    known = ((index, path, layer, LAYERS.get(layer.layer)) for index, (path, layer) in rows)
    return [Numbered(index, path, layer, spec) for index, path, layer, spec in known if spec and not spec.block]


def fill(combo: QComboBox, entries: list[tuple[str, Any]], chosen: Any) -> None:
    """Give a combo box its entries (text, data), and choose one, without a signal."""
    with QSignalBlocker(combo):
        if [(combo.itemText(row), combo.itemData(row)) for row in range(combo.count())] != entries:
            combo.clear()
            for text, data in entries:
                combo.addItem(text, data)
        data = [entry[1] for entry in entries]
        combo.setCurrentIndex(data.index(chosen) if chosen in data else 0)
    combo.setEnabled(len(entries) > 1)
