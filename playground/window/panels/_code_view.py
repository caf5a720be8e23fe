"""The text of a script: numbered lines, tints behind some of them, and a click on a line that is heard."""

import time
from collections.abc import Collection, Iterator, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from playground.core.text import _
from playground.window.panels._code_changes import Difference, compare
from playground.window.panels._code_colors import Colors
from playground.window.theme import theme

FLASH_S, FLASH_EVERY_MS = 0.8, 40
HELD = 0.25  # share of the flash before it begins to fade
EDGE = 2  # px, at the left of a marked line
_ABOVE = 0.25  # share of the height above a line that is brought into sight


class CodeView(QPlainTextEdit):
    """line_chosen: a line, from 1, that a person clicked or went to. Lines are counted from 1 everywhere here."""

    line_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = [""]
        self._marked: frozenset[int] = frozenset()
        self._flashing: frozenset[int] = frozenset()
        self._flash_began = 0.0
        self._fade = QTimer(self)
        self._fade.setInterval(FLASH_EVERY_MS)
        self._fade.timeout.connect(self._on_fade)
        self.colors = Colors(self.document(), self, self._seen)
        self.gutter = Gutter(self)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setAccessibleName(_("Code"))
        self.updateRequest.connect(self._on_update)
        self.dress()

    @property
    def flashing(self) -> frozenset[int]:
        """The lines that are tinted because they have just changed."""
        return self._flashing

    @property
    def marked(self) -> frozenset[int]:
        """The lines of the selected layers."""
        return self._marked

    def show_code(self, text: str, flash: bool) -> frozenset[int]:
        """Show a text; what is read stays where it is. flash: let its changed lines be seen.  returns: those lines"""
        lines = [*text.rstrip("\n").split("\n"), ""] if text else [""]
        if lines == self._lines:
            return frozenset()
        is_first, difference = self._lines == [""], compare(self._lines, lines)
        changed = frozenset(line + 1 for line in difference.changed())
        top = self.firstVisibleBlock().blockNumber()
        self._replace(difference, lines)
        if is_first:
            self.moveCursor(QTextCursor.MoveOperation.Start)  # it went on with the text that was put in
        self._lines = lines
        self.colors.begin(lines, difference)
        self._measure()
        self.verticalScrollBar().setValue(difference.moved(top) if top else 0)
        self._flash(changed if flash else frozenset())
        return changed

    def mark(self, lines: Collection[int]) -> None:
        """Tint the lines of the selected layers."""
        if frozenset(lines) != self._marked:
            self._marked = frozenset(lines)
            self._repaint()

    def reveal(self, lines: Collection[int]) -> None:
        """Bring lines into sight, unless one of them is."""
        first, below = self._seen()
        if lines and not any(first < line < below for line in lines):
            self.verticalScrollBar().setValue(max(0, min(lines) - 1 - round((below - first) * _ABOVE)))

    def dress(self) -> None:
        """Take font and colours of the theme."""
        font = theme().font("small", mono=True)
        font.setFeature(QFont.Tag("calt"), 0)  # what is written is to be seen: != and -> are two signs
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.colors.dress()
        self._measure()
        self._repaint()

    def blocks(self, rect: QRect) -> Iterator[tuple[int, QTextBlock, QRect]]:
        """The lines that are seen in a part of the viewport: number, text, place."""
        block = self.firstVisibleBlock()
        place = self.blockBoundingGeometry(block).translated(self.contentOffset())
        while block.isValid() and place.top() <= rect.bottom():
            if place.bottom() >= rect.top():
                line = QRect(0, round(place.top()), rect.right() + 1, round(place.height()))
                yield block.blockNumber() + 1, block, line
            block = block.next()
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())

    def choose(self, line: int) -> None:
        """As if it had been clicked."""
        if line <= len(self._lines):
            self.line_chosen.emit(line)

    # Qt asks ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._marked or self._flashing:
            painter = QPainter(self.viewport())
            tint, edge, flash = theme().color("accent_tint"), theme().color("accent"), theme().color("code_changed")
            flash.setAlphaF(self._strength())
            for line, _block, place in self.blocks(event.rect()):
                if line in self._marked:
                    painter.fillRect(place, tint)
                if line in self._flashing:
                    painter.fillRect(place, flash)
                if line in self._marked:
                    painter.fillRect(place.left(), place.top(), EDGE, place.height(), edge)
            painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def hideEvent(self, event: QHideEvent) -> None:
        self._flash(frozenset())
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        """A text that is only read takes Ctrl+Z and the like for itself, and does nothing with them: they are others'."""
        keys = QKeySequence.StandardKey
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(keys.Copy) or event.matches(keys.SelectAll):
                event.accept()
            else:
                event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.textCursor().blockNumber()
        super().keyPressEvent(event)
        cursor = self.textCursor()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (
            cursor.blockNumber() != before and not cursor.hasSelection()
        ):
            self.choose(cursor.blockNumber() + 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.choose(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    # Inside -------------------------------------------------------------------------------------------------------

    def _seen(self) -> tuple[int, int]:
        """The first line in sight, from 0, and the first below it."""
        first = self.firstVisibleBlock().blockNumber()
        return first, first + 1 + self.viewport().height() // max(1, self.fontMetrics().lineSpacing())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Qt lets an input method write into a text that can be selected, though it is read-only."""
        event.ignore()

    def _replace(self, difference: Difference, lines: Sequence[str]) -> None:
        """Exchange whole lines of the document, so that cursor, selection and colours of the others stay."""
        document = self.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        for part, first in reversed(list(difference.placed())):
            cursor.setPosition(document.findBlockByNumber(part.first).position())
            end = document.findBlockByNumber(part.first + part.removed).position()
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText("".join(f"{line}\n" for line in lines[first : first + part.added]))
        cursor.endEditBlock()

    def _flash(self, lines: frozenset[int]) -> None:
        self._flashing = lines
        self._flash_began = time.monotonic()
        if lines:
            self._fade.start()
        else:
            self._fade.stop()
        self._repaint()

    def _on_fade(self) -> None:
        if self._strength() <= 0:
            self._flash(frozenset())
            return
        for line, _block, place in self.blocks(self.viewport().rect()):
            if line in self._flashing:
                self.viewport().update(place)

    def _strength(self) -> float:
        """Of the tint of changed lines: 1 at first, then falling to 0."""
        past = (time.monotonic() - self._flash_began) / FLASH_S
        return min(1.0, max(0.0, (1 - past) / (1 - HELD)))

    def _repaint(self) -> None:
        self.viewport().update()
        self.gutter.update()

    def _measure(self) -> None:
        width = self.gutter.sizeHint().width()
        if self.viewportMargins().left() != width:
            self.setViewportMargins(width, 0, 0, 0)
        inside = self.contentsRect()
        self.gutter.setGeometry(inside.left(), inside.top(), width, inside.height())

    def _on_update(self, rect: QRect, scrolled: int) -> None:
        if scrolled:
            self.gutter.scroll(0, scrolled)
        else:
            self.gutter.update(0, rect.y(), self.gutter.width(), rect.height())


class Gutter(QWidget):
    """The numbers of the lines."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        figures = max(3, len(str(self._view.blockCount())))
        return QSize(16 + self._metrics_width(figures) + 12, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        view, painter = self._view, QPainter(self)
        painter.setFont(theme().font("tick", mono=True))
        quiet, strong = theme().color("text_quiet"), theme().color("accent")
        for line, block, place in view.blocks(event.rect()):
            if block.next().isValid():  # behind the last end of line there is no line
                painter.setPen(strong if line in view.marked else quiet)
                painter.drawText(
                    QRect(0, place.top(), self.width() - 12, place.height()),
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    str(line),
                )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A number is its line."""
        if event.button() == Qt.MouseButton.LeftButton:
            y = event.position().toPoint().y()
            for line, _block, place in self._view.blocks(self.rect()):
                if place.top() <= y < place.bottom() + 1:
                    self._view.choose(line)

    def _metrics_width(self, figures: int) -> int:
        return QFontMetrics(theme().font("tick", mono=True)).horizontalAdvance("0" * figures)
