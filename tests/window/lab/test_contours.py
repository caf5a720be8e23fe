"""Lines of equal height lie where the height is that."""

import numpy as np
import pytest

from playground.window.lab.contours import levels, lines

X = np.linspace(-3, 3, 61)
BOWL = X[None, :] ** 2 + X[:, None] ** 2


@pytest.mark.parametrize("level", [0.5, 1.0, 4.0, 9.0])
def test_a_line_around_a_bowl_is_a_circle(level):
    pieces = lines(X, X, BOWL, [level])
    assert np.sqrt((pieces**2).sum(-1)) == pytest.approx(np.sqrt(level), abs=0.01)
    around = np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1).sum()
    if level < 9:
        assert around == pytest.approx(2 * np.pi * np.sqrt(level), rel=0.01)


def test_several_lines_are_those_of_each():
    both = lines(X, X, BOWL, [1.0, 4.0])
    assert len(both) == len(lines(X, X, BOWL, [1.0])) + len(lines(X, X, BOWL, [4.0]))


def test_a_level_that_is_nowhere_has_no_line():
    assert lines(X, X, BOWL, [-1.0, 100.0]).shape == (0, 2, 2)
    assert lines(X, X, BOWL, []).shape == (0, 2, 2)


def test_what_is_not_finite_is_left_out():
    holed = BOWL.copy()
    holed[30, 30] = np.inf
    assert np.isfinite(lines(X, X, holed, [0.005, 1.0])).all()


def test_levels_rise_and_lie_between_lowest_and_highest():
    found = levels(BOWL)
    assert found == sorted(set(found))
    assert BOWL.min() < found[0]
    assert found[-1] < BOWL.max()
    assert levels(np.full((2, 2), np.nan)) == []
