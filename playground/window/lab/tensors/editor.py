"""The lines of the bench: typed with completion, and underlined where one is refused."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QCompleter, QPlainTextEdit, QTextEdit, QWidget

from playground.core.lab.told import LineFault
from playground.core.lab.topics import LONGEST_LINE, MOST_LINES
from playground.core.lab.words import Word, completions
from playground.window.theme import theme

PAUSE_MS = 250  # after the last key, before what is typed is computed
MOST_OFFERED = 60
_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class LineEditor(QPlainTextEdit):
    """edited: the lines as they are now, a moment after the last key;  line_entered: the line that the caret is in, from 1
    hinted: the word that is offered or that the caret stands in, a `Word` or None
    """

    edited = Signal(tuple)
    line_entered = Signal(int)
    hinted = Signal(object)

    def __init__(self, purpose: str) -> None:
        """purpose: for screen readers"""
        super().__init__()
        self.setAccessibleName(purpose)
        self.setUndoRedoEnabled(False)  # a page has its own Undo
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self._faults: dict[int, LineFault] = {}
        self._names: Mapping[str, str] = {}
        self._line = 1
        self._is_taking = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self._offers: list[Word | str] = []
        self._make_completer()
        self.gutter = LineNumbers(self)
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_moved)
        self.updateRequest.connect(lambda _rect, _dy: self.gutter.update())
        self.blockCountChanged.connect(lambda _count: self.dress())
        self.dress()

    def _make_completer(self) -> None:
        self._model = QStringListModel(self)
        self.completer = QCompleter(self._model, self)
        self.completer.setWidget(self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(8)
        self.completer.popup().setProperty("role", "offers")
        self.completer.activated[str].connect(self._complete)  # type: ignore[index]
        self.completer.highlighted[str].connect(self._hint_of)  # type: ignore[index]

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> tuple[str, ...]:
        """As they are typed, without empty ones at the end; no more and no longer than a page can hold."""
        lines = [line[:LONGEST_LINE] for line in self.toPlainText().split("\n")[:MOST_LINES]]
        while lines and not lines[-1].strip():
            lines.pop()
        return tuple(lines)

    @property
    def line(self) -> int:
        """Where the caret is, from 1."""
        return self._line

    def show_lines(self, lines: Sequence[str]) -> None:
        """Take the lines of the page; the caret stays where it is as far as it can."""
        if tuple(lines) == self.lines:
            return
        self._pause.stop()
        cursor = self.textCursor()
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        self._is_taking = True
        self.setPlainText("\n".join(lines))
        self._is_taking = False
        block = self.document().findBlockByNumber(min(line, self.document().blockCount() - 1))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        self.setTextCursor(cursor)

    def show_faults(self, faults: Mapping[int, LineFault], names: Mapping[str, str]) -> None:
        """faults: line, from 1 -> why it is refused;  names: of the bench -> "Tensor" or "ndarray" """
        before, self._faults, self._names = self._faults, dict(faults), names
        if before or faults:  # each paints the column of numbers once more
            self._underline()
            self.gutter.update()

    @property
    def faults(self) -> Mapping[int, LineFault]:
        return self._faults

    def go_to(self, line: int) -> None:
        """Put the caret at the end of a line, from 1."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.setTextCursor(cursor)

    def _underline(self) -> None:
        marks = []
        for line, fault in self._faults.items():
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            mark, cursor = QTextEdit.ExtraSelection(), QTextCursor(block)
            size = block.length() - 1
            begin = min(fault.column, max(size - 1, 0))
            cursor.setPosition(block.position() + begin)
            end = min(max(fault.end, begin + 1), size)
            cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(theme().color("error"))
            look.setBackground(theme().color("error_tint"))
            mark.format, mark.cursor = look, cursor  # type: ignore[attr-defined]
            marks.append(mark)
        self.setExtraSelections(marks)

    def dress(self) -> None:
        self.setFont(theme().font("base", mono=True))
        self.completer.popup().setFont(theme().font("small", mono=True))
        self.setViewportMargins(self.gutter_width(), 4, 4, 4)
        self._underline()

    def gutter_width(self) -> int:
        digits = len(str(max(self.document().blockCount(), 10)))
        return QFontMetrics(theme().font("tick", mono=True)).horizontalAdvance("0") * digits + 22

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.contentsRect()
        self.gutter.setGeometry(QRect(room.left(), room.top(), self.gutter_width(), room.height()))

    # What is typed ------------------------------------------------------------------------------------------------

    def _on_text_changed(self) -> None:
        if not self._is_taking:
            self._faults.pop(self._line, None)  # what is being typed is not scolded for
            self._underline()
            self._pause.start()

    def _on_moved(self) -> None:
        line = self.textCursor().blockNumber() + 1
        if line != self._line:
            self._line = line
            if self._pause.isActive():
                self._commit()
            self.line_entered.emit(line)
            self.gutter.update()
        self._hint_here()

    def _on_pause(self) -> None:
        """While words are offered a line is not finished."""
        if self.completer.popup().isVisible():
            self._pause.start()
        else:
            self._commit()

    def _commit(self) -> None:
        self._pause.stop()
        self.edited.emit(self.lines)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._pause.isActive() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._commit()

    def hideEvent(self, event: object) -> None:
        if self._pause.isActive():
            self._commit()

    def event(self, event: QEvent) -> bool:
        """Undo and Redo are the window's."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and any(event.matches(key) for key in _UNDO):
            if self._pause.isActive():
                self._commit()  # what was just typed is what is undone
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self.completer.popup()
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if popup.isVisible():
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                index = popup.currentIndex()
                self._complete(index.data() if index.isValid() else self._model.stringList()[0])
                return
            if event.key() == Qt.Key.Key_Escape:
                popup.hide()
                return
        if control and event.key() == Qt.Key.Key_Space:
            self._offer(always=True)
            return
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
            return
        if any(event.matches(key) for key in _UNDO):
            event.ignore()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            popup.hide()
            self._commit()
        elif (event.text().isprintable() and event.text()) or event.key() == Qt.Key.Key_Backspace:
            self._offer()

    # Completion ---------------------------------------------------------------------------------------------------

    def _before(self) -> str:
        """The line up to the caret."""
        cursor = self.textCursor()
        return cursor.block().text()[: cursor.positionInBlock()]

    def _offer(self, always: bool = False) -> None:
        """Show what may follow. always: also where little was typed"""
        typed, popup = self._before(), self.completer.popup()
        tail = typed[len(typed.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")) :]
        wanted = always or len(tail) > 1 or typed[: len(typed) - len(tail)].endswith(".")
        self._offers = completions(typed, dict(self._names))[:MOST_OFFERED] if wanted else []
        texts = [_text_of(one) for one in self._offers]
        if not texts or texts == [tail]:
            popup.hide()
            return
        self._model.setStringList(texts)
        rect = self.cursorRect().translated(self.gutter_width(), 4)
        rect.setWidth(min(440, max(260, popup.sizeHintForColumn(0) + 32)))
        self.completer.complete(rect)
        popup.setCurrentIndex(self._model.index(0, 0))

    def _complete(self, text: str) -> None:
        offer = next((one for one in self._offers if _text_of(one) == text), None)
        self.completer.popup().hide()
        if offer is None:
            return
        name = offer if isinstance(offer, str) else offer.name
        if isinstance(offer, Word) and name.startswith(("Tensor.", "ndarray.")):
            name = name.partition(".")[2]
            typed = self._before().rpartition(".")[2]
        else:
            before = self._before()
            typed = before[len(before.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")) :]
        cursor = self.textCursor()
        called = isinstance(offer, Word) and offer.is_called
        follows = cursor.block().text()[cursor.positionInBlock() :].startswith("(")
        cursor.insertText(name[len(typed) :] + ("()" if called and not follows else ""))
        if called and not follows and isinstance(offer, Word) and offer.call != "()":
            cursor.movePosition(QTextCursor.MoveOperation.Left)
        self.setTextCursor(cursor)
        self.hinted.emit(offer if isinstance(offer, Word) else None)

    def _hint_of(self, text: str) -> None:
        offer = next((one for one in self._offers if _text_of(one) == text), None)
        self.hinted.emit(offer if isinstance(offer, Word) else None)

    def _hint_here(self) -> None:
        """The word whose brackets the caret stands in, or behind which it stands."""
        typed = self._before()
        name = typed.rpartition("(")[0] if "(" in typed else typed
        kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."
        word = name[len(name.rstrip(kept)) :]
        self.hinted.emit(_word_of(word))


def _text_of(offer: Word | str) -> str:
    """As it is offered: "torch.arange(start, end, step)"."""
    if isinstance(offer, str):
        return offer
    name = offer.name
    return f"{name.partition('.')[2] if name.startswith(('Tensor.', 'ndarray.')) else name}{offer.call}"


def _word_of(name: str) -> Word | None:
    from playground.core.lab.words import WORDS

    if not name:
        return None
    return WORDS.get(name) or WORDS.get(f"Tensor.{name.rpartition('.')[2]}")


class LineNumbers(QWidget):
    """The numbers at the left; that of a refused line has a sign, too."""

    def __init__(self, editor: LineEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("tick", mono=True))
        editor = self._editor
        block = editor.firstVisibleBlock()
        while block.isValid():
            rect = editor.cursorRect(QTextCursor(block))
            if rect.top() > self.height():
                break
            line = block.blockNumber() + 1
            wrong, here = line in editor.faults, line == editor.line
            painter.setPen(theme().color("error" if wrong else "text" if here else "text_quiet"))
            text = f"! {line}" if wrong else str(line)
            top = rect.top() + editor.viewport().y()
            painter.drawText(
                0,
                top,
                self.width() - 10,
                rect.height(),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                text,
            )
            block = block.next()
