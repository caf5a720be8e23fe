"""Numbers become pixels and come back; ticks are round; a pole does not hide the rest of a curve."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from playground.window.lab.plane import Plane, heights_of, tangent_line, tick_text, ticks, unit_of

PLANE = Plane(QRectF(40, 10, 400, 200), (-2.0, 2.0), (0.0, 4.0))


@pytest.mark.parametrize("x", [-2.0, -0.5, 0.0, 2.0])
def test_a_pixel_goes_back_to_its_number(x):
    assert PLANE.x_at(PLANE.point(x, 1.0).x()) == pytest.approx(x)
    assert PLANE.y_at(PLANE.point(0.0, abs(x)).y()) == pytest.approx(abs(x))


def test_the_corners_of_the_plane_are_those_of_its_area():
    assert (PLANE.point(-2, 0).x(), PLANE.point(-2, 0).y()) == (40, 210)
    assert (PLANE.point(2, 4).x(), PLANE.point(2, 4).y()) == (440, 10)
    assert PLANE.x_at(-1000) == -2.0
    assert PLANE.y_at(-1000) == 4.0


@pytest.mark.parametrize(
    ("low", "high", "most", "found", "digits"),
    [
        (-3, 3, 8, [-3, -2, -1, 0, 1, 2, 3], 0),
        (0, 1, 4, [0, 0.5, 1], 1),
        (-0.02, 0.05, 5, [-0.02, 0, 0.02, 0.04], 2),
        (0, 9_000, 5, [0, 2000, 4000, 6000, 8000], 0),
    ],
)
def test_ticks_are_round(low, high, most, found, digits):
    assert ticks(low, high, most) == (pytest.approx(found), digits)


def test_a_tick_has_a_real_minus_sign():
    assert tick_text(-1200.0, 0) == "−1,200"


@pytest.mark.parametrize(("span", "most", "unit"), [(6, 300, 0.02), (6, 60, 0.1), (14, 300, 0.05), (1, 1, 1)])
def test_a_step_of_the_hand_is_round(span, most, unit):
    assert unit_of(span, most) == pytest.approx(unit)


def test_a_pole_does_not_hide_the_rest():
    x = np.linspace(-3, 3, 401)
    with np.errstate(divide="ignore"):
        low, high = heights_of(1 / np.where(np.abs(x) < 1e-9, 0, x))
    assert -10 < low < -2
    assert 2 < high < 10


@pytest.mark.parametrize("power", [1, 2, 3, 4])
def test_a_curve_without_a_pole_is_shown_whole(power):
    y = np.linspace(-3, 3, 401) ** power
    low, high = heights_of(y)
    assert low < y.min()
    assert high > y.max()


def test_nothing_finite_has_a_range_too():
    assert heights_of(np.full(3, np.nan)) == (-1.0, 1.0)
    assert heights_of(np.full(3, 7.0))[0] < 7 < heights_of(np.full(3, 7.0))[1]


def test_a_curve_is_broken_at_its_pole():
    x = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
    path = PLANE.path(x, np.array([-50.0, -100.0, np.inf, 100.0, 50.0]))
    whole = PLANE.path(x, np.array([1.0, 2.0, 3.0, 2.0, 1.0]))
    joined = [sum(one.elementAt(place).isLineTo() for place in range(one.elementCount())) for one in (path, whole)]
    assert joined == [2, 4]


def test_a_steep_line_goes_through_its_point():
    path = tangent_line(PLANE, 1.0, 2.0, 1e6)
    first, last = path.elementAt(0), path.elementAt(1)
    at = PLANE.point(1.0, 2.0)
    assert first.x == pytest.approx(at.x(), abs=0.1)
    assert last.x == pytest.approx(at.x(), abs=0.1)
    assert min(first.y, last.y) < 10
    assert max(first.y, last.y) > 210
