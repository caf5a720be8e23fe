"""What the network takes the sample for: a bar a class, and one line of text."""

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.datasets import DATASETS
from playground.core.messages import Picture
from playground.core.text import _
from playground.session.history import numbers
from playground.window.canvas.answer_bars import percent
from playground.window.theme import theme

_MARGIN, _GAP, _HIGH, _TALLEST = 16, 4, 84, 20
_NAMES = _TALLEST + 7, _TALLEST + 23  # px, where the names of the classes begin and end
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_CENTER = _MIDDLE | Qt.AlignmentFlag.AlignHCenter


class PredictionStrip(QWidget):
    """Its height is kept free, so that nothing moves when a prediction comes."""

    def __init__(self) -> None:
        super().__init__()
        self._probabilities = np.empty(0, np.float32)
        self._classes: tuple[str, ...] = ()
        self._label: int | float | None = None
        self._control: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HIGH)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_prediction(self, picture: Picture | None, dataset: str) -> None:
        """picture: of the probe `prediction`, None where there is none;  dataset: whose classes are named"""
        before = self._named()
        known = picture is not None and "probabilities" in picture.arrays
        self._probabilities = numbers(picture.arrays["probabilities"]) if picture and known else np.empty(0, np.float32)
        self._label = picture.facts.get("label") if picture and known else None
        spec = DATASETS.get(dataset)
        self._classes = spec.classes if spec else ()
        self.setAccessibleName(self.sentence())
        beside = QRegion(self._control.geometry()) if self._control is not None else QRegion()
        if self._named() == before:  # names are the most that there is to paint
            beside |= QRegion(self._names_rect())
        self.update(QRegion(self.rect()) - beside)

    def _names_rect(self) -> QRect:
        return QRect(0, _NAMES[0], self.width(), _NAMES[1] - _NAMES[0])

    def _named(self) -> tuple[object, ...]:
        """All that the names of the classes look like."""
        count = self._probabilities.size
        return self._classes, count, int(np.argmax(self._probabilities)) if count else None

    def put_right(self, control: QWidget) -> None:
        """Give a small control its place at the right end of the line of text."""
        control.setParent(self)
        self._control = control
        self.place_control()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_control()

    def place_control(self) -> None:
        """Give it the width that it wants now."""
        if self._control is not None:
            width = self._control.sizeHint().width()
            self._control.setGeometry(self.width() - _MARGIN - width, self.height() - 38, width, 30)

    def sentence(self) -> str:
        """The prediction in words; empty where there is none."""
        if not self._probabilities.size:
            return ""
        best = int(np.argmax(self._probabilities))
        return _("prediction: {name}, probability {figure}").format(
            name=self._name(best), figure=percent(float(self._probabilities[best]))
        )

    def _wordings(self, right: bool) -> list[str]:
        """The prediction in words, longest first."""
        best = int(np.argmax(self._probabilities))
        known = isinstance(self._label, int) and not right
        truth = " · " + _("it is {name}").format(name=self._name(int(self._label or 0))) if known else ""
        short = {"name": self._name(best), "figure": percent(float(self._probabilities[best]))}
        wordings = [_("prediction: {name}, {figure}"), _("{name}, {figure}")]
        return [self.sentence() + truth, *(one.format(**short) + truth for one in wordings)]

    def sizeHint(self) -> QSize:
        return QSize(300, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        count = self._probabilities.size
        if not count:
            return
        painter.setFont(theme().font("tick"))
        best = int(np.argmax(self._probabilities))
        width = (self.width() - 2 * _MARGIN - (count - 1) * _GAP) / count
        for number, probability in enumerate(self._probabilities.tolist()):
            left = _MARGIN + number * (width + _GAP)
            painter.fillRect(QRectF(left, _TALLEST + 3, width, 2), theme().color("line_strong"))
            high = _TALLEST * (probability if np.isfinite(probability) else 0.0)
            color = theme().color("accent" if number == best else "text_quiet")
            painter.fillRect(QRectF(left, _TALLEST + 3 - high, width, high), color)
        if event.region().intersects(self._names_rect()):
            self._draw_names(painter, best, width)
        painter.setFont(theme().font("small"))
        right = self._label is None or self._label == best
        painter.setPen(theme().color("text" if right else "error"))
        room = QRectF(_MARGIN, _TALLEST + 26, self._text_width(), 28)
        metrics, wordings = painter.fontMetrics(), self._wordings(right)
        said = next((one for one in wordings if metrics.horizontalAdvance(one) <= room.width()), wordings[-1])
        said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, _MIDDLE, said)
        painter.end()

    def _draw_names(self, painter: QPainter, best: int, width: float) -> None:
        """best: the number of the likeliest class;  width: px of one"""
        for number in range(self._probabilities.size):
            painter.setPen(theme().color("text" if number == best else "text_secondary"))
            room = QRectF(_MARGIN + number * (width + _GAP), _NAMES[0], width, _NAMES[1] - _NAMES[0])
            painter.drawText(room, _CENTER, theme().elided(self._name(number), width, "tick")[0])

    def _text_width(self) -> float:
        return self.width() - 2 * _MARGIN - (self._control.width() + 8 if self._control is not None else 0)

    def _name(self, number: int) -> str:
        return self._classes[number] if number < len(self._classes) else str(number)
