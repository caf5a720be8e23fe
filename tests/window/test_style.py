"""The ring around the button that has the keyboard."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from playground.window.style import FocusRing


def test_the_ring_follows_its_button_when_what_it_lies_in_is_moved(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    row = QWidget(window)
    row.setGeometry(10, 10, 200, 60)
    button, other = QPushButton("one", row), QPushButton("two", row)
    button.setGeometry(5, 5, 60, 28)
    other.setGeometry(80, 5, 60, 28)
    ring = FocusRing(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    for wanted, left in ((button, 5), (other, 80)):
        wanted.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda wanted=wanted: wanted.hasFocus())
        assert ring.pos() == row.pos() + QPoint(left - 4, 1)
    row.move(150, 100)
    assert ring.pos() == QPoint(150 + 80 - 4, 100 + 5 - 4)
    row.hide()
    assert ring.isHidden()
    row.show()
    assert not ring.isHidden()
    button.setFocus()  # the first one is left alone from now on
    qtbot.waitUntil(lambda: button.hasFocus())
    other.move(0, 30)
    assert ring.pos() == QPoint(150 + 5 - 4, 100 + 5 - 4)
