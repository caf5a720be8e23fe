"""The filters: the kernels of one convolution, as they are now."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSpinBox, QToolTip, QVBoxLayout, QWidget

from playground.core.messages import Picture, Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.window.panels._layers import LayerBox, Numbered, numbered
from playground.window.panels.base import AgeLine, Panel
from playground.window.plots.axis import figure_text
from playground.window.plots.colorbar import draw_color_bar
from playground.window.plots.grid import Grid, best_grid
from playground.window.theme import theme

_CAPTION, _BAR, _MARGIN, _GAP = 20, 28, 16, 12
_ROOMY = 300  # px of a panel, at a text of 100 %, below which the chooser of a channel leaves out its word
_CAPTIONED = 44  # px of a tile below which there is no room for captions


class FilterGrid(QWidget):
    """Kernels side by side, one input channel at a time; the same scale for all, 0 at its middle.

    channel: chooses it; stands beside the scale where there are several
    """

    def __init__(self) -> None:
        super().__init__()
        self.channel = QSpinBox(self)
        self.channel.lineEdit().setAcceptDrops(False)  # a file that is dropped is for the window
        self.channel.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.channel.setAccessibleName(_("Channel of the input"))
        self.channel.setToolTip(_("Each filter has one kernel for each channel of its input; this one is shown."))
        self.channel.hide()
        self._weight = np.empty((0, 1, 1, 1), np.float32)
        self._bias: np.ndarray | None = None
        self._channel = 0
        self._image = QImage()
        self._hovered: tuple[int, int, int] | None = None
        self.message = ""
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_filters(self, weight: np.ndarray, bias: np.ndarray | None, channel: int) -> None:
        """weight: (filters, channels, height, width);  channel: of the input, the one that is shown"""
        self._weight, self._bias, self._channel = weight, bias, min(channel, weight.shape[1] - 1)
        self._place_channel()
        self.recolor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_channel()

    def _place_channel(self) -> None:
        """At the right of the line of the scale."""
        prefix = _("channel") + " " if self.width() >= _ROOMY * theme().text_scale else ""
        if prefix != self.channel.prefix():
            self.channel.setPrefix(prefix)
        self.channel.setVisible(len(self._weight) > 0 and self._weight.shape[1] > 1)
        size = self.channel.sizeHint()
        right, bottom = self.width() - _MARGIN, self.height() - 4
        self.channel.setGeometry(QRect(QPoint(right - size.width(), bottom - size.height()), size))

    @property
    def _foot(self) -> int:
        """Height of the line of the scale, px."""
        return max(_BAR, self.channel.height() + 12) if self.channel.isVisibleTo(self) else _BAR

    def _bar(self) -> QRectF:
        """The scale, with the figures of its ends."""
        right = self.channel.x() - _GAP if self.channel.isVisibleTo(self) else self.width() - _MARGIN
        middle = self.channel.geometry().center().y() if self.channel.isVisibleTo(self) else self.height() - _BAR + 8
        return QRectF(_MARGIN, middle - 8, right - _MARGIN, 16)

    def clear(self, message: str) -> None:
        """Show a sentence instead."""
        self.message = message
        self._weight = np.empty((0, 1, 1, 1), np.float32)
        self._place_channel()
        self.update()

    @property
    def largest(self) -> float:
        """The end of the scale: the largest absolute weight of all channels."""
        finite = np.abs(self._weight[np.isfinite(self._weight)])
        return float(finite.max()) if finite.size else 0.0

    def recolor(self) -> None:
        """Make the picture anew: all kernels below each other, as many px as they have weights."""
        if len(self._weight):
            kernels = np.nan_to_num(self._weight[:, self._channel])
            scale = self.largest or 1.0
            levels = np.clip(np.rint((kernels / scale + 1) * 127.5), 0, 255).astype(np.uint8)
            colored = np.ascontiguousarray(theme().lut("diverging")[levels.reshape(-1, levels.shape[2])])
            height, width = colored.shape[:2]
            self._image = QImage(colored.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 260)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        if not len(self._weight):
            painter.setPen(theme().color("text_quiet"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self.message)
            painter.end()
            return
        grid, (rows, columns) = self._grid(), self._weight.shape[2:]
        tiles = [self._tile(grid, number) for number in range(min(len(self._weight), grid.places))]
        for number, tile in enumerate(tiles):
            painter.drawImage(tile, self._image, QRectF(0, number * rows, columns, rows))
        if grid.side >= _CAPTIONED:
            self._draw_captions(painter, tiles)
        self._draw_hovered(painter, grid)
        end = figure_text(self.largest)
        draw_color_bar(painter, self._bar(), "diverging", f"−{end}", f"+{end}")
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell != self._hovered:
            self._hovered = cell
            self.update()
        if cell is None:
            QToolTip.hideText()
        else:
            number, row, column = cell
            value = float(self._weight[number, self._channel, row, column])
            text = f"w[{number},{self._channel},{row},{column}]  {value:+.3f}".replace("-", "−")
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def _grid(self) -> Grid:
        room = QRectF(_MARGIN, 4, self.width() - 2 * _MARGIN, self.height() - self._foot - 8)
        aspect = self._weight.shape[2] / self._weight.shape[3]
        grid = best_grid(room, len(self._weight), _GAP, _CAPTION, theme().tokens["tile"]["filter"], aspect)
        return grid if grid.side >= _CAPTIONED else best_grid(room, len(self._weight), 4, 0, _CAPTIONED - 1, aspect)

    def _tile(self, grid: Grid, number: int) -> QRectF:
        """Whole multiples of a weight, where the room allows."""
        tile, (rows, columns) = grid.tile(number), self._weight.shape[2:]
        scale = min(tile.width() / columns, tile.height() / rows)
        scale = float(int(scale)) if scale >= 2 else scale
        return QRectF(tile.x(), tile.y(), columns * scale, rows * scale)

    def _draw_captions(self, painter: QPainter, tiles: list[QRectF]) -> None:
        """The same for every filter, whatever its own figures are: a longer name, a bias beside it, or neither."""
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        width, bias = painter.fontMetrics().horizontalAdvance, "b −0.00" if self._bias is not None else ""
        room, last, spelled = tiles[0].width() - 6, str(len(self._weight) - 1), _("filter {number}")
        roomy, with_bias = width(spelled.format(number=last) + bias) <= room, width(last + bias) <= room
        for number, tile in enumerate(tiles):
            below = QRectF(tile.x(), tile.bottom() + 2, tile.width(), 16)
            name = spelled.format(number=number) if roomy else str(number)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            if self._bias is not None and with_bias:
                figure = "b " + _in_few_places(float(self._bias[number]))
                painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)

    def _draw_hovered(self, painter: QPainter, grid: Grid) -> None:
        if self._hovered is None or self._hovered[0] >= grid.places:
            return
        number, row, column = self._hovered
        tile, (rows, columns) = self._tile(grid, number), self._weight.shape[2:]
        width, height = tile.width() / columns, tile.height() / rows
        painter.setPen(QPen(theme().color("text"), 2))
        painter.drawRect(QRectF(tile.x() + column * width, tile.y() + row * height, width, height))

    def _cell_at(self, position: QPointF) -> tuple[int, int, int] | None:
        if not len(self._weight):
            return None
        grid, (rows, columns) = self._grid(), self._weight.shape[2:]
        for number in range(min(len(self._weight), grid.places)):
            tile = self._tile(grid, number)
            if tile.contains(position):
                column = int((position.x() - tile.x()) / tile.width() * columns)
                row = int((position.y() - tile.y()) / tile.height() * rows)
                return number, min(row, rows - 1), min(column, columns - 1)
        return None


def _in_few_places(value: float) -> str:
    """As wide for every bias as it can be: a power of ten would run into the filter's name."""
    if not abs(value) < 10:
        return figure_text(value)
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


