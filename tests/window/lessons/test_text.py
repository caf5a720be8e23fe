"""The text of a lesson is for reading."""

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from playground.window.lessons.text import LessonText
from playground.window.theme import theme

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


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_table_has_a_rule_below_each_row_and_no_upright_line(qtbot, choice):
    theme().set(choice)
    text = LessonText()
    qtbot.addWidget(text)
    text.resize(340, 300)
    text.show_text("| operation | slope |\n|---|---|\n| mean | 1/4 |\n| cube | 3 |\n")
    text.show()
    picture = text.viewport().grab().toImage()
    wide, high = picture.width(), picture.height()
    layout, table = text.document().documentLayout(), text.document().rootFrame().childFrames()[0]
    long = round(layout.frameBoundingRect(table).width() * picture.devicePixelRatio())
    ground = picture.pixelColor(wide - 2, high - 2)
    rows = ["".join(" #"[picture.pixelColor(x, y) != ground] for x in range(wide)) for y in range(high)]
    rules = [y for y, row in enumerate(rows) if "#" * long in row]
    thick = round(picture.devicePixelRatio())
    assert len(rules) == 3 * thick  # the head, and two rows
    between = rows[rules[0] : rules[-1] + 1]
    assert not any(all(row[x] == "#" for row in between) for x in range(wide))
    theme().set("light")
