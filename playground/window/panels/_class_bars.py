"""Accuracy of each class as a bar, with the line that guessing would reach, and its precision as a mark."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from playground.core.text import _
from playground.window.panels._drawing import Drawing, Portion, portion
from playground.window.theme import theme

_MARGIN = 16  # px
_LOWEST, _HIGHEST = 18, 30  # px of a line at a text of 100 %, by the room there is
_SHARE, _PRECISION, _FOUND = 56, 70, 84  # px of the columns at a text of 100 %
_ROOMY = 400  # px, below which the column of counts gives way


class ClassFigure(NamedTuple):
    """recall: share of its samples that were found, its accuracy;  precision: share of what was taken for it that is
    right;  both None where there is nothing to divide by.  found, samples: counts
    """

    name: str
    recall: float | None
    precision: float | None
    found: int
    samples: int


class ClassBars(QAbstractScrollArea):
    """One line a class; they scroll below their heads where there are many."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: tuple[ClassFigure, ...] = ()
        self._guess = 0.0
        self._worst_first = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(140, 60)
        self.drawing = Drawing(self.viewport(), self._portions)
        self.verticalScrollBar().valueChanged.connect(self.drawing.renew)
        theme().changed.connect(self._measure)

    def show_figures(self, figures: Sequence[ClassFigure], guess: float) -> None:
        """guess: the share that guessing would find"""
        self._figures, self._guess = tuple(figures), guess
        said = [f"{one.name} {share_text(one.recall)}" for one in self._figures]
        self.setAccessibleName(_("Accuracy of each class") + ": " + ", ".join(said))
        self._measure()
        self.drawing.follow()

    def show_worst_first(self, on: bool) -> None:
        self._worst_first = on
        self.drawing.renew()

    @property
    def figures(self) -> list[ClassFigure]:
        """In the order in which they stand there; classes without samples last."""
        if not self._worst_first:
            return list(self._figures)
        return sorted(self._figures, key=lambda one: (one.recall is None, one.recall or 0.0))

    def sizeHint(self) -> QSize:
        return QSize(360, self.height_of_all)

    @property
    def height_of_all(self) -> int:
        """px, of every class and the heads, at least."""
        return round(_LOWEST * theme().text_scale) * (len(self._figures) + 1) + 8

    @property
    def _line(self) -> int:
        """px of a class."""
        fits = (self.viewport().height() - 8) // (len(self._figures) + 1)
        return round(min(max(fits, _LOWEST * theme().text_scale), _HIGHEST * theme().text_scale))

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._line * (len(self._figures) + 1) + 8 - self.viewport().height()))
        bar.setPageStep(max(1, self.viewport().height()))
        bar.setSingleStep(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self.drawing.renew()

    # Drawing ------------------------------------------------------------------------------------------------------

    def _columns(self) -> tuple[float, float, float, float, float]:
        """Left and right end of the bars, then the right ends of recall, counts and precision; 0 for no counts."""
        metrics, scale = QFontMetrics(theme().font("small", "medium")), theme().text_scale
        width = self.viewport().width()
        widest = max((metrics.horizontalAdvance(one.name) for one in self._figures), default=0) + 2
        left = _MARGIN + min(widest, max(48, width // 4)) + 12
        precision = width - _MARGIN
        found = precision - _PRECISION * scale if width >= _ROOMY * scale else 0.0
        recall = found - _FOUND * scale if found else precision - _PRECISION * scale
        return left, max(left + 20, recall - (_SHARE - 8) * scale), recall, found, precision

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self.drawing.paint(painter)
        painter.end()

    def _portions(self) -> Iterator[Portion]:
        """What is in sight."""
        columns, offset, line = self._columns(), self.verticalScrollBar().value(), self._line
        figures = self.figures
        known = [one.recall for one in figures if one.recall is not None]
        for number, figure in enumerate(figures):
            top = line * (number + 1) - offset
            if 0 < top < self.viewport().height():  # higher up, the heads cover it
                weakest = figure.recall is not None and figure.recall == min(known) != max(known)
                yield portion(self._draw_line, top, columns, figure, weakest)
        bottom = min(line * (len(figures) + 1) - offset, self.viewport().height())
        yield portion(self._draw_heads, columns)
        yield portion(self._draw_guess, columns, bottom)

    def _draw_line(
        self, painter: QPainter, top: float, columns: tuple[float, ...], figure: ClassFigure, weakest: bool
    ) -> None:
        left, right, recall, found, precision = columns
        line = self._line
        high = line // 2
        track = QRectF(left, top + (line - high) / 2, right - left, high)
        painter.fillRect(track, theme().color("sunken"))
        color = theme().color("accent" if weakest else "accent_line")
        painter.fillRect(QRectF(left, track.top(), track.width() * (figure.recall or 0.0), high), color)
        if figure.precision is not None:
            painter.setPen(QPen(theme().color("text"), 2))
            x = left + track.width() * figure.precision
            painter.drawLine(QLineF(x, track.top() - 2, x, track.bottom() + 2))
        painter.setFont(theme().font("small", "medium" if weakest else "regular"))
        painter.setPen(theme().color("text"))
        flags = Qt.AlignmentFlag.AlignVCenter
        name = theme().elided(figure.name, left - _MARGIN - 12, "small", "medium" if weakest else "regular")[0]
        painter.drawText(QRectF(_MARGIN, top, left - _MARGIN, line), flags | Qt.AlignmentFlag.AlignLeft, name)
        flags |= Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, top, recall, line), flags, share_text(figure.recall))
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        painter.drawText(QRectF(0, top, precision, line), flags, share_text(figure.precision))
        if found:
            painter.drawText(QRectF(0, top, found, line), flags, f"{figure.found:,}/{figure.samples:,}")

    def _draw_heads(self, painter: QPainter, columns: tuple[float, ...]) -> None:
        recall, found, precision = columns[2:]
        painter.fillRect(QRectF(0, 0, self.viewport().width(), self._line), theme().color("surface"))
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_quiet"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        heads = [(recall, _("recall")), (precision, _("precision"))]
        for end, text in [*heads, (found, _("found"))] if found else heads:
            painter.drawText(QRectF(0, 0, end, self._line), flags, text)
        x = precision - painter.fontMetrics().horizontalAdvance(_("precision")) - 5
        painter.setPen(QPen(theme().color("text"), 2))
        painter.drawLine(QLineF(x, self._line / 2 - 5, x, self._line / 2 + 5))  # what the mark is

    def _draw_guess(self, painter: QPainter, columns: tuple[float, ...], bottom: float) -> None:
        left, right = columns[:2]
        x = left + (right - left) * self._guess
        dash = theme().tokens["dash"]["reference"]
        pen = QPen(theme().color("text_secondary"), 1)
        pen.setDashPattern(dash)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, self._line - 3, x, bottom))
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        text = self.guess_text
        width = painter.fontMetrics().horizontalAdvance(text)
        start = min(max(x - 8, float(_MARGIN)), max(float(_MARGIN), right - width))
        painter.drawText(QRectF(start, 0, width + 2, self._line - 3), Qt.AlignmentFlag.AlignVCenter, text)

    @property
    def guess_text(self) -> str:
        """The label of the line."""
        return _("guess {percent:.3g} %").format(percent=100 * self._guess)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            number = (event.pos().y() + self.verticalScrollBar().value()) // self._line - 1
            figures = self.figures
            if event.pos().y() >= self._line and 0 <= number < len(figures):
                QToolTip.showText(event.globalPos(), words_of(figures[number]), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)


def share_text(share: float | None) -> str:
    """A share as people read it: "0.974"; a dash where there is none."""
    return "–" if share is None else f"{share:.3f}"


def words_of(figure: ClassFigure) -> str:
    """A class in words."""
    text = _("{name}: {found:,} of {samples:,} found (recall {recall}); of what was taken for it, {precision} is right")
    shares = {"recall": share_text(figure.recall), "precision": share_text(figure.precision)}
    return text.format(name=figure.name, found=figure.found, samples=figure.samples, **shares)
