"""What every section of the view about neurons is: it shows the page, and every wish is another page."""

from typing import Any, TypeGuard

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.core.lab.told import BoundaryTold, NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.spec import Argument
from playground.window.fields import ArgumentField
from playground.window.theme import theme


class Section(QWidget):
    """wanted: page, what was done, and a key that is equal for turns of one knob;  looked: page, of what is looked at alone
    A section overrides `show_state`, `show_told` and `dress`. state: the page as it was shown last
    side_px: width of the numbers beside its picture, where it has any;  side_share: of the section at most, with large text
    """

    side_px, side_share = 348, 0.42

    wanted = Signal(object, str, object)
    looked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.state = Neuron()
        self.side = QWidget()

    def show_state(self, state: Neuron) -> None:
        self.state = state

    def show_told(self, told: NeuronTold | BoundaryTold) -> None:
        """Draw an answer."""

    def dress(self) -> None:
        """Take colours and fonts of the theme."""

    def put(self, text: str, merge_key: Any = None, **changes: Any) -> None:
        """A person wants this."""
        self.wanted.emit(msgspec.structs.replace(self.state, **changes), text, merge_key)

    def share_width(self, width: int) -> None:
        """The numbers take what their text asks for, and leave the picture the larger part. width: of the section"""
        own = min(self.side_px, round(0.5 * width))
        self.side.setFixedWidth(max(own, min(round(own * theme().text_scale), round(self.side_share * width))))

    def is_about(self, told: NeuronTold | BoundaryTold) -> TypeGuard[NeuronTold]:
        """Whether an answer is about neurons of as many inputs, and as many of them, as the page has by now."""
        rows, wide = len(self.state.weights), len(self.state.inputs)
        fits = len(self.state.biases) == rows and all(len(row) == wide for row in self.state.weights)
        return isinstance(told, NeuronTold) and fits and told.products.shape == (rows, wide)


def lines_above(layout_of: QWidget) -> QVBoxLayout:
    """A column without margins."""
    column = QVBoxLayout(layout_of)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def head_row() -> QHBoxLayout:
    """The row of controls above a picture."""
    row = QHBoxLayout()
    row.setContentsMargins(16, 8, 16, 8)
    row.setSpacing(8)
    return row


def body_row() -> QHBoxLayout:
    """The picture, and its numbers beside it."""
    row = QHBoxLayout()
    row.setContentsMargins(16, 0, 16, 12)
    row.setSpacing(24)
    return row


def label(text: str = "", role: str = "", wraps: bool = False) -> QLabel:
    """Plain text. role: a property of the style sheet"""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    if wraps:
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it must not widen the page
    return made


def number_field(argument: Argument, width: int) -> ArgumentField:
    """A field that always holds a number."""
    field = ArgumentField(argument, can_release=False)
    field.setFixedWidth(width)
    return field
