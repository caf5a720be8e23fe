"""A session whose questions about the lab are answered at once, by the functions that answer them in the workbench."""

from typing import Any

import pytest

from playground.core.messages import AskLab, Failed, LabTold, decode_answer, decode_question, encode
from playground.core.problem import Problem
from playground.session.session import Session
from tests.window.frame import session as session


@pytest.fixture
def told(session) -> Session:
    """The session; every question and answer goes through the bytes of a message, as between two processes."""
    from playground.engine.lab.answering import answer

    def ask(make_question: Any, on_answer: Any) -> None:
        question = make_question(1)
        if isinstance(question, AskLab):
            question = decode_question(encode(question))
            try:
                found: Any = LabTold(question.id, answer(question.ask))
            except Problem as problem:
                found = Failed(question.id, problem.fault)
            on_answer(decode_answer(encode(found)))

    session.client.ask = ask
    session.client.ready = True
    return session
