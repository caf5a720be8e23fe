"""Fields for declared arguments: what a person may type becomes a value, and a value becomes text."""

import html
import math
import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from playground.core.arguments import shown
from playground.core.spec import Argument
from playground.core.text import _
from playground.window import icons
from playground.window.theme import theme
from playground.window.word_buttons import ChoiceButton, WeightsButton, WordButton

MOST_TYPED = 24
LONGEST_TEXT = 4_096  # of a path or of words


def parsed(argument: Argument, text: str) -> Any:
    """The value that a text means for this argument; it may lie outside its range: the learner may try.

    raises ValueError: the text means no value of any kind
    """
    if argument.kind in ("path", "text"):
        return text
    words = text.strip().removesuffix(argument.unit).strip().replace("−", "-")
    if words in argument.choices:
        return words
    if argument.kind in ("pair", "ints"):
        numbers = [_number(one) for one in re.split(r"[×x*;,/ ]+", words.strip("()[]")) if one]
        if not numbers or (argument.kind == "pair" and len(numbers) > 2):
            raise ValueError(text)
        same = argument.kind == "pair" and numbers[0] == numbers[-1]
        return numbers[0] if len(numbers) == 1 or same else numbers
    number = _number(words.replace(",", "."))
    return float(number) if argument.kind == "float" else number


def _number(text: str) -> int | float:
    value = float(text)
    whole = re.fullmatch(r"[+-]?\d+", text.strip()) is not None
    return int(text) if whole else value


