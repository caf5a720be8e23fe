"""What stands below the name of a row that does not fit: a sentence, the two shapes as boxes that do not meet, PyTorch's
own words, and the fixes."""

import html
import math
import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from playground.core.arguments import shown_shape
from playground.core.report import Fix, Misfit, Row, RowError
from playground.core.text import _
from playground.window.flow import FlowLayout
from playground.window.layouts import take_widgets
from playground.window.theme import theme

NAME_LINE = "row"
_BOX_LOW, _BOX_HIGH = 22, 44  # px, heights of the boxes
_NARROW, _WIDE = 72, 145  # px, widths of the boxes
_FUNNEL = 48  # px between the boxes, at least
_WIDEST = 340  # px, of the whole picture
MOST_BUTTONS, BUTTONS_AND_MENU = 3, 2  # fixes that have a button where there are no more, and where there are
_BESIDE = 25  # px of a button that its words have not, see window.qss
LONGEST = 600  # characters of PyTorch's message; the tool tip has all of it


def with_bold_figures(sentence: str) -> str:
    """The sentence as rich text, its figures and shapes bold."""
    return re.sub(r"(?<![\w.])(\d+(?:[,.×x]\d+)*)(?!\w)", r"<b>\1</b>", html.escape(sentence, quote=False))


class ShapeBoxes(QWidget):
    """What comes in and what was expected, as two boxes of unequal height that do not meet."""

    def __init__(
        self, given: tuple[int, ...], expected: tuple[int, ...], wanted: str = "", level: str = "error"
    ) -> None:
        """level: "error" or "warning", the colour of what was expected"""
        super().__init__()
        self._level = level
        self._counts = [max(1, math.prod(shape)) for shape in (given, expected or given)]
        self._texts = shown_shape(given), wanted or shown_shape(expected)
        self._font = "small" if wanted else "base"
        self.setFixedHeight(round(_BOX_HIGH * theme().text_scale))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            _("given {given}, expected {expected}").format(given=self._texts[0], expected=self._texts[1])
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font(self._font, "semibold"))
        given, expected = self._boxes(QFontMetrics(painter.font()))
        self._draw_funnel(painter, given, expected)
        self._draw_box(painter, given, "text_secondary", self._texts[0])
        self._draw_box(painter, expected, self._level, self._texts[1])

    def _boxes(self, metrics: QFontMetrics) -> tuple[QRectF, QRectF]:
        """Where the boxes stand: the one with more values is higher and wider."""
        counts = self._counts
        lesser = 0.62 * min(counts) / max(counts)
        share = [0.7, 0.7] if counts[0] == counts[1] else [1.0 if one == max(counts) else lesser for one in counts]
        scale = theme().text_scale
        heights = [(_BOX_LOW + (_BOX_HIGH - _BOX_LOW) * one) * scale for one in share]
        room = min(self.width() - 2, _WIDEST)
        needed = [metrics.horizontalAdvance(text) + 24 for text in self._texts]
        wished = [_NARROW + (_WIDE - _NARROW) * one for one in share]
        shrink = min(1.0, (room - _FUNNEL) / sum(wished))
        widths = [max(need, wish * shrink) for need, wish in zip(needed, wished, strict=True)]
        if widths[0] + widths[1] + _FUNNEL > room:
            widths = [needed[0], max(_NARROW, min(needed[1], room - needed[0] - _FUNNEL))]
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
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(box.width()) - 8)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _draw_funnel(self, painter: QPainter, given: QRectF, expected: QRectF) -> None:
        """What comes out of the first box stops at a broken line, because the second wants another height."""
        stop = expected.left() - 25
        painter.setPen(QPen(theme().color("text_secondary"), 1.25))
        for y in (given.center().y() - 8, given.center().y() + 8):
            painter.drawLine(QPointF(given.right(), y), QPointF(stop, y))
        painter.setPen(QPen(theme().color(self._level), 1))
        for y in (expected.top(), expected.bottom()):
            painter.drawLine(QPointF(stop, y), QPointF(expected.left(), y))
        dashed = QPen(theme().color(self._level), 1.5)
        dashed.setDashPattern([2.5, 2])
        painter.setPen(dashed)
        painter.drawLine(QPointF(stop, expected.top()), QPointF(stop, expected.bottom()))


