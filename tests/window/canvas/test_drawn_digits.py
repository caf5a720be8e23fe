"""A LeNet that the program has trained reads digits that are drawn on its canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from playground.core.edit import SetRecipe
from playground.disk import projects
from playground.session.history import numbers
from playground.session.session import Session
from playground.window.panels.draw import WATCH, DrawPanel
from tests.handwriting import written

WAIT = 90_000
EACH = 10  # of every digit


@pytest.fixture
def trained(qapp, qtbot) -> Session:
    """A session whose LeNet has learnt scikit-learn's digits for ten epochs."""
    session = Session(projects.load("preset:lenet-digits"), "lenet-digits")
    session.training.frame_received.connect(session.training.acknowledge)
    session.start()
    qtbot.waitUntil(lambda: session.client.ready and session.training.ready, timeout=WAIT)
    session.document.apply(SetRecipe({"epochs": 10}))
    session.training.start()
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=WAIT)
    yield session
    session.document.new(session.document.project, "done")
    session.close()
    session.deleteLater()


def replay(canvas, strokes) -> None:
    """With the events of a mouse."""
    for stroke in strokes:
        for number, point in enumerate(stroke):
            _send(canvas, QEvent.Type.MouseMove if number else QEvent.Type.MouseButtonPress, canvas.place(*point))
        _send(canvas, QEvent.Type.MouseButtonRelease, canvas.place(*stroke[-1]))


def _send(canvas, kind: QEvent.Type, place: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    there = QPointF(canvas.mapToGlobal(place.toPoint()))
    QApplication.sendEvent(canvas, QMouseEvent(kind, place, there, button, held, Qt.KeyboardModifier.NoModifier))


def test_at_least_80_of_100_drawn_digits_are_read(trained, qtbot):
    panel = DrawPanel(trained)
    qtbot.addWidget(panel)
    panel.resize(900, 420)
    panel.show()
    qtbot.waitUntil(lambda: panel.page.canvas.isVisible() and trained.drawing.fitted is not None, timeout=WAIT)
    draw, read = np.random.default_rng(2026), np.zeros((10, 10), int)
    drawing = trained.drawing
    for digit in (number for number in range(10) for _time in range(EACH)):
        drawing.clear()
        panel.page.tools.width_.setValue(int(draw.integers(5, 11)))
        replay(panel.page.canvas, written(digit, draw))
        qtbot.waitUntil(lambda: not drawing.is_busy, timeout=WAIT)
        given = numbers(drawing.fitted.input)
        qtbot.waitUntil(lambda given=given: _is_of(trained, given), timeout=WAIT)
        read[digit, int(np.argmax(numbers(trained.training.picture(WATCH).arrays["probabilities"])))] += 1
    assert np.trace(read) >= 0.8 * read.sum(), f"read as, a row a digit:\n{read}"


def _is_of(session: Session, given: np.ndarray) -> bool:
    """Whether the newest answer is of this very input."""
    picture = session.training.picture(WATCH)
    return picture is not None and "input" in picture.arrays and np.array_equal(numbers(picture.arrays["input"]), given)
