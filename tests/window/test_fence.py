"""A new text inside ends at the fence; more room that is needed does not."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.window.fence import Fence
from tests.window.panels.feed import settle


class Listener(QObject):
    """Counts how often a widget is told to lay itself out."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture(params=[True, False], ids=["fenced", "bare"])
def parts(request, qtbot):
    """Around, label, and whether there is a fence between them: without one, Qt passes everything on."""
    around, inner, label = QWidget(), QWidget(), QLabel("short")
    QVBoxLayout(inner).addWidget(label)
    label.setMinimumWidth(40)
    label.setSizePolicy(label.sizePolicy().Policy.Ignored, label.sizePolicy().verticalPolicy())
    QVBoxLayout(around).addWidget(Fence(inner) if request.param else inner)
    qtbot.addWidget(around)
    around.resize(300, 200)
    around.show()
    settle()
    return around, label, request.param


def test_a_new_text_ends_at_the_fence(parts):
    around, label, fenced = parts
    listener = Listener(around)
    label.setText("a text that is longer than the one before")
    settle()
    assert (listener.count == 0) == fenced


def test_room_that_is_needed_is_asked_for(parts):
    around, label, _fenced = parts
    label.setMinimumSize(500, 300)
    settle()
    assert around.width() >= 500
    assert label.width() >= 500


def test_what_is_inside_is_as_large_as_the_fence(parts):
    around, label, _fenced = parts
    around.resize(420, 260)
    settle()
    margins = around.layout().contentsMargins()
    assert label.parentWidget().width() == 420 - margins.left() - margins.right()
