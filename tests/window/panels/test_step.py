"""The step panel: what it asks for, how one walks, what it writes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from playground.core.messages import Frame, Picture
from playground.window.panels._step_arithmetic import figure, terms
from playground.window.panels._step_values import ValuesView, laid
from playground.window.panels.step import STAGES, StepPanel
from playground.window.theme import theme
from tests.window.frame import lenet_report, show_report
from tests.window.panels import walked
from tests.window.panels.feed import FACTS, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def panel(session, qtbot) -> StepPanel:
    show_report(session, lenet_report(session.document.project))
    made = StepPanel(session)
    qtbot.addWidget(made)
    made.resize(820, 640)
    made.show()
    settle()
    return made


def pause(panel, step=4, state="paused", **weight):
    """A run that has done so many steps and rests, with the answers that its runner would give."""
    training = panel.session.training
    training.project = training.project or panel.session.document.project
    frame = {"step": step, "first_step": len(training.history.losses), "facts": FACTS}
    training._on_frame(Frame(state=state, **frame))
    settle()
    answer(panel, step, **weight)


def answer(panel, step=4, **weight):
    training = panel.session.training
    training._pictures.take([walked.picture(watch, step, weight) for watch in training._pictures.watches()])
    training.pictures_changed.emit()
    settle()


def asked(panel):
    (watch,) = panel.session.training._pictures.watches()
    return watch.options


def test_before_a_run_and_while_one_runs_it_watches_nothing_and_says_why(panel):
    assert panel.watches() == ()
    assert panel.begin.text() == "Begin"
    pause(panel, state="running")
    assert panel.watches() == ()
    assert panel.message.text() == "Pause to walk through a step."
    assert panel.begin.text() == "Pause"
    assert panel.walk.isHidden()


def test_the_buttons_give_the_orders_of_the_training(panel, monkeypatch):
    orders = []
    training = panel.session.training
    for name in ("pause", "step", "start_paused"):
        monkeypatch.setattr(training, name, lambda name=name: orders.append(name))
    panel.begin.click()
    pause(panel, state="running")
    panel.begin.click()
    pause(panel)
    panel.take.click()
    assert orders == ["start_paused", "pause", "step"]


def test_a_network_that_does_not_fit_cannot_begin_a_step(panel):
    show_report(panel.session, lenet_report(panel.session.document.project, misfit_at=7))
    panel.session.training.state_changed.emit("idle")
    settle()
    assert not panel.begin.isEnabled()


def test_a_pause_shows_the_step_that_comes_next(panel):
    pause(panel)
    assert asked(panel) == {}
    assert not panel.walk.isHidden()
    assert panel.subtitle == "step 5: 5 of 169 in epoch 1"
    assert panel.take.isEnabled()
    assert not panel.back.isEnabled()


def test_the_arrows_walk_through_the_stages_and_stop_at_both_ends(panel):
    pause(panel)
    panel.bar.setFocus()
    seen = [panel.stage]
    for _step in range(7):
        QTest.keyClick(panel.bar, Qt.Key.Key_Right)
        seen.append(panel.stage)
    assert seen == [*STAGES, "step", "step"]
    assert not panel.next.isEnabled()
    assert "6 of 6" in panel.bar.accessibleName()
    QTest.keyClick(panel.bar, Qt.Key.Key_Home)
    assert panel.stage == "batch"


def test_the_arrows_walk_from_within_a_table_too(panel):
    pause(panel)
    panel.go(1)
    table = panel.pages["forward"].table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert panel.stage == "loss"


def test_a_click_on_a_stage_goes_there_and_buttons_go_one_on(panel):
    pause(panel)
    QTest.mouseClick(panel.bar, Qt.MouseButton.LeftButton, pos=QPoint(round(panel.bar.width() * 0.75), 20))
    assert panel.stage == "backward"
    panel.next.click()
    assert panel.stage == "step"
    panel.back.click()
    assert panel.stage == "backward"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_stage_draws_with_its_line_of_code(panel, name):
    theme().set(name)
    pause(panel)
    before = None
    for place, stage in enumerate(STAGES):
        panel.go(place)
        settle()
        assert panel.code.text == walked.CODE[stage][0]
        assert panel.pages[stage].said.text()
        shown = pixels(panel)
        assert before is None or (shown != before).any()
        before = shown


def test_layers_are_told_with_their_mode_and_one_of_them_can_be_chosen(panel):
    pause(panel)
    panel.go(1)
    rows = panel.pages["forward"].table.entries.entries
    assert [row.cells for row in rows] == [
        ("1 Flatten", "4×4", "0.250", "0.500", ""),
        ("2 Dropout", "4×4", "0.250", "0.500", "train"),
        ("3 Linear", "4×3", "0.250", "0.500", ""),
    ]
    panel.pages["forward"].table.selectRow(2)
    assert asked(panel) == {"layer": [2]}
    assert not panel.walk.isHidden()  # what is shown stays until the answer comes
    panel.pages["forward"].modes.button("eval").click()
    assert asked(panel) == {"layer": [2], "mode": "eval", "steps": 30}


def test_the_loss_is_told_with_the_share_of_each_sample(panel):
    pause(panel)
    panel.go(2)
    page = panel.pages["loss"]
    assert page.said.text().startswith("CrossEntropy = 0.7500: the mean over 4 samples")
    assert page._strip.strip._labels == ["1.50", "1→0  0.90", "0.50", "0.10"]
    assert "right: 3 of 4 samples" in page._strip.facts.text()


def test_zero_grad_shows_what_stood_there_and_what_is_left(panel):
    pause(panel)
    panel.go(3)
    table = panel.pages["zero_grad"].table.entries
    assert table.entries[0].cells == ("3 Linear · weight", "3×4", "1.0000", "0")
    panel.mistakes.skip.click()
    assert asked(panel) == {"zero_grad": False, "steps": 30}
    answer(panel)
    assert table.entries[0].cells[-1] == "1.0000"
    assert "Skipped" in panel.pages["zero_grad"].said.text()


def test_gradients_that_were_not_looked_at_are_not_made_up(panel):
    pause(panel, kept=None)
    panel.go(3)
    assert panel.pages["zero_grad"].table.entries.entries[0].cells[2:] == ("–", "0")
    assert "take one step" in panel.pages["zero_grad"].said.text()


def test_the_arithmetic_of_a_weight_is_written_out(panel):
    pause(panel)
    panel.go(5)
    page = panel.pages["step"]
    assert page.arithmetic.lines == ["2", "0.5 − 0.05 × 2 = 0.4"]
    assert page.index.text() == "1, 2"
    panel.mistakes.add.click()
    answer(panel)
    assert page.arithmetic.lines[-1] == "0.5 + 0.05 × 2 = 0.6"
    assert "uphill" in page.said.text()


def test_a_weight_is_chosen_by_typing_its_index_and_by_a_click_on_its_picture(panel):
    pause(panel)
    panel.go(5)
    page = panel.pages["step"]
    page.index.setFocus()
    page.index.selectAll()
    QTest.keyClicks(page.index, "0, 3")
    QTest.keyClick(page.index, Qt.Key.Key_Return)
    assert asked(panel)["weight"] == {"name": "2.weight", "index": [0, 3]}
    answer(panel)
    page.values.chosen.emit(11)
    assert asked(panel)["weight"] == {"name": "2.weight", "index": [2, 3]}
    page.box.setCurrentIndex(1)
    page.box.activated.emit(1)
    assert asked(panel)["weight"] == {"name": "2.bias", "index": None}


def test_what_comes_of_a_mistake_is_drawn_and_said(panel):
    pause(panel)
    assert panel.mistakes.training.isHidden()
    panel.mistakes.add.click()
    answer(panel)
    assert panel.mistakes.said.text() == "After 3 steps the loss is 0.500; with the mistake it is 2.500."
    assert not panel.mistakes.training.isHidden()
    assert [line.tolist() for line in panel.mistakes.training.curves][1] == [np.float32(one) for one in (0.7, 1.4, 2.5)]


def test_a_loss_that_is_no_number_is_drawn_as_far_as_it_is_one(panel):
    curves = panel.mistakes.training
    panel.mistakes.show()
    curves.show()
    curves.show_curves(np.array([1.0, 0.5]), np.array([1.0, np.nan]))
    assert not curves.grab().isNull()


def test_forgetting_eval_is_told_in_both_modes(panel):
    pause(panel)
    panel.mistakes.forget.click()
    assert asked(panel) == {"test": True}
    answer(panel)
    said = panel.mistakes.said.text()
    assert "Accuracy on 20 test samples: 0.900 in eval mode, 0.700 with eval() forgotten; two modes: row 2." in said
    assert not panel.mistakes.testing.isHidden()
    assert panel.mistakes.training.isHidden()


def test_one_step_leaves_the_picture_until_the_next_one_comes(panel):
    pause(panel)
    pause(panel, step=5, state="running")
    assert not panel.walk.isHidden()
    assert "one_step" not in [watch.probe for watch in panel.session.training._pictures.watches()]
    pause(panel, step=5)
    assert panel.subtitle.startswith("step 6")
    pause(panel, step=50, state="running")
    assert panel.walk.isHidden()


def test_a_fault_is_said_in_place_of_the_step(panel):
    pause(panel)
    training = panel.session.training
    (watch,) = training._pictures.watches()
    training._pictures.take([Picture(watch, 4, fault="Step: no step comes next.")])
    training.pictures_changed.emit()
    settle()
    assert panel.message.text() == "Step: no step comes next."
    assert panel.walk.isHidden()
    assert panel.begin.text() == "Take a step"  # a pause amid the test that ends an epoch


def weight(**more):
    return {**walked.WEIGHT, **more}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"before": 0.1234, "lr": 0.05, "used": 0.6789, "after": 0.0895}, "0.1234 − 0.05 × 0.6789 = 0.0895"),
        ({"before": -0.5, "used": -2.0, "after": -0.4}, "−0.5 − 0.05 × (−2) = −0.4"),
        ({"optimizer": "GradientDescent", "arguments": {"lr": 0.05}}, "0.5 − 0.05 × 2 = 0.4"),
    ],
)
def test_the_last_line_of_plain_descent_is_the_whole_step(more, expected):
    assert terms(weight(**more))[-1].line == expected


def test_every_change_of_the_gradient_is_a_line_of_its_own():
    arguments = {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.5}
    told = weight(
        gradient=1.0, kept=0.5, accumulated=1.5, l1=-0.5, clip=0.5, used=0.5, arguments=arguments, before=-2.0,
        state={"momentum": [1.0, 0.4]}, lr=0.1, after=-1.986,
    )  # fmt: skip
    assert [term.line for term in terms(told)] == [
        "0.5 + 1 = 1.5",
        "1.5 + (−0.5) = 1",
        "1 × 0.5 = 0.5",
        "0.5 + 0.5 × (−2) = −0.5",
        "0.9 × 1 + (−0.5) = 0.4",
        "−0.5 + 0.9 × 0.4 = −0.14",
        "−2 − 0.1 × (−0.14) = −1.986",
    ]


def test_the_first_momentum_is_the_gradient():
    arguments = {"lr": 0.1, "momentum": 0.9}
    told = weight(arguments=arguments, state={"momentum": [None, 2.0]}, lr=0.05)
    assert [term.line for term in terms(told)] == ["2", "2", "0.5 − 0.05 × 2 = 0.4"]


def test_adam_is_written_with_both_of_its_memories():
    arguments = {"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 1e-8, "weight_decay": 0.0}
    told = weight(
        optimizer="Adam", arguments=arguments, state={"mean": [0.0, 1.0], "square": [0.0, 1.0]}, steps=1, lr=0.1,
        after=0.4,
    )  # fmt: skip
    assert [term.line for term in terms(told)] == [
        "2",
        "0.5 × 0 + 0.5 × 2 = 1",
        "0.75 × 0 + 0.25 × 2² = 1",
        "1 ÷ (1 − 0.5¹) = 2",
        "1 ÷ (1 − 0.75¹) = 4",
        "0.5 − 0.1 × 2 ÷ (√4 + 1·10⁻⁸) = 0.4",
    ]


@pytest.mark.parametrize("optimizer", ["AdamW", "Adagrad", "RMSprop", "Lion"])
@pytest.mark.parametrize("sign", ["add", "subtract"])
def test_every_optimizer_ends_with_the_new_weight(optimizer, sign):
    arguments = {"beta1": 0.9, "beta2": 0.99, "eps": 1e-8, "alpha": 0.9, "momentum": 0.9, "weight_decay": 0.1}
    states = {"mean": [0.1, 0.2], "square": [0.1, 0.2], "momentum": [0.1, 0.2]}
    told = weight(optimizer=optimizer, arguments=arguments, state=states, steps=2, sign=sign)
    assert terms(told)[-1].line.endswith("0.4")


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (-0.5, "−0.5"), (1e-5, "1·10⁻⁵"), (1234567.0, "1.2346·10⁶"), (float("nan"), "–")]
)
def test_figures_are_written_as_people_write_them(value, text):
    assert figure(value) == text


@pytest.mark.parametrize(
    ("shape", "size"),
    [((6, 1, 3, 3), (3, 3)), ((10, 84), (10, 84)), ((20,), (1, 1)), ((), (1, 1)), ((8, 2, 5), (2, 5))],
)
def test_values_are_laid_as_the_tensor_has_them(shape, size):
    plan, count = laid(shape, 400.0, 120.0), int(np.prod(shape, dtype=int))
    assert (plan.height, plan.width) == size
    assert len({plan.square(flat) for flat in range(count)}) == count  # no two in one place
    wide, high = plan.size
    assert wide * plan.side <= 400
    assert high * plan.side <= 120


def test_a_point_of_the_picture_is_the_value_that_is_drawn_there(qtbot):
    view = ValuesView()
    qtbot.addWidget(view)
    view.resize(300, 140)
    places = np.arange(100, 124)  # some of a larger tensor
    view.show_values(np.linspace(-1, 1, 24, dtype=np.float32), (6, 2, 2), (50, 2, 2), places, 105)
    plan = view._laid()
    for flat in range(24):
        across, down = plan.square(flat)
        assert view.flat_at(16 + (across + 0.5) * plan.side, 4 + (down + 0.5) * plan.side) == flat
    assert view.flat_at(1.0, 1.0) is None
    across, down = plan.square(23)
    with qtbot.waitSignal(view.chosen) as chosen:
        point = QPoint(round(16 + (across + 0.5) * plan.side), round(4 + (down + 0.5) * plan.side))
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    assert chosen.args == [123]
    shown = view.grab().toImage().pixelColor(point)
    assert shown.red() > shown.blue()  # the largest is at the warm end
