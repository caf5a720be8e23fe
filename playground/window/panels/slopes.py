"""The slopes: how steep the loss is in each layer's weights, and how far a step moves them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.core.messages import Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.session.history import SLOPES
from playground.window.panels.base import Panel, toggle
from playground.window.plots.axis import figure_text, rounded_end
from playground.window.plots.graph import pg
from playground.window.plots.labels import EndLabel, EndLabels
from playground.window.plots.legend import Legend
from playground.window.plots.plot import Curve, Plot, cosmetic, span_of
from playground.window.plots.readout import Crosshair, Line
from playground.window.theme import theme

POINTS = 120  # of one line that are drawn
_DOT = 7  # px


class _Chart(QWidget):
    """One of the two plots: a line a layer, named at its end."""

    def __init__(self, title: str, values: Callable[[], dict[Any, np.ndarray]], history: Callable[[], Any]) -> None:
        super().__init__()
        self._values, self._history = values, history
        self.plot, self.labels = Plot(), EndLabels()
        self.plot.set_margins(top=4, right=0)
        self._readout = Crosshair(self.plot, self._read)
        self._curves: list[Curve] = []
        self.dots = pg.ScatterPlotItem(size=_DOT, pxMode=True, pen=pg.mkPen(None))  # where there is no line yet
        self.plot.add(self.dots)
        heading = QLabel(title)
        heading.setProperty("role", "small")
        heading.setContentsMargins(16, 0, 0, 0)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.head = QHBoxLayout()
        layout.addLayout(self.head, 0, 0, 1, 2)
        self.head.setSpacing(12)
        self.head.addWidget(heading, 1)
        layout.addWidget(self.plot, 1, 0)
        layout.addWidget(self.labels, 1, 1)
        layout.setRowStretch(1, 1)

    def refresh(self, per_epoch: int, right: float) -> None:
        """Draw every line anew."""
        history, values = self._history(), list(self._values().values())
        self._have(len(values))
        chosen = _thinned(len(history.slope_steps))
        x = history.slope_steps[chosen].astype(np.float64)
        drawn = self.plot.scaled(np.array([line[chosen] for line in values], np.float32))
        for curve, y in zip(self._curves, drawn, strict=False):
            curve.set_points(x, y)
        self._show_dots(x, drawn)
        self.plot.steps.per_epoch = per_epoch
        self._set_range(drawn, right)
        self._name_ends(drawn, history.slope_layers)

    def _show_dots(self, x: np.ndarray, drawn: np.ndarray) -> None:
        """A run that was over at once was looked at once, and a line needs two points."""
        if len(x) != 1:
            self.dots.clear()
            return
        colors = theme().layer_lines()
        there = np.flatnonzero(np.isfinite(drawn[:, 0]))  # a slope of 0 has no place on a log axis
        brushes = [pg.mkBrush(colors[number % len(colors)]) for number in there.tolist()]
        self.dots.setData(np.repeat(x, len(there)), drawn[there, 0], brush=brushes)

    def dress(self) -> None:
        self.plot.dress()
        self._readout.dress()
        self._color()
        self.labels.update()

    def _set_range(self, drawn: np.ndarray, right: float) -> None:
        logarithmic = self.plot.logarithmic
        y = span_of(drawn, *self._also_shown(), least=1.0 if logarithmic else 1e-6)
        if y is None:
            y = (-3.0, 1.0) if logarithmic else (0.0, 1.0)
        self.plot.set_range((0.0, right), y if logarithmic else (0.0, y[1]))

    def _also_shown(self) -> list[np.ndarray]:
        return []

    def _name_ends(self, drawn: np.ndarray, layers: list[dict[str, Any]]) -> None:
        colors = theme().layer_lines()
        labels = []
        for number, (line, layer) in enumerate(zip(drawn, layers, strict=False)):
            if len(line) and np.isfinite(line[-1]):
                text = f"{layer['index']} {layer['name']}"
                labels.append(EndLabel(text, colors[number % len(colors)], self.plot.y_pixel(float(line[-1]))))
        self.labels.set_labels(labels)

    def _have(self, count: int) -> None:
        if len(self._curves) == count:
            return
        for curve in self._curves:
            self.plot.drop(curve)
        self._curves = [self.plot.curve(cosmetic("text"), antialias=True) for _number in range(count)]
        self._color()

    def _color(self) -> None:
        colors = theme().layer_lines()
        for number, curve in enumerate(self._curves):
            pen = pg.mkPen(colors[number % len(colors)], width=theme().tokens["line_width"]["curve"])
            curve.setPen(pen)

    def _read(self, x: float) -> tuple[float, str, list[Line]] | None:
        history = self._history()
        steps = history.slope_steps
        if not len(steps):
            return None
        place = int(np.clip(np.searchsorted(steps, x), 0, len(steps) - 1))
        lines: list[Line] = [
            (f"{layer['index']} {layer['name']}", figure_text(float(line[place]), 3), "text")
            for layer, line in zip(history.slope_layers, self._values().values(), strict=False)
        ]
        return float(steps[place]), _("step {step:,}").format(step=int(steps[place])), lines[:12]


def _thinned(count: int) -> np.ndarray:
    """Which of so many looks are drawn: the newest always, the others the same in every frame, so that lines stand."""
    every = max(1, -(-count // POINTS))
    chosen = np.arange(0, count, every)
    return np.append(chosen, count - 1) if count and chosen[-1] != count - 1 else chosen


class _RatioChart(_Chart):
    """With the band in which the update ratio usually is when a network learns well."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._band = pg.LinearRegionItem(orientation="horizontal", movable=False)
        self._band.setZValue(-10)
        self._mark = pg.InfiniteLine(angle=0, movable=False)
        self._legend = Legend([])  # beside the plot: in the band, curves would cross the words
        self._legend.setToolTip(
            _("Where a network learns well, a step usually moves weights by about a thousandth of their size")
        )
        self.head.addWidget(self._legend)
        self.head.addSpacing(16)
        for item in (self._band, self._mark):
            self.plot.add(item)
        self._color_band()

    def dress(self) -> None:
        super().dress()
        self._color_band()

    def refresh(self, per_epoch: int, right: float) -> None:
        low, mark, high = self._healthy()
        if self._mark.value() != mark:  # the scale is another one
            self._band.setRegion((low, high))
            self._mark.setPos(mark)
        super().refresh(per_epoch, right)

    def _also_shown(self) -> list[np.ndarray]:
        return [np.array([self._healthy()[0], self._healthy()[2]])]

    def _healthy(self) -> tuple[float, float, float]:
        band = theme().tokens["plots"]["healthy_update_ratio"]
        low, mark, high = self.plot.scaled(np.array([band["low"], band["mark"], band["high"]]))
        return float(low), float(mark), float(high)

    def _color_band(self) -> None:
        self._band.setBrush(theme().color("healthy_band"))
        for line in self._band.lines:
            line.setPen(pg.mkPen(None))
        pen = cosmetic("healthy_line", dash=theme().tokens["dash"]["reference"])
        self._mark.setPen(pen)
        self._legend.set_entries([(_("healthy"), pen)])