def stepped(argument: Argument, value: Any, up: bool) -> Any:
    """The next value with the arrow keys: whole numbers by one, others by one in their last digit. None: there is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    if isinstance(value, int) and argument.kind != "float":
        found: float = value + (1 if up else -1)
    else:
        digits = f"{value:g}".partition("e")[0].partition(".")[2]
        exponent = int(f"{value:e}".partition("e")[2]) if value else -2
        unit = 10.0 ** (-len(digits) if digits and "e" not in f"{value:g}" else exponent)
        found = float(f"{value + (unit if up else -unit):.6g}")
    low, high = argument.low, argument.high
    if low is not None and (found < low or (argument.open_low and found <= low)):
        return None
    return None if high is not None and found > high else found


def range_text(argument: Argument) -> str:
    """The range in words, with its unit: "1 to 1,024 px"; empty where there is none."""
    if argument.kind in ("bool", "choice"):
        return ""
    low, high = (None if one is None else shown(one) for one in (argument.low, argument.high))
    if low is None and high is None:
        return ""
    if high is None:
        text = (_("more than {low}") if argument.open_low else _("from {low}")).format(low=low)
    elif low is None:
        text = _("up to {high}").format(high=high)
    elif argument.open_low:
        text = _("more than {low}, up to {high}").format(low=low, high=high)
    else:
        text = _("{low} to {high}").format(low=low, high=high)
    return f"{text} {argument.unit}".strip()


def range_sentence(argument: Argument) -> str:
    """ "Range: 1 to 1,024 px."; empty where there is none."""
    bounds = range_text(argument)
    return _("Range: {bounds}.").format(bounds=bounds) if bounds else ""


def tip_of(argument: Argument, title: str = "") -> str:
    """What an argument is, and its range, for a tool tip. title: in place of its name"""
    text = f"<b>{html.escape(title or argument.name)}</b> {html.escape(argument.help)}."
    bounds = range_sentence(argument)
    return f"{text}<br>{html.escape(bounds)}" if bounds else text


class ValueLine(QLineEdit):
    """A line for a number, its unit in quiet text behind it."""

    step_requested = Signal(bool)  # up?

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit
        self.setMaxLength(MOST_TYPED)
        self.setAcceptDrops(False)  # a file that is dropped is for the window
        self.setFrame(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_requested.emit(event.key() == Qt.Key.Key_Up)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._unit or not self.text() or not self.text()[-1].isdigit():
            return
        painter = QPainter(self)
        left = self.fontMetrics().horizontalAdvance(self.text()) + 8
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_quiet"))
        if left + painter.fontMetrics().horizontalAdvance(self._unit) <= self.width():
            area = self.rect().adjusted(left, 0, 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._unit)


class ArgumentField(QFrame):
    """A field for one argument: dashed and grey on auto, solid with a pin where it is pinned.

    set_requested: a value typed or chosen;  release_requested: back to auto;  entered: it has the keyboard now
    open_requested: what it holds is edited elsewhere
    """

    set_requested = Signal(object)
    release_requested = Signal()
    open_requested = Signal()
    entered = Signal()

    def __init__(
        self,
        argument: Argument,
        titles: Mapping[Any, str] | None = None,
        can_release: bool = True,
        removable: bool = False,
    ) -> None:
        """can_release: it may be on auto;  removable: its button takes the field away instead"""
        super().__init__()
        self.argument = argument
        self._removable = removable
        self.value: Any = None
        self.pinned = False
        self._fault: str | None = None
        self._seen: tuple[Any, ...] = ()
        self.setProperty("role", "field")
        self._toggle = self._make_toggle() if can_release else None
        self._editor = self._make_editor(titles)
        self._editor.setAccessibleName(argument.name)
        self._editor.installEventFilter(self)
        layout = QHBoxLayout(self)
        word = isinstance(self._editor, WordButton)  # "default" is to fit beside its "A"
        layout.setContentsMargins(6 if word else 8, 0, 3 if can_release else 8, 0)
        layout.setSpacing(0 if word else 2)
        layout.addWidget(self._editor, 1)
        if self._toggle:
            layout.addWidget(self._toggle)
        self.setFocusProxy(self._editor)
        self.measure()

    def explain(self, title: str = "") -> None:
        """Say in the tool tip, and to screen readers, what the argument is, and its range. title: in place of its name"""
        self.setToolTip(tip_of(self.argument, title))
        self._editor.setAccessibleDescription(range_sentence(self.argument))

    def refuse(self, reasons: Mapping[Any, str]) -> None:
        """Which of the choices cannot be chosen now, each with the reason as a sentence."""
        if isinstance(self._editor, ChoiceButton):
            self._editor.refuse(reasons)

    def measure(self) -> None:
        """Take the height that the size of the text asks for."""
        self.setFixedHeight(theme().size("field"))

    @property
    def editor(self) -> QWidget:
        return self._editor

    @property
    def toggle(self) -> QToolButton | None:
        """The button "A" or pin; None where the argument is never on auto."""
        return self._toggle

    def show_value(self, value: Any, pinned: bool, fault: str | None = None) -> None:
        """value: the one in effect, None where it is not known yet;  fault: why it cannot be. What is shown already
        costs nothing: after an edit, most fields show what they did."""
        seen = (type(value), value, pinned, fault)  # 1, 1.0 and True are equal, and are written differently
        if seen == self._seen:
            return
        self._seen = seen
        self.value, self.pinned, self._fault = value, pinned, fault
        if isinstance(self._editor, WordButton):
            self._editor.show_value(value)
        elif not self._means(value):
            self._editor.setText("" if value is None else shown(value))
        self._mark("auto", "true" if not pinned and self._toggle else "false")
        self._mark("wrong", "true" if fault else "false")
        self._show_toggle()

    def _means(self, value: Any) -> bool:
        """Whether the text stands for this value already: then it is left as it was typed."""
        try:
            return self._editor.hasFocus() and parsed(self.argument, self._editor.text()) == value
        except ValueError:
            return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._searches(event):
            event.ignore()
            return True
        if watched is self._editor and isinstance(event, QFocusEvent):
            focused = event.type() == QEvent.Type.FocusIn
            self._mark("focused", "true" if focused else "false")
            if focused:
                self.entered.emit()
            else:
                self._restore()
        return super().eventFilter(watched, event)

    def _searches(self, event: QEvent) -> bool:
        """Whether a key is for the search of the palette: no number has it."""
        return isinstance(event, QKeyEvent) and event.text() == "/" and self.argument.kind not in ("path", "text")

    def _restore(self) -> None:
        """On leaving, text that means nothing gives way to the value that counts."""
        if isinstance(self._editor, QLineEdit):
            self._editor.setText("" if self.value is None else shown(self.value))
            self._mark("wrong", "true" if self._fault else "false")

    def _make_editor(self, titles: Mapping[Any, str] | None) -> "ValueLine | WordButton":
        argument = self.argument
        if argument.kind == "weights":
            weights = WeightsButton()
            weights.clicked.connect(lambda _checked=False: self.open_requested.emit())
            return weights
        if argument.kind == "bool":
            titles = {True: shown(True), False: shown(False)}
        elif argument.kind == "choice":
            titles = titles or {one: _with_signs(one) for one in argument.choices}
        else:
            line = ValueLine(argument.unit)
            if argument.kind in ("path", "text"):
                line.setMaxLength(LONGEST_TEXT)
            line.textEdited.connect(self._on_text_edited)
            line.step_requested.connect(self._on_step_requested)
            return line
        button = ChoiceButton(titles)
        button.chosen.connect(self.set_requested)
        return button

    def _make_toggle(self) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(22, 22)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._on_toggled)
        return button

    def _show_toggle(self) -> None:
        if self._toggle is None:
            return
        if self._removable:
            self._toggle.setIcon(icons.icon("close", "text_quiet"))
            self._toggle.setToolTip(_("Leave this step out"))
            self._toggle.setAccessibleName(_("Leave {name} out").format(name=self.argument.name))
            return
        self._toggle.setIcon(icons.icon("pin", "accent") if self.pinned else icons.icon("auto", "text_quiet"))
        pinned, auto = _("{name} is pinned; click to put it on auto"), _("{name} is on auto; click to pin it")
        if self.argument.kind == "weights":
            pinned = _("{name} is pinned; click to let all classes count alike")
            auto = _("All classes count alike; click to give each a number")
        text = (pinned if self.pinned else auto).format(name=self.argument.name)
        self._toggle.setToolTip(text)
        self._toggle.setAccessibleName(text)

    def _on_toggled(self) -> None:
        if self.pinned:
            self.release_requested.emit()
        elif self.argument.kind == "weights":
            self.open_requested.emit()
        elif self.value is not None:
            self.set_requested.emit(self.value)
        else:
            self._editor.setFocus()

    def _on_text_edited(self, text: str) -> None:
        try:
            value = parsed(self.argument, text)
        except (ValueError, OverflowError):
            self._mark("wrong", "true")
            return
        self._mark("wrong", "false")
        self.set_requested.emit(value)

    def _on_step_requested(self, up: bool) -> None:
        value = stepped(self.argument, self.value, up)
        if value is not None and isinstance(self._editor, QLineEdit):
            self._editor.setText(shown(value))
            self.set_requested.emit(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Style sheets have no dashes of our own length, so the frame is painted."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused, wrong, auto = (self.property(name) == "true" for name in ("focused", "wrong", "auto"))
        width = 2 if focused else 1
        pen = QPen(theme().color("error" if wrong else "accent" if focused else "line_strong"), width)
        if auto and not focused and not wrong:
            pen.setDashPattern([3, 3])
        else:
            painter.setBrush(theme().color("surface"))
        painter.setPen(pen)
        half, radius = width / 2, theme().tokens["radius"]["field"]
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)

    def _mark(self, name: str, value: Any) -> None:
        if self.property(name) == value:
            return
        self.setProperty(name, value)
        if name == "auto":  # the colour of the text comes from the style sheet
            self._editor.style().unpolish(self._editor)
            self._editor.style().polish(self._editor)
        self.update()


def _with_signs(word: str) -> str:
    """A real minus sign where the word is a range of numbers."""
    return word.replace("-", "−") if word[:1] in "-0123456789" else word
