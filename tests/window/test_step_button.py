"""One step or one epoch: the button does what was chosen last in its menu. The engine is not started."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from playground.window.run_bar import RunBar
from playground.window.step_button import SETTING
from tests.window.bar import at_rest, bar, called  # noqa: F401
from tests.window.frame import lenet_report, session, show_report  # noqa: F401

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "grabbing the keyboard", extend=True)


def test_it_takes_a_step_at_first(called, bar):  # noqa: F811
    bar.line.step.click()
    assert called == ["step"]
    assert bar.line.step.text() == "Step"
    assert "(F10)" in bar.line.step.toolTip()


def test_an_epoch_is_two_clicks_away_with_the_mouse(called, bar, qtbot):  # noqa: F811
    steps = bar.line.steps
    picked = []

    def pick() -> None:
        menu = QApplication.activePopupWidget()
        picked.extend(one.text() for one in menu.actions())
        place = menu.actionGeometry(menu.actions()[1]).center()
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)

    QTimer.singleShot(50, steps, pick)
    steps.more.showMenu()
    assert picked == ["One step\tF10", "One epoch\tShift+F10"]
    assert called == ["step_epoch"]
    assert steps.button.text() == "Epoch"
    assert "(Shift+F10)" in steps.button.toolTip()
    steps.button.click()
    assert called == ["step_epoch", "step_epoch"]


def test_what_was_chosen_is_remembered_in_the_next_window(called, bar, session, qtbot):  # noqa: F811
    session.settings.set(SETTING, "epoch")
    other = RunBar(session)
    qtbot.addWidget(other)
    other.resize(1440, other.sizeHint().height())
    other.show()
    QApplication.processEvents()
    assert other.line.step.text() == "Epoch"
    other.line.step.click()
    assert called == ["step_epoch"]
    session.settings.set(SETTING, "nonsense")
    assert other.line.steps.does == "step"


def test_the_keys_of_the_other_leave_the_button_as_it_is(called, bar):  # noqa: F811
    bar.line.epoch_action.trigger()
    assert called == ["step_epoch"]
    assert bar.line.step.text() == "Step"


@pytest.mark.parametrize(
    ("state", "allowed"), [("idle", True), ("running", False), ("paused", True), ("stopping", False)]
)
def test_both_can_be_pressed_when_the_run_can_take_a_step(bar, session, state, allowed):  # noqa: F811
    session.training._set_state(state)
    steps, line = bar.line.steps, bar.line
    pressed = (steps.button, steps.more, line.step_action, line.epoch_action)
    assert [one.isEnabled() for one in pressed] == [allowed] * 4


def test_a_network_that_does_not_fit_says_why_it_takes_no_step(bar, session):  # noqa: F811
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    assert not bar.line.step.isEnabled()
    assert "Row 8 does not fit" in bar.line.step.toolTip()


def test_where_there_is_no_room_for_words_both_parts_stay(bar):  # noqa: F811
    steps = bar.line.steps
    wide = steps.width()
    bar.resize(1024, bar.height())
    QApplication.processEvents()
    assert steps.button.text() == ""
    assert steps.more.isVisible()
    assert steps.width() < wide
    assert steps.more.x() == steps.button.geometry().right() + 1
    assert steps.more.height() == steps.button.height() >= 28
