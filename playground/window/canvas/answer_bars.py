"""What the network takes the drawing for: a bar a class, in the order of the classes, so that nothing jumps."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from playground.core.text import _
from playground.window.theme import theme

_LOWEST, _HIGHEST = 20, 34  # px of a line at a text of 100 %
_FIGURE = 56  # px


class AnswerBars(QWidget):
    """Paints them; `scrolled` gives it its place where there are many."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._shares = np.empty(0, np.float32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._measure)

    def show_shares(self, names: Sequence[str], shares: np.ndarray) -> None:
        """names: of the classes;  shares: (classes,), 0 to 1; empty shows empty tracks"""
        before = self._lines()
        is_other = tuple(names) != self._names
        self._names, self._shares = tuple(names), shares
        if is_other:
            self._measure()
        for number, (old, new) in enumerate(zip(before, self._lines(), strict=False)):
            if old != new:  # most classes keep what they have, and text is what painting costs
                self.update(self.line_rect(number))
        said = [f"{name} {self._figure(number)}" for number, name in enumerate(self._names)] if shares.size else []
        self.setAccessibleName(_("Probability of each class") + (": " + ", ".join(said) if said else ""))

    def _lines(self) -> list[tuple[str, int, bool]]:
        """What is to be seen of each class: its figure, its bar in half px, whether it is the best."""
        if not self._shares.size:
            return [("", 0, False)] * len(self._names)
        best = int(np.argmax(self._shares))
        return [
            (self._figure(number), round(2 * self.width() * self._share(number)), number == best)
            for number in range(len(self._names))
        ]

    @property
    def shares(self) -> np.ndarray:
        """Those that are shown."""
        return self._shares

    def sizeHint(self) -> QSize:
        return QSize(220, self._least)

    def scrolled(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self)
        return area

    @property
    def _least(self) -> int:
        return round(_LOWEST * theme().text_scale) * max(1, len(self._names))

    def _measure(self) -> None:
        self.setMinimumHeight(self._least)
        self.updateGeometry()
        self.update()

    def line_rect(self, number: int) -> QRect:
        """Where a class stands."""
        scale = theme().text_scale
        high = round(min(max(self.height() / max(1, len(self._names)), _LOWEST * scale), _HIGHEST * scale))
        return QRect(0, number * high, self.width(), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        best = int(np.argmax(self._shares)) if self._shares.size else -1
        metrics = QFontMetrics(theme().font("small", "semibold"))
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0) + 2
        left = min(widest, max(48, self.width() // 3)) + 10
        right = self.width() - round(_FIGURE * theme().text_scale)
        for number, name in enumerate(self._names):
            line = self.line_rect(number)
            if line.intersects(event.rect()):
                self._draw_line(painter, line, name, number, (left, right), number == best)
        painter.end()

    def _draw_line(
        self, painter: QPainter, line: QRect, name: str, number: int, ends: tuple[int, int], is_best: bool
    ) -> None:
        left, right = ends
        weight = "semibold" if is_best else "regular"
        high = line.height() // 2
        track = QRectF(left, line.top() + (line.height() - high) / 2, max(8, right - left), high)
        painter.fillRect(track, theme().color("sunken"))
        share = self._share(number)
        painter.fillRect(
            QRectF(track.x(), track.y(), track.width() * share, high),
            theme().color("accent" if is_best else "text_quiet"),
        )
        painter.setFont(theme().font("small", weight))
        painter.setPen(theme().color("text" if is_best else "text_secondary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        shown = theme().elided(name, left - 8, "small", weight)[0]
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, shown)
        if self._shares.size:
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, self._figure(number))

    def _share(self, number: int) -> float:
        share = float(self._shares[number]) if number < self._shares.size else 0.0
        return min(max(share, 0.0), 1.0) if np.isfinite(share) else 0.0

    def _figure(self, number: int) -> str:
        return percent(self._share(number))


def percent(share: float) -> str:
    """A share as people read it; neither nothing nor all where it is not quite."""
    text = f"{100 * share:.1f}"
    if text == "0.0" and share > 0:
        return "< 0.1 %"
    if text == "100.0" and share < 1:
        return "> 99.9 %"
    return f"{text} %"
