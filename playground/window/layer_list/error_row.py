"""What stands below the name of a row that does not fit: a sentence, the two shapes as boxes, and the fixes."""

import html
import math
import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.arguments import shown_shape
from playground.core.report import Fix, Row, RowError
from playground.core.text import _
from playground.window.flow import FlowLayout
from playground.window.theme import theme

NAME_LINE = "row"
_BOX_LOW, _BOX_HIGH = 22, 44  # px, heights of the boxes
_NARROW, _WIDE = 72, 145  # px, widths of the boxes
_FUNNEL = 48  # px between the boxes, at least


def with_bold_figures(sentence: str) -> str:
    """The sentence as rich text, its figures and shapes bold."""
    return re.sub(r"(\d+(?:[,×]\d+)*)", r"<b>\1</b>", html.escape(sentence, quote=False))


class ShapeBoxes(QWidget):
    """What comes in and what was expected, as two boxes of unequal height that do not meet."""

    def __init__(self, given: tuple[int, ...], expected: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given, self._expected = given, expected
        self.setFixedHeight(round(_BOX_HIGH * theme().text_scale))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            _("given {given}, expected {expected}").format(given=shown_shape(given), expected=shown_shape(expected))
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("base", "semibold"))
        given, expected = self._boxes()
        self._draw_funnel(painter, given, expected)
        self._draw_box(painter, given, "text_secondary", shown_shape(self._given))
        self._draw_box(painter, expected, "error", shown_shape(self._expected))

    def _boxes(self) -> tuple[QRectF, QRectF]:
        """Where the boxes stand: the one with more values is higher and wider."""
        counts = [max(1, math.prod(shape)) for shape in (self._given, self._expected)]
        lesser = 0.62 * min(counts) / max(counts)
        share = [0.7, 0.7] if counts[0] == counts[1] else [1.0 if one == max(counts) else lesser for one in counts]
        scale = theme().text_scale
        heights = [(_BOX_LOW + (_BOX_HIGH - _BOX_LOW) * one) * scale for one in share]
        room = min(self.width() - 2, 296)
        needed = [
            self.fontMetrics().horizontalAdvance(shown_shape(shape)) + 24 for shape in (self._given, self._expected)
        ]
        wished = [_NARROW + (_WIDE - _NARROW) * one for one in share]
        shrink = min(1.0, (room - _FUNNEL) / sum(wished))
        widths = [max(need, wish * shrink) for need, wish in zip(needed, wished, strict=True)]
        middle = self.height() / 2
        left = QRectF(1, middle - heights[0] / 2 + 1, widths[0], heights[0] - 2)
        right_edge = max(room, left.right() + _FUNNEL + widths[1])
        right = QRectF(right_edge - widths[1], middle - heights[1] / 2 + 1, widths[1], heights[1] - 2)
        return left, right

    def _draw_box(self, painter: QPainter, box: QRectF, color: str, text: str) -> None:
        painter.setPen(QPen(theme().color(color), 1.5))
        painter.setBrush(theme().color("surface"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme().color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_funnel(self, painter: QPainter, given: QRectF, expected: QRectF) -> None:
        """What comes out of the first box stops at a broken line, because the second wants another height."""
        stop = expected.left() - 25
        painter.setPen(QPen(theme().color("text_secondary"), 1.25))
        for y in (given.center().y() - 8, given.center().y() + 8):
            painter.drawLine(QPointF(given.right(), y), QPointF(stop, y))
        painter.setPen(QPen(theme().color("error"), 1))
        for y in (expected.top(), expected.bottom()):
            painter.drawLine(QPointF(stop, y), QPointF(expected.left(), y))
        dashed = QPen(theme().color("error"), 1.5)
        dashed.setDashPattern([2.5, 2])
        painter.setPen(dashed)
        painter.drawLine(QPointF(stop, expected.top()), QPointF(stop, expected.bottom()))


class ErrorRow(QWidget):
    """Lies over its row, transparent, and leaves the first line to the delegate."""

    fix_requested = Signal(object)  # Fix
    undo_requested = Signal()

    def __init__(self, row: Row, error: RowError, can_undo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        left = theme().tokens["columns"]["name_left"]
        layout.setContentsMargins(left, theme().size(NAME_LINE) - 2, 12, 12)
        layout.setSpacing(6)
        layout.addWidget(self._sentence(error))
        if error.given and error.expected:
            layout.addWidget(ShapeBoxes(error.given, error.expected))
        if error.torch_message and not (error.given and error.expected):
            layout.addWidget(self._torch_message(error.torch_message))
        layout.addLayout(self._fixes(row.fixes, can_undo))
        layout.addStretch(1)
        self.setToolTip(error.torch_message)

    def height_at(self, width: int) -> int:
        """The height of the whole row at this width."""
        layout = self.layout()
        for child in self.findChildren(QWidget):
            child.ensurePolished()  # its size is known only when it is dressed
            child.updateGeometry()
        if layout:
            for number in range(layout.count()):
                layout.itemAt(number).invalidate()
            layout.invalidate()
        return max(layout.heightForWidth(width), theme().size("row") * 2) if layout else 0

    def sizeHint(self) -> QSize:
        """Small: a tree view makes no row lower than its widget's hint, and this one's height depends on its width."""
        return QSize(1, 1)

    def _sentence(self, error: RowError) -> QLabel:
        label = QLabel(with_bold_figures(error.sentence))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        return label

    def _torch_message(self, message: str) -> QLabel:
        label = QLabel(_("PyTorch: {message}").format(message=message.strip().splitlines()[0][:300]))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", "small-quiet")
        label.setWordWrap(True)
        return label

    def _fixes(self, fixes: tuple[Fix, ...], can_undo: bool) -> FlowLayout:
        flow = FlowLayout(gap=8)
        for number, fix in enumerate(fixes):
            button = self._button(fix.label, main=number == 0)
            button.clicked.connect(lambda _checked=False, fix=fix: self.fix_requested.emit(fix))
            flow.addWidget(button)
            if number == 0 and can_undo:
                flow.addWidget(self._undo())
        if not fixes and can_undo:
            flow.addWidget(self._undo())
        return flow

    def _undo(self) -> QPushButton:
        button = self._button(_("Undo"), main=False)
        button.clicked.connect(self.undo_requested)
        return button

    def _button(self, label: str, main: bool) -> QPushButton:
        button = QPushButton(label, self)
        if main:
            button.setProperty("kind", "main")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.buttons.append(button)
        return button


class FaultStrip(QWidget):
    """What is wrong beside the rows, at the list's foot, with its fixes."""

    fix_requested = Signal(object)  # Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 10, 12, 10)
        self._layout.setSpacing(8)
        self._shown: object = None
        self.hide()

    def show_faults(self, sentences: list[tuple[str, str]], fixes: tuple[Fix, ...]) -> None:
        """sentences: (what is wrong, the whole sentence for the tooltip)"""
        if (sentences, fixes) == self._shown:
            return
        self._shown = (sentences, fixes)
        while (item := self._layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        for text, tip in sentences:
            label = QLabel(with_bold_figures(text))
            label.setWordWrap(True)
            label.setToolTip(tip)
            self._layout.addWidget(label)
        if fixes:
            self._layout.addWidget(self._buttons(fixes))
        self.setVisible(bool(sentences))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("error_tint"))
        painter.fillRect(0, 0, 2, self.height(), theme().color("error"))

    def _buttons(self, fixes: tuple[Fix, ...]) -> QWidget:
        holder = QWidget()
        holder.setLayout(FlowLayout(gap=8))
        for number, fix in enumerate(fixes):
            button = QPushButton(fix.label)
            if number == 0:
                button.setProperty("kind", "main")
            button.clicked.connect(lambda _checked=False, fix=fix: self.fix_requested.emit(fix))
            holder.layout().addWidget(button)
        return holder
