"""The rows as a Qt model over the immutable tree of the document. It keeps no state that could not be derived."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from playground.core import network as tree
from playground.core.edit import RenameLayer
from playground.core.layer import Layer
from playground.core.network import Path
from playground.core.project import Project
from playground.core.report import Report, Row
from playground.core.spec import Shape
from playground.core.text import _
from playground.session.session import Session
from playground.window.layer_list import clipboard
from playground.window.layer_list.rows import RowText, input_text, row_text, spoken, spoken_shape

PathRole = Qt.ItemDataRole.UserRole + 1

# Asked of every row at every layout; made once.
_INPUT_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
_LAYER_FLAGS = _INPUT_FLAGS | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsEditable

Index = QModelIndex | QPersistentModelIndex


class LayerListModel(QAbstractItemModel):
    """Row 0 is the Input row; the layers follow, a block's layers below it.

    heights_changing, heights_changed: a row may want another height than before; the view has not heard of it yet, has
    """

    heights_changing = Signal()
    heights_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._project: Project = session.document.project
        self._paths: list[Path] = []
        self._ids: dict[Path, int] = {}
        self._rows: dict[Path, Row] = {}
        self._texts: dict[Path, RowText] = {}
        self._made_of: dict[Path, tuple[tuple[Any, ...], RowText]] = {}  # texts, with what they were made of
        self._said: dict[Path, tuple[RowText, Row | None]] = {}  # what the view has heard of
        self._input_shape: Shape | None = None
        self._input_said: tuple[Any, ...] = ()
        self._read_tree()
        session.document.project_changed.connect(self._on_project_changed)
        session.client.report_changed.connect(self._on_report_changed)
        session.training.current_changed.connect(self._write_texts)
        session.training.state_changed.connect(self._write_texts)
        if session.client.report is not None:
            self._take_report(session.client.report)
        self._write_texts()

    # What the delegate and the view read --------------------------------------------------------------------------

    @property
    def paths(self) -> list[Path]:
        """Every layer's path, in the order of the rows."""
        return self._paths

    @property
    def input_shape(self) -> Shape | None:
        return self._input_shape

    def path(self, index: Index) -> Path | None:
        """The path of a row; None for the Input row."""
        number = index.internalId()
        return self._paths[number - 1] if index.isValid() and 0 < number <= len(self._paths) else None

    def index_of(self, path: Path | None) -> QModelIndex:
        """The row of a path; of the Input row for None."""
        if path is None:
            return self.createIndex(0, 0, 0)
        if path not in self._ids:
            return QModelIndex()
        return self.createIndex(path[-1] + (len(path) == 1), 0, self._ids[path])

    def layer(self, path: Path) -> Layer:
        return tree.at(self._project.network, path)

    def text(self, path: Path) -> RowText:
        return self._texts[path]

    def row(self, path: Path) -> Row | None:
        """What the check says of a layer; None while it has not answered."""
        return self._rows.get(path)

    def inside(self, path: Path) -> tuple[int, bool]:
        """Of a block with all that is in it: how many parameters, and whether something in it does not fit."""
        rows = [row for one, row in self._rows.items() if one[: len(path)] == path]
        return sum(row.parameters for row in rows), any(row.error for row in rows if row.path != path)

    def input_texts(self) -> tuple[str, str]:
        return input_text(self._project)

    # QAbstractItemModel -------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if row < 0 or column != 0 or row >= self.rowCount(parent):
            return QModelIndex()
        if not parent.isValid():
            return self.index_of(None if row == 0 else (row - 1,))
        return self.index_of((*(self.path(parent) or ()), row))

    def parent(self, index: Index = QModelIndex()) -> Any:  # type: ignore[override]  # noqa: B008
        path = self.path(index)
        return self.index_of(path[:-1]) if path and len(path) > 1 else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return 1 + len(self._project.network)
        path = self.path(parent)
        return len(self.layer(path).children) if path else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return _INPUT_FLAGS if index.internalId() == 0 else _LAYER_FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        path = self.path(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._texts[path].name if path else self.input_texts()[0]
            case Qt.ItemDataRole.EditRole:
                return self.layer(path).name if path else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(path)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(path)
        return path if role == PathRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        path = self.path(index)
        if path is None or role != Qt.ItemDataRole.EditRole:
            return False
        self._session.document.apply(RenameLayer(path, str(value)))
        return True

    def mimeTypes(self) -> list[str]:
        return [clipboard.MIME, "text/plain"]

    def mimeData(self, indexes: Any) -> QMimeData:
        paths = tree.outermost(path for index in indexes if (path := self.path(index)))
        return clipboard.mime_of(self.layer(path) for path in paths)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    # Changes ------------------------------------------------------------------------------------------------------

    def _on_project_changed(self, project: Project) -> None:
        if project.network is self._project.network:
            self._project = project
            self._announce()
            return
        rows = self._carried(project)
        if [path for path, _layer in tree.walk(project.network)] == self._paths:
            edited = {path for path in self._paths if tree.at(project.network, path).layer == self.layer(path).layer}
            self._project, self._rows = project, rows
            self._texts = self._made_texts(edited)
            self._announce()
        else:
            self.beginResetModel()
            self._project, self._rows = project, rows
            self._read_tree()
            self.endResetModel()

    def _carried(self, project: Project) -> dict[Path, Row]:
        """Rows follow their layers, so that nothing blinks until the check of the new project is here. One that stands
        where it stood keeps its row: the same layer may stand in several places."""
        known = {id(self.layer(path)): row for path, row in self._rows.items()}
        layers = dict(tree.walk(project.network))
        found = {path: row for path, layer in layers.items() if (row := known.get(id(layer))) is not None}
        found |= {path: row for path, row in self._rows.items() if layers.get(path) is self.layer(path)}
        for path in self._rows.keys() & layers.keys() - found.keys():
            if msgspec.structs.replace(self.layer(path), name=layers[path].name) == layers[path]:  # it was renamed
                found[path] = self._rows[path]
        return found

    def _on_report_changed(self, report: Report) -> None:
        self._take_report(report)
        self._write_texts()

    def _take_report(self, report: Report) -> None:
        self._input_shape = report.input_shape
        fresh = {row.path: row for row in report.rows if self._names(row)}
        if len(report.rows) == len(self._paths):
            self._rows = fresh

    def _names(self, row: Row) -> bool:
        """Whether a row of a report means the layer that stands there now; an older report may not."""
        return row.path in self._ids and self.layer(row.path).layer == row.layer

    def _read_tree(self) -> None:
        self._paths = [path for path, _layer in tree.walk(self._project.network)]
        self._ids = {path: number for number, path in enumerate(self._paths, 1)}
        self._texts = self._made_texts()

    def _write_texts(self, _state: str = "") -> None:
        self._texts = self._made_texts()
        self._announce()

    def _made_texts(self, edited: Collection[Path] = ()) -> dict[Path, RowText]:
        """edited: layers that stood here as what they are now, perhaps with other arguments. Their rows keep their
        height until the check has answered, or the whole list would jump twice with every edit."""
        trained = self._trained_layers()
        texts: dict[Path, RowText] = {}
        failed = False
        before, self._made_of = self._made_of, {}
        for number, (path, layer) in enumerate(tree.walk(self._project.network), 1):
            row = self._rows.get(path)
            given = layer, number, row, failed, trained.get(path)
            known = before.get(path)
            text = known[1] if known is not None and known[0] == given else row_text(*given)
            self._made_of[path], texts[path] = (given, text), text
            if row is None and path in edited:
                texts[path] = replace(text, maps=self._texts[path].maps)
            failed = failed or (row is not None and row.error is not None)
        if failed:  # no picture can be made of the edited network; the rows say what was edited instead
            texts = {path: replace(text, maps=0) if text.note else text for path, text in texts.items()}
        return texts

    def _trained_layers(self) -> dict[Path, Layer]:
        """The layers of the newest run by their paths, while its network has the same layers in the same places."""
        training = self._session.training
        if training.project is None or training.is_current:
            return {}
        layers = dict(tree.walk(training.project.network))
        same = [(path, one.layer) for path, one in layers.items()]
        return layers if same == [(path, self.layer(path).layer) for path in self._paths] else {}

    def _announce(self) -> None:
        """Tell of the rows that say something else than before, and only of those: each is painted anew."""
        now = {path: (text, self._rows.get(path)) for path, text in self._texts.items()}
        changed = {path for path, said in now.items() if said != self._said.get(path)}
        self._said, input_said = now, (self.input_texts(), self._input_shape)
        self.heights_changing.emit()
        if input_said != self._input_said:
            self._input_said = input_said
            self.dataChanged.emit(self.index(0, 0), self.index(0, 0))
        # a folded block tells of what is in it
        for path in changed | {one[:cut] for one in changed for cut in range(1, len(one))}:
            self.dataChanged.emit(self.index_of(path), self.index_of(path))
        self.heights_changed.emit()

    # Words --------------------------------------------------------------------------------------------------------

    def _spoken(self, path: Path | None) -> str:
        if path:
            return spoken(self._texts[path], self.layer(path), self._rows.get(path))
        parts = list(self.input_texts())
        if self._input_shape:
            parts.append(spoken_shape(self._input_shape))
        return ", ".join(parts)

    def _tool_tip(self, path: Path | None) -> str:
        if path is None:
            return _("What the network is given: one sample, prepared")
        row = self._rows.get(path)
        if row is None:
            return ""
        if row.error:
            return "\n".join(filter(None, (row.error.sentence, row.error.torch_message)))
        return "\n".join(row.warnings)
