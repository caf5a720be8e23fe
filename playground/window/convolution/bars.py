"""The bar above, with what slides, and the lines below: a sentence, PyTorch's line, and a way to copy it."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.kernels import KERNELS, TITLES
from playground.core.text import _
from playground.window.convolution import told
from playground.window.convolution.scene import MINE, RANDOM, Scene
from playground.window.convolution.tiles import TileStrip
from playground.window.data.segments import Segments
from playground.window.panels._done_button import DoneButton
from playground.window.panels._layers import LayerBox
from playground.window.panels.base import toggle
from playground.window.theme import theme

FILTER_TILE = 28  # px


class Head(QWidget):
    """mode_chosen: "layer" or "paint";  layer_chosen: its path;  kernel_chosen: a name, see `told.kernel_called`
    told_chosen: which of two kernels;  paint_requested: take the kernel that is seen to where it can be painted
    """

    mode_chosen = Signal(str)
    layer_chosen = Signal(object)
    kernel_chosen = Signal(str)
    told_chosen = Signal(int)
    paint_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.modes = Segments({"layer": _("Your layer"), "paint": _("Paint")}, _("What slides"))
        self.modes.chosen.connect(self.mode_chosen)
        self.layers = LayerBox(_("Layer whose window is shown"))
        self.layers.activated.connect(lambda _row: self.layer_chosen.emit(self.layers.currentData()))
        self._filter = QLabel(_("Filter"))
        self._filter.setProperty("role", "small")
        self.filters = TileStrip(_("filter"), FILTER_TILE)
        self.paint = QPushButton(_("Take to Paint"))
        self.paint.setToolTip(_("Take this kernel to where its cells can be changed"))
        self.paint.clicked.connect(lambda _checked=False: self.paint_requested.emit())
        self.kernels = kernel_box()
        self.kernels.activated.connect(lambda _row: self.kernel_chosen.emit(self.kernels.currentData()))
        self.chain = toggle(_("Two in a row"), _("The map of the first kernel is what the second one gets"), False, lambda _on: None)  # fmt: skip
        self.which = Segments({"0": _("First"), "1": _("Second")}, _("Which kernel is painted"))
        self.which.chosen.connect(lambda key: self.told_chosen.emit(int(key)))
        self._rest = QWidget()
        self._rest.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        ours: list[QWidget] = [self.modes, self.layers, self._filter, self.filters, self.paint, self.kernels]
        for widget in (*ours, self.chain, self.which, self._rest):
            row.addWidget(widget, 1 if widget in (self.filters, self._rest) else 0)
        self.show_mode("layer")

    def show_mode(self, mode: str) -> None:
        """mode: "layer" or "paint" """
        self.modes.choose(mode)
        paint = mode == "paint"
        of_layer: list[QWidget] = [self.layers, self._filter, self.filters, self.paint]
        of_paint: list[QWidget] = [self.kernels, self.chain, self._rest]
        for widget in (*of_layer, *of_paint):
            widget.setVisible(paint == (widget in of_paint))
        self.which.setVisible(paint and self.chain.isChecked())

    def show_layers(self, entries: list[tuple[str, Any]], chosen: Any) -> None:
        self.layers.fill(entries, chosen)
        if self.modes.current == "layer":
            self.layers.setVisible(bool(entries))
        self.modes.offer("layer", True)

    def show_filters(self, kernels: np.ndarray | None, current: int, first: int, total: int) -> None:
        """kernels: (count, height, width) of one channel; None where the layer has none"""
        there = kernels is not None
        for widget in (self._filter, self.filters, self.paint):
            widget.setVisible(there)
        self._rest.setVisible(not there)
        if kernels is not None:
            self.filters.show_tiles(kernels, "diverging", current, first=first, total=total)

    def show_painting(self, scene: Scene, mine: str) -> None:
        """mine: title of the layer whose kernel can be taken, "" where there is none"""
        painted, last = scene.painted, self.kernels.findData(MINE)
        if mine and last < 0:
            self.kernels.addItem("", MINE)
            last = self.kernels.count() - 1
        if mine:
            self.kernels.setItemText(last, _("Mine: {title}").format(title=mine))
        elif last >= 0:
            self.kernels.removeItem(last)
        row = self.kernels.findData(painted.name) if painted.name else -1
        self.kernels.setCurrentIndex(row)
        self.kernels.setPlaceholderText(_("Painted"))
        self.which.choose(str(scene.told))
        self.which.setVisible(scene.chained)


def kernel_box() -> QComboBox:
    """Kernels with a name, by it; those of layers are added by who knows them."""
    box = QComboBox()
    box.setAccessibleName(_("Kernel to begin with"))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    for name in KERNELS:
        box.addItem(TITLES[name], name)
    box.addItem(_("Random"), RANDOM)
    return box


class Tail(QWidget):
    """Below the arithmetic."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: list[tuple[str, str]] = []
        self.facts, self.said, self.line = QLabel(), QLabel(), QLabel()
        for label in (self.facts, self.said):
            label.setProperty("role", "secondary")
            label.setWordWrap(True)
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.line.setWordWrap(True)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.copy = DoneButton(_("Copy as code"), _("Copied"), "copy")
        self.copy.setToolTip(_("A program that computes this very number"))
        code = QHBoxLayout()
        code.setSpacing(12)
        code.addWidget(self.line, 1)
        code.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 16, 8)
        column.setSpacing(4)
        column.addWidget(self.facts)
        column.addWidget(self.said)
        column.addLayout(code)
        theme().changed.connect(self._dress)
        self._dress()

    def show_words(self, said: str, line: str, facts: list[tuple[str, str]]) -> None:
        """said: what is to be seen;  line: of PyTorch;  facts: size and work, where they are said nowhere else"""
        self.facts.setText(told.as_text(facts))
        self.facts.setVisible(bool(facts))
        self.said.setText(said)
        self.line.setText(line)

    def take(self, script: str) -> None:
        """The program has come."""
        QGuiApplication.clipboard().setText(script)
        self.copy.say_done()

    def _dress(self) -> None:
        self.line.setFont(theme().font("small", mono=True))
