"""Loss curves of several runs over each other: the train loss by step, and a mark for the held-out loss of each epoch."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from playground.core.messages import EpochReport, Steered
from playground.core.text import _
from playground.window.panels import _run_styles as styles
from playground.window.plots.axis import figure_text, rounded_end
from playground.window.plots.graph import pg
from playground.window.plots.labels import EndLabel, EndLabels
from playground.window.plots.plot import Curve, Plot, cosmetic, span_of
from playground.window.plots.pyramid import Pyramid, Smoother
from playground.window.plots.readout import Crosshair, Line
from playground.window.theme import theme

AT_ONCE = 20_000  # steps that one drawing takes in, of all runs together
NEW_AT_ONCE = 2  # curves that one drawing makes
BUCKETS = 250  # stretches of a curve; dashes are slower to draw than a line
MOST_MARKS = 40
SMOOTH_FROM = 0.5  # factor below which curves are so noisy that a dashed line of more than a hairline is slow to draw
_NARROWEST, _WIDEST, _BESIDE_LABEL = 40, 140, 24  # px, of the names at the ends


class Shown(NamedTuple):
    """A run to be drawn. slot: its colour and dashes;  forked_at: the step at which it left another run, or None
    steered: settings that were changed while it trained
    """

    folder: Path
    name: str
    slot: int
    losses: np.ndarray
    epochs: Sequence[EpochReport]
    forked_at: int | None
    steered: Sequence[Steered] = ()


class Trace:
    """The smoothed losses of one run, taken in by portions."""

    def __init__(self, factor: float) -> None:
        self._averages, self._smoother = Pyramid(), Smoother(factor)
        self._last = float("nan")

    def __len__(self) -> int:
        return len(self._averages)

    def take_in(self, losses: np.ndarray, most: int) -> int:
        """Append what is new, at most so many; returns how many. What was changed meanwhile is seen by `is_of`."""
        fresh = losses[len(self) : len(self) + most]
        if len(fresh):
            self._averages.append(self._smoother.append(fresh))
            self._last = float(fresh[-1])
        return len(fresh)

    def is_of(self, losses: np.ndarray) -> bool:
        """Whether these begin with what was taken in; not where steps were taken back (a run resumed)."""
        known = len(self)
        if known > len(losses):
            return False
        return not known or losses[known - 1] == self._last or bool(np.isnan(self._last))

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """The curve: the middle of each stretch."""
        x: np.ndarray
        y: np.ndarray
        x, y = self._averages.slice(0, len(self), BUCKETS)
        if len(x) < len(self):
            x, y = x[1::2], (y[0::2] + y[1::2]) / 2
        return x, y

    def at(self, step: int) -> float:
        """The smoothed loss of a step, counted from 0."""
        return float(self._averages.values[step]) if 0 <= step < len(self) else float("nan")


class OverlayChart(QWidget):
    """factor: of the moving average, 0 for none"""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor
        self.plot, self.labels = Plot(), EndLabels()
        self.plot.set_margins(top=4, right=0)
        self.plot.getViewBox().sigResized.connect(lambda _box: self._name_ends())
        self.empty = QLabel(self.plot)
        self.empty.setProperty("role", "quiet")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown: list[Shown] = []
        self._drawn: dict[Path, tuple[int, int, float, bool]] = {}  # what the curves of a run were drawn from
        self._slots: dict[Path, int] = {}
        self._traces: dict[Path, Trace] = {}
        self.curves: dict[Path, tuple[Curve, Curve, pg.ScatterPlotItem]] = {}  # train, held out, its marks
        self.forks: list[tuple[pg.InfiniteLine, pg.TextItem]] = []
        self.steered = pg.ScatterPlotItem(size=9, pxMode=True, symbol="t")  # a triangle where a setting was changed
        self.plot.add(self.steered)
        self._readout = Crosshair(self.plot, self._read)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.plot, 1)
        row.addWidget(self.labels)

    def show_runs(self, shown: Sequence[Shown]) -> bool:
        """Draw them; False where there is more to take in, and this is to be called again soon."""
        late = {one.folder for one in [one for one in shown if one.folder not in self.curves][NEW_AT_ONCE:]}
        self._shown = [one for one in shown if one.folder not in late]
        self._have({one.folder: one.slot for one in self._shown})
        left = AT_ONCE
        for one in self._shown:
            if not self._traces[one.folder].is_of(one.losses):
                self._traces[one.folder] = Trace(self.factor)
                self._drawn.pop(one.folder, None)
            left -= self._traces[one.folder].take_in(one.losses, left)
        for one in self._shown:
            state = len(self._traces[one.folder]), len(one.epochs), self.factor, self.plot.logarithmic
            if self._drawn.get(one.folder) != state:
                self._drawn[one.folder] = state
                self._draw(one)
        self._set_range()
        self._mark_forks()
        self._mark_changes()
        self._name_ends()
        self.empty.setGeometry(self.plot.rect().adjusted(56, 0, -16, 0))
        return not late and all(len(self._traces[one.folder]) == len(one.losses) for one in self._shown)

    def set_factor(self, factor: float) -> None:
        """Draw anew, smoothed by another factor."""
        self.factor = factor
        self._traces = {folder: Trace(factor) for folder in self._traces}
        for folder, slot in self._slots.items():
            self._color(folder, slot)

    def set_logarithmic(self, on: bool) -> None:
        self.plot.set_logarithmic(on)
        self._readout.hide()

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.plot.dress()
        self._readout.dress()
        for one in self._shown:
            if one.folder in self.curves:
                self._color(one.folder, one.slot)

    def _have(self, slots: dict[Path, int]) -> None:
        for folder in [one for one in self.curves if one not in slots]:
            train, held_out, marks = self.curves.pop(folder)
            self.plot.drop(train)
            self.plot.drop(held_out)
            self.plot.getViewBox().removeItem(marks)
            del self._traces[folder]
            self._drawn.pop(folder, None)
        for folder, slot in slots.items():
            if folder not in self.curves:
                curves = self.plot.curve(styles.faint(slot)), self.plot.curve(styles.pen(slot), antialias=True)
                marks = pg.ScatterPlotItem(size=7, pxMode=True)
                self.plot.add(marks)
                self.curves[folder] = curves[1], curves[0], marks
                self._traces[folder] = Trace(self.factor)
            if self._slots.get(folder) != slot:
                self._color(folder, slot)
        self._slots = slots

    def _color(self, folder: Path, slot: int) -> None:
        train, held_out, marks = self.curves[folder]
        smooth = self.factor >= SMOOTH_FROM
        train.opts["antialias"] = smooth
        train.setPen(styles.pen(slot, None if smooth else 1.0))
        held_out.setPen(styles.faint(slot))
        marks.setPen(pg.mkPen(styles.color(slot), width=1.5))
        marks.setBrush(theme().color("surface"))
        marks.setSymbol(styles.mark(slot))

    def _draw(self, one: Shown) -> None:
        train, held_out, marks = self.curves[one.folder]
        self.plot.draw(train, *self._traces[one.folder].points())
        every = max(1, len(one.epochs) // BUCKETS)
        x = np.array([epoch.step for epoch in one.epochs[::every]], np.float64)
        y = np.array([epoch.held_out_loss for epoch in one.epochs[::every]], np.float32)
        self.plot.draw(held_out, x, y)
        every = -(-len(x) // MOST_MARKS) if len(x) else 1
        chosen = slice(len(x) - 1 - (len(x) - 1) // every * every if len(x) else 0, None, every)  # the last one, too
        drawn = self.plot.scaled(y[chosen])
        known = np.isfinite(drawn)
        marks.setData(x[chosen][known], drawn[known])

    def _mark_forks(self) -> None:
        """A line where a run left another one."""
        steps = sorted({one.forked_at for one in self._shown if one.forked_at is not None})
        while len(self.forks) > len(steps):
            for item in self.forks.pop():
                self.plot.getViewBox().removeItem(item)
        while len(self.forks) < len(steps):
            line, text = pg.InfiniteLine(angle=90, movable=False), pg.TextItem(anchor=(0, 1))
            line.setZValue(-10)
            self.plot.add(line)
            self.plot.add(text)
            self.forks.append((line, text))
        pen = cosmetic("text_quiet", dash=theme().tokens["dash"]["reference"])
        (left, right), (low, _high) = self.plot.getViewBox().viewRange()
        for (line, text), step in zip(self.forks, steps, strict=True):
            line.setPen(pen)
            line.setPos(step)
            text.setText(_("fork"))
            text.setColor(theme().color("text_secondary"))
            text.setFont(theme().font("tick"))
            text.setAnchor((1 if step > left + 0.8 * (right - left) else 0, 1))
            text.setPos(step, low)

    def _mark_changes(self) -> None:
        """A triangle on the curve where a learning rate or weight decay was changed during the run."""
        places = [(one, step) for one in self._shown for step in sorted({change.step for change in one.steered})]
        x = np.array([step for _one, step in places], np.float64)
        y = np.array([self._traces[one.folder].at(max(0, step - 1)) for one, step in places], np.float32)
        drawn = self.plot.scaled(y) if len(y) else y
        known = np.flatnonzero(np.isfinite(drawn))
        brushes = [pg.mkBrush(styles.color(places[place][0].slot)) for place in known]
        self.steered.setData(x[known], drawn[known], brush=brushes, pen=pg.mkPen(theme().color("surface")))

    def _set_range(self) -> None:
        steps = max((max(len(one.losses), one.epochs[-1].step if one.epochs else 0) for one in self._shown), default=0)
        drawn = [curve.getData()[1] for pair in self.curves.values() for curve in pair[:2]]
        y = span_of(*(one for one in drawn if one is not None), least=0.3 if self.plot.logarithmic else 1e-3)
        if y is None:
            y = (-2.0, 0.5) if self.plot.logarithmic else (0.0, 2.5)
        elif not self.plot.logarithmic:
            y = (0.0, y[1])
        self.plot.set_range((0.0, float(rounded_end(steps + steps // 32))), y)  # the last mark is seen whole

    def _name_ends(self) -> None:
        """The names stand where the curves end, also after the plot became another size."""
        labels = []
        for one in self._shown:
            y = self.curves[one.folder][0].getData()[1] if one.folder in self.curves else None
            known = y[np.isfinite(y)] if y is not None else None
            if known is not None and known.size:
                text, color = styles.marked(one.slot, one.name), QColor(styles.color(one.slot))
                labels.append(EndLabel(text, color, self.plot.y_pixel(float(known[-1]))))
        self.labels.set_labels(labels)
        metrics = QFontMetrics(theme().font("tick"))
        widest = max((metrics.horizontalAdvance(label.text) for label in labels), default=0)
        widest = min(_WIDEST, max(_NARROWEST, widest + _BESIDE_LABEL))
        self.labels.setFixedWidth(max(_NARROWEST, min(widest, self.width() // 4)))
        self.labels.setToolTip("\n".join(one.name for one in self._shown))

    def _read(self, x: float) -> tuple[float, str, list[Line]] | None:
        longest = max((len(self._traces[one.folder]) for one in self._shown if one.folder in self._traces), default=0)
        if not longest:
            return None
        step = int(np.clip(round(x), 0, longest - 1))
        shown: list[Line] = []
        for one in self._shown:
            value = figure_text(self._traces[one.folder].at(step), 3)
            nearest = min(one.epochs, key=lambda epoch: abs(epoch.step - step), default=None)
            if nearest is not None:
                value += _(", held out {loss}").format(loss=figure_text(nearest.held_out_loss, 3))
            value += "".join(f", {change.name} {change.after:g}" for change in _near(one.steered, step, longest))
            shown.append((styles.marked(one.slot, one.name), value, "text"))
        return float(step), _("step {step:,}").format(step=step + 1), shown


def _near(changes: Sequence[Steered], step: int, longest: int) -> list[Steered]:
    """Those that the pointer is at, the last one of each setting."""
    found = {one.name: one for one in changes if abs(one.step - step) <= max(1, longest // 100)}
    return list(found.values())
