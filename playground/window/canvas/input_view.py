"""What the network gets of the drawing, pixel by pixel."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.text import _
from playground.window.convolution import colors
from playground.window.convolution.pane import Pane, picture_of
from playground.window.data.drawing import Scale, images
from playground.window.theme import theme


class InputView(QWidget):
    """A small picture with sharp pixels."""

    def __init__(self, side: int = 168) -> None:
        super().__init__()
        self._side = side
        self._values: np.ndarray | None = None
        self._image: tuple[float, QImage] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else all around it is painted with it
        theme().changed.connect(self._forget)

    def set_side(self, side: int) -> None:
        """Be another size."""
        if side != self._side:
            self._side = side
            self.setFixedSize(side, side)
            self._forget()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def show_values(self, values: np.ndarray | None) -> None:
        """values: (channels, height, width); None shows an empty place"""
        self._values = values if values is not None and values.ndim == 3 and values.size else None
        size = "×".join(map(str, values.shape)) if values is not None else _("nothing")
        self.setAccessibleName(_("What the network gets: {size}").format(size=size))
        self._forget()

    def place(self) -> QRectF:
        """Where the picture lies: in whole pixels where there is room for two px of each."""
        if self._values is None:
            return QRectF(0.5, 0.5, self._side - 1, self._side - 1)
        height, width = self._values.shape[1:]
        step = (self._side - 2) / max(height, width)
        step = float(int(step)) if step >= 2 else step
        return QRectF(1, 1, width * step, height * step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, place = QPainter(self), self.place()
        painter.fillRect(event.rect(), theme().color("surface"))
        if self._values is None:
            painter.fillRect(place, theme().color("sunken"))
        else:
            painter.drawImage(place, self._picture(place.height() / self._values.shape[1]))
        painter.setPen(QPen(theme().color("line_strong"), 1))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def _picture(self, step: float) -> QImage:
        assert self._values is not None
        ratio = self.devicePixelRatioF()
        if self._image is None or self._image[0] != step * ratio:
            if len(self._values) == 3:
                made = images(self._values[None], Scale(*_apart(colors.range_of(self._values))))[0]
            else:
                made = picture_of(Pane("", "", self._values[0], "ink", False), step, ratio)
            self._image = step * ratio, made
        return self._image[1]

    def _forget(self) -> None:
        self._image = None
        self.update()


def _apart(ends: tuple[float, float]) -> tuple[float, float]:
    low, high = ends
    return (low, high) if high > low else (low - 1.0, low)  # a blank one is white paper
