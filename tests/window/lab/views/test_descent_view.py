"""Descent: one step by hand, one knob for every way of going wrong, and a race."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from playground.core.lab.functions import SURFACES
from playground.core.lab.topics import Racer
from playground.session.history import numbers
from playground.window.theme import theme
from tests.window.lab.opened import drag, opened
from tests.window.panels.feed import settle


@pytest.fixture
def view(session, qtbot):
    return opened(session, qtbot, "descent")


def change(view, **changes) -> None:
    view.change(msgspec.structs.replace(view.state, **changes), "test")


def shown(view) -> dict[str, str]:
    return {name: label.text() for name, label in view.step_side.arithmetic.values.items()}


def typed(field, text: str) -> None:
    field.editor.selectAll()
    QTest.keyClicks(field.editor, text)


def test_one_step_by_hand(view):
    change(view, function="(2*x - 3)**2", start=(0.5,), lr=0.1)
    assert shown(view) == {
        "w": "0.50", "loss": "4.00", "slope": "−8.00", "lr": "0.1", "after": "1.30", "loss after": "0.16"
    }  # fmt: skip
    assert view.step_side.slider.limit == pytest.approx(0.25)  # 2 / J″ = 2 / 8
    assert view.step_side.slider.mark is not None
    assert "w = 1.30" in view.plot.accessibleName()


@pytest.mark.parametrize(
    ("function", "title", "slope"),
    [("ReLU", "max(0, w)", "0 or 1; PyTorch takes 0 at the corner"), ("softplus", "ln(1 + eʷ)", "σ(w)")],
)
def test_a_function_is_one_of_the_weight_wherever_it_is_written(view, function, title, slope):
    change(view, function=function)
    assert view.head.choice.text() == f"J(w) = {title}"
    assert view.step_side.arithmetic._rules["loss"].text() == title
    assert view.step_side.arithmetic._rules["slope"].text() == slope


def test_steps_are_walked_forth_and_back(view):
    walk = view.head.walk
    assert shown(view)["w"] == "2.00"
    assert view.position == 0
    walk.step.click()
    assert (shown(view)["w"], shown(view)["after"]) == ("2.00", "1.60")
    walk.step.click()
    assert (shown(view)["w"], shown(view)["after"]) == ("1.60", "1.28")
    walk.back.click()
    walk.back.click()
    assert view.position == 0
    assert not walk.back.isEnabled()
    for _step in range(20):
        walk.step.click()
    assert not walk.step.isEnabled()
    assert shown(view)["after"] == f"{2 * 0.8**20:.2f}"


def test_the_path_is_played(view, qtbot):
    typed(view.head.steps, "5")
    assert view.state.steps == 5
    walk = view.head.walk
    walk._timer.setInterval(1)
    walk.play.click()
    walk._timer.setInterval(1)
    assert walk.is_playing
    assert walk.play.text() == "Pause"
    qtbot.waitUntil(lambda: not walk.is_playing, timeout=5_000)
    assert view.position == 5
    assert walk.play.text() == "Play"


@pytest.mark.parametrize(
    ("lr", "word"), [("0.3", "arrives"), ("0.001", "Small steps"), ("0.99", "swings"), ("1.01", "runs away")]
)
def test_one_knob_finds_every_way_of_going_wrong(view, lr, word):
    typed(view.step_side.rate, lr)
    assert view.state.lr == float(lr)
    assert word in view.step_side.verdict.text()


def test_the_wrong_sign_climbs(view):
    view.step_side.ascend.click()
    assert view.state.ascend
    assert "climbs" in view.step_side.verdict.text()
    assert shown(view)["after"] == "2.40"


def test_the_slider_turns_the_rate_as_one_undo_step(view):
    slider, stack = view.step_side.slider.slider, view.lab.undo_stack
    before = stack.count()
    for _press in range(5):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert 0.1 < view.state.lr < 0.4
    assert stack.count() == before + 1
    assert shown(view)["after"] == f"{2 - view.state.lr * 4:.2f}"


def test_a_hand_and_keys_move_the_start(view):
    plane = view.plot.plane()
    drag(view.plot, plane.point(2, 1), plane.point(0, 1), plane.point(-1.5, 1))
    start = view.state.start[0]
    assert start == pytest.approx(-1.5, abs=0.03)
    assert shown(view)["slope"] == f"{2 * start:.2f}".replace("-", "−")
    view.plot.setFocus()
    QTest.keyClick(view.plot, Qt.Key.Key_End)
    QTest.keyClick(view.plot, Qt.Key.Key_Left)
    assert view.state.start == (2.9,)
    typed(view.head.starts[0], "1.25")
    assert view.state.start == (1.25,)


def test_a_path_that_runs_away_leaves_the_axis_where_it_was(view):
    before = view.plot.plane().x
    change(view, lr=1.3)
    assert view.plot.plane().x == before == (-3.0, 3.0)
    view.grab()


def test_a_typed_function_that_is_refused_is_said(view):
    QTest.keyClicks(view.head.line, "x + q")
    QTest.keyClick(view.head.line, Qt.Key.Key_Return)
    assert "q is not known" in view.fault.text()
    change(view, function="x**2")
    assert view.fault.isHidden()


def test_a_race_ends_where_the_formulas_say(view):
    change(view, surface="bowl", start=(2.0, 1.0), steps=7, racers=(Racer("SGD", 0.1), Racer("momentum", 0.1)))
    table, walk = view.race_side.table, view.head.walk
    w, v, x = np.array([2.0, 1.0]), np.zeros(2), np.array([2.0, 1.0])
    for _step in range(7):
        w = w - 0.1 * 2 * w
        v = 0.9 * v + 2 * x
        x = x - 0.1 * v
    assert table.rows["SGD"].loss.text() == f"{(w @ w):.3f}"
    assert table.rows["momentum"].loss.text() == f"{(x @ x):.3f}"
    assert not table.rows["Adam"].on.isChecked()
    walk.back.click()
    assert table.rows["SGD"].loss.text() == f"{5 * 0.64**6:.3f}"
    assert view.position == 6


def test_the_start_of_a_race_is_dragged_and_moved_by_keys(view):
    view._choose_surface("bowl")
    plane = view.map.plane()
    drag(view.map, plane.point(-2.5, 2.0), plane.point(1.0, -1.0))
    assert view.state.start == pytest.approx((1.0, -1.0), abs=0.05)
    for race in view.map.races.races:
        assert numbers(race.path)[0] == pytest.approx(view.state.start)
    view.map.setFocus()
    QTest.keyClick(view.map, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert view.state.start[1] == pytest.approx(0.0, abs=0.05)


def test_who_races_and_how_fast_is_chosen(view):
    view._choose_surface("valley")
    table = view.race_side.table
    assert [one.name for one in view.state.racers] == ["SGD", "momentum", "Nesterov", "Adam", "RMSprop"]
    for name in ("momentum", "Nesterov", "RMSprop", "Adam"):
        table.rows[name].on.click()
    assert [one.name for one in view.state.racers] == ["SGD"]
    table.rows["SGD"].on.click()  # somebody has to run
    assert table.rows["SGD"].on.isChecked()
    typed(table.rows["SGD"].lr, "0.02")
    assert view.state.racers == (Racer("SGD", 0.02),)
    table.rows["Adam"].on.click()
    assert [one.name for one in view.state.racers] == ["SGD", "Adam"]


@pytest.mark.usefixtures("found_data")
@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_is_drawn_with_its_ways(view, surface):
    view._choose_surface(surface)
    picture = view.map.grab().toImage()
    assert len({picture.pixelColor(x, y).name() for x in range(0, 400, 5) for y in range(0, 300, 5)}) > 8
    assert {label.text for label in view.losses.labels._labels} >= {"SGD", "Adam"}
    assert view.race_side.batch.isVisible() == bool(SURFACES[surface].samples)


@pytest.mark.usefixtures("found_data")
@pytest.mark.parametrize("surface", SURFACES)
def test_on_no_surface_somebody_runs_away_at_once(view, surface):
    view._choose_surface(surface)
    for race in view.map.races.races:
        found = numbers(race.losses)
        assert len(found) == 21, race.name
        assert found[-1] < found[0], race.name


def test_too_many_steps_are_refused_in_words(view):
    view._choose_surface("bowl")
    typed(view.head.steps, "900")
    assert view.state.steps == 500  # of five optimizers
    assert "more than" in view.fault.text()


def test_a_start_outside_is_kept_inside_by_the_hand(view):
    view._choose_surface("bowl")
    drag(view.map, QPointF(-50, -50))
    assert view.state.start == (-3.0, 3.0)


def test_batches_race_side_by_side_over_steps_and_over_seconds(view):
    view._choose_surface("regression")
    side, losses = view.race_side, view.losses
    side.batch.button("several").click()
    assert [one.batch for one in view.state.racers] == [0, 16, 1]
    assert side.table.isHidden()
    assert [row[0] for row in side.sizes.texts()] == ["all", "16", "1"]
    assert {label.text for label in losses.labels._labels} == {"all in a step", "16 in a step", "1 in a step"}
    whole, _sixteen, single = view.map.races.races
    assert np.diff(numbers(whole.losses)).max() <= 1e-12  # full batch goes down at every step
    assert np.diff(numbers(single.losses)).max() > 0  # a single sample does not
    assert losses._curves[0].getData()[0][-1] == 20
    losses.by.button("seconds").click()
    assert losses._curves[0].getData()[0][-1] == pytest.approx(whole.seconds)
    side.batch.button("16").click()
    assert view.state.batch == 16
    assert [one.name for one in view.state.racers] == ["SGD", "momentum", "Nesterov", "Adam", "RMSprop"]
    assert side.sizes.isHidden()


def test_another_surface_has_no_batches(view):
    view._choose_surface("regression")
    view.race_side.batch.button("several").click()
    view._choose_surface("bowl")
    assert all(one.batch is None for one in view.state.racers)


def test_a_path_that_runs_away_says_where_it_is(view):
    """w² with a learning rate of 2: w becomes −3 w at every step, from 2 to −6, 18, −54 …"""
    view.change(msgspec.structs.replace(view.state, lr=2.0, steps=3), "test")
    settle()
    told = []
    for position in range(4):
        view._look_at(position)
        view.grab()
        told.append(view.plot.exit.text if view.plot.exit is not None else "")
    assert told[0] == ""
    assert told[1:] == [
        "w −6.00 is outside, at the left", "w 18.00 is outside, at the right", "w −54.00 is outside, at the left",
    ]  # fmt: skip
    assert told[3] in view.plot.accessibleName()
    picture = view.plot.grab().toImage()
    plane = view.plot.plane()
    accent = theme().color("accent").rgb()
    area = plane.area
    row = round((area.top() + 16) * picture.devicePixelRatio())
    at_edge = [picture.pixel(round((area.left() + px) * picture.devicePixelRatio()), row) for px in range(20)]
    assert accent in at_edge


def test_the_side_counts_the_steps_that_were_asked_for(view):
    view.change(msgspec.structs.replace(view.state, lr=1e3, steps=200), "test")
    settle()
    assert view.count < 200
    assert view.step_side.arithmetic._heads["lr"].text() == "Step 1 of 200"
    assert f"It ends after {view.count} steps" in view.step_side.verdict.text()


def test_a_page_that_is_opened_begins_before_the_first_step(view):
    view._look_at(3)
    view.lab.new("descent")
    view.lab.run()
    settle()
    assert view.position == 0