class FiltersPanel(Panel):
    """The kernels of the selected convolution, or of the one chosen."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self.grid = FilterGrid()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.age = AgeLine()
        layout.addWidget(self.age)
        layout.addWidget(self.grid, 1)
        self._chosen: tuple[int, ...] | None = None
        self.combo = LayerBox(_("Convolution whose filters are shown"))
        self.combo.activated.connect(self._choose)
        self.channel = self.grid.channel
        self.channel.valueChanged.connect(self.request_refresh)
        session.document.selection_changed.connect(self._follow_selection)

    def header_widgets(self) -> list[QWidget]:
        return [self.combo]

    def watches(self) -> tuple[Watch, ...]:
        layer = self._layer()
        return (Watch("filters", {"layer": list(layer.path)}),) if layer else ()

    def refresh(self) -> None:
        convolutions = self._convolutions()
        layer = self._layer()
        entries = [(one.title, list(one.path)) for one in convolutions]
        self.combo.fill(entries, list(layer.path) if layer else None)
        self.combo.setVisible(len(entries) > 1)
        picture = self.session.training.picture(self.watches()[0]) if layer else None
        if layer is None or picture is None or "weight" not in picture.arrays:
            self._show_nothing(layer, picture)
            return
        self.age.show_age(picture if self.session.training.is_from_before(picture.watch) else None)
        weight = numbers(picture.arrays["weight"])
        bias = numbers(picture.arrays["bias"]) if "bias" in picture.arrays else None
        self.channel.setRange(0, weight.shape[1] - 1)
        self.grid.show_filters(weight, bias, self.channel.value())
        shape = "×".join(map(str, weight.shape[1:]))
        total = picture.facts.get("total", len(weight))
        text = _("{shown} of {shape}") if total == len(weight) else _("{shown} of {total}, {shape}")
        said = text.format(shown=len(weight), total=total, shape=shape)
        # where the layer can be chosen, the chooser beside it names it
        self.set_subtitle(said if len(entries) > 1 else f"{layer.title} · {said}")

    def dress(self) -> None:
        self.grid.recolor()

    def _show_nothing(self, layer: Numbered | None, picture: Picture | None) -> None:
        self.age.show_age(None)
        self.set_subtitle(layer.title if layer else "")
        if layer is None:
            self.grid.clear(_("Add a convolution to see its filters."))
        else:
            self.grid.clear(picture.fault if picture else _("The filters appear once the network fits."))

    def _convolutions(self) -> list[Numbered]:
        return [one for one in numbered(self.session.document.project) if one.spec.kernels]

    def _layer(self) -> Numbered | None:
        convolutions = self._convolutions()
        chosen = [one for one in convolutions if one.path == self._chosen]
        return next(iter(chosen or convolutions), None)

    def _follow_selection(self, paths: Any) -> None:
        if len(paths) == 1 and any(one.path == tuple(paths[0]) for one in self._convolutions()):
            self._chosen = tuple(paths[0])
            self.rewatch()

    def _choose(self, _row: int) -> None:
        self._chosen = tuple(self.combo.currentData())
        self.rewatch()


SPEC = PanelSpec(name="filters", title=_("Filters"), make=FiltersPanel, area="bottom", order=30, lab=("convolution",))
