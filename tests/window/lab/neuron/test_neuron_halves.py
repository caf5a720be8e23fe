"""The line w·x + b = 0, its sides, and how it is moved and turned."""

import math

import pytest
from hypothesis import given, strategies as st

from playground.window.lab.neuron.halves import Line, foot, moved, scaled, side, turned_by, turned_to

SQUARE = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
SOME = st.floats(-3, 3).map(lambda one: round(one, 2))
LINES = st.builds(Line, SOME, SOME, SOME).filter(lambda line: line.length > 0.1)
POINTS = st.tuples(SOME, SOME)


def area(polygon) -> float:
    corners = list(zip(polygon, polygon[1:] + polygon[:1], strict=True))
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in corners)) / 2


@given(LINES)
def test_the_two_sides_are_the_whole_and_lie_where_z_says(line):
    sides = {positive: side(line, SQUARE, positive) for positive in (True, False)}
    assert sum(map(area, sides.values())) == pytest.approx(4.0)
    assert all(line.z(corner) >= -1e-9 for corner in sides[True])
    assert all(line.z(corner) <= 1e-9 for corner in sides[False])


@given(LINES, POINTS)
def test_the_foot_lies_on_the_line_straight_below(line, point):
    at = foot(line, point)
    assert line.z(at) == pytest.approx(0, abs=1e-9)
    across = (point[0] - at[0]) * line.second - (point[1] - at[1]) * line.first
    assert across == pytest.approx(0, abs=1e-9)


@given(LINES, POINTS, POINTS)
def test_a_moved_line_has_at_the_moved_point_the_z_it_had(line, by, point):
    there = moved(line, by)
    assert there[:2] == line[:2]
    assert there.z((point[0] + by[0], point[1] + by[1])) == pytest.approx(line.z(point), abs=2e-2)


def test_a_turned_line_goes_through_both_points_with_w_as_long():
    line = Line(2.0, 0.0, -2.0)  # x = 1, w to the right
    turned = turned_to(line, (1.0, 0.0), (0.0, 0.0))  # from standing up to lying to the left
    assert turned == (0.0, 2.0, 0.0)
    assert turned.length == line.length
    half = turned_to(line, (1.0, 0.0), (2.0, 1.0))
    for point in ((1.0, 0.0), (2.0, 1.0)):
        assert half.z(point) == pytest.approx(0, abs=1e-3)
    assert half.length == pytest.approx(2.0, abs=1e-3)
    assert turned_to(line, (1.0, 0.0), (1.0, 0.0)) == line


@given(LINES, st.floats(-170, 170))
def test_turning_by_an_angle_turns_w_and_leaves_the_pivot(line, degrees):
    pivot = foot(line, (0.3, -0.2))
    turned = turned_by(line, pivot, degrees)
    assert turned.z(pivot) == pytest.approx(0, abs=1e-2)
    cosine = (turned.first * line.first + turned.second * line.second) / (turned.length * line.length)
    assert cosine == pytest.approx(math.cos(math.radians(degrees)), abs=1e-2)


def test_a_longer_w_is_the_same_line():
    assert scaled(Line(1.0, -0.5, 0.25), 2.0) == (2.0, -1.0, 0.5)
