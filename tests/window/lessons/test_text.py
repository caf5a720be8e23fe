"""The text of a lesson is for reading."""

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from playground.window.lessons.text import LessonText

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_an_input_method_writes_nothing_into_it(qtbot):
    text = LessonText()
    qtbot.addWidget(text)
    text.show_text("# Slopes\n\nThe slope of x² at 2 is **4**.")
    before = text.toPlainText()
    text.selectAll()
    event = QInputMethodEvent()
    event.setCommitString("字")
    QApplication.sendEvent(text, event)
    assert text.toPlainText() == before
