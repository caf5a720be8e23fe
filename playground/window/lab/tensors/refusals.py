"""Below the lines: what helps while one types, or why a line is refused; shapes that do not fit are drawn."""

import html
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from playground.core.lab.messages import Ask, ShowPair
from playground.core.lab.told import Attempts, LineFault
from playground.core.lab.topics import Tensors
from playground.core.lab.words import Word
from playground.core.problem import Fault
from playground.core.text import _
from playground.window.lab.tensors import words
from playground.window.lab.tensors.misfit import Misfit
from playground.window.theme import theme
from playground.window.web import open_page

_HINT = _("One line of PyTorch each. Ctrl+Space offers words; click a cell and type a number to change it.")
_READ = Qt.TextInteractionFlag.TextSelectableByMouse
_FOLLOW = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
Asker = Callable[[Ask, Callable[[Any], None], str], None]


class HelpLine(QLabel):
    """fault: that is told, None where there is none;  misfit: drawn below it where two shapes do not fit"""

    def __init__(self, misfit: Misfit, ask: Asker, hint: str = _HINT) -> None:
        """hint: what is said where there is nothing else to say"""
        super().__init__(hint)
        self.misfit, self._ask, self._hint = misfit, ask, hint
        self.fault: LineFault | None = None
        self._state = Tensors()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "small")
        self.setTextInteractionFlags(_READ)
        self.linkActivated.connect(open_page)
        self.setContentsMargins(16, 4, 16, 6)
        misfit.message.hide()  # this line says it
        misfit.hide()

    def show_faults(self, state: Tensors, faults: Mapping[int, LineFault], line: int) -> None:
        """Tell the fault of a line, else the first. line: where the caret is, from 1"""
        self._state = state
        self.fault = faults.get(line) or next(iter(faults.values()), None)
        if self.fault is None:
            self.misfit.hide()
            self._say(self._hint, "small")
            return
        self._say(fault_words(self.fault), "error")
        self._ask_for_ways_out(self.fault)

    def show_word(self, word: Word | None, *, always: bool) -> None:
        """What a word does. always: also while a fault is told"""
        if word is not None and (self.fault is None or always):
            self._say(f"{word.name}{word.call} {word.help}.", "small", word)
        elif self.fault is None:
            self._say(self._hint, "small")

    def refuse(self, fault: Fault) -> None:
        """Something that a person wanted cannot be done."""
        self._say(str(fault), "error")

    def _say(self, text: str, role: str, word: Word | None = None) -> None:
        """word: whose page a link leads to, behind the text"""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().polish(self)
        self.setToolTip(word.docs_url if word else "")
        if word is None:
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(text)
        else:
            color = theme().color("text_quiet").name()
            link = f'<a href="{word.docs_url}" style="color:{color}">{html.escape(word.torch_name)}&nbsp;↗</a>'
            self.setTextFormat(Qt.TextFormat.RichText)
            self.setText(f"{html.escape(text)} {link}")
        flags = _READ if word is None else _READ | _FOLLOW  # with a link, Tab comes here
        if self.textInteractionFlags() != flags:
            self.setTextInteractionFlags(flags)

    # Shapes that do not fit ---------------------------------------------------------------------------------------

    def operands(self) -> tuple[str, str, str, int, int] | None:
        """Of the line that is told of: left, right, sign, and where they lie in it."""
        fault, lines = self.fault, self._state.lines
        if fault is None or not fault.torch_message or not 0 < fault.line <= len(lines):
            return None
        return words.operands(lines[fault.line - 1], fault.column)

    def lines_with(self, way: str) -> tuple[str, ...] | None:
        """The lines with a way out that was tried in the place of what does not fit."""
        fault, found = self.fault, self.operands()
        if fault is None or found is None:
            return None
        lines = list(self._state.lines)
        *_sides, begin, end = found
        lines[fault.line - 1] = lines[fault.line - 1][:begin] + way + lines[fault.line - 1][end:]
        return tuple(lines)

    def _ask_for_ways_out(self, fault: LineFault) -> None:
        found = self.operands()
        if found is None:
            self.misfit.hide()
            return
        left, right, sign, _begin, _end = found

        def then(told: Any) -> None:
            drawn = isinstance(told, Attempts) and self.misfit.show_told(told, (left, right), sign)
            self.misfit.setVisible(drawn and self.fault == fault)

        any_sign: Any = sign
        before = self._state.lines[: fault.line - 1]
        self._ask(ShowPair(before, left, right, "ways out", (), any_sign, self._state.seed), then, "misfit")


def fault_words(fault: LineFault) -> str:
    """Where and why a line is refused, what to do, and PyTorch's own words where they are not said yet."""
    told = [_("Line {line}: {sentence}.").format(line=fault.line, sentence=fault.sentence)]
    told += [f"{fault.fix}."] if fault.fix else []
    if fault.torch_message and fault.torch_message not in fault.sentence:
        told.append(_("PyTorch: {message}").format(message=fault.torch_message))
    return " ".join(told)
