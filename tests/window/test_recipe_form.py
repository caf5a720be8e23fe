"""The page "Recipe" of the form: what is chosen brings its arguments, and a schedule is drawn before the run."""

import pytest
from msgspec.structs import replace

from playground.core.edit import SetData, SetRecipe
from playground.core.losses import LOSSES
from playground.core.messages import Device
from playground.core.optimizers import OPTIMIZERS
from playground.core.recipe import Recipe
from playground.core.schedules import SCHEDULES
from playground.window.class_weights import WeightsSheet
from playground.window.rate_curve import rates_of
from playground.window.recipe_form import OFF, RECIPE_ARGUMENTS, RecipePage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def page(session, qtbot) -> RecipePage:
    made = RecipePage(session)
    qtbot.addWidget(made)
    made.resize(380, 500)
    made.show()
    return made


def choose(page: RecipePage, name: str, value: object) -> None:
    page.grid.set_requested.emit(name, value)


@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_has_its_options(page, session, name):
    choose(page, "loss", name)
    assert session.document.project.recipe.loss == name
    expected = [one.name for one in LOSSES[name].arguments]
    assert (list(page.loss_settings.fields) if page.loss_settings else []) == expected


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimizer_has_its_arguments(page, name):
    choose(page, "optimizer", name)
    assert list(page.settings.fields) == [one.name for one in OPTIMIZERS[name].arguments]


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_schedule_has_its_arguments_and_is_drawn(page, session, name):
    choose(page, "schedule", name)
    assert session.document.project.recipe.schedule == {name: {}}
    assert list(page.schedule_settings.fields) == [one.name for one in SCHEDULES[name].arguments]
    assert page.curve.isHidden() == (name == "Plateau")  # which depends on what is learnt
    choose(page, "schedule", "stays")
    assert session.document.project.recipe.schedule == {}
    assert page.curve.isHidden()
    assert page.schedule_settings is None


def test_an_option_is_pinned_and_goes_with_a_loss_that_has_none_of_it(page, session):
    page.loss_settings.set_requested.emit("label_smoothing", 0.1)
    page.loss_settings.set_requested.emit("balance", True)
    choose(page, "loss", "NLL")
    assert session.document.project.recipe.loss_options == {"balance": True}
    page.loss_settings.release_requested.emit("balance")
    assert session.document.project.recipe.loss_options == {}


def test_of_balancing_and_numbers_of_ones_own_the_newer_counts(page, session):
    page.loss_settings.set_requested.emit("weight", [1] * 9 + [2])
    page.loss_settings.set_requested.emit("balance", True)
    assert session.document.project.recipe.loss_options == {"balance": True}
    page.loss_settings.set_requested.emit("weight", [1] * 9 + [2])
    assert session.document.project.recipe.loss_options == {"weight": [1] * 9 + [2]}
    assert page.loss_settings.fields["weight"].value == [1] * 9 + [2]
    page.loss_settings.release_requested.emit("weight")
    assert session.document.project.recipe.loss_options == {}
    assert page.loss_settings.fields["weight"].editor.words_of(None) == "none"


def test_data_without_classes_have_no_weights_and_say_so(page, session):
    said = []
    page.helped.connect(said.append)
    session.document.apply(SetData({"dataset": "diabetes"}))
    page.edit_weights("weight")
    assert "the classes of these data are not known" in said[-1]
    assert not page.window().findChildren(WeightsSheet)


def test_an_argument_of_a_schedule_is_pinned_and_released(page, session):
    choose(page, "schedule", "Step")
    page.schedule_settings.set_requested.emit("gamma", 0.3)
    page.schedule_settings.set_requested.emit("step_size", 2)
    assert session.document.project.recipe.schedule == {"Step": {"gamma": 0.3, "step_size": 2}}
    page.schedule_settings.release_requested.emit("gamma")
    assert session.document.project.recipe.schedule == {"Step": {"step_size": 2}}


