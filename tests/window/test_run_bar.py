"""The run bar: buttons as the run allows, and choosers. The engine is not started."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.datasets import DATASETS
from playground.core.edit import SetData
from playground.core.messages import (
    DatasetState,
    Device,
    FetchProgress,
    Picture,
    Watch,
)
from playground.window.run_bar import FirstLine
from playground.window.run_facts import RunFacts as FactsLine
from playground.window.theme import theme
from tests.window.bar import EPOCH_2, FACTS, FAULT, at_rest, bar, called, hear, slopes  # noqa: F401
from tests.window.frame import array, lenet_report, session, show_report  # noqa: F401

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

# Buttons -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words", "main", "step", "stop", "filled"),
    [
        ("idle", "Train", True, True, False, True),
        ("preparing", "Pause", False, False, True, False),
        ("running", "Pause", True, False, True, False),
        ("paused", "Resume", True, True, True, True),
        ("stopping", "Pause", False, False, False, False),
        ("finished", "Train", True, True, False, True),
        ("failed", "Train", True, True, False, True),
    ],
)
def test_each_state_allows_its_buttons(bar, session, state, words, main, step, stop, filled):  # noqa: F811
    session.training._set_state(state)
    line = bar.line
    assert line.main.text() == words
    assert (line.main.isEnabled(), line.step.isEnabled(), line.stop.isEnabled()) == (main, step, stop)
    assert (line.main.property("kind") == "main") is filled


def test_the_main_button_trains_pauses_and_resumes(called, bar, session):  # noqa: F811
    for state in ("idle", "running", "paused"):
        session.training._set_state(state)
        bar.line.main.click()
    assert called == ["start", "pause", "resume"]


def test_a_network_that_does_not_fit_cannot_be_trained_and_the_button_says_why(called, bar, session):  # noqa: F811
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    assert not bar.line.main.isEnabled()
    assert not bar.line.step.isEnabled()
    assert "Row 8 does not fit: It expects 576 values; Flatten gives 400." in bar.line.main.toolTip()
    show_report(session, lenet_report(session.document.project))
    assert bar.line.main.isEnabled()


def test_a_run_can_still_be_paused_when_an_edit_does_not_fit(bar, session):  # noqa: F811
    session.training._set_state("running")
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    assert bar.line.main.isEnabled()
    assert bar.line.stop.isEnabled()


def test_the_keyboard_steers_the_run(called, bar, session, qtbot):  # noqa: F811
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    qtbot.keyClick(bar, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bar, Qt.Key.Key_F10)
    qtbot.keyClick(bar, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    session.training._set_state("running")
    qtbot.keyClick(bar, Qt.Key.Key_F10)  # not while it runs
    qtbot.keyClick(bar, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(bar, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert called == ["start", "step", "step_epoch", "stop"]


def test_each_speed_is_one_click(called, bar):  # noqa: F811
    for button in bar.line.speed_group.buttons():
        button.click()
    assert called == [("speed", None), ("speed", 100.0), ("speed", 10.0), ("speed", 1.0)]


def test_undo_and_redo_follow_the_stack_and_name_what_they_do(bar, session):  # noqa: F811
    assert not bar.line.undo.isEnabled()
    before = session.document.project
    session.document.apply(SetData({"batch_size": 128}))
    assert bar.line.undo.toolTip().startswith("Undo change batch_size")
    bar.line.undo.click()
    assert session.document.project == before
    assert bar.line.redo.isEnabled()
    bar.line.redo.click()
    assert session.document.project.data.batch_size == 128


def test_the_title_says_whether_the_project_was_edited(bar, session):  # noqa: F811
    assert bar.line.title.accessibleName() == "lenet-digits.playground"
    session.document.apply(SetData({"batch_size": 128}))
    assert bar.line.title.accessibleName() == "lenet-digits.playground, edited"


def test_the_theme_is_one_click_away_and_back(bar):  # noqa: F811
    bar.line.theme_button.click()
    assert theme().name == "dark"
    assert bar.line.theme_button.toolTip() == "Light theme"
    bar.line.theme_button.click()
    assert theme().name == "light"


def test_every_button_speaks_and_has_a_tool_tip(bar, session):  # noqa: F811
    line = bar.line
    buttons = (line.undo, line.redo, line.main, line.step, line.stop, line.theme_button, line.dataset, line.device)
    for button in (*buttons, line.steps.more, *line.speed_group.buttons()):
        assert button.accessibleName()
        assert button.toolTip()
    assert "Ctrl+R" in line.main.toolTip()


@pytest.mark.parametrize(
    ("state", "enabled"),
    [("idle", True), ("preparing", True), ("running", True), ("paused", True), ("stopping", False), ("finished", True),
     ("failed", True)],
)  # fmt: skip
def test_the_weights_can_be_reset_where_there_is_a_run(called, bar, session, state, enabled):  # noqa: F811
    line = bar.line
    assert not line.reset.isEnabled()
    hear(session)
    session.training._set_state(state)
    line.refresh()
    assert line.reset.isEnabled() == line.reset_action.isEnabled() == enabled
    line.reset.click()
    line.reset_action.trigger()
    assert called == ["reset", "reset"] * enabled
    assert "Ctrl+Alt+R" in line.reset.toolTip()
    session.training._set_state("idle")


def test_after_a_reset_nothing_is_left_to_reset(bar, session):  # noqa: F811
    hear(session, epochs=(EPOCH_2,))
    hear(session, "finished", checkpoint=422)
    assert bar.line.reset.isEnabled()
    bar.line.reset.click()
    QApplication.processEvents()
    facts = bar.facts
    shown = [fact.text for fact in (facts.epoch, facts.step, facts.test, facts.loss, facts.state)]
    assert shown == ["Epoch – of 10", "Step –", "Test accuracy –", "Train loss –", "idle"]
    assert facts.progress.done == 0
    assert facts.remark.said is None
    assert not bar.line.reset.isEnabled()
    assert bar.line.main.text() == "Train"


# Data set and device -------------------------------------------------------------------------------------------------


def actions_of(chooser) -> dict:
    chooser.fill()
    return {action.text(): action for action in chooser.menu().actions()}


def test_another_data_set_is_one_undo_step_with_its_own_preparation(bar, session):  # noqa: F811
    before = session.document.project
    session.document.set_sample(40)
    bar.line.dataset.choose(DATASETS["iris"])
    data = session.document.project.data
    assert (data.dataset, data.preparation, data.batch_size) == (
        "iris",
        ({"standardize": True},),
        before.data.batch_size,
    )
    assert session.document.sample == 0
    assert session.document.undo_stack.count() == 1
    assert bar.line.dataset.caption == "Iris 4 features"
    session.document.undo_stack.undo()
    assert session.document.project == before
    assert bar.line.dataset.caption == "Digits 32×32"


def test_a_missing_data_set_is_downloaded_and_then_chosen(bar, session, monkeypatch):  # noqa: F811
    asked: list = []
    monkeypatch.setattr(session.client, "fetch", asked.append)
    session.client.datasets = (DatasetState("fashion-mnist", False, "", 30_878_645, FAULT),)
    session.client.datasets_changed.emit()
    bar.line.dataset.fetch(DATASETS["fashion-mnist"])
    assert asked == ["fashion-mnist"]
    session.client.fetch_progressed.emit(FetchProgress(1, "fashion-mnist", 45, 100))
    assert bar.line.dataset.caption == "Fashion-MNIST 45 %"
    session.client.fetched.emit("fashion-mnist")
    assert session.document.project.data.dataset == "fashion-mnist"


def test_a_download_does_not_change_a_project_that_went_on_without_it(bar, session, monkeypatch):  # noqa: F811
    monkeypatch.setattr(session.client, "fetch", lambda name: None)
    bar.line.dataset.fetch(DATASETS["fashion-mnist"])
    bar.line.dataset.choose(DATASETS["iris"])
    session.client.fetched.emit("fashion-mnist")
    assert session.document.project.data.dataset == "iris"


def test_a_download_that_fails_leaves_the_data_set_as_it_was(bar, session, monkeypatch):  # noqa: F811
    monkeypatch.setattr(session.client, "fetch", lambda name: None)
    bar.line.dataset.fetch(DATASETS["mnist"])
    session.client.fetch_failed.emit("mnist", FAULT)
    assert bar.line.dataset.caption == "Digits 32×32"
    assert session.document.project.data.dataset == "digits"


def test_devices_that_cannot_be_used_say_why_and_cannot_be_chosen(bar, session):  # noqa: F811
    session.client.devices = (Device("cpu", "CPU · 2 cores"), Device("cuda", "CUDA", reason="no driver was found"))
    session.client.devices_changed.emit()
    assert bar.line.device.caption == "CPU · 2 cores"  # what "auto" means here
    actions = actions_of(bar.line.device)
    assert not actions["CUDA   no driver was found"].isEnabled()
    actions["CPU · 2 cores"].trigger()
    assert session.training.device == "cpu"


def test_automatic_means_the_first_usable_device_that_is_not_the_cpu(bar, session):  # noqa: F811
    session.client.devices = (Device("cpu", "CPU"), Device("cuda:0", "NVIDIA H100"), Device("mps", "MPS", reason="no"))
    session.client.devices_changed.emit()
    assert bar.line.device.caption == "NVIDIA H100"


def test_the_data_set_shows_the_sample_that_the_list_shows(bar, session):  # noqa: F811
    assert bar.line.dataset._picture is None
    watch = Watch("rows", {"sample": 0})
    session.training.watch("test", (watch,))
    hear(session, pictures=(Picture(watch, 1, {"input": array([[[0.0, 1.0], [1.0, 0.0]]])}),))
    picture = bar.line.dataset._picture
    dark, light = picture.pixelColor(5, 5).lightness(), picture.pixelColor(15, 5).lightness()
    assert dark < 40
    assert light > 215
    session.document.set_sample(1)  # no picture of it yet
    assert bar.line.dataset._picture is None
    session.training.unwatch("test")


# Narrow windows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1024, 1180, 1440, 1920])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_nothing_overlaps_or_leaves_the_bar(bar, session, width, scale):  # noqa: F811
    theme().set_text_scale(scale)
    session.client.devices = (Device("cuda:0", "NVIDIA GeForce RTX 4090 Laptop GPU"),)
    session.client.devices_changed.emit()
    hear(session, samples_per_second=2150.0, epochs=(EPOCH_2,))
    bar.resize(width, bar.sizeHint().height())
    QApplication.processEvents()
    for line in (bar.line, bar.facts):
        parts = [one for one in line.children() if isinstance(one, QWidget) and one.isVisible()]
        places = sorted((one.geometry() for one in parts), key=lambda place: place.x())
        assert all(left.right() < right.left() for left, right in pairwise(places))
        assert places[-1].right() < line.width()
    assert bar.width() == width


def test_words_give_way_before_names_are_shortened(bar):  # noqa: F811
    line: FirstLine = bar.line
    bar.resize(1440, bar.height())
    QApplication.processEvents()
    assert line.unit_label.isVisible()
    assert line.step.text() == "Step"
    bar.resize(1024, bar.height())
    QApplication.processEvents()
    assert not line.unit_label.isVisible()
    assert not line.title.with_suffix
    assert line.steps.more.isVisible()
    assert line.title.width() >= line.title.sizeHint().width()
    assert line.dataset.width() >= line.dataset.sizeHint().width()
    bar.resize(1440, bar.height())
    QApplication.processEvents()
    assert line.unit_label.isVisible()
    assert line.title.with_suffix


def test_both_lines_have_the_heights_of_the_mock_ups(bar):  # noqa: F811
    facts: FactsLine = bar.facts
    assert (bar.line.height(), facts.height()) == (52, 32)
    assert facts.mapTo(bar, QPoint(0, 0)).y() == 53
