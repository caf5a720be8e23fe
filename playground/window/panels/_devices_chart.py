"""The chart of the comparison: a line for each device and number of threads over batch sizes or widths, both axes
logarithmic, and a mark where another becomes the fastest."""

import math

import numpy as np
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from playground.core.comparison import Comparison, Sweep, changes, duration_text, factor_text, lines, size_text
from playground.core.text import _
from playground.window.plots.axis import StepAxis
from playground.window.plots.graph import pg
from playground.window.plots.labels import EndLabel, EndLabels
from playground.window.plots.plot import Curve, Plot, cosmetic, span_of
from playground.window.plots.readout import Crosshair, Line
from playground.window.run_parts import shown_rate
from playground.window.theme import theme

_DOT = 6  # px
_NARROWEST, _WIDEST, _BESIDE_LABEL = 40, 200, 24  # px, of the names at the ends
_BESIDE = 0.35  # of a doubling: room beside the first and the last size


class SizeAxis(StepAxis):
    """x is the logarithm of a size to base 2. sweep: what the sizes are"""

    def __init__(self) -> None:
        super().__init__()
        self.sweep: Sweep = "batch"

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        every = max(1, math.ceil((maxVal - minVal) * 44 / max(1.0, size)))
        whole = range(math.ceil(minVal), math.floor(maxVal) + 1)
        return [(float(every), [float(one) for one in whole if (one - whole[0]) % every == 0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        sizes = [2.0**value for value in values]
        return [f"{size:,.0f}" if self.sweep == "batch" else factor_text(size) for size in sizes]


class ComparisonChart(QWidget):
    """by_time: seconds of a step, else samples a second"""

    def __init__(self) -> None:
        super().__init__()
        self.sweep: Sweep = "batch"
        self.by_time = False
        self._found = Comparison()
        self.curves: list[Curve] = []
        self._axis = SizeAxis()
        self.plot, self.labels = Plot(bottom=self._axis), EndLabels()
        self.plot.set_margins(top=4, right=0)
        self.plot.getViewBox().sigResized.connect(lambda _box: self._name_ends())
        self._readout = Crosshair(self.plot, self._read)
        self._dots: list[pg.ScatterPlotItem] = []
        self.marks: list[tuple[pg.InfiniteLine, pg.TextItem]] = []
        self._heading, self._below = QLabel(), QLabel()
        for label in (self._heading, self._below):
            label.setProperty("role", "small")
            label.setContentsMargins(16, 0, 16, 0)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._heading, 0, 0, 1, 2)
        layout.addWidget(self.plot, 1, 0)
        layout.addWidget(self.labels, 1, 1)
        layout.addWidget(self._below, 2, 0, 1, 2)
        layout.setRowStretch(1, 1)
        self.show_comparison(self._found)

    def show_comparison(self, found: Comparison) -> None:
        """Draw everything anew."""
        self._found = found
        self._axis.sweep = self.sweep
        self._axis.picture = None
        self._heading.setText(_("Milliseconds a step") if self.by_time else _("Samples per second"))
        batch = _("Width: features and channels of every layer but the last, in multiples of now; batch {n}")
        self._below.setText(_("Batch size") if self.sweep == "batch" else batch.format(n=f"{found.batch:,}"))
        self._have(len(found.contenders))
        drawn = [self._points(line) for line in lines(found, self.sweep)]
        for curve, dots, (x, y) in zip(self.curves, self._dots, drawn, strict=True):
            curve.set_points(x, y)
            dots.setData(x, y)
        self._set_range(drawn)
        self._name_ends()
        self._mark_changes()

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.plot.dress()
        self._readout.dress()
        self._color()
        self.show_comparison(self._found)

    def value(self, size: float, seconds: float) -> float:
        """What is drawn of a timing: milliseconds, or samples a second."""
        batch = size if self.sweep == "batch" else self._found.batch
        return 1e3 * seconds if self.by_time else batch / seconds

    def _points(self, line: dict[float, float]) -> tuple[np.ndarray, np.ndarray]:
        x = np.log2(np.array(list(line), np.float64))
        return x, self.plot.scaled(np.array([self.value(size, seconds) for size, seconds in line.items()], np.float64))

    def _set_range(self, drawn: list[tuple[np.ndarray, np.ndarray]]) -> None:
        sizes = np.concatenate([x for x, _y in drawn]) if drawn else np.empty(0)
        across = (float(sizes.min()), float(sizes.max())) if sizes.size else (0.0, 10.0)
        if self.sweep == "width" and not sizes.size:
            across = (-2.0, 3.0)
        high = span_of(*(y for _x, y in drawn), least=1.0) or (2.0, 5.0)
        self.plot.set_range((across[0] - _BESIDE, across[1] + _BESIDE), high)

    def _name_ends(self) -> None:
        """The names stand where the lines end, also after the plot became another size."""
        labels = []
        for one, color, curve in zip(self._found.contenders, self._colors(), self.curves, strict=True):
            _x, y = curve.getData()
            if y is not None and len(y):
                labels.append(EndLabel(one.label, color, self.plot.y_pixel(float(y[-1]))))
        self.labels.set_labels(labels)
        metrics = QFontMetrics(theme().font("tick"))
        widest = max((metrics.horizontalAdvance(label.text) for label in labels), default=0)
        self.labels.setFixedWidth(min(_WIDEST, max(_NARROWEST, widest + _BESIDE_LABEL)))
        self.labels.setToolTip("\n".join(one.label for one in self._found.contenders))

    def _mark_changes(self) -> None:
        for line, text in self.marks:
            self.plot.getViewBox().removeItem(line)
            self.plot.getViewBox().removeItem(text)
        self.marks = []
        (left, right), (_low, high) = self.plot.getViewBox().viewRange()
        pen = cosmetic("text_quiet", dash=theme().tokens["dash"]["reference"])
        for change in changes(lines(self._found, self.sweep))[1]:
            place = math.log2(change.place)
            line = pg.InfiniteLine(place, angle=90, movable=False, pen=pen)
            at_the_end = place > left + 0.85 * (right - left)
            text = pg.TextItem(size_text(change.size, self.sweep), anchor=(1 if at_the_end else 0, 0))
            text.setColor(theme().color("text_secondary"))
            text.setFont(theme().font("tick"))
            text.setPos(place, high)
            text.setToolTip(_("{who} is the fastest from here on").format(
                who=self._found.contenders[change.new].title))  # fmt: skip
            self.plot.add(line)
            self.plot.add(text)
            self.marks.append((line, text))

    def _have(self, count: int) -> None:
        if len(self.curves) == count:
            return
        for curve, dots in zip(self.curves, self._dots, strict=True):
            self.plot.drop(curve)
            self.plot.getViewBox().removeItem(dots)
        self.curves = [self.plot.curve(cosmetic("text"), antialias=True) for _number in range(count)]
        self._dots = [pg.ScatterPlotItem(size=_DOT, pen=pg.mkPen(None)) for _number in range(count)]
        for dots in self._dots:
            self.plot.add(dots)
        self._color()

    def _color(self) -> None:
        for color, curve, dots in zip(self._colors(), self.curves, self._dots, strict=False):
            curve.setPen(pg.mkPen(color, width=theme().tokens["line_width"]["curve"]))
            dots.setBrush(color)

    def _colors(self) -> list[QColor]:
        """One for each contender, as far apart as the theme has them."""
        known, count = theme().layer_lines(), len(self.curves)
        if count > len(known):
            return [known[number % len(known)] for number in range(count)]
        return [known[round(number * (len(known) - 1) / max(1, count - 1))] for number in range(count)]

    def _read(self, x: float) -> tuple[float, str, list[Line]] | None:
        found = lines(self._found, self.sweep)
        sizes = sorted({size for line in found for size in line})
        if not sizes:
            return None
        size = min(sizes, key=lambda one: abs(math.log2(one) - x))
        shown: list[Line] = []
        for one, line in zip(self._found.contenders, found, strict=True):
            if size in line:
                rate = _("{n} samples/s").format(n=shown_rate(self._rate(size, line[size])))
                value = duration_text(line[size]) if self.by_time else rate
            else:
                value = self._reason(self._found.contenders.index(one), size)
            shown.append((one.label, value, "text"))
        return math.log2(size), size_text(size, self.sweep), shown[:12]

    def _rate(self, size: float, seconds: float) -> float:
        return (size if self.sweep == "batch" else self._found.batch) / seconds

    def _reason(self, number: int, size: float) -> str:
        for one in self._found.timings:
            here = one.batch if self.sweep == "batch" else one.width
            if one.contender == number and here == size and one.reason:
                return one.reason
        return "–"
