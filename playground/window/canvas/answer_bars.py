"""What the network takes the drawing for: a bar a class, in the order of the classes, so that nothing jumps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.text import _
from playground.window.theme import theme

_LOWEST, _HIGHEST = 20, 34  # px of a line at a text of 100 %
_FIGURE = 56  # px
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class _Line(NamedTuple):
    """What is to be seen of a class. figure: its share as text, which is finer than the bar's pixels"""

    figure: str = ""
    share: float = 0.0
    is_best: bool = False


class AnswerBars(QWidget):
    """Paints them; a scroll area gives it its place where there are many."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._shares = np.empty(0, np.float32)
        self._lines: list[_Line] = []  # of the classes
        self._widest: int | None = None  # px, of the longest name; None where it is to be measured
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._measure)

    def show_shares(self, names: Sequence[str], shares: np.ndarray) -> None:
        """names: of the classes;  shares: (classes,), 0 to 1; empty shows empty tracks"""
        before, is_other = self._lines, tuple(names) != self._names
        self._names, self._shares, self._lines = tuple(names), shares, lines_of(shares, len(names))
        if is_other:
            self._measure()
        ends = self._ends()
        for number, (old, new) in enumerate(zip(before, self._lines, strict=False)):
            if old != new:  # most classes keep what they have, and text is what painting costs
                room = self.line_rect(number)
                self.update(room if old.is_best != new.is_best else room.adjusted(ends[0], 0, 0, 0))
        said = [f"{name} {line.figure}" for name, line in zip(names, self._lines, strict=True) if shares.size]
        self.setAccessibleName(_("Probability of each class") + (": " + ", ".join(said) if said else ""))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the classes that are shown."""
        return self._names

    @property
    def shares(self) -> np.ndarray:
        """Those that are shown."""
        return self._shares

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # else all around it is painted with it; here, for the style sheet takes it from a scrolled widget
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        return QSize(220, self._least)

    @property
    def _least(self) -> int:
        return round(_LOWEST * theme().text_scale) * max(1, len(self._names))

    def _measure(self) -> None:
        self._widest = None
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
        painter.fillRect(event.rect(), theme().color("surface"))
        ends = self._ends()
        for number, (name, line) in enumerate(zip(self._names, self._lines, strict=True)):
            room = self.line_rect(number)
            if room.intersects(event.rect()):
                self._draw_line(painter, room, name if event.rect().left() < ends[0] else "", line, ends)
        painter.end()

    def _ends(self) -> tuple[int, int]:
        """Where a bar begins and where it ends at most, px: names stand left of it, figures right of it."""
        if self._widest is None:
            metrics = QFontMetrics(theme().font("small", "semibold"))
            self._widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0) + 2
        left = min(self._widest, max(48, self.width() // 3)) + 10
        return left, self.width() - round(_FIGURE * theme().text_scale)

    @staticmethod
    def _draw_line(painter: QPainter, room: QRect, name: str, line: _Line, ends: tuple[int, int]) -> None:
        """name: empty where it is painted already"""
        left, right = ends
        weight = "semibold" if line.is_best else "regular"
        high = room.height() // 2
        track = QRectF(left, room.top() + (room.height() - high) / 2, max(8, right - left), high)
        painter.fillRect(track, theme().color("sunken"))
        painter.fillRect(
            QRectF(track.x(), track.y(), track.width() * line.share, high),
            theme().color("accent" if line.is_best else "text_quiet"),
        )
        painter.setFont(theme().font("small", weight))
        painter.setPen(theme().color("text" if line.is_best else "text_secondary"))
        if name:
            painter.drawText(room, _LEFT, theme().elided(name, left - 8, "small", weight)[0])
        painter.drawText(room, _RIGHT, line.figure)


def lines_of(shares: np.ndarray, count: int) -> list[_Line]:
    """shares: (count,), or none, then all lines are empty"""
    if not shares.size:
        return [_Line()] * count
    known = np.clip(np.nan_to_num(shares, nan=0.0, posinf=0.0, neginf=0.0), 0.0, 1.0).tolist()[:count]
    best = int(np.argmax(shares))
    lines = [_Line(percent(share), share, number == best) for number, share in enumerate(known)]
    return lines + [_Line(percent(0.0))] * (count - len(lines))


def percent(share: float) -> str:
    """A share as people read it; neither nothing nor all where it is not quite."""
    text = f"{100 * share:.1f}"
    if text == "0.0" and share > 0:
        return "< 0.1 %"
    if text == "100.0" and share < 1:
        return "> 99.9 %"
    return f"{text} %"