class CutButton(QPushButton):
    """A button whose words are cut off with … where the list is too narrow for them; the tool tip has them all."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip(label)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 2 * _NARROW), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - _BESIDE
        option.text = option.fontMetrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


class ErrorRow(QWidget):
    """Lies over its row, transparent, and leaves the first line to the delegate."""

    fix_requested = Signal(object)  # Fix
    undo_requested = Signal()

    def __init__(self, row: Row, error: RowError, can_undo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        self.more: QMenu | None = None  # the fixes that have no button
        layout = QVBoxLayout(self)
        left = theme().tokens["columns"]["name_left"]
        layout.setContentsMargins(left, theme().size(NAME_LINE) - 2, 12, 12)
        layout.setSpacing(6)
        layout.addWidget(self._sentence(error))
        if error.rule:
            layout.addWidget(_small(error.rule))
        if error.given and (error.expected or error.wanted):
            layout.addWidget(ShapeBoxes(error.given, error.expected, error.wanted))
        if error.torch_message:
            layout.addWidget(_small(_("PyTorch: {message}").format(message=_cut(error.torch_message))))
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
            for inner in layout.findChildren(QLayout):
                inner.invalidate()
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

    def _fixes(self, fixes: tuple[Fix, ...], can_undo: bool) -> FlowLayout:
        flow = FlowLayout(gap=8)
        at_once = len(fixes) if len(fixes) <= MOST_BUTTONS else BUTTONS_AND_MENU
        for number, fix in enumerate(fixes[:at_once]):
            button = self._button(fix.label, main=number == 0)
            button.clicked.connect(lambda _checked=False, fix=fix: self.fix_requested.emit(fix))
            flow.addWidget(button)
            if number == 0 and can_undo:
                flow.addWidget(self._undo())
        if not fixes and can_undo:
            flow.addWidget(self._undo())
        if fixes[at_once:]:
            flow.addWidget(self._more(fixes[at_once:]))
        return flow

    def _more(self, fixes: tuple[Fix, ...]) -> QPushButton:
        button = self._button(_("{n} more …").format(n=len(fixes)), main=False)
        button.setToolTip(_("Other ways out that work"))
        self.more = QMenu(button)
        for fix in fixes:
            action = self.more.addAction(fix.label)
            action.triggered.connect(lambda _checked=False, fix=fix: self.fix_requested.emit(fix))
        menu = self.more
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        return button

    def _undo(self) -> QPushButton:
        button = self._button(_("Undo"), main=False)
        button.clicked.connect(self.undo_requested)
        return button

    def _button(self, label: str, main: bool) -> QPushButton:
        button = CutButton(label, self)
        if main:
            button.setProperty("kind", "main")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.buttons.append(button)
        return button


def _small(text: str) -> QLabel:
    """A line of small words, which can be copied."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "small")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _cut(message: str) -> str:
    return message if len(message) <= LONGEST else f"{message[:LONGEST]} …"


def _words_of_torch(message: str) -> QLabel:
    """PyTorch's own message; where there is none, that is said."""
    if not message:
        return _small(_("PyTorch itself raises no error here."))
    label = _small(_("PyTorch: {message}").format(message=_cut(message)))
    label.setToolTip(message)
    return label


class FaultStrip(QWidget):
    """What is wrong beside the rows, at the list's foot, with its fixes."""

    fix_requested = Signal(object)  # Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 10, 12, 10)
        self._layout.setSpacing(8)
        self._shown: object = None
        self._level = "error"
        self.hide()

    def show_faults(
        self,
        sentences: list[tuple[str, str]],
        fixes: tuple[Fix, ...],
        level: str = "error",
        misfit: Misfit | None = None,
    ) -> None:
        """sentences: (what is wrong, the whole sentence for the tooltip);  level: "error" or "warning"

        misfit: the output that does not fit, to be drawn
        """
        if (sentences, fixes, level, misfit) == self._shown:
            return
        self._shown = (sentences, fixes, level, misfit)
        self._level = level
        self.update()
        for widget in take_widgets(self._layout):
            widget.deleteLater()
        for text, tip in sentences:
            label = QLabel(with_bold_figures(text))
            label.setWordWrap(True)
            label.setToolTip(tip)
            self._layout.addWidget(label)
        if misfit is not None:
            self._layout.addWidget(ShapeBoxes(misfit.given, misfit.needed, level=level))
            if misfit.torch_message is not None:
                self._layout.addWidget(_words_of_torch(misfit.torch_message))
        if fixes:
            self._layout.addWidget(self._buttons(fixes))
        self.setVisible(bool(sentences))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(f"{self._level}_tint"))
        painter.fillRect(0, 0, 2, self.height(), theme().color(self._level))

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