@pytest.mark.parametrize(
    ("name", "value", "field", "off"), [("patience", 5, "patience", 0), ("clip_norm", 0.5, "clip_norm", None)]
)
def test_what_can_be_off_says_so(page, session, name, value, field, off):
    assert page.more.fields[name].editor.text() == "off"
    choose(page, name, value)
    assert getattr(session.document.project.recipe, field) == value
    choose(page, name, OFF)
    assert getattr(session.document.project.recipe, field) == off


def test_a_value_out_of_its_range_is_said_and_changes_nothing(page, session):
    said = []
    page.helped.connect(said.append)
    choose(page, "l1", -1.0)
    assert session.document.project.recipe.l1 == 0
    assert "l1" in said[-1]


def test_the_help_says_whether_an_edit_reaches_the_run_that_goes_on(page, session):
    said = []
    page.helped.connect(said.append)
    clip, rate = RECIPE_ARGUMENTS[7], OPTIMIZERS["SGD"].arguments[0]
    page.enter(clip)
    assert "next run" not in said[-1]
    session.training.project = session.document.project
    session.training._set_state("running")
    assert said[-1].startswith("<b>clip norm</b> counts from the next run on; it is the most that all slopes")
    page.enter(rate)
    assert said[-1].startswith("<b>lr</b> is followed by the run that goes on; it is the learning rate")
    session.training.project = replace(session.document.project, recipe=Recipe(optimizer={"Adam": {}}))
    page.enter(rate)
    assert "counts from the next run on" in said[-1]
    session.training._set_state("idle")
    assert "run" not in said[-1]


def test_turning_one_number_is_one_step_to_undo(page, session):
    stack = session.document.undo_stack
    choose(page, "schedule", "Step")
    before = stack.index()
    for gamma in (0.4, 0.3, 0.2):
        page.schedule_settings.set_requested.emit("gamma", gamma)
    assert stack.index() == before + 1
    for share in (0.1, 0.2):
        page.loss_settings.set_requested.emit("label_smoothing", share)
    assert stack.index() == before + 2


def test_the_curve_begins_at_the_rate_and_ends_where_the_schedule_does():
    recipe = Recipe(optimizer={"SGD": {"lr": 0.2}}, schedule={"Cosine": {"eta_min": 0.05}}, epochs=4)
    rates = rates_of(recipe)
    assert rates[0] == (0.0, 0.2)
    assert rates[-1][0] == pytest.approx(4, abs=0.1)
    assert rates[-1][1] == pytest.approx(0.05, abs=1e-3)
    middle = min(rates, key=lambda one: abs(one[0] - 2))
    assert middle[1] == pytest.approx(0.125, abs=1e-3)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(schedule={"Step": {"step_size": 0}}),
        Recipe(schedule={"OneCycle": {"div_factor": "x"}}),
        Recipe(schedule={"Nothing": {}}),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_not(recipe):
    assert rates_of(recipe) == []


def test_a_precision_that_the_device_has_not_cannot_be_chosen_and_says_why(page, session):
    said = []
    page.helped.connect(said.append)
    field = page.more.fields["precision"]
    actions = {one.data(): one for one in field.editor.menu().actions()}
    assert all(one.isEnabled() for one in actions.values())  # nothing is known yet
    gpu = Device("mps", "Apple GPU", refused={"bfloat16": "it needs macOS 14 or newer"})
    session.client.devices = (Device("cpu", "CPU"), gpu)
    session.client.devices_changed.emit()
    reason = "Apple GPU cannot compute in bfloat16: it needs macOS 14 or newer."
    assert {name: one.isEnabled() for name, one in actions.items()} == {
        "float32": True, "bfloat16": False, "float16": True,
    }  # fmt: skip
    assert actions["bfloat16"].toolTip() == reason
    assert field.editor.menu().toolTipsVisible()
    session.document.apply(SetRecipe({"precision": "bfloat16"}))  # as a file may ask for it
    assert field.property("wrong") == "true"
    assert reason in field.editor.toolTip()
    page.enter(RECIPE_ARGUMENTS[8])
    assert reason in said[-1]
    session.training.set_device("cpu")  # which has it
    assert actions["bfloat16"].isEnabled()
    assert field.property("wrong") == "false"
    assert field.editor.toolTip() == ""
