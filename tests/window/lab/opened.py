"""A view of the lab in a window of its own, whose questions are answered at once, or when a test lets them be."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.messages import AskLab, Failed, LabTold, decode_answer, decode_question, encode
from playground.core.problem import Problem
from playground.window.lab.view import TopicView
from playground.window.lab.views import VIEWS


def opened(session: Any, qtbot: Any, topic: str) -> TopicView:
    """The view of a topic on the page that this begins with, run. Questions go through the bytes of a message."""
    session.client.ask = answered
    lab = session.lab
    view = VIEWS[topic](lab, None)
    qtbot.addWidget(view)

    def show(page: Any) -> None:
        view.show_page(page.state)
        view.ask_all()

    lab.page_changed.connect(show)
    lab.choose(topic)
    view.resize(QSize(1340, 700))
    view.show_page(lab.page.state)
    view.show()
    view.ask_all()
    QApplication.processEvents()
    return view


def answered(make_question: Callable[[int], Any], on_answer: Callable[[Any], None]) -> None:
    """As the workbench would."""
    from playground.engine.lab.answering import answer

    question = make_question(1)
    if not isinstance(question, AskLab):
        return
    question = decode_question(encode(question))
    try:
        found: Any = LabTold(question.id, answer(question.ask))
    except Problem as problem:
        found = Failed(question.id, problem.fault)
    on_answer(decode_answer(encode(found)))


def drag(widget: QWidget, *places: QPointF) -> None:
    """Press at the first place, move over the others, and let go at the last."""
    points = [QPoint(round(place.x()), round(place.y())) for place in places]
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[0])
    for point in points[1:]:
        QTest.mouseMove(widget, point)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[-1])
    QApplication.processEvents()
