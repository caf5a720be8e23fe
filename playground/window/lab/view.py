"""What every view of the lab is: a widget that shows one topic's page, and what the workbench tells of it.

A view keeps nothing of the page: it reads `state`, and every wish of a person is a new state, given to `change`. What it
shows of numbers comes from `told`.
"""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from playground.core.lab.messages import Ask, WriteScript
from playground.core.lab.told import Told
from playground.core.lab.topics import State
from playground.core.problem import Fault
from playground.session.lab import Lab
from playground.window.lab.tab_order import tab_stops
from playground.window.theme import theme


class TopicView(QWidget):
    """A view overrides `questions`, `show_page`, `told`, and `failed`, `code` and `dress` where it has a use for them.

    lab: the session's `Lab`, whose page is of this topic whenever the view is seen
    home: the part that takes the focus when the view is given it, None for the first there is
    drawn: an answer was drawn; there may be other parts than before
    """

    drawn = Signal()

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lab = lab
        self.home: QWidget | None = None
        self.topic = type(self).__module__.rpartition(".")[2]  # see `views`
        theme().changed.connect(self._on_theme_changed)

    # For the room -------------------------------------------------------------------------------------------------

    def questions(self, state: Any) -> tuple[Ask, ...]:
        """What is to be asked about a page, whenever it has changed and may run."""
        return ()

    def show_page(self, state: Any) -> None:
        """Let every control show the page as it is now. Nothing is computed: the answers come to `told`."""

    def told(self, answer: Told) -> None:
        """Draw an answer; one to a question about the page as it was a moment ago, while a hand is dragging.

        Refused where a line of the page is: what was drawn before may stay.
        """

    def failed(self, fault: Fault) -> None:
        """The question itself could not be answered."""

    def code(self) -> str | WriteScript:
        """The page as a script of Python, "" where it has none; or what the workbench is to be asked for it."""
        return ""

    def dress(self) -> None:
        """Take colours and fonts of the theme, where they are kept."""

    # For the view -------------------------------------------------------------------------------------------------

    def change(self, state: State, text: str, merge_key: Any = None) -> None:
        """A person wants this page. text: what was done, for Undo;  merge_key: equal for turns of one knob"""
        self.lab.change(state, text, merge_key)

    def look(self, state: State) -> None:
        """As `change`, of what is looked at alone: no step for Undo."""
        self.lab.look(state)

    def ask(self, question: Ask, kind: str = "") -> None:
        """Ask once more, besides `questions`: what a pointer wants to know."""
        if self.is_asked_for:
            self.lab.ask(question, self._on_answer, kind)

    def ask_all(self) -> None:
        """Ask what the page wants, if it may run."""
        if self.is_asked_for:
            for question in self.questions(self.lab.page.state):
                self.ask(question)

    @property
    def is_asked_for(self) -> bool:
        """Whether the page is of this topic, and may run: timers and answers come to a view that is left, too."""
        return self.lab.is_running and self.lab.page.topic == self.topic

    def _on_answer(self, answer: Told | Fault) -> None:
        if isinstance(answer, Fault):
            self.failed(answer)
        else:
            self.told(answer)
        self.drawn.emit()

    def _on_theme_changed(self) -> None:
        self.dress()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.dress()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A proxy would do the same, but Tab would come back to it wherever the view itself is on its way."""
        first = (one for one in tab_stops(self) if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        home = self.home or next(first, None)
        if home is not None:
            home.setFocus(event.reason())

    def minimumSizeHint(self) -> QSize:
        """The room scrolls nothing: a view finds its own way with little room."""
        return QSize(320, 240)
