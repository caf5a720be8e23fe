"""What is in sight of the layer list stays in sight: through edits, undo and redo, and while rows grow or shrink."""

from PySide6.QtCore import QModelIndex, QObject, QPoint
from PySide6.QtWidgets import QTreeView

from playground.core.layer import Layer
from playground.core.network import Path
from playground.core.project import Project
from playground.session.document import Document
from playground.window.layer_list.model import LayerListModel


class Sight(QObject):
    """Holds the rows in sight before they change, and puts them back in their place when they are laid out anew.

    An edited layer that is out of sight is brought into it; nothing else moves the list.
    """

    def __init__(self, view: QTreeView, document: Document) -> None:
        """Made before the view's model, so that it hears of an edit first."""
        super().__init__(view)
        self._view, self._document = view, document
        self._network = document.project.network
        self._model: LayerListModel | None = None
        self._held: list[tuple[Path | None, Layer | None, int]] | None = None  # path, layer, top in px
        self._held_chosen = self._edited = self._begun = False
        document.begun.connect(self._on_begun)
        document.project_changed.connect(self._on_project_changed)

    def follow(self, model: LayerListModel) -> None:
        """Hold what is in sight whenever this model is about to change."""
        self._model = model
        model.modelAboutToBeReset.connect(lambda: self._hold(same_rows=False))
        model.heights_changing.connect(lambda: self._hold(same_rows=True))

    def settle(self) -> None:
        """The rows have their new places."""
        held, self._held = self._held, None
        if held is None or self._model is None:
            return
        bar = self._view.verticalScrollBar()
        if self._begun:
            bar.setValue(0)
        elif (moved := self._moved(held)) != 0:
            bar.setValue(bar.value() + moved)
        wanted = self._edited or self._held_chosen
        self._begun = self._edited = self._held_chosen = False
        if wanted:
            self.show(self._document.selection)

    def show(self, paths: tuple[Path, ...]) -> None:
        """Bring the last of these rows into sight, unless one of them is."""
        if paths and self._model is not None and not any(self._whole(path) for path in paths):
            index, bar = self._model.index_of(paths[-1]), self._view.verticalScrollBar()
            self._view.scrollTo(index)
            if self._view.visualRect(index).bottom() == self._view.viewport().height():
                bar.setValue(bar.value() + 1)  # Qt leaves the last line of pixels out

    def _on_begun(self) -> None:
        self._begun = True

    def _on_project_changed(self, project: Project) -> None:
        if project.network is not self._network:
            self._network, self._edited = project.network, True

    def _hold(self, same_rows: bool) -> None:
        """same_rows: the rows will only be higher or lower"""
        if self._held is not None or self._model is None:  # the layout of an earlier change is still to come
            return
        held: list[tuple[Path | None, Layer | None, int]] = []
        # the first question lays out what is still to be laid out, which settles
        index, height = self._view.indexAt(QPoint(0, 0)), self._view.viewport().height()
        while index.isValid() and (top := self._view.visualRect(index).top()) < height:
            path = self._model.path(index)
            held.append((path, self._model.layer(path) if path else None, top))
            index = self._view.indexBelow(index)
        self._held, chosen = held, self._document.selection
        self._held_chosen = same_rows and bool(chosen) and self._whole(chosen[-1])

    def _moved(self, held: list[tuple[Path | None, Layer | None, int]]) -> int:
        """How far down the first row that was held and is still there has come, in px."""
        assert self._model is not None
        places: dict[int, list[Path]] = {}
        for place in self._model.paths:
            places.setdefault(id(self._model.layer(place)), []).append(place)
        kept = set(self._model.paths)
        for path, layer, top in held:
            if path is None:
                index = self._model.index_of(None)
            elif found := places.get(id(layer)):  # by itself where it moved; equal layers may be one value
                index = self._model.index_of(path if path in found else found[0])
            elif path in kept and self._is_edited(path, layer):
                index = self._model.index_of(path)
            else:
                continue
            if not (rect := self._view.visualRect(index)).isEmpty():
                return rect.top() - top
        return 0

    def _is_edited(self, path: Path, before: Layer | None) -> bool:
        """Whether the layer at a path is the one that stood there, with another argument or name."""
        assert self._model is not None
        return before is not None and self._model.layer(path).layer == before.layer

    def _whole(self, path: Path) -> bool:
        """Whether a row is in sight from its upper to its lower edge."""
        index = self._model.index_of(path) if self._model is not None else QModelIndex()
        rect = self._view.visualRect(index)
        return not rect.isEmpty() and rect.top() >= 0 and rect.bottom() < self._view.viewport().height()
