"""The rows of the layer list as plain boxes, from which `drops` finds where something falls."""

from PySide6.QtWidgets import QTreeView

from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.window.layer_list.drops import RowBox
from playground.window.layer_list.model import LayerListModel


def of(view: QTreeView, model: LayerListModel) -> list[RowBox]:
    """Every row that can be seen or scrolled to, from top to bottom."""
    boxes = []
    index = model.index(0, 0)
    while index.isValid():
        rect, path = view.visualRect(index), model.path(index)
        holds = path is not None and _is_block(model, path)
        opened = holds and view.isExpanded(index) and model.rowCount(index) > 0
        boxes.append(RowBox(path, rect.top(), rect.height(), holds, opened))
        index = view.indexBelow(index)
    return boxes


def _is_block(model: LayerListModel, path: Path) -> bool:
    layer = model.layer(path)
    spec = LAYERS.get(layer.layer)
    return bool(layer.children) or bool(spec and spec.block)
