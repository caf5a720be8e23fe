"""What hands do in the room of convolutions, and what is read there."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.window.panels.feed import feed, settle


def newest(bench):
    return bench.asked[-1]


def lines(room):
    return {line.name: line.value for line in room.arithmetic._lines}


def click(widget, point: QPointF):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point.toPoint())
    settle()


def drag(widget, start: QPointF, end: QPointF):
    """Pressed, moved in two steps, let go."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for share in (0.5, 1.0):
        QTest.mouseMove(widget, (start + (end - start) * share).toPoint())
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end.toPoint())
    settle()


def paint(room):
    room.head.modes.button("paint").click()
    settle()
    feed(room.session, 210)


def type_into(field, text):
    field.editor.setFocus()
    field.editor.selectAll()
    QTest.keyClicks(field.editor, text)
    settle()
