"""A sample of `tests.campaigns.hostile`, and what that would find."""

import sys

import pytest

from playground.core.lab.told import LineFault
from tests.campaigns.hostile import Outside, attempt, fuzz, misplaced
from tests.campaigns.hostile_lines import hostile_lines

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the campaign starts its child with pass_fds, which subprocess has on POSIX only"
)


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    made = Outside(tmp_path_factory.mktemp("hostile"))
    yield made
    made.close()


def test_there_are_five_hundred_hostile_lines():
    assert len(hostile_lines()) >= 500


def test_hostile_lines_are_refused_and_touch_nothing(outside):
    wrong = {line: faults for line in hostile_lines()[::20] if (faults := attempt(outside, line)[2])}
    assert not wrong
    assert not outside.look()


def test_lines_made_at_random_are_computed_or_refused(outside):
    wrong = [(lines, faults) for lines, _bench, _seconds, faults in fuzz(outside, 1, 60.0, 25) if faults]
    assert not wrong
    assert not outside.look()


def test_a_line_that_is_harmless_would_be_told_of(outside):
    assert attempt(outside, "a + 1")[2] == ["it was not refused"]


@pytest.mark.parametrize(
    "fault",
    [
        LineFault(sentence=""),
        LineFault(sentence="Traceback (most recent call last)"),
        LineFault(sentence="it is so", column=5, end=5),
        LineFault(sentence="it is so", column=99, end=100),
    ],
)
def test_a_refusal_that_is_told_badly_would_be_told_of(fault):
    assert misplaced("a + 1", fault)


def test_what_is_new_outside_would_be_told_of(outside):
    path = outside._folder / "touched"
    path.touch()
    assert outside.look() == [f"new since the start: in its folder {path}"]
    path.unlink()
