"""The page "Layer" of the form: the arguments of the selected layer, and the help line computed from its row."""

import html
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core import network as tree
from playground.core.arguments import in_effect
from playground.core.edit import ReleaseArgument, SetArgument
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.report import Row
from playground.core.spec import Argument, LayerSpec
from playground.core.text import _
from playground.session.session import Session
from playground.window.field_grid import FieldGrid
from playground.window.fields import range_sentence
from playground.window.theme import theme
from playground.window.turns import turns


class LayerPage(QWidget):
    """The arguments of the selected layer. helped: rich text for the help line;  resized: it wants another height"""

    helped = Signal(str)
    resized = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.path: Path | None = None
        self._spec: LayerSpec | None = None
        self._grid: FieldGrid | None = None
        self._grids: dict[str, FieldGrid] = {}
        self._focused = ""
        self._faults: dict[str, str] = {}
        self._folded = False
        self._matter: list[str] = []  # the fields that matter with the values there are
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        session.document.project_changed.connect(self._on_project_changed)
        session.client.report_changed.connect(self._on_project_changed)
        session.client.report_changed.connect(self._make_ahead)
        theme().changed.connect(self.show_help)  # it has colours in its words

    @property
    def spec(self) -> LayerSpec | None:
        return self._spec

    @property
    def grid(self) -> FieldGrid | None:
        return self._grid

    def show_layer(self, path: Path | None) -> None:
        """Show the layer at a path; None, or an unknown layer, leaves the page empty."""
        spec = LAYERS.get(tree.at(self._session.document.project.network, path).layer) if path else None
        other = spec is not self._spec
        if other or path != self.path:
            self._focused = ""
        self.path, self._spec = path, spec
        if other:
            self._show_grid()
        self._show_values()
        if other:
            self.resized.emit()

    def enter(self) -> None:
        """Bring the keyboard to the first argument that is not worked out from the input."""
        if self._grid is None or self._spec is None:
            return
        names = sorted(self._matter, key=lambda name: self._spec.argument(name).default is None)  # a stable sort
        if names:
            if self._grid.fields[names[0]].isHidden():
                self.fold(False)
            self._grid.fields[names[0]].setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def hidden(self) -> int:
        """How many arguments on auto are hidden now."""
        return sum(self._grid.fields[name].isHidden() for name in self._matter) if self._grid else 0

    def fold(self, folded: bool) -> None:
        """Hide what is on auto, so that the list has more room for what is wrong in it."""
        self._folded = folded
        self._show_values()

    def _shown_fields(self, pinned: Mapping[str, Any]) -> list[str]:
        """The fields to show: all that matter, or while folded the pinned ones (or all, where that would hide the focus)."""
        if not self._folded or not pinned or (self._focused and self._focused not in pinned):
            return self._matter
        return [name for name in self._matter if name in pinned or name in self._faults]

    def _mattering(self, shown: Mapping[str, Any]) -> list[str]:
        """The fields but for those that another argument makes idle. shown: what is in effect"""
        arguments = self._spec.arguments if self._spec else ()
        return [one.name for one in arguments if not one.needs[0] or shown.get(one.needs[0]) == one.needs[1]]

    def _show_grid(self) -> None:
        """The fields of this kind of layer; they are made once, for making widgets is what costs time."""
        if self._grid is not None:
            self._grid.hide()
        spec = self._spec
        self._grid, self._matter = None, []  # what matters is known when the values are shown
        if spec is not None and spec.arguments:
            if spec.name not in self._grids:
                self._grids[spec.name] = self._made_grid(spec)
            self._grid = self._grids[spec.name]
            self._grid.show()

    def _make_ahead(self, _report: object = None) -> None:
        """Make the fields of the network's layers before one is selected, a kind in a turn: none holds the window up."""
        used = (LAYERS.get(layer.layer) for _path, layer in tree.walk(self._session.document.project.network))
        spec = next((one for one in used if one and one.arguments and one.name not in self._grids), None)
        if spec is not None:
            self._grids[spec.name] = grid = self._made_grid(spec)
            grid.hide()
            turns().ask(self, self._make_ahead)

    def _made_grid(self, spec: LayerSpec) -> FieldGrid:
        grid = FieldGrid()
        for argument in spec.arguments:
            grid.add(argument)
        grid.set_requested.connect(self._on_set_requested)
        grid.release_requested.connect(self._on_release_requested)
        grid.entered.connect(self._on_entered)
        self.layout().addWidget(grid)
        return grid

    def _on_project_changed(self, _news: object = None) -> None:
        layer = self._layer()
        if self.path is None or layer is None:
            return
        if self._spec is LAYERS.get(layer.layer):
            self._show_values()
        else:  # a fix, a drop or an undo put another kind of layer at the place that stays selected
            self.show_layer(self.path)

    def _layer(self) -> Layer | None:
        """The layer that is shown; None where it is gone, and the selection follows in a moment."""
        try:
            return tree.at(self._session.document.project.network, self.path or ())
        except IndexError:
            return None

    def _row(self) -> Row | None:
        layer, report = self._layer(), self._session.client.report
        if layer is None or report is None:
            return None
        return next((row for row in report.rows if row.path == self.path and row.layer == layer.layer), None)

    def _show_values(self) -> None:
        layer = self._layer()
        if self._grid is not None and self._spec is not None and layer is not None:
            row = self._row()
            values = in_effect(self._spec.arguments, layer.arguments, row.input_shape if row else None)
            known = row.arguments if row else {}
            shown = {name: known.get(name) if value is None else value for name, value in values.items()}
            self._faults = self._grid.show_values(shown, layer.arguments)
            self._matter = self._mattering(shown)
            if row and row.error and row.error.argument in self._grid.fields:
                self._faults.setdefault(row.error.argument, row.error.sentence.rstrip("."))
            self._grid.show_only(self._shown_fields(layer.arguments))
        else:
            self._matter = []
        self.show_help()

    def _on_set_requested(self, name: str, value: object) -> None:
        if self.path is not None:
            self._session.document.apply(SetArgument(self.path, name, value))

    def _on_release_requested(self, name: str) -> None:
        if self.path is not None:
            self._session.document.apply(ReleaseArgument(self.path, name))

    def _on_entered(self, name: str) -> None:
        self._focused = name
        self.show_help()

    def show_help(self) -> None:
        """Say again what stands in the help line."""
        self.helped.emit(self._help())

    def _help(self) -> str:
        if self.path is None:
            return ""
        if self._spec is None:
            return html.escape(_("This layer is unknown to this program. It is kept as it is when you save."))
        fault = self._faults.get(self._focused) or next(iter(self._faults.values()), None)
        if fault:
            return f'<span style="color:{theme().color("error").name()}">{html.escape(fault)}.</span>'
        if argument := self._spec.argument(self._focused):
            return self._argument_help(argument)
        row = self._row()
        if row and row.warnings:
            return f'<span style="color:{theme().color("warning").name()}">{html.escape(row.warnings[0])}</span>'
        return html.escape(self._spec.summary)

    def _argument_help(self, argument: Argument) -> str:
        text = f"<b>{html.escape(argument.name)}</b> {html.escape(argument.help)}."
        sentence = self._sentence(argument.name)
        return f"{text} {html.escape(sentence)}" if sentence else text

    def more_help(self) -> str:
        """Rich text that the help line says as well where it has room: the range of the argument that has the keyboard."""
        argument = self._spec.argument(self._focused) if self._spec and not self._faults else None
        return html.escape(range_sentence(argument)) if argument else ""

    def _sentence(self, name: str) -> str:
        row = self._row()
        arithmetic = self._spec.sentences.get(name) if self._spec else None
        if not (arithmetic and row and row.input_shape and row.output_shape):
            return ""
        try:
            return arithmetic(row.arguments, row.input_shape, row.output_shape)
        except (KeyError, TypeError, ValueError, IndexError):
            return ""  # the row's arguments are of an older check than the declaration expects
