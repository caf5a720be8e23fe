"""Which blocks of the layer list are folded: remembered through every change of the tree."""

from playground.core.layer import Layer
from playground.core.network import Path
from playground.window.layer_list.model import LayerListModel


class Folds:
    """The folded blocks. A block is known again by itself after it moved, and by its place after it changed."""

    def __init__(self, model: LayerListModel) -> None:
        self._model = model
        self._folded: dict[Path, Layer] = {}

    def __contains__(self, path: Path) -> bool:
        return path in self._folded

    def put(self, path: Path, folded: bool) -> None:
        if folded:
            self._folded[path] = self._model.layer(path)
        else:
            self._folded.pop(path, None)

    def follow(self) -> None:
        """After a change of the tree."""
        blocks = {path: layer for path in self._model.paths if (layer := self._model.layer(path)).children}
        known = {id(layer): path for path, layer in blocks.items()}
        moved = {known[id(layer)] for layer in self._folded.values() if id(layer) in known}
        changed = {path for path, layer in self._folded.items() if id(layer) not in known and path in blocks}
        self._folded = {path: blocks[path] for path in moved | changed}

    def open(self, paths: tuple[Path, ...]) -> set[Path]:
        """Unfold all blocks that something of these is in; gives those that were folded."""
        hiding = {path[:cut] for path in paths for cut in range(1, len(path))} & self._folded.keys()
        for path in hiding:
            del self._folded[path]
        return hiding
