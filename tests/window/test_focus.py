"""The keyboard never lands on a button that nobody chose."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from playground.window.focus import FocusKeeper
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


class Stage(QWidget):
    """A window with a place that is home, two buttons of a run, a fix, and what Qt would hand the keyboard to."""

    def __init__(self) -> None:
        super().__init__()
        self.undo, self.train, self.step = QPushButton("Undo"), QPushButton("Train"), QPushButton("Step")
        self.speed, self.home, self.fix = QPushButton("Full"), QLineEdit(), QPushButton("Fix")
        layout = QVBoxLayout(self)
        for widget in (self.undo, self.train, self.step, self.speed, self.home, self.fix):
            layout.addWidget(widget)
        self.keeper = FocusKeeper(self, self.home, self.train, (self.step,))


@pytest.fixture
def stage(qtbot) -> Stage:
    made = Stage()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def focused() -> QWidget | None:
    settle()
    return QApplication.focusWidget()


def test_from_a_button_that_is_switched_off_it_goes_home_and_back_when_it_can_be_pressed_again(stage):
    stage.train.setFocus()
    stage.train.setEnabled(False)
    assert focused() is stage.home
    stage.train.setEnabled(True)
    assert focused() is stage.train


def test_from_a_button_beside_it_it_goes_to_the_main_one(stage):
    stage.step.setFocus()
    stage.train.setEnabled(False)
    stage.step.setEnabled(False)
    assert focused() is stage.home
    stage.train.setEnabled(True)
    assert focused() is stage.train


@pytest.mark.parametrize("how", ["hidden", "deleted", "disabled"])
def test_from_a_button_that_goes_away_it_goes_home(stage, how):
    stage.fix.setFocus()
    match how:
        case "hidden":
            stage.fix.hide()
        case "deleted":
            stage.fix.setParent(None)
            stage.fix.deleteLater()
        case "disabled":
            stage.fix.setEnabled(False)
    assert focused() is stage.home


def test_what_somebody_chose_is_left_alone(stage):
    stage.train.setFocus()
    stage.train.setEnabled(False)
    assert focused() is stage.home
    stage.undo.setFocus(Qt.FocusReason.TabFocusReason)
    stage.train.setEnabled(True)
    assert focused() is stage.undo
