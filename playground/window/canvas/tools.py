"""The bar of a canvas: how wide the pen is, its colour, the way back."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from playground.core.drawing import PENS
from playground.core.text import _
from playground.window.canvas.canvas import WIDTH, Canvas
from playground.window.icon_button import icon_button

NARROWEST, WIDEST = 2, 25  # per cent of the side


class Tools(QWidget):
    """Of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas, self._drawing = canvas, canvas.drawing
        self._name = QLabel(_("Pen"))
        self._name.setProperty("role", "small")
        self.width_ = QSlider(Qt.Orientation.Horizontal)
        self.width_.setRange(NARROWEST, WIDEST)
        self.width_.setValue(round(100 * WIDTH))
        self.width_.setFixedWidth(88)
        self.width_.setAccessibleName(_("Width of the pen, in per cent of the side"))
        self.width_.setToolTip(_("Width of the pen"))
        self.width_.valueChanged.connect(self._set_width)
        self.colors = QComboBox()
        self.colors.setAccessibleName(_("Colour of the pen"))
        for color, title in PENS.items():
            self.colors.addItem(_swatch(color), title, color)
        self.colors.activated.connect(self._set_color)
        self.undo = icon_button("undo", _("Take the last stroke back"), self._drawing.undo)
        self.clear = icon_button("trash", _("Clear the canvas"), self._drawing.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self._name, self.width_, self.colors, self.undo, self.clear):
            row.addWidget(widget)
        self._drawing.strokes_changed.connect(self._offer)
        self._drawing.lifted.connect(self._offer)
        self._drawing.channels_changed.connect(self._offer)
        self._offer()

    def set_short(self, short: bool) -> None:
        """Leave out the word, where there is little room."""
        self._name.setVisible(not short)

    def _set_width(self, per_cent: int) -> None:
        self._canvas.pen = per_cent / 100
        self._canvas.update()

    def _set_color(self, _row: int) -> None:
        self._canvas.color = self.colors.currentData()

    def _offer(self, *_news: object) -> None:
        self.colors.setVisible(self._drawing.channels == 3)
        self.undo.setEnabled(self._drawing.can_undo)
        self.clear.setEnabled(not self._drawing.is_empty)


def _swatch(color: str) -> QIcon:
    picture = QPixmap(QSize(16, 16))
    picture.fill(QColor(color))
    return QIcon(picture)
