"""The crosshair of a plot: a line that follows the pointer, and a card with the values there."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QGridLayout, QLabel

from playground.window.plots.graph import pg
from playground.window.plots.plot import Plot, cosmetic
from playground.window.theme import theme

Line = tuple[str, str, str]  # name, value, colour token of the value
CIRCLE = 8  # px, a mark's width
Mark = tuple[float, float, str]  # x, y in its own unit, colour token: a point that the values were read at


class Card(QFrame):
    """Floats over a plot: a heading, and names with values below it."""

    def __init__(self, parent: Plot) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(12, 8, 12, 8)
        self._layout.setHorizontalSpacing(24)
        self._layout.setVerticalSpacing(2)
        self._heading = QLabel()
        self._layout.addWidget(self._heading, 0, 0, 1, 2)
        self._cells: list[tuple[QLabel, QLabel]] = []
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 8)
        self.setGraphicsEffect(shadow)
        self._shadow = shadow
        self.dress()
        self.hide()

    def dress(self) -> None:
        """Take the colours of the theme."""
        color, line = theme().color("surface").name(), theme().color("line_strong").name()
        self.setStyleSheet(f"Card {{ background: {color}; border: 1px solid {line}; border-radius: 6px; }}")
        declared = theme().tokens["shadow"][theme().name]
        shade = pg.mkColor(declared["color"])
        shade.setAlphaF(declared["alpha"])
        self._shadow.setColor(shade)

    def show_lines(self, heading: str, lines: Sequence[Line]) -> None:
        """Fill and show the card."""
        self._heading.setText(heading)
        self._heading.setFont(theme().font("small"))
        while len(self._cells) < len(lines):
            name, value = QLabel(), QLabel()
            row = len(self._cells) + 1
            self._layout.addWidget(name, row, 0)
            self._layout.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
            self._cells.append((name, value))
        for index, (name, value) in enumerate(self._cells):
            used = index < len(lines)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                text, figure, token = lines[index]
                name.setText(text)
                value.setText(figure)
                value.setFont(theme().font("small", "semibold"))
                value.setStyleSheet(f"color: {theme().color(token).name()};")
        self.adjustSize()
        self.show()


class Crosshair(QObject):
    """Follows the pointer over a plot. read: x -> (the x that it snaps to, heading, lines), or None

    marks: of the x that it snaps to; each is a small circle on its curve
    """

    def __init__(
        self,
        plot: Plot,
        read: Callable[[float], tuple[float, str, Sequence[Line]] | None],
        marks: Callable[[float], Sequence[Mark]] = lambda _x: (),
    ) -> None:
        super().__init__(plot)
        self._plot, self._read, self._marks = plot, read, marks
        self._line = pg.InfiniteLine(angle=90, movable=False, pen=cosmetic("text_secondary"))
        self._line.hide()
        plot.add(self._line)
        self._circles = pg.ScatterPlotItem(size=CIRCLE, pxMode=True)
        self._circles.setZValue(10)  # above the curves
        self._circles.hide()  # even without a circle it is asked for its bounds in every frame
        plot.add(self._circles)
        self.card = Card(plot)
        plot.scene().sigMouseMoved.connect(self._on_moved)
        plot.installEventFilter(self)

    def dress(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(cosmetic("text_secondary"))
        self.card.dress()

    def hide(self) -> None:
        self._line.hide()
        self._circles.hide()
        self.card.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.hide()
        return False

    def _mark(self, x: float) -> None:
        marks = self._marks(x)
        drawn = self._plot.scaled(np.array([y for _x, y, _token in marks], np.float64))
        brush = pg.mkBrush(theme().color("surface"))
        self._circles.setData(
            [
                {"pos": (at, y), "pen": cosmetic(token, 1.5), "brush": brush}
                for (at, _y, token), y in zip(marks, drawn.tolist(), strict=True)
                if np.isfinite(y)
            ]
        )

    def _on_moved(self, position: QPointF) -> None:
        area = self._plot.getViewBox().sceneBoundingRect()
        found = self._read(self._plot.x_at(position)) if area.contains(position) else None
        if found is None:
            self.hide()
            return
        x, heading, lines = found
        self._line.setPos(x)
        self._line.show()
        self._mark(x)
        self._circles.show()
        self.card.show_lines(heading, lines)
        pixel = self._plot.mapFromScene(self._plot.getViewBox().mapViewToScene(QPointF(x, 0))).x()
        left = pixel + 10
        if left + self.card.width() > self._plot.width() - 8:
            left = pixel - 10 - self.card.width()
        self.card.move(max(8, round(left)), 12)
