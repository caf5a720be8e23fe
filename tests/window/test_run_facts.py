"""The second line of the run bar: the figures of the newest frame, and its remark. The engine is not started."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from playground.core import network as tree
from playground.core.arguments import shown_power
from playground.core.edit import RemoveLayers, SetData, SetRecipe
from playground.core.messages import Array, EpochReport, Memory, Picture, RunFacts, Steered, Watch
from playground.core.problem import MEMORY, Fault
from playground.core.report import Report
from playground.disk import projects
from playground.session.carrying import Offer
from playground.window.run_facts import NO_MEMORY_BELOW
from playground.window.run_parts import shown_loss, shown_rate, shown_time_left
from playground.window.run_words import shown_memory, what_is_kept
from tests.window.bar import EPOCH_2, FAULT, hear, slopes
from tests.window.frame import LENET_PARAMETERS, lenet_report, show_report

LENET = projects.load("preset:lenet-digits")
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_the_facts_show_the_figures_of_the_frame(bar, session):
    hear(session, samples_per_second=2150.0, epochs=(EPOCH_2,))
    facts = bar.facts
    shown = [fact.text for fact in (facts.epoch, facts.step, facts.test, facts.loss, facts.rate)]
    assert shown == ["Epoch 3 of 10", "Step 84/169", "Test accuracy 0.961", "Train loss 0.079", "2,150 samples/s"]
    assert facts.state.text == f"{round((1690 - 422) * 5392 / 169 / 2150)} s left"


@pytest.mark.parametrize(
    ("step", "place"), [(1, "1 1/169"), (169, "1 169/169"), (170, "2 1/169"), (1690, "10 169/169")]
)
def test_a_step_belongs_to_the_epoch_that_it_ends(bar, session, step, place):
    hear(session, step=step)
    assert f"{bar.facts.epoch.parts[1]} {bar.facts.step.parts[1]}{bar.facts.step.parts[2]}" == place


def test_the_progress_has_a_segment_for_each_epoch_and_one_bar_for_many(bar, session):
    hear(session)
    filled = [round(share, 2) for _place, share in bar.facts.progress.segments()]
    assert filled == [1, 1, 0.5, 0, 0, 0, 0, 0, 0, 0]
    bar.facts.progress.show_progress(25.0, 100, True)
    assert [share for _place, share in bar.facts.progress.segments()] == [0.25]


@pytest.mark.parametrize("state", ["preparing", "running", "paused", "stopping", "finished", "failed"])
def test_every_state_is_named(bar, session, state):
    session.training._set_state(state)
    assert bar.facts.state.text == state


def test_the_learning_rate_stands_where_it_varies(bar, session):
    hear(session, lr=0.01)
    assert not bar.facts.lr.isVisible()
    hear(session, lr=0.0025, steered=(Steered(400, "lr", 0.01, 0.0025),))
    assert bar.facts.lr.isVisible()
    assert bar.facts.lr.text == "lr 0.0025"
    assert "0.0025" in bar.facts.loss.toolTip()
    assert bar.facts.minimumSizeHint().width() == 0
    bar.resize(900, bar.height())  # it gives way to the remark
    QApplication.processEvents()
    assert not bar.facts.lr.isVisible()
    assert bar.facts.loss.isVisible()


def test_a_schedule_shows_its_learning_rate(bar, session):
    session.document.apply(SetRecipe({"schedule": {"Cosine": {}}}))
    hear(session, lr=0.0012345)
    assert bar.facts.lr.isVisible()
    assert bar.facts.lr.text == "lr 0.00123"


def test_before_the_first_run_it_is_idle_and_after_a_stop_it_is_stopped(bar, session):
    assert bar.facts.state.text == "idle"
    hear(session)
    hear(session, "idle")
    assert bar.facts.state.text == "stopped"


EPOCHS = tuple(EpochReport(n, 169 * n, 0.5 / n, loss, 1 - loss, 5.0) for n, loss in enumerate([0.4, 0.2, 0.3, 0.5], 1))


@pytest.mark.parametrize(
    ("early", "state", "sentence"),
    [
        (True, "stopped by itself, back to best epoch 2",
         "Stopped by itself after 4 epochs; the weights are those of epoch 2, the best"),
        (False, "finished, back to best epoch 2", "After 4 epochs the weights are those of epoch 2, the best"),
    ],
)  # fmt: skip
def test_a_run_whose_best_weights_came_back_says_so_and_shows_their_figures(bar, session, early, state, sentence):
    hear(session, step=676, epochs=EPOCHS, best_epoch=2)
    assert bar.facts.test.text == "Test accuracy 0.500"
    assert "left" in bar.facts.state.text or bar.facts.state.text == "running"
    places = [one.geometry() for one in (bar.facts.epoch, bar.facts.step, bar.facts.test, bar.facts.loss)]
    hear(session, "finished", step=677, best_epoch=2, weights_epoch=2, stopped_early=early)
    QApplication.processEvents()
    facts = bar.facts
    assert facts.test.text == "Test accuracy 0.800"
    assert facts.test.toolTip() == "Of epoch 2, the best, whose weights the network has again"
    assert (facts.state.text, facts.state.toolTip()) == (state, sentence)
    assert facts.state.width() >= facts.state.fontMetrics().horizontalAdvance(state)
    assert (facts.remark.said.text, facts.remark.said.level) == (sentence, "info")
    assert facts.remark.said.short == "Weights of epoch 2, the best"
    assert places == [one.geometry() for one in (facts.epoch, facts.step, facts.test, facts.loss)]


def test_where_the_newest_epoch_is_the_best_only_that_is_said(bar, session):
    hear(session, step=338, epochs=EPOCHS[:2], best_epoch=2)
    hear(session, "finished", step=339, best_epoch=2, weights_epoch=2)
    assert bar.facts.state.text == "finished, best: epoch 2"
    assert bar.facts.test.text == "Test accuracy 0.800"
    assert bar.facts.remark.said is None


def test_nothing_moves_while_training(bar, session):
    hear(session, step=1, loss=2.3, samples_per_second=9.0)
    QApplication.processEvents()
    before = {one: one.geometry() for one in bar.findChildren(QWidget)}
    pictures = (slopes(0.006),)
    hear(session, step=1690, loss=1234.5, samples_per_second=987654.0, epochs=(EPOCH_2,), pictures=pictures)
    session.training._set_state("paused")
    bar.facts.refresh()
    QApplication.processEvents()
    moved = [one.accessibleName() for one, place in before.items() if one.geometry() != place]
    assert moved == []


def test_a_row_that_does_not_fit_is_said_in_one_line_and_a_click_selects_it(bar, session):
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    said = bar.facts.remark.said
    assert (said.text, said.level) == ("Row 8 does not fit", "error")
    assert "mat1 and mat2 shapes" in said.detail
    bar.facts.remark.click()
    assert session.document.selection == ((7,),)
    show_report(session, lenet_report(session.document.project))
    assert bar.facts.remark.said is None


def test_a_fault_beside_the_rows_is_said_and_keeps_train_off(bar, session):
    show_report(session, Report(input_shape=None, rows=(), faults=(FAULT,)))
    assert bar.facts.remark.said.text == "Training: the loss is not a number"
    assert "Lower the learning rate" in bar.line.main.toolTip()
    assert not bar.line.main.isEnabled()


def test_why_a_run_failed_is_said(bar, session):
    hear(session, "failed", fault=FAULT)
    assert bar.facts.remark.said.text == "Training: the loss is not a number"
    assert bar.facts.remark.said.level == "error"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of a menu that is open
def test_a_run_without_memory_offers_the_batch_that_fits(bar, session, qtbot):
    what = "there is not enough for this network and batches of 64 samples; 2 GB are needed, and 1 GB can be had"
    fault = Fault(where="Memory", what=what, fix="Set the batch size to 4", kind=MEMORY, batch_size=4)
    hear(session, "failed", fault=fault)
    said = bar.facts.remark.said
    assert (said.short, said.level) == ("Out of memory: batches of 4 would fit", "error")
    bar.facts.remark.click()
    menu = bar.facts.remark.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    action = next(one for one in menu.actions() if one.data() is not None)
    assert action.text() == "Set the batch size to 4"
    action.trigger()
    menu.close()
    assert session.document.project.data.batch_size == 4


def test_dead_units_are_named(bar, session):
    facts = {"layers": [{"path": [1], "index": 2, "name": "ReLU"}], "samples": 64}
    alive = Array("uint8", (6,), b"\0\0\1\0\0\0")
    for step in range(1, 5):
        hear(session, step=step, pictures=(Picture(Watch("dead_units"), step, {"1": alive}, facts),))
    bar.facts.refresh()
    said = bar.facts.remark.said
    assert (said.text, said.level) == ("2 ReLU: 5 of 6 units are dead, 0 for each of 256 samples", "warning")
    assert [fix.label for fix in said.fixes][1:] == [
        "Use LeakyReLU in place of ReLU",
        "Draw the first weights by kaiming_normal",
    ]


def test_the_layer_that_learns_too_fast_is_named(bar, session):
    hear(session, pictures=(slopes(0.001, 0.004, 0.006, 0.002),))
    bar.facts.refresh()
    said = bar.facts.remark.said
    assert (said.text, said.level) == ("3 Conv2d: update ratio 6·10⁻³ is above the healthy band", "warning")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of a menu that is open
def test_a_click_on_what_is_wrong_opens_the_reason_and_a_way_out_that_is_applied(bar, session, qtbot):
    hear(session, pictures=(slopes(0.001, 0.004, 0.006, 0.002),))
    bar.facts.refresh()
    bar.facts.remark.click()
    menu = bar.facts.remark.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    assert "A lower learning rate helps" in menu.findChild(QLabel).text()
    rate = session.document.project.recipe.optimizer_arguments["lr"]
    action = next(one for one in menu.actions() if one.data() is not None)
    assert action.text() == "Set lr to 0.003"
    action.trigger()
    menu.close()
    assert session.document.project.recipe.optimizer_arguments["lr"] == pytest.approx(rate / 3, rel=0.2)
    assert session.document.undo_stack.undoText() == "Set lr to 0.003"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of a menu that is open
def test_a_click_on_the_words_of_a_reason_changes_nothing(bar, session, qtbot):
    hear(session, pictures=(slopes(0.001, 0.004, 0.006, 0.002),))
    bar.facts.refresh()
    bar.facts.remark.click()
    menu, before = bar.facts.remark.findChild(QMenu), session.document.project
    qtbot.waitUntil(menu.isVisible)
    qtbot.mouseClick(menu.findChild(QLabel), Qt.MouseButton.LeftButton)
    menu.actions()[0].trigger()  # as Enter does
    menu.close()
    assert session.document.project is before


OVERFITTED = tuple(EpochReport(n, 84 * n, 1 / n, 0.5 + 0.1 * n, 0.9, 1.0) for n in range(1, 6))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of a menu that is open
def test_a_fix_that_does_not_reach_the_run_says_so_before_and_after_it_is_pressed(bar, session, qtbot):
    said = []
    bar.facts.told.connect(said.append)
    hear(session, epochs=OVERFITTED)
    run = session.training.project
    bar.facts.refresh()
    bar.facts.remark.click()
    menu = bar.facts.remark.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    patience, decay = [one for one in menu.actions() if one.data() is not None]
    assert patience.text() == "Set patience to 3: stop, and keep the best weights (from the next run on)"
    assert decay.text() == "Set weight_decay to 0.01"
    decay.trigger()
    assert said == []  # it reaches the run
    assert session.training.project.recipe.optimizer_arguments["weight_decay"] == 0.01
    patience.trigger()
    menu.close()
    assert said == ["Set patience to 3: stop, and keep the best weights: this counts from the next run on."]
    assert session.training.project.recipe.patience == run.recipe.patience == 0
    assert session.document.undo_stack.undoText() == "Set patience to 3: stop, and keep the best weights"


def test_what_is_edited_beside_a_run_and_waits_for_the_next_one_is_said(bar, session):
    hear(session)
    session.document.apply(SetRecipe({"clip_norm": 1.0, "patience": 4}))
    session.document.apply(SetData({"batch_size": 7}))
    said = bar.facts.remark.said
    assert (said.text, said.level) == ("From the next run on: batch size, clip norm, patience", "info")
    session.document.apply(SetRecipe({"seed": 77}))
    assert bar.facts.remark.said.text == "From the next run on: batch size, clip norm, patience …"
    assert "seed" in bar.facts.remark.said.detail
    hear(session, "finished")  # as if it had been begun with all that
    assert bar.facts.remark.said is None
    hear(session)
    rate = {**session.document.project.recipe.optimizer_arguments, "lr": 0.002}
    session.document.apply(SetRecipe({"optimizer": {"SGD": rate}}))
    assert bar.facts.remark.said is None  # the run has followed


def test_update_ratios_in_the_healthy_band_need_no_remark(bar, session):
    hear(session, pictures=(slopes(0.001, 0.0029),))
    bar.facts.refresh()
    assert bar.facts.remark.said is None


def test_a_stopped_run_offers_to_go_on_from_its_checkpoint(bar, session, monkeypatch):
    went_on: list = []
    monkeypatch.setattr(session.training, "resume_from_checkpoint", lambda: went_on.append(True))
    hear(session, "running", checkpoint=400)
    hear(session, "idle", checkpoint=400)
    assert bar.facts.remark.said.text == "Go on from the checkpoint at step 400"
    bar.facts.remark.click()
    assert went_on == [True]


def test_with_other_data_it_does_not_offer_to_go_on_with_those_of_the_run(bar, session):
    hear(session, "running", checkpoint=400)
    hear(session, "idle", checkpoint=400)
    session.document.apply(SetData({"batch_size": 77}))
    bar.facts.refresh()
    assert bar.facts.remark.said is None


def edited(session, *edits):
    """A run of LeNet, checked, whose network was edited since."""
    before = tree.walk(session.document.project.network)
    weights = dict(zip([path for path, _layer in before], LENET_PARAMETERS, strict=True))
    show_report(session, with_tensors(lenet_report(session.document.project), weights))
    session.training.folder = "somewhere"
    hear(session, "paused")
    session.document.apply(*edits)
    rows = [row for row in lenet_report(LENET).rows if row.path != (4,)]
    show_report(session, with_tensors(Report(input_shape=(1, 32, 32), rows=tuple(rows)), weights))


def with_tensors(report, weights):
    rows = tuple(replace(row, tensors=((weights[row.path],),) * bool(weights[row.path])) for row in report.rows)
    return replace(report, rows=rows)


def test_a_network_that_was_edited_beside_its_run_is_offered_to_it(bar, session, monkeypatch):
    went_on: list = []
    monkeypatch.setattr(session.training, "carry_on", lambda: went_on.append(True))
    assert not bar.line.carry_action.isEnabled()
    edited(session, RemoveLayers(((4,),)))
    said = bar.facts.remark.said
    assert said.text == "Go on with the changed network: keeps the weights of 5 of 5 layers"
    assert said.level == "info"
    assert "stays kept" in said.detail
    assert bar.line.carry_action.isEnabled()
    bar.facts.remark.click()
    bar.line.carry_action.trigger()
    assert went_on == [True, True]
    session.document.undo_stack.undo()
    assert bar.facts.remark.said is None
    assert not bar.line.carry_action.isEnabled()


def test_what_begins_anew_is_named():
    text = what_is_kept(Offer(3, 12, tuple("abcdefghi"), 10))
    assert "New weights: a, b, c, d, e, f …." in text
    assert "It asks for 10 more epochs." in text


def test_figures_are_short_whatever_they_are():
    values = (0.079, 9.9999, 12.345, 123456.0, float("nan"), float("inf"))
    assert [shown_loss(value) for value in values] == ["0.079", "10.000", "12.35", "1e+05", "NaN", "∞"]
    assert [shown_power(value) for value in (0.006, 0.03, 2e-12)] == ["6·10⁻³", "3·10⁻²", "2·10⁻¹²"]
    assert [shown_rate(value) for value in (9.4, 2150.0, 1_250_000.0)] == ["9", "2,150", "1.25 M"]
    times = [shown_time_left(seconds) for seconds in (0.2, 38, 720, 18_000, 300_000)]
    assert times == ["0 s left", "38 s left", "12 min left", "5 h left", "3 days left"]


def test_memory_is_shown_as_it_is_on_the_device_of_the_run(bar, session):
    facts = bar.facts
    assert facts.memory.text == "Memory –"
    hear(session, memory=Memory("cpu", 536_870_912, 8 * 2**30))
    assert facts.memory.text == "Memory 512 MiB"
    assert "512 MiB of this machine's 8.0 GiB" in facts.memory.toolTip()
    hear(session, memory=Memory("cuda:0", 1_288_490_189, 80 * 2**30))
    assert facts.memory.text == "Memory 1.2 GiB / 80 GiB"
    assert "cuda:0" in facts.memory.toolTip()


@pytest.mark.parametrize("device", ["cpu", "cuda:0"])
def test_the_room_for_memory_stays_whatever_it_is(bar, session, device):
    session.training.facts = RunFacts(device, 1, "contiguous", 5392, 1000, 169, 10)
    bar.facts._reserve()
    width = bar.facts.memory.width()
    for size in (1, 999 * 2**20, 2**30, 9.9 * 2**30, 999 * 2**30):
        bar.facts.memory.show_parts("Memory ", shown_memory(int(size)), "" if device == "cpu" else " / 80 GiB")
        needed = sum(bar.facts.memory.fontMetrics().horizontalAdvance(part) for part in bar.facts.memory.parts)
        assert needed <= width == bar.facts.memory.width()


def test_in_a_narrow_window_memory_goes_first(bar):
    bar.resize(NO_MEMORY_BELOW, bar.height())
    QApplication.processEvents()
    assert bar.facts.memory.isVisible()
    bar.resize(NO_MEMORY_BELOW - 1, bar.height())
    QApplication.processEvents()
    assert not bar.facts.memory.isVisible()
    assert bar.facts.rate.isVisible()


def test_memory_is_short_whatever_it_is():
    sizes = (0, 812 * 2**20, 999.6 * 2**20, 1.25 * 2**30, 16 * 2**30, 141 * 2**30)
    assert [shown_memory(int(size)) for size in sizes] == [
        "0 MiB", "812 MiB", "1.0 GiB", "1.2 GiB", "16 GiB", "141 GiB",
    ]  # fmt: skip


def test_a_finished_run_offers_more_epochs_once_the_recipe_asks_for_them(bar, session, monkeypatch):
    went_on: list = []
    monkeypatch.setattr(session.training, "carry_on", lambda: went_on.append(session.document.project.recipe.epochs))
    show_report(session, lenet_report(session.document.project))
    hear(session, "finished", step=338, checkpoint=338, epochs=(EPOCH_2,))
    session.training.folder = "somewhere"
    session.document.apply(SetRecipe({"epochs": 30}))
    show_report(session, lenet_report(session.document.project))
    assert bar.facts.remark.said.text == "Go on from step 338 to epoch 30"
    assert "so long from the beginning" in bar.facts.remark.said.detail
    assert bar.line.longer_action.text() == "Go on from step 338 to epoch 30"
    bar.facts.remark.click()
    session.document.apply(SetRecipe({"seed": 5}))
    assert not bar.line.longer_action.isEnabled()
    assert went_on == [30]
