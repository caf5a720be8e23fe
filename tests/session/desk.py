"""A workbench for scripts that answers when a test says so."""

from typing import Any

from playground.core.messages import WriteCode
from playground.core.project import read_project
from playground.core.report import Report
from playground.session.session import Session
from tests.session.fake_engine import write_code


class Desk:
    """asked: its questions, answered or not"""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.asked: list[Any] = []
        self._open: list[Any] = []
        session.client.ask = self._ask
        session.client.ready = True
        self.check()

    def _ask(self, make_question: Any, on_answer: Any) -> None:
        question = make_question(len(self.asked) + 1)
        if isinstance(question, WriteCode):  # previews are not its business
            self.asked.append(question)
            self._open.append((question, on_answer))

    def check(self) -> None:
        """As if the newest project had been checked."""
        client = self.session.client
        client.checked = self.session.document.project
        client.report = client.report or Report(input_shape=(1, 8, 8), rows=())
        client.report_changed.emit(client.report)

    def answer(self, answer: Any = None) -> None:
        """The oldest question; as the fake engine would unless another answer is given."""
        question, on_answer = self._open.pop(0)
        on_answer(answer or write_code(question.id, read_project(question.project, "x"), question.style))

    def answer_all(self) -> None:
        while self._open:
            self.answer()

    @property
    def styles(self) -> list[str]:
        return [question.style for question in self.asked]
