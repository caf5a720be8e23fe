"""Colours for a text in Python, a few milliseconds at a time: the window answers in between.

The lexer is asked for token after token. After an edit it starts at the last line before it that lies inside no token,
and stops behind it, at the first line that again begins as it did before.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from PySide6.QtGui import QTextCharFormat, QTextDocument, QTextLayout
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from playground.window.panels._code_changes import Difference
from playground.window.theme import theme
from playground.window.turns import turns

AT_ONCE_S = 0.002
KINDS = ("keyword", "name", "string", "number", "comment")  # each has the colour "code_" + kind in the tokens
QUIET = "quiet"
QUOTES = ('"""', "'''")

Stretch = tuple[int, int, str]  # start and length in a line, kind


class Line(NamedTuple):
    """fresh: no token, and no string, goes on from the line before;  stretches: None until they are known"""

    fresh: bool = True
    stretches: tuple[Stretch, ...] | None = None


class Colors:
    """quiet: all of the text has the colour of what does not count now"""

    def __init__(self, document: QTextDocument, widget: QWidget, seen: Callable[[], tuple[int, int]]) -> None:
        """widget: that shows the document, and has its turns;  seen: the first line in sight, and the first below"""
        self._document, self._widget, self._seen = document, widget, seen
        self._unseen: tuple[int, int] | None = None  # lines whose colours Qt has not been told of, or None
        self._lines = [Line()]  # as an empty document has
        self._lexer: Any = None
        self._tokens: Iterator[tuple[int, Any, str]] | None = None
        self._text: Sequence[str] = ("",)
        self._first = self._line = self._column = 0  # the first line that is read and not shown; the one being read
        self._open: list[Stretch] = []  # of the line that is being read
        self._inside = False  # a string with three quotes, which the lexer gives away in parts
        self._formats: dict[str, QTextCharFormat] = {}
        self._undressed = 1  # the first line whose colours are not those of the theme
        self.quiet = False

    @property
    def is_done(self) -> bool:
        """Whether every line has its colours."""
        return self._lexer is not None and self._is_all_read

    @property
    def _is_all_read(self) -> bool:
        return self._tokens is None and self._undressed >= len(self._lines)

    def start(self, lexer: Any) -> None:
        """Until then the text has no colours. lexer: from `load`"""
        if isValid(self._widget):
            self._lexer = lexer
            self._read_on()
            self._ask()

    def begin(self, text: Sequence[str], difference: Difference) -> None:
        """The document has this text now, and another before that. text: its lines"""
        self._text, was_dressed = text, self._undressed >= len(self._lines)
        for part in reversed(difference.parts):
            before = self._lines[part.first]
            self._lines[part.first : part.first + part.removed] = [Line()] * part.added
            self._lines[part.first] = Line(before.fresh)  # also where nothing took the place of what is gone
            self._undressed = min(self._undressed, part.first)
        if was_dressed:
            self._undressed = len(self._lines)
        if self._unseen is not None:  # these may be others now
            self._unseen = 0, len(self._lines)
        for part, first in difference.placed():  # Qt keeps these colours for the block that was there before
            self._show(first + part.added, first + part.added + 1)
        self._read_on()
        self._ask()

    def dress(self) -> None:
        """Take the colours of the theme."""
        self._formats = {}
        self._undressed = 0
        self._ask()

    def set_quiet(self, quiet: bool) -> None:
        """Let all of the text step back, or be seen again."""
        if quiet != self.quiet:
            self.quiet = quiet
            self.dress()

    def _ask(self) -> None:
        turns().ask(self._widget, self._go_on)

    def _go_on(self) -> None:
        until = time.perf_counter() + AT_ONCE_S
        while self._tokens is not None:
            self._read(next(self._tokens, None))
            if time.perf_counter() > until:
                break
        self._show_read()
        while self._undressed < len(self._lines):
            last = min(self._undressed + 16, len(self._lines))
            self._show(self._undressed, last)
            self._undressed = last
            if time.perf_counter() > until:
                break
        if self._is_all_read:
            self._draw()
        else:
            self._ask()

    def _read_on(self) -> None:
        """Go to the next line that is not read, or to the beginning of the token that it lies in."""
        self._show_read()
        if self._lexer is None:
            return
        start = next((number for number, line in enumerate(self._lines) if line.stretches is None), None)
        if start is None:
            self._tokens = None
            return
        while start and not self._lines[start].fresh:
            start -= 1
        self._first = self._line = start
        self._column, self._open, self._inside = 0, [], False
        self._tokens = iter(self._lexer.get_tokens_unprocessed("\n".join(self._text[start:])))

    def _read(self, token: tuple[int, Any, str] | None) -> None:
        if token is None:
            self._close(True)
            return
        kind = _kind(token[1], token[2])
        self._inside ^= kind == "string" and token[2] in QUOTES
        *ended, last = token[2].split("\n")
        for number, part in enumerate(ended):
            self._add(part, kind)
            if self._close(fresh=not last and number == len(ended) - 1 and not self._inside):
                return
        self._add(last, kind)

    def _add(self, part: str, kind: str) -> None:
        if part and kind:
            start, length = self._column, len(part)
            if self._open and self._open[-1][2] == kind and sum(self._open[-1][:2]) == start:
                start, before, kind = self._open.pop()  # a string is three tokens
                length += before
            self._open.append((start, length, kind))
        self._column += len(part)

    def _close(self, fresh: bool) -> bool:
        """The line is read. fresh: no token goes on in the next one.  returns: whether it goes on elsewhere"""
        self._lines[self._line] = self._lines[self._line]._replace(stretches=tuple(self._open))
        self._line += 1
        self._column, self._open = 0, []
        if self._line == len(self._lines):
            self._read_on()
            return True
        was = self._lines[self._line]
        if fresh and was.fresh and was.stretches is not None:
            self._read_on()
            return True
        self._lines[self._line] = Line(fresh)
        return False

    def _show_read(self) -> None:
        self._show(self._first, self._line)
        self._first = self._line

    def _show(self, first: int, last: int) -> None:
        """Put the colours of some lines into the document. What is out of sight is drawn with the rest, at the end."""
        if first >= last:
            return
        block = self._document.findBlockByNumber(first)
        for line in self._lines[first:last]:
            stretches = line.stretches or ()
            if self.quiet:
                stretches = ((0, block.length(), QUIET),)
            block.layout().setFormats([self._range(*stretch) for stretch in stretches])
            block = block.next()
        self._unseen = (min(first, self._unseen[0]), max(last, self._unseen[1])) if self._unseen else (first, last)
        seen = self._seen()
        if self._is_all_read or (first < seen[1] and last > seen[0]):
            self._draw()

    def _draw(self) -> None:
        """Let Qt draw what has got its colours; it then draws all that is in sight."""
        if self._unseen is not None:
            first, last = (self._document.findBlockByNumber(line) for line in (self._unseen[0], self._unseen[1] - 1))
            self._document.markContentsDirty(first.position(), last.position() + last.length() - 1 - first.position())
            self._unseen = None

    def _range(self, start: int, length: int, kind: str) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, length, self._format(kind)
        return made

    def _format(self, kind: str) -> QTextCharFormat:
        if kind not in self._formats:
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(theme().color("text_quiet" if kind == QUIET else f"code_{kind}"))
        return self._formats[kind]


_kinds: dict[Any, str] = {}  # token type -> kind, as met


def load() -> Any:
    """The lexer. To be called beside the window: reading its modules and making its rules takes 0.1 s."""
    from pygments.lexers.python import PythonLexer

    lexer = PythonLexer()
    for token in lexer.get_tokens_unprocessed("x = 1"):
        _kind(token[1], token[2])
    return lexer


def _kind(token: Any, text: str) -> str:
    """One of KINDS, or "" for the colour of all text."""
    if token not in _kinds:
        _kinds[token] = _kind_of_type(token)
    kind = _kinds[token]
    return "name" if not kind and text[:1].isupper() else kind  # a class, wherever it is used


def _kind_of_type(token: Any) -> str:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    kinds = {Keyword: "keyword", Operator.Word: "keyword", String: "string", Number: "number", Comment: "comment"}
    kinds |= {Name.Function: "name", Name.Class: "name", Name.Decorator: "name"}
    return next((kind for whole, kind in kinds.items() if token in whole), "")
