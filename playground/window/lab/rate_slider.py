"""A slider for the learning rate, in powers of ten, with a mark where descent begins to run away."""

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QVBoxLayout, QWidget

from playground.core.text import _
from playground.window.theme import theme

_LOW, _HIGH = -3.0, 1.0  # powers of ten
_STEPS = 400
_HALF = 6  # px, of the handle
_BY_KEY = 10  # steps of an arrow key: a tenth of a power of ten
_RING = 6  # px below the slider that the ring of the keyboard takes
_WORDS = _RING + 16  # px below the slider


class RateSlider(QWidget):
    """limit: learning rate above which it runs away, None where none is known"""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.limit: float | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setSingleStep(_BY_KEY)
        self.slider.setPageStep(_STEPS // 8)
        self.slider.setAccessibleName(_("Learning rate"))
        self.slider.setFixedHeight(theme().size("hit_min"))
        self.slider.valueChanged.connect(self._on_moved)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, round(_WORDS * theme().text_scale))
        column.addWidget(self.slider)
        self.setFocusProxy(self.slider)

    def show_rate(self, rate: float) -> None:
        """Put the handle there, without a signal."""
        place = round(_place(rate))
        if place != self.slider.value():
            before = self.slider.blockSignals(True)
            self.slider.setValue(place)
            self.slider.blockSignals(before)

    def show_limit(self, limit: float | None) -> None:
        if limit != self.limit:
            self.limit = limit
            said = _("Above {limit:.3g} it runs away").format(limit=limit) if limit is not None else ""
            self.slider.setAccessibleDescription(said)
            self.slider.setToolTip(said)
            self.update()

    @property
    def mark(self) -> float | None:
        """Where the limit is drawn, px; None where it is not on the slider."""
        if self.limit is None or not 0 <= _place(self.limit) <= _STEPS:
            return None
        room = self.slider.width() - 2 * _HALF
        return self.slider.x() + _HALF + _place(self.limit) / _STEPS * room

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("tick"))
        top = self.slider.geometry().bottom() + _RING
        bottom = QRectF(0, top, self.width(), self.height() - top)
        metrics, mark = painter.fontMetrics(), self.mark
        taken = QRectF()
        if mark is not None and self.limit is not None:
            painter.setPen(QPen(theme().color("error"), 2))
            middle = self.slider.geometry().center().y()
            painter.drawLine(round(mark), middle - 10, round(mark), middle + 10)
            text = _("above {limit:.3g} it runs away").format(limit=self.limit)
            wide = metrics.horizontalAdvance(text)
            taken = QRectF(min(max(0.0, mark - wide / 2), self.width() - wide), bottom.top(), wide, bottom.height())
            painter.drawText(taken, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(theme().color("text_quiet"))
        room = self.slider.width() - 2 * _HALF
        for exponent in range(round(_LOW), round(_HIGH) + 1):
            text = f"{10.0**exponent:g}"
            wide = metrics.horizontalAdvance(text)
            left = self.slider.x() + _HALF + (exponent - _LOW) / (_HIGH - _LOW) * room - wide / 2
            place = QRectF(min(max(0.0, left), self.width() - wide), bottom.top(), wide, bottom.height())
            if not place.adjusted(-8, 0, 8, 0).intersects(taken):
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _on_moved(self, place: int) -> None:
        self.chosen.emit(float(f"{10 ** (_LOW + place / _STEPS * (_HIGH - _LOW)):.2g}"))

    def sizeHint(self) -> QSize:
        return QSize(260, self.slider.height() + round(_WORDS * theme().text_scale))


def _place(rate: float) -> float:
    """The slider's number of a learning rate; beyond its ends where the rate is."""
    return (math.log10(rate) - _LOW) / (_HIGH - _LOW) * _STEPS if rate > 0 else 0.0
