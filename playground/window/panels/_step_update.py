"""The last stage of a step: the weights before and after, with the arithmetic of one of them."""

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.core.text import _
from playground.window.panels._layers import LayerBox
from playground.window.panels._step_arithmetic import terms
from playground.window.panels._step_pages import ParameterPage, Seen, parameter_title, show_values
from playground.window.panels._step_values import ValuesView
from playground.window.plots.axis import figure_text
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

MOST_TERMS = 10
_LONGEST = 40  # characters of an index that is typed
_NARROWEST, _WIDEST, _LINES = 132, 400, 470  # px, of the picture of the weights; of the lines


class Arithmetic(QWidget):
    """A name and a line for each term; the last one counts."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 2, 8, 8)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        for row in range(MOST_TERMS):
            name, line = QLabel(), QLabel()
            name.setProperty("role", "small")
            line.setWordWrap(True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, row, 1)
            self._rows.append((name, line))
        self._grid.setRowStretch(MOST_TERMS, 1)

    @property
    def lines(self) -> list[str]:
        """What is shown, from above."""
        return [line.text() for name, line in self._rows if name.text()]

    def show_weight(self, weight: Mapping[str, Any]) -> None:
        """weight: as the probe `one_step` tells it"""
        found = terms(weight)
        for row, (name, line) in enumerate(self._rows):
            there = row < len(found)
            name.setText(found[row].name if there else "")
            line.setText(found[row].line if there else "")
            line.setFont(theme().font("small", "semibold" if row == len(found) - 1 else "regular", mono=True))
            name.setVisible(there)
            line.setVisible(there)


class UpdatePage(ParameterPage):
    """Stage 6. weight_chosen: name of the parameter; the index as a list, a place in it, or None for any"""

    def __init__(self) -> None:
        super().__init__(
            _("Weights before and after"),
            (_("Parameter"), _("‖w‖ before"), _("‖w‖ after"), _("‖Δw‖"), _("‖Δw‖ / ‖w‖")),
        )
        self._name = ""
        self.box = LayerBox(_("Parameter of the weight"))
        self.box.activated.connect(lambda _row: self.weight_chosen.emit(self.box.currentData(), None))
        self.index = QLineEdit()
        self.index.setMaxLength(_LONGEST)
        self.index.setFixedWidth(104)
        self.index.setAcceptDrops(False)
        self.index.setAccessibleName(_("Index of the weight"))
        self.index.editingFinished.connect(self._on_typed)
        self.arithmetic, self.values = Arithmetic(), ValuesView()
        self.values.chosen.connect(lambda flat: self.weight_chosen.emit(self._name, flat))
        self.column.addLayout(self._choosers())
        both = QHBoxLayout()
        both.setSpacing(0)
        area = ScrollArea(self.arithmetic, keyboard=True)
        area.setMinimumHeight(118)  # the last line is what counts
        both.addWidget(area, 1)
        both.addWidget(self.values)
        self.column.addLayout(both, 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines come first; the picture takes what they leave."""
        super().resizeEvent(event)
        self.values.setFixedWidth(min(_WIDEST, max(_NARROWEST, self.width() - _LINES)))

    def _choosers(self) -> QVBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 16, 0)
        row.setSpacing(8)
        for text, widget in ((_("weight"), self.box), (_("index"), self.index)):
            label = QLabel(text)
            label.setProperty("role", "small")
            row.addWidget(label)
            row.addWidget(widget)
        self.shape_text = QLabel()
        self.shape_text.setProperty("role", "small-quiet")
        row.addWidget(self.shape_text)
        row.addStretch(1)
        column = QVBoxLayout()
        column.addLayout(row)
        return column

    def show_step(self, seen: Seen) -> None:
        weight = seen.facts["weight"]
        add = weight["sign"] == "add"
        self.said.setText(
            _("Every weight takes a step along its gradient: uphill.") if add
            else _("Every weight takes a step against its gradient: downhill.")
        )  # fmt: skip
        self.show_rows(seen, self._cells)
        self._name = weight["name"]
        self.box.fill([(parameter_title(one), one["name"]) for one in seen.facts["parameters"]], self._name)
        if not self.index.hasFocus() or not self.index.isModified():
            self.index.setText(", ".join(str(one) for one in weight["index"]))
        self.shape_text.setText(_("of {shape}").format(shape=" × ".join(str(one) for one in weight["shape"])))
        self.arithmetic.show_weight(weight)
        show_values(self.values, seen, "after")

    @staticmethod
    def _cells(told: Mapping[str, Any]) -> tuple[str, ...]:
        ratio = "–" if told["ratio"] is None else figure_text(told["ratio"], 5)
        return (*(figure_text(told[name], 4) for name in ("before", "after", "moved")), ratio)

    def _on_typed(self) -> None:
        if self.index.isModified():
            self.index.setModified(False)
            typed = [int(one) for one in re.findall(r"\d+", self.index.text())]
            self.weight_chosen.emit(self._name, typed)
