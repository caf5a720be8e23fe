"""The speed control shows the speed that a run has, whoever set it."""

import pytest

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.mark.parametrize(("speed", "shown"), [(None, ["Full"]), (100.0, ["100"]), (1, ["1"]), (33.0, [])])
def test_the_control_follows_the_speed(bar, session, speed, shown):
    session.training.set_speed(10.0)
    session.training.set_speed(speed)
    assert [one.text() for one in bar.line.speed_group.buttons() if one.isChecked()] == shown


def test_a_click_still_chooses_after_a_speed_that_is_none_of_ours(bar, session):
    session.training.set_speed(33.0)
    bar.line.speed_group.buttons()[2].click()
    assert session.training.speed == 10.0
    assert [one.text() for one in bar.line.speed_group.buttons() if one.isChecked()] == ["10"]
