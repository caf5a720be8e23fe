"""The loss after every step, one line a path, each named at its end."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from playground.core.text import _
from playground.window.plots.graph import pg
from playground.window.plots.labels import EndLabel, EndLabels
from playground.window.plots.plot import Curve, Plot, cosmetic, span_of
from playground.window.theme import theme


class Losses(NamedTuple):
    """name: at the end of the line;  number: of its colour, −1 for the accent;  values: of step 0 and of every one after"""

    name: str
    number: int
    values: np.ndarray


class LossCurves(QWidget):
    """Logarithmic where every loss is above 0."""

    def __init__(self) -> None:
        super().__init__()
        self.plot, self.labels = Plot(), EndLabels()
        self.plot.set_margins(top=4, right=0)
        self.plot.getViewBox().sigResized.connect(lambda _box: self._name_ends())
        self._lines: tuple[Losses, ...] = ()
        self._curves: list[Curve] = []
        self._at = pg.InfiniteLine(0, angle=90, movable=False)
        self.plot.add(self._at)
        self._heading = QLabel(_("Loss after each step"))
        self._heading.setProperty("role", "small")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._heading, 0, 0, 1, 2)
        grid.addWidget(self.plot, 1, 0)
        grid.addWidget(self.labels, 1, 1)
        grid.setRowStretch(1, 1)
        self.setMinimumHeight(110)

    def show_losses(self, lines: Sequence[Losses]) -> None:
        """Draw everything anew."""
        self._lines = tuple(lines)
        every = np.concatenate([one.values for one in lines] or [np.empty(0)])
        finite = every[np.isfinite(every)]
        logarithmic = bool(finite.size) and bool((finite > 0).all())
        if logarithmic != self.plot.logarithmic:
            self.plot.set_logarithmic(logarithmic)
        self._heading.setText(_("Loss after each step, logarithmic") if logarithmic else _("Loss after each step"))
        while len(self._curves) > len(lines):
            self.plot.drop(self._curves.pop())
        while len(self._curves) < len(lines):
            self._curves.append(self.plot.curve(cosmetic("text"), antialias=True))
        self._color()
        for curve, line in zip(self._curves, self._lines, strict=True):
            self.plot.draw(curve, np.arange(len(line.values), dtype=np.float64), line.values)
        longest = max((len(line.values) for line in lines), default=2)
        y = span_of(self.plot.scaled(finite), least=0.5) if finite.size else None
        self.plot.set_range((0.0, float(max(1, longest - 1))), y or (0.0, 1.0))
        self._name_ends()

    def show_position(self, position: int | None) -> None:
        """A line at the step that is looked at; none where all are."""
        self._at.setVisible(position is not None)
        if position is not None:
            self._at.setPos(position)

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.plot.dress()
        self._color()
        self.labels.update()

    def _color(self) -> None:
        self._at.setPen(cosmetic("text_quiet", dash=theme().tokens["dash"]["reference"]))
        for curve, line in zip(self._curves, self._lines, strict=True):
            curve.setPen(pg.mkPen(_color(line), width=theme().tokens["line_width"]["curve"]))

    def _name_ends(self) -> None:
        ends = []
        for curve, line in zip(self._curves, self._lines, strict=True):
            y = curve.getData()[1]
            known = y[np.isfinite(y)] if y is not None else np.empty(0)
            if known.size:
                ends.append(EndLabel(line.name, _color(line), self.plot.y_pixel(float(known[-1]))))
        self.labels.set_labels(ends)


def _color(line: Losses) -> QColor:
    known = theme().layer_lines()
    return theme().color("accent") if line.number < 0 else known[line.number % len(known)]
