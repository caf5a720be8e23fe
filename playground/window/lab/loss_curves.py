"""The loss after every step, one line a path, each named at its end."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from playground.core.text import _
from playground.window.data.segments import Segments
from playground.window.lab.plane import ticks
from playground.window.plots.axis import StepAxis
from playground.window.plots.graph import pg
from playground.window.plots.labels import EndLabel, EndLabels
from playground.window.plots.plot import Curve, Plot, cosmetic, span_of
from playground.window.theme import theme


class Losses(NamedTuple):
    """name: at the end of the line;  number: of its colour, −1 for the accent;  values: of step 0 and of every one after
    seconds: that the steps took together
    """

    name: str
    number: int
    values: np.ndarray
    seconds: float = 0.0


class _TimeAxis(StepAxis):
    """Steps, or milliseconds where `seconds` is on: x is in seconds then."""

    seconds = False

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.seconds:
            return super().tickValues(minVal, maxVal, size)
        found = ticks(1e3 * minVal, 1e3 * maxVal, size / 56)[0]
        return [(1.0, [one / 1e3 for one in found if one > 0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.seconds:
            return super().tickStrings(values, scale, spacing)
        return [_("{n:g} ms").format(n=round(1e3 * value, 3)) for value in values]


class LossCurves(QWidget):
    """Logarithmic where every loss is above 0. by_chosen: over steps, or over seconds, is wanted"""

    by_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._axis = _TimeAxis()
        self.plot, self.labels = Plot(bottom=self._axis), EndLabels()
        self.by = Segments({"steps": _("Steps"), "seconds": _("Seconds")}, _("What the losses are drawn over"))
        self.by.chosen.connect(lambda _key: self.by_chosen.emit())
        self.by.hide()
        self.plot.set_margins(top=4, right=0)
        for one in (self.plot, self.plot.viewport()):  # there is nothing in it to be done with keys
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.by)
        grid.addLayout(head, 0, 0, 1, 2)
        grid.addWidget(self.plot, 1, 0)
        grid.addWidget(self.labels, 1, 1)
        grid.setRowStretch(1, 1)
        self.setMinimumHeight(110)

    def show_losses(self, lines: Sequence[Losses], timed: bool = False) -> None:
        """Draw everything anew. timed: whether seconds may be chosen instead of steps"""
        self._axis.seconds = timed and self.by.current == "seconds"
        self._axis.picture = None
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
        self._lines = tuple(lines)
        self.by.setVisible(timed)  # the plot has another size at once, and names the ends of its lines
        self._color()
        for curve, line in zip(self._curves, self._lines, strict=True):
            self.plot.draw(curve, self._x(line), line.values)
        longest = max((float(self._x(line)[-1]) for line in lines if len(line.values)), default=1.0)
        y = span_of(self.plot.scaled(finite), least=0.5) if finite.size else None
        self.plot.set_range((0.0, longest or 1.0), y or (0.0, 1.0))
        self._name_ends()

    def show_position(self, position: int | None) -> None:
        """A line at the step that is looked at; none where all are."""
        self._at.setVisible(position is not None and not self._axis.seconds)
        if position is not None:
            self._at.setPos(position)

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.plot.dress()
        self._color()
        self.labels.update()

    def _x(self, line: Losses) -> np.ndarray:
        end = line.seconds if self._axis.seconds else len(line.values) - 1
        return np.linspace(0.0, end, len(line.values))

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
