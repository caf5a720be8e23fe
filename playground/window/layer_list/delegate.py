"""Paints the rows: columns where the tokens put them, live pictures, nothing that moves while training."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QRegion
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from playground.core.arguments import shown_shape
from playground.core.layer import LONGEST_NAME
from playground.core.network import Path
from playground.core.text import _
from playground.window import icons
from playground.window.layer_list import pictures
from playground.window.layer_list.live import LivePictures, tile_of
from playground.window.layer_list.model import LayerListModel
from playground.window.layer_list.rows import ONE_LINE, RowText
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_THUMBNAIL = 40
WIDEST = 10_000  # px, of a text that is never cut off
_SPARK_GAP = 64  # px between a sparkline in the first line and the right edge of the shape


@dataclass(frozen=True)
class Columns:
    """Where things stand in a row, in px of the viewport."""

    left: int
    index_right: int
    glyph: int
    name: int
    shape_right: int
    params_right: int

    @classmethod
    def of(cls, rect: QRect) -> "Columns":
        tokens = theme().tokens["columns"]
        left, right = rect.left(), rect.right() + 1
        return cls(
            left=left,
            index_right=left + tokens["index_right"],
            glyph=left + tokens["glyph_left"],
            name=left + tokens["name_left"],
            shape_right=right - round(tokens["shape_right_inset"] * theme().text_scale),
            params_right=right - tokens["params_right_inset"],
        )


class LayerDelegate(QStyledItemDelegate):
    """One row. The view paints what lies behind it (selection, tint) and asks this for the rest.

    written: the field in which a name was written is gone
    """

    written = Signal()

    def __init__(self, model: LayerListModel, live: LivePictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._live = model, live
        self.error_heights: dict[Path, int] = {}  # set by the view: its error rows know how high they are
        self.folded: frozenset[Path] = frozenset()  # set by the view
        self.dirty = QRegion()  # set by the view before it paints: what lies outside need not be painted
        self.editor: QLineEdit | None = None  # in which a name is being written

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        path = self._model.path(index)
        height = theme().size("row_input") if path is None else self.height_of(path)
        return QSize(200, height)

    def height_of(self, path: Path) -> int:
        """How high the row of a layer is in px."""
        if path in self.error_heights:
            return self.error_heights[path]
        text = self._model.text(path)
        if text.maps:
            return theme().size("row_maps_one_line" if text.maps <= ONE_LINE else "row_maps_two_lines")
        return theme().size("row_note" if text.note else "row")

    def fold_place(self, rect: QRect, path: Path) -> QRect:
        """Where a click folds or unfolds a block, its icon; empty for other layers."""
        if not self._model.layer(path).children:
            return QRect()
        columns = Columns.of(rect)
        return QRect(columns.glyph - 4, rect.top(), columns.name - columns.glyph, theme().size("row"))

    # A name is written in its row -----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        path = self._model.path(index)
        editor = QLineEdit(parent)
        editor.setMaxLength(LONGEST_NAME)
        editor.setAccessibleName(_("Name of the layer"))
        editor.setPlaceholderText(self._model.layer(path).layer if path else "")
        self.editor = editor
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        if editor is self.editor:
            self.editor = None
            self.written.emit()
        super().destroyEditor(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        if not isinstance(editor, QLineEdit):  # a widget of the row itself
            super().updateEditorGeometry(editor, option, index)
            return
        columns, rect = Columns.of(option.rect), QRect(option.rect)
        editor.setGeometry(columns.name - 6, rect.top(), columns.shape_right - columns.name - 60, theme().size("row"))

    # Sizes and places -----------------------------------------------------------------------------------------------

    def sample_rect(self, rect: QRect) -> QRect:
        """The part of the Input row that changes with the sample."""
        return self._thumbnail_place(rect).toAlignedRect()

    @staticmethod
    def _thumbnail_place(rect: QRect) -> QRectF:
        return QRectF(16, rect.top() + (rect.height() - _THUMBNAIL) / 2, _THUMBNAIL, _THUMBNAIL)

    def live_rect(self, rect: QRect, path: Path) -> QRect:
        """The part of a layer's row that changes while the network trains; empty where nothing does."""
        text, columns = self._model.text(path), Columns.of(rect)
        if path in self.error_heights:
            return QRect()
        if text.maps:
            return rect.adjusted(0, theme().size("row"), 0, 0)
        place = self._spark_place(columns, QRect(rect.topLeft(), QSize(rect.width(), theme().size("row"))), path, text)
        return QRect() if place is None else place.adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        path = self._model.path(index)
        if path is None:
            self._paint_input(painter, rect)
        else:
            self._paint_layer(painter, rect, path)
        painter.restore()

    # The Input row ------------------------------------------------------------------------------------------------

    def _paint_input(self, painter: QPainter, rect: QRect) -> None:
        columns = Columns.of(rect)
        box = self._thumbnail_place(rect)
        image = self._live.thumbnail(painter.device().devicePixelRatio())
        painter.setClipPath(pictures.rounded(box, theme().tokens["radius"]["picture"]))
        if image is None:
            painter.fillRect(box, theme().color("sunken"))
        else:
            painter.drawImage(box.topLeft(), image)
        painter.setClipping(False)
        title, detail = self._model.input_texts()
        line = min(theme().tokens["font"]["line_px"]["base"] * theme().text_scale, rect.height() / 2)
        middle = rect.center().y() + 1
        upper, lower = QRect(rect), QRect(rect)
        upper.setTop(round(middle - line + 1)), upper.setHeight(round(line))
        lower.setTop(round(middle)), lower.setHeight(round(line * 0.9))
        shape = shown_shape(self._model.input_shape) if self._model.input_shape else "–"
        self._figure(painter, columns.shape_right, upper, shape, "base", "text")
        self._text(painter, columns.name, columns.shape_right - 60, upper, title, ("base", "medium"), "text")
        self._text(painter, columns.name, columns.params_right, lower, detail, ("small", "regular"), "text_quiet")

    # A layer ------------------------------------------------------------------------------------------------------

    def _paint_layer(self, painter: QPainter, rect: QRect, path: Path) -> None:
        text, columns = self._model.text(path), Columns.of(rect)
        first = QRect(rect.left(), rect.top(), rect.width(), theme().size("row"))
        spark = self._spark_place(columns, first, path, text)
        if spark is not None and self.dirty.intersects(spark):
            self._inline_sparkline(painter, spark, path)
        still = [first] if spark is None else [first.adjusted(0, 0, spark.left() - 4 - first.right(), 0),
                                               first.adjusted(spark.right() + 5 - first.left(), 0, 0, 0)]  # fmt: skip
        if any(self.dirty.intersects(one) for one in still):
            self._first_line(painter, columns, first, path, text, spark)
        if path not in self.error_heights:
            self._below(painter, columns, rect, path, text)

    def _first_line(
        self, painter: QPainter, columns: Columns, first: QRect, path: Path, text: RowText, spark: QRect | None
    ) -> None:
        self._figure(painter, columns.index_right, first, text.index, "small", "text_quiet")
        glyph_token = "warning" if text.unknown else "text_quiet" if text.disabled else "text_secondary"
        icon = text.icon
        if self._model.layer(path).children:
            icon = "chevron-right" if path in self.folded else "chevron-down"
        self._glyph(painter, columns.glyph, first, icon, theme().tokens["size"]["glyph"], glyph_token)
        right = columns.shape_right - self._width(text.shape, "base") if spark is None else spark.left()
        self._name_and_brief(painter, columns, first, text, right - 8, path)
        faint = text.shape in ("–", "?")
        self._figure(painter, columns.shape_right, first, text.shape, "base", "text_quiet" if faint else "text")
        params = f"{self._model.inside(path)[0]:,}" if path in self.folded else text.params
        self._figure(painter, columns.params_right, first, "" if params == "0" else params, "small", "text_quiet")

    def _below(self, painter: QPainter, columns: Columns, rect: QRect, path: Path, text: RowText) -> None:
        """The second line: a strip with its slope, or a note."""
        if text.maps:
            self._strip(painter, columns, rect, path, text)
        elif text.note:
            line = QRect(rect.left(), rect.top() + theme().size("row") - 4, rect.width(), theme().size("row") - 8)
            color = "warning" if text.unknown or text.warned else "text_quiet"
            self._text(painter, columns.name, columns.params_right, line, text.note, ("small", "regular"), color)

    def _name_and_brief(
        self, painter: QPainter, columns: Columns, line: QRect, text: RowText, right: int, path: Path
    ) -> None:
        end = self._text(
            painter, columns.name, right, line, text.name, ("base", "medium"), "text_quiet" if text.disabled else "text"
        )
        end = self._text(painter, end + 6, right, line, text.brief, ("small", "regular"), "text_quiet")
        row = self._model.row(path)
        wrong = path in self.folded and self._model.inside(path)[1]
        if (wrong or (row and row.warnings and not row.error)) and end + 22 <= right:
            token = "error" if wrong else "warning"
            self._glyph(painter, end + 6, line, token, theme().tokens["size"]["icon"], token)

    def _strip(self, painter: QPainter, columns: Columns, rect: QRect, path: Path, text: RowText) -> None:
        side, across = tile_of(text.maps)
        gap = theme().tokens["tile"]["gap"]
        lines = -(-text.maps // across)
        height = lines * (side + gap) - gap
        top = rect.top() + theme().size("row") + 4
        image = self._live.strip(path, painter.device().devicePixelRatio())
        if image is None:
            self._empty_tiles(painter, columns.glyph, top, side, gap, across, text.maps)
        else:
            painter.drawImage(QPointF(columns.glyph, top), image)
        left = columns.glyph + 6 * (theme().tokens["tile"]["row_maps_6"] + gap) - gap + 15
        self._tall_sparkline(painter, QRect(left, top, columns.params_right - 2 - left, height), path)

    def _empty_tiles(
        self, painter: QPainter, left: int, top: int, side: int, gap: int, across: int, count: int
    ) -> None:
        """Places for maps that are not there yet, so that nothing moves when they come."""
        color = theme().color("line")
        for number in range(count):
            x, y = left + (number % across) * (side + gap), top + (number // across) * (side + gap)
            painter.fillRect(x, y, side, side, color)

    def _tall_sparkline(self, painter: QPainter, rect: QRect, path: Path) -> None:
        label = QFontMetrics(theme().font("tick")).height()
        line = self._live.sparkline(path, max(20, rect.width() - 3), max(12, rect.height() - label - 2))
        if line is None or rect.width() < 40:
            return
        area = QRect(rect.left(), rect.top() + label + 2, rect.width(), rect.height() - label - 2)
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_quiet"))
        painter.drawText(QRect(rect.left(), rect.top() - 3, rect.width(), label), _LEFT, _("slope"))
        self._draw_line(painter, line, area.left(), area.top())

    def _spark_place(self, columns: Columns, line: QRect, path: Path, text: RowText) -> QRect | None:
        """Where the slope of a layer without maps stands, in its first line; None where it has no room there."""
        if not text.sparkline or text.maps or (text.note and not text.warned) or path in self.error_heights:
            return None
        if self._width(text.shape, "base") + 6 > _SPARK_GAP:
            return None
        width, height = theme().tokens["size"]["sparkline"]
        left = columns.shape_right - _SPARK_GAP - width
        if left < columns.name + 90:
            return None
        return QRect(left, line.top() + (line.height() - height) // 2, width, height)

    def _inline_sparkline(self, painter: QPainter, place: QRect, path: Path) -> None:
        found = self._live.sparkline(path, place.width(), place.height())
        if found:
            self._draw_line(painter, found, place.left(), place.top())

    def _draw_line(self, painter: QPainter, line: tuple, left: int, top: int) -> None:
        path, newest = line
        painter.save()
        painter.translate(left, top)
        stroke(painter, path, QPen(theme().color("text_secondary"), theme().tokens["line_width"]["sparkline"]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        painter.drawEllipse(newest, 2, 2)
        painter.restore()

    # Small parts --------------------------------------------------------------------------------------------------

    def _glyph(self, painter: QPainter, left: int, line: QRect, name: str, side: int, color: str) -> None:
        ratio = painter.device().devicePixelRatio()
        top = line.top() + (line.height() - side) // 2
        painter.drawPixmap(left, top, icons.pixmap(name, side, color, ratio))

    def _figure(self, painter: QPainter, right: int, line: QRect, text: str, size: str, color: str) -> None:
        """A number that ends at a column's right edge."""
        painter.setFont(theme().font(size))
        painter.setPen(theme().color(color))
        painter.drawText(QRect(line.left(), line.top(), right - line.left(), line.height()), _RIGHT, text)

    def _text(
        self, painter: QPainter, left: int, right: int, line: QRect, text: str, font: tuple[str, str], color: str
    ) -> int:
        """Text cut off with … at `right`. Returns where it ends."""
        shown, width = theme().elided(text, max(0, right - left), *font)
        painter.setFont(theme().font(*font))
        painter.setPen(theme().color(color))
        painter.drawText(QRect(left, line.top(), max(0, right - left), line.height()), _LEFT, shown)
        return left + width

    def _width(self, text: str, size: str) -> int:
        return theme().elided(text, WIDEST, size)[1]
