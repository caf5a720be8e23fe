"""Windows that slide over an input: asked of the workbench one question at a time, and of those that wait the newest."""

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.core.messages import Answer, Failed, Slid, Slide
from playground.session.client import EngineClient


class Sliding(QObject):
    """answer: the newest that is none of a fault, None before the first;  fault: why the newest question has none"""

    changed = Signal()  # there is another answer, or a fault

    def __init__(self, client: EngineClient, parent: QObject | None = None):
        super().__init__(parent)
        self._client = client
        self.answer: Slid | None = None
        self.asked: Slide | None = None  # that `answer` answers
        self.fault = ""
        self._waiting: Slide | None = None
        self._under_way: Slide | None = None
        self._is_forgotten = False  # the question under way: nobody looks at its answer
        client.ready_changed.connect(self._ask)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._under_way is not None

    def ask(self, question: Slide) -> None:
        """question: its id does not count. One that is asked already is not asked again."""
        under_way = None if self._is_forgotten else self._under_way
        if question == (self._waiting or under_way or (None if self.fault else self.asked)):
            return
        self._waiting = question
        self._ask()

    def forget(self) -> None:
        """Nothing is asked any more, and nothing is known."""
        self._waiting = self.answer = self.asked = None
        self.fault, self._is_forgotten = "", self.is_busy

    def script(self, take: Callable[[str], Any]) -> None:
        """The newest answer as a program."""
        if self.asked is not None:
            question = msgspec.structs.replace(self.asked, script=True)
            self._client.ask(
                lambda id: msgspec.structs.replace(question, id=id),
                lambda answer: take(answer.script) if isinstance(answer, Slid) else None,
            )

    def _ask(self) -> None:
        if self._under_way is not None or self._waiting is None or not self._client.ready:
            return
        self._under_way, self._waiting = self._waiting, None
        question = self._under_way
        self._client.ask(lambda id: msgspec.structs.replace(question, id=id), self._take)

    def _take(self, answer: Answer) -> None:
        question, self._under_way = self._under_way, None
        if self._is_forgotten:
            self._is_forgotten = False
        elif isinstance(answer, Slid):
            self.answer, self.asked, self.fault = answer, question, ""
        elif isinstance(answer, Failed):
            self.fault = answer.fault.what
        self.changed.emit()
        self._ask()
