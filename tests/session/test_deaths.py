"""Deaths by signal 9 and closings at any moment, with the real engine: a few cycles of the campaigns."""

import pytest

from tests.campaigns import kill, start_stop


@pytest.mark.kills
def test_a_runner_killed_mid_run_is_noticed_and_its_run_resumed(qapp):
    assert kill.kill_runner(0.2) == []


@pytest.mark.kills
@pytest.mark.parametrize("after_s", [0.0, 1.0, None])
def test_a_killed_window_leaves_no_engine(after_s):
    assert kill.kill_window(after_s) == []


@pytest.mark.parametrize("moment", ["at once", "workbench ready", "running"])
def test_a_start_and_a_close_leave_nothing(qapp, moment):
    start_stop.cycle(moment)
    assert start_stop.left_behind() == []
