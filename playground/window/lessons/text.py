"""The text of a lesson: Markdown in the fonts and colours of the theme."""

from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QInputMethodEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
    QTextTableCellFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from playground.core.text import _
from playground.window.theme import theme

_LINE = 125  # percent of the font's own height
_MARGIN = 12  # px around the text, to which the document adds its own 4
_TOP, _INDENT = 8, 20  # px above it, and of a list
_CODE = (QTextFormat.Property.BlockCodeFence, QTextFormat.Property.BlockCodeLanguage)


class LessonText(QTextBrowser):
    """It reads nothing: no picture, no HTML, no other file. link_chosen: where a link leads, "preset:lenet-cifar10" """

    link_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._markdown = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName(_("The text of the lesson"))
        self.anchorClicked.connect(lambda url: self.link_chosen.emit(url.toString()))
        self.setViewportMargins(_MARGIN, _TOP, _MARGIN - 8, 0)
        theme().changed.connect(self._render)

    def show_text(self, markdown: str) -> None:
        """From its beginning."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._render()
            self.verticalScrollBar().setValue(0)

    def loadResource(self, kind: int, name: QUrl) -> Any:
        """Nothing is fetched and no file is opened for a text."""
        return None

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Qt lets an input method write into a text that can be selected, though it is read-only."""
        event.ignore()

    def _render(self) -> None:
        place = self.verticalScrollBar().value()
        document = self.document()
        document.setDefaultFont(theme().font())
        document.setIndentWidth(round(_INDENT * theme().text_scale))
        features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
        document.setMarkdown(self._markdown, features)
        dress(document)
        self.moveCursor(QTextCursor.MoveOperation.Start)  # the text left it at its end, and Qt scrolls to it when shown
        self.verticalScrollBar().setValue(place)


def dress(document: QTextDocument) -> None:
    """Give every block and every piece of text of a document its look."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        _dress_block(cursor, block)
        block = block.next()
    cursor.endEditBlock()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame)


def _dress_block(cursor: QTextCursor, block: QTextBlock) -> None:
    form = QTextBlockFormat(block.blockFormat())
    level, code = form.headingLevel(), any(form.hasProperty(one) for one in _CODE)
    in_list = block.textList() is not None
    before = block.previous().isValid()
    form.setTopMargin((16 if level else 8) if before and not (code and _is_code(block.previous())) else 0)
    if in_list and before and block.previous().textList() is not None:
        form.setTopMargin(4)
    form.setBottomMargin(0)
    form.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if code:
        form.setBackground(theme().color("sunken"))
        form.setLeftMargin(0)
    cursor.setPosition(block.position())
    cursor.setBlockFormat(form)
    for start, length, piece in _pieces(block):
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(_dressed(piece, level, code))


def _pieces(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Where each piece of one look begins, and its length."""
    found, at = [], block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        if fragment.isValid():
            found.append((fragment.position(), fragment.length(), fragment.charFormat()))
        at += 1
    return found


def _dressed(piece: QTextCharFormat, level: int, code: bool) -> QTextCharFormat:
    form = QTextCharFormat()
    if level:
        form.setFont(theme().font("heading" if level == 1 else "base", "semibold"))
    elif code or piece.fontFixedPitch():
        form.setFont(theme().font("small", mono=True))
        if not code:
            form.setBackground(theme().color("sunken"))
    else:
        form.setFont(theme().font("base", "semibold" if piece.fontWeight() > QFont.Weight.Medium else "regular"))
    form.setFontItalic(piece.fontItalic())
    form.setForeground(theme().color("text"))
    if piece.isAnchor():
        form.setAnchor(True)
        form.setAnchorHref(piece.anchorHref())
        form.setForeground(theme().color("accent"))
        form.setFontUnderline(True)
    return form


def _dress_table(table: QTextTable) -> None:
    """A rule below each row: Qt draws a grid whose upper and left lines are missing, or twice as thick."""
    form = table.format()
    form.setBorder(0)
    form.setBorderCollapse(True)
    form.setCellPadding(4)
    form.setCellSpacing(0)
    form.setTopMargin(8)
    table.setFormat(form)
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            look = QTextTableCellFormat(cell.format().toTableCellFormat())
            look.setBorder(0)
            look.setBottomBorder(1)
            look.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            look.setBottomBorderBrush(theme().color("line_strong" if row == 0 else "line"))
            cell.setFormat(look)


def _is_code(block: QTextBlock) -> bool:
    return any(block.blockFormat().hasProperty(one) for one in _CODE)