class SlopesPanel(Panel):
    """Gradient norm and update ratio, one line a layer."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        training = session.training
        self.norms = _Chart(
            _("Gradient norm |∂J/∂w|"), lambda: training.history.gradient_norms, lambda: training.history
        )
        self.ratios = _RatioChart(
            _("Update ratio |Δw| / |w|"), lambda: training.history.update_ratios, lambda: training.history
        )
        self._empty = QLabel(self)
        self._empty.setProperty("role", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(48, 0, 24, 0)  # beside the figures of the axis
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(self.norms, 0, 0)
        layout.addWidget(self.ratios, 1, 0)
        layout.addWidget(self._empty, 0, 0)  # in front of the upper chart
        self._empty.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._empty.raise_()  # the charts came into this panel after it
        self.set_subtitle(_("one line a layer"))

    def header_widgets(self) -> list[QWidget]:
        return [toggle(_("Log"), _("Logarithmic axis: each line is ten times the one below"), True, self._set_log)]

    def watches(self) -> tuple[Watch, ...]:
        return (Watch(SLOPES),)

    def refresh(self) -> None:
        training = self.session.training
        facts, steps = training.facts, training.history.slope_steps
        is_over = len(training.history.losses) > 0 and not training.is_active
        self._empty.setText(
            _("The run was over before its slopes were measured. Train for more epochs.")
            if is_over
            else _("Slopes are measured while the network trains.")
        )
        self._empty.setVisible(not len(steps))
        per_epoch = facts.steps_per_epoch if facts is not None and facts.is_even else 0
        right = float(rounded_end(int(steps[-1]) if len(steps) else 0))
        for chart in (self.norms, self.ratios):
            chart.refresh(per_epoch, right)

    def dress(self) -> None:
        self.norms.dress()
        self.ratios.dress()

    def _set_log(self, on: bool) -> None:
        for chart in (self.norms, self.ratios):
            chart.plot.set_logarithmic(on)
        self.request_refresh()


SPEC = PanelSpec(name="slopes", title=_("Slopes"), make=SlopesPanel, area="top", order=20, lab=("slopes", "autograd"))
