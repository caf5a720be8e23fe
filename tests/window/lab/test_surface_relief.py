"""The surface in relief: what is high is drawn high, what is behind is painted first, and a hand turns it."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from playground.core.lab.topics import Descent, Racer
from playground.engine.lab.races import races
from playground.window.lab.surface_relief import Look, SurfaceRelief
from tests.window.lab.opened import drag, opened


@pytest.fixture
def relief(qtbot):
    made = SurfaceRelief()
    qtbot.addWidget(made)
    made.resize(500, 400)
    return made


def told(surface):
    return races(Descent(surface=surface, steps=5, racers=(Racer("SGD", 0.01), Racer("Adam", 0.01))))


@pytest.mark.parametrize("turn", [0, 30, 200])
@pytest.mark.parametrize("tilt", [15, 75])
def test_the_whole_relief_has_room_and_higher_is_further_up(turn, tilt):
    look = Look(turn, tilt, 500, 400)
    corners = np.array([-0.5, -0.5, 0.5, 0.5]), np.array([-0.5, 0.5, -0.5, 0.5])
    for z in (0.0, 1.0):
        left, top = look.pixels(*corners, np.full(4, z))
        assert min(left.min(), top.min()) >= 0
        assert left.max() <= 500
        assert top.max() <= 400
    low, high = (look.pixels(np.zeros(1), np.zeros(1), np.array([z]))[1][0] for z in (0.0, 1.0))
    assert high < low


def test_a_surface_of_great_heights_is_drawn_by_its_logarithm_and_says_so(relief):
    relief.show_races(told("bowl"), ("x", "y"))
    assert not relief.is_log
    relief.show_races(told("Rosenbrock"), ("x", "y"))
    assert relief.is_log
    shares = relief._share(np.array([0.0, 1.0, 100.0, 2509.0]))
    assert shares[0] == 0
    assert (np.diff(shares) > 0).all()
    assert shares[-1] == pytest.approx(1, abs=0.01)


def test_what_lies_behind_is_painted_first(relief):
    look = Look(0, 40, 500, 400)
    front, back = look.depth(np.array(0.0), np.array(-0.5)), look.depth(np.array(0.0), np.array(0.5))
    assert front < back
    assert (
        look.pixels(np.array(0.0), np.array(-0.5), np.array(0.0))[1]
        > look.pixels(np.array(0.0), np.array(0.5), np.array(0.0))[1]
    )


def test_it_is_turned_by_the_hand_and_by_the_keyboard(relief, qtbot):
    relief.show_races(told("saddle"), ("x", "y"))
    relief.show()
    before = relief.grab().toImage()
    drag(relief, QPointF(200, 200), QPointF(260, 170))
    assert relief.turn != 30
    assert relief.grab().toImage() != before
    tilt = relief.tilt
    QTest.keyClick(relief, Qt.Key.Key_Up)
    assert relief.tilt == tilt + 5
    for _time in range(40):
        QTest.keyClick(relief, Qt.Key.Key_Up)
    assert relief.tilt == 75


def test_the_view_shows_a_surface_in_relief_when_it_is_asked_to(session, qtbot):
    view = opened(session, qtbot, "descent")
    assert not view.looks.isVisible()
    view._choose_surface("valley")
    view.looks.button("relief").click()
    assert view.relief.isVisible()
    assert view.relief.races is view.map.races
    view._choose_function("x**2")
    assert view.plot.isVisible()
