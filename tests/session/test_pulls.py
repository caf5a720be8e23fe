"""Which frames are still about the run before, counted by hand."""

from playground.core.messages import Frame
from playground.core.problem import Fault
from playground.session.pulls import Pulls

FAULT = Fault(where="x", what="y", fix="z")


def test_as_many_frames_may_be_of_the_run_before_as_it_was_asked_for():
    pulls = Pulls()
    pulls.asked(()), pulls.asked(()), pulls.answered()
    assert pulls.owed == 1
    pulls.begin_run(None)
    assert pulls.is_of_before(Frame(state="finished"), "preparing", False)
    assert not pulls.is_of_before(Frame(state="finished"), "preparing", False)  # a run that was at its end at once


def test_what_tells_of_this_run_is_not_of_the_one_before():
    pulls = Pulls()
    for frame, state, is_active in (
        (Frame(state="running"), "preparing", True),
        (Frame(state="finished"), "running", False),
        (Frame(state="failed", fault=FAULT), "preparing", False),  # the one before had no fault
    ):
        pulls.asked(())
        pulls.begin_run(None)
        assert not pulls.is_of_before(frame, state, is_active)


def test_a_runner_that_is_gone_owes_nothing():
    pulls = Pulls()
    pulls.asked(())
    pulls.begin_run(FAULT)
    pulls.lose()
    pulls.answered()
    assert pulls.owed == 0
    assert not pulls.is_of_before(Frame(state="failed", fault=FAULT), "preparing", False)
