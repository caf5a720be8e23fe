"""A plot of ours: hairline grid, bottom axis, no frame, ranges set and never searched."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from playground.window.plots.axis import StepAxis, ValueAxis
from playground.window.plots.graph import pg
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

_MOST_BUCKETS = 500  # stretches of a curve that are drawn, whatever its length
_BUCKETS_PER_PX = 0.7  # each has a lowest and a highest point: more would lie on top of each other


def cosmetic(color_token: str, width: float = 1.0, alpha: float = 1.0, dash: list[int] | None = None) -> QPen:
    """A pen in a colour of the theme, of the same width whatever the scale."""
    color = theme().color(color_token)
    color.setAlphaF(alpha)
    pen = QPen(color, width)
    pen.setCosmetic(True)
    if dash:
        pen.setDashPattern(dash)
    return pen


class Curve(pg.PlotCurveItem):
    """A curve whose bounds are those of the plot: searching its points for them costs more than drawing them."""

    def __init__(self, pen: QPen, antialias: bool) -> None:
        self._bounds = QRectF()
        self._path: QPainterPath | None = None
        super().__init__(pen=pen, antialias=antialias, connect="finite")
        self.setSegmentedLineMode("off")  # a path is cheap as `stroke` draws it

    def set_bounds(self, bounds: QRectF) -> None:
        self.prepareGeometryChange()
        self._bounds = bounds

    def boundingRect(self) -> QRectF:
        return self._bounds

    def set_points(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """Other points. Its bounds stay, so that the scene, which pyqtgraph would ask, has nothing to find out."""
        self.xData, self.yData, self._path = x, y, None
        self.update()

    def getPath(self) -> QPainterPath:
        """Its points as a path with a gap where one is not finite."""
        if self._path is None:
            whole = bool(np.isfinite(self.yData).all())  # then pyqtgraph need not look for gaps, four times as quick
            self._path = pg.arrayToQPath(self.xData, self.yData, "all" if whole else "finite", finiteCheck=not whole)
        return self._path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        x = self.getData()[0]
        if x is not None and len(x) > 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.opts["antialias"])
            stroke(painter, self.getPath(), self.opts["pen"])


class Plot(pg.GraphicsView):
    """x is a step, or what `bottom` names. Curves are made by `curve` and given data by `draw`; ranges by `set_range`.

    Two axes and a view box, not a PlotItem: that has two axes more and menus, which nobody sees, at half of its cost.
    """

    def __init__(self, logarithmic: bool = True, bottom: StepAxis | None = None) -> None:
        super().__init__()
        self.setAcceptDrops(
            False
        )  # a file that is dropped is for the window; a graphics view takes it, and lets it fall
        self.values, self.steps = ValueAxis(), bottom or StepAxis()
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies behind is not painted first
        self._lay_out()
        self.logarithmic = logarithmic
        self._range: tuple[float, float, float, float] | None = None
        self._curves: list[Curve] = []
        self._dress_axes()
        self.set_logarithmic(logarithmic)
        self.dress()

    def getViewBox(self) -> pg.ViewBox:
        """Where the curves are; pyqtgraph's name for it."""
        return self._box

    def add(self, item: pg.GraphicsObject) -> None:
        """Show an item among the curves."""
        self._box.addItem(item, ignoreBounds=True)

    def set_logarithmic(self, on: bool) -> None:
        """Switch the scale of y. Data are to be drawn anew."""
        self.logarithmic = self.values.logarithmic = on
        self.values.picture = None
        self._range = None

    def curve(self, pen: QPen, antialias: bool = False) -> Curve:
        """A new, empty curve."""
        item = Curve(pen, antialias)
        self._curves.append(item)
        self._box.addItem(item, ignoreBounds=True)
        if self._range is not None:
            item.set_bounds(_bounds(self._range))
        return item

    def drop(self, curve: Curve) -> None:
        """Take a curve away."""
        self._curves.remove(curve)
        self._box.removeItem(curve)

    @property
    def buckets(self) -> int:
        """Into how many stretches a long curve is to be cut."""
        return min(_MOST_BUCKETS, max(100, round(_BUCKETS_PER_PX * self.width())))

    def draw(self, curve: Curve, x: NDArray[np.float64], y: NDArray[np.floating]) -> None:
        """Give a curve its points, y in its own unit."""
        curve.set_points(x, self.scaled(y))

    def scaled(self, y: NDArray[np.floating]) -> NDArray[np.float64]:
        """y as it is drawn: on a logarithmic scale its power of ten; what has none is left out."""
        exact = y.astype(np.float64)
        if not self.logarithmic:
            return exact
        return np.log10(exact, out=np.full(exact.shape, np.nan), where=exact > 0)

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """The part that is shown, y as drawn (`scaled`)."""
        wanted = (*x, *y)
        if wanted != self._range and all(map(math.isfinite, wanted)) and x[0] < x[1] and y[0] < y[1]:
            self._range = wanted
            for curve in self._curves:
                curve.set_bounds(_bounds(wanted))
            self._box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=False)
            self._box.updateMatrix()  # left to the next paint, it would ask for another paint of every curve

    def y_pixel(self, y: float) -> float:
        """Where a y (as drawn) stands in this widget, px from its top."""
        return self.mapFromScene(self._box.mapViewToScene(QPointF(0, y))).y()

    def x_at(self, position: QPointF) -> float:
        """The x under a point of the scene."""
        return self._box.mapSceneToView(position).x()

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.setBackground(theme().color("surface"))
        grid = QPen(theme().color("plot_grid"), 1)
        for axis in (self.values, self.steps):
            axis.setTextPen(theme().color("text_quiet"))
            axis.setTickFont(theme().font("tick"))
        self.values.setPen(QPen(Qt.PenStyle.NoPen))
        self.values.setTickPen(grid)
        self.steps.setPen(QPen(theme().color("line_strong"), 1))

    def set_margins(self, top: float, right: float) -> None:
        """Room above the plot and right of it, px."""
        self.centralLayout.setContentsMargins(0, top, right, 0)

    def _lay_out(self) -> None:
        grid = self.centralLayout
        grid.setSpacing(0)
        for row, column, item in ((0, 0, self.values), (0, 1, self._box), (1, 1, self.steps)):
            grid.addItem(item, row, column)
        grid.setRowStretchFactor(0, 100)
        grid.setColumnStretchFactor(1, 100)
        for axis in (self.values, self.steps):
            axis.linkToView(self._box)
            axis.setFlag(axis.GraphicsItemFlag.ItemNegativeZStacksBehindParent)

    def _dress_axes(self) -> None:
        margins = theme().tokens["plots"]["margins"]
        self.values.setWidth(margins["left"])
        self.steps.setHeight(margins["bottom"])
        self.values.setStyle(tickLength=0, tickTextOffset=6)
        self.steps.setStyle(tickLength=0, tickTextOffset=6, tickAlpha=0)  # or each tick is a black dot
        self.values.setGrid(255)
        for axis in (self.values, self.steps):
            axis.enableAutoSIPrefix(False)  # our ticks have no unit; without it a label is laid out for every range
            axis.setZValue(-1000)  # the grid lies below the curves
        self.set_margins(margins["top"], margins["right"])


def _bounds(limits: tuple[float, float, float, float]) -> QRectF:
    left, right, low, high = limits
    return QRectF(left, low, right - left, high - low)


def span_of(*arrays: NDArray[np.float64], least: float, around: float = 0.06) -> tuple[float, float] | None:
    """Lowest and highest of all that is finite, with some room; None where nothing is.

    The ends are round to a fiftieth or so of the height, so that a scale stands still until it has to move.
    least: the smallest height, so that a still curve does not look like noise
    """
    finite = [one[np.isfinite(one)] for one in arrays]
    lows, highs = [one.min() for one in finite if one.size], [one.max() for one in finite if one.size]
    if not lows:
        return None
    low, high = float(min(lows)), float(max(highs))
    missing = max(0.0, least - (high - low)) / 2
    room = around * max(high - low, least)
    unit = 2.0 ** math.floor(math.log2(max(high - low, least) / 32))
    return unit * math.floor((low - missing - room) / unit), unit * math.ceil((high + missing + room) / unit)
