"""The session with the real engine: real checks and a real run on digits."""

from pathlib import Path

import numpy as np
import psutil
import pytest

from playground.core import edit
from playground.core.edit import InsertLayers, RemoveLayers, SetArgument, SetRecipe
from playground.core.layer import Layer
from playground.core.messages import Watch
from playground.disk import kept_runs, projects, runs
from playground.session.history import numbers
from playground.session.runs import earlier, unfinished_run
from playground.session.session import Session
from tests.campaigns import start_stop

WAIT = 90_000  # importing torch on a busy machine takes its time


@pytest.fixture(scope="module")
def shared(qapp):
    """One session for all tests that leave its processes alive: importing torch costs seconds."""
    session = Session()
    session.training.frame_received.connect(session.training.acknowledge)
    session.start()
    start_stop.wait_until(lambda: session.client.ready and session.training.ready)
    yield session
    session.close()
    session.deleteLater()


@pytest.fixture
def session(shared, qtbot):
    """The shared one, with the first preset as it comes, and no run."""
    shared.document.new(projects.load("preset:lenet-digits"), "lenet-digits")
    yield shared
    shared.document.new(shared.document.project, "done")  # nothing is unsaved any more
    shared.training.unwatch("panels")
    shared.training.stop()
    qtbot.waitUntil(lambda: not shared.training.is_active, timeout=WAIT)
    qtbot.waitUntil(lambda: not shared.training._patience.isActive(), timeout=WAIT)


def test_edits_are_checked_with_pytorchs_shapes(session, qtbot):
    qtbot.waitUntil(lambda: session.client.report is not None, timeout=WAIT)
    assert session.client.report.parameters == 81_194
    assert session.client.report.rows[0].output_shape == (6, 30, 30)
    session.document.apply(SetArgument((0,), "out_channels", 8))
    qtbot.waitUntil(lambda: session.client.checked is session.document.project, timeout=WAIT)
    assert session.client.report.rows[0].output_shape == (8, 30, 30)
    assert {device.name for device in session.client.devices} >= {"cpu"}
    assert {dataset.name for dataset in session.client.datasets if dataset.available} >= {"digits", "iris"}


def test_the_script_follows_the_edits_and_its_spans_name_the_layers(session, qtbot):
    scripts = session.scripts
    scripts.choose("scratch")
    scripts.want("panel")
    qtbot.waitUntil(lambda: scripts.is_current, timeout=WAIT)
    assert "Conv2d" in scripts.refusal
    assert scripts.shown_style == "sequential"
    scripts.choose("class")
    session.document.apply(SetArgument((0,), "out_channels", 8))
    qtbot.waitUntil(lambda: scripts.is_current, timeout=WAIT)
    compile(scripts.script.text, "script", "exec")
    lines = scripts.script.text.split("\n")
    first = [line for span in scripts.spans() if span.path == (0,) for line in lines[span.first - 1 : span.last]]
    assert any("Conv2d(1, 8, 3)" in line for line in first)
    session.document.apply(SetArgument((7,), "in_features", 5))
    qtbot.waitUntil(lambda: scripts.is_current, timeout=WAIT)
    assert "expects 5" in scripts.fault.what
    assert scripts.script.text.split("\n") == lines
    scripts.unwant("panel")
    scripts.choose("sequential")


def test_a_run_on_digits_from_start_to_finish(session, qtbot):
    filters, maps = Watch("filters", {"layer": [0]}), Watch("feature_maps", {"layer": [0], "sample": 0})
    session.document.apply(SetRecipe({"epochs": 2}))
    session.training.watch("panels", (filters, maps, Watch("slopes")))
    qtbot.waitUntil(lambda: session.training.picture(filters) is not None, timeout=WAIT)
    untrained = numbers(session.training.picture(filters).arrays["weight"])
    states = []
    session.training.state_changed.connect(states.append)
    session.training.start()
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=WAIT)
    history, facts = session.training.history, session.training.facts
    assert states == ["preparing", "running", "finished"]
    assert history.losses.size == 2 * facts.steps_per_epoch
    assert np.isfinite(history.losses).all()
    assert [epoch.epoch for epoch in history.epochs] == [1, 2]
    assert history.epochs[1].test_accuracy > 0.3  # ten classes: chance is 0.1
    assert set(history.gradient_norms) == {tuple(layer["path"]) for layer in history.slope_layers}
    assert history.slope_steps.size > 0
    trained = session.training.picture(filters)
    assert trained.step == history.losses.size
    assert numbers(trained.arrays["weight"]).shape == untrained.shape == (6, 1, 3, 3)
    assert not np.array_equal(numbers(trained.arrays["weight"]), untrained)
    assert numbers(session.training.picture(maps).arrays["maps"]).shape == (6, 30, 30)


def test_stop_keeps_the_run_and_resume_goes_on(session, qtbot):
    session.training.step_epoch()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=WAIT)
    first = session.training.history.losses.copy()
    session.training.stop()
    qtbot.waitUntil(lambda: session.training.state == "idle", timeout=WAIT)
    assert session.training.can_resume
    session.training.resume_from_checkpoint()
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=WAIT)
    losses = session.training.history.losses
    np.testing.assert_array_equal(losses[: first.size], first)
    assert losses.size == session.training.facts.steps_per_epoch * session.training.facts.epochs


def test_a_reset_shows_the_first_weights_again_and_the_next_step_is_the_first(session, qtbot):
    filters = Watch("filters", {"layer": [0]})
    session.training.reset()  # of the run of another test
    session.training.watch("panels", (filters,))
    qtbot.waitUntil(lambda: session.training.picture(filters) is not None, timeout=WAIT)
    untrained = numbers(session.training.picture(filters).arrays["weight"])
    session.training.step()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=WAIT)
    assert not np.array_equal(numbers(session.training.picture(filters).arrays["weight"]), untrained)
    first = session.training.history.losses.copy()
    session.training.step()
    qtbot.waitUntil(lambda: session.training.history.losses.size == 2, timeout=WAIT)
    folder = Path(session.training.folder)
    session.training.reset()
    qtbot.waitUntil(lambda: session.training.project is None, timeout=WAIT)
    qtbot.waitUntil(lambda: session.training.picture(filters) is not None, timeout=WAIT)
    assert np.array_equal(numbers(session.training.picture(filters).arrays["weight"]), untrained)
    assert runs.checkpoint_step(runs.checkpoints(folder)[0]) == 2
    assert len(runs.read_losses(folder)) == 2
    session.training.step()
    qtbot.waitUntil(lambda: session.training.history.losses.size == 1, timeout=WAIT)
    np.testing.assert_array_equal(session.training.history.losses, first)


def test_a_run_goes_on_with_a_network_that_was_changed_beside_it(session, qtbot):
    filters = Watch("filters", {"layer": [0]})
    session.training.watch("panels", (filters,))
    session.training.step_epoch()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=WAIT)
    before, losses = Path(session.training.folder), session.training.history.losses.copy()
    trained = numbers(session.training.picture(filters).arrays["weight"])
    session.document.apply(InsertLayers((1,), (Layer("BatchNorm2d"),)))
    qtbot.waitUntil(lambda: session.carrying.offer is not None, timeout=WAIT)
    offer = session.carrying.offer
    assert (offer.kept, offer.of, offer.fresh) == (5, 6, ("BatchNorm2d",))
    session.carrying.go_on()
    qtbot.waitUntil(lambda: session.training.history.losses.size > losses.size, timeout=WAIT)
    session.training.pause()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=WAIT)
    np.testing.assert_array_equal(session.training.history.losses[: losses.size], losses)
    assert session.training.history.epochs[0].step == losses.size
    record = runs.read_run(Path(session.training.folder))
    assert (record.parent, record.parent_step, record.carried) == (before.name, losses.size, (5, 6))
    assert runs.read_run(before).state == "stopped"
    now = numbers(session.training.picture(filters).arrays["weight"])
    assert np.abs(now - trained).max() < np.abs(trained).max()  # trained further, not drawn anew
    assert session.training.history.losses[losses.size :].mean() < 2.0  # ten classes: untrained it is 2.3


def test_the_network_is_tested_between_two_steps_when_asked(session, qtbot):
    training, evaluating = session.training, session.evaluating
    training.watch("panels", (evaluating.watch,))
    training.step()
    qtbot.waitUntil(lambda: training.state == "paused", timeout=WAIT)
    step = training.frame.step
    assert evaluating.picture is None or evaluating.picture.fault
    evaluating.test()
    qtbot.waitUntil(lambda: not evaluating.is_testing, timeout=WAIT)
    result = evaluating.picture
    assert (result.fault, result.facts["step"], result.facts["epoch"]) == ("", step, 0)
    assert numbers(result.arrays["confusion"]).sum() == training.facts.test_samples == result.facts["samples"]
    assert numbers(result.arrays["inputs"]).shape == (24, 1, 32, 32)
    evaluating.choose_cell((3, 3))
    training.watch("panels", (evaluating.watch,))
    qtbot.waitUntil(lambda: evaluating.picture.watch.options["which"] == "cell", timeout=WAIT)
    assert set(numbers(evaluating.picture.arrays["labels"]).tolist()) <= {3}
    assert (training.state, training.frame.step) == ("paused", step)


def test_a_kept_run_that_is_opened_again_shows_the_figures_it_had(session, qtbot):
    training, evaluating = session.training, session.evaluating
    session.document.apply(SetRecipe({"epochs": 1}))
    project, filters = session.document.project, Watch("filters", {"layer": [0]})
    training.watch("panels", (evaluating.watch, filters))
    training.start()
    qtbot.waitUntil(lambda: training.state == "finished" and evaluating.picture is not None, timeout=WAIT)
    losses, report = training.history.losses.copy(), training.history.epochs[-1]
    its, kernels = evaluating.picture, training.picture(filters)
    kept = kept_runs.read(Path(training.folder))
    session.document.new(projects.load("preset:softmax-iris"), "iris")  # the run is let go
    assert training.project is None
    session.document.new(project, "again")
    training.look_at(earlier(kept))
    qtbot.waitUntil(lambda: evaluating.picture is not None and "loss" in evaluating.picture.facts, timeout=WAIT)
    assert (training.state, training.frame.step, training.is_current) == ("finished", losses.size, True)
    np.testing.assert_array_equal(training.history.losses, losses)
    shown = evaluating.picture
    assert shown.facts == its.facts
    assert shown.facts["accuracy"] == report.test_accuracy
    assert [shown.arrays[name].data for name in its.arrays] == [one.data for one in its.arrays.values()]
    np.testing.assert_array_equal(
        numbers(training.picture(filters).arrays["weight"]), numbers(kernels.arrays["weight"])
    )
    assert kept_runs.read(Path(training.folder)).signature == kept.signature  # nothing was written
    evaluating.test()
    qtbot.waitUntil(lambda: not evaluating.is_testing, timeout=WAIT)
    assert evaluating.picture.facts == its.facts


@pytest.fixture
def own_session(qapp):
    """One for a test that kills its engine."""
    made = Session()
    made.training.frame_received.connect(made.training.acknowledge)
    made.training.open()
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.kills
def test_a_run_that_died_in_an_earlier_session_goes_on_with_equal_losses(own_session, qtbot):
    training, project = own_session.training, own_session.document.project
    training.step_epoch()
    qtbot.waitUntil(lambda: training.state == "paused", timeout=WAIT)
    first = training.history.losses.copy()
    own_session.document.apply(SetRecipe({"optimizer": {"SGD": {"lr": 0.003, "momentum": 0.9, "weight_decay": 0.002}}}))
    qtbot.waitUntil(lambda: bool(training.history.steered), timeout=WAIT)
    with qtbot.waitSignal(training.engine_died, timeout=WAIT):
        psutil.Process(training.pid).kill()
    found = unfinished_run(project)
    assert found is not None
    assert found.project == own_session.document.project == unfinished_run(found.project).project
    assert found.step == first.size
    training.resume_unfinished(found)  # as a new session would
    qtbot.waitUntil(lambda: training.state == "finished", timeout=WAIT)
    np.testing.assert_array_equal(training.history.losses[: first.size], first)
    assert training.history.losses.size == training.facts.steps_per_epoch * training.facts.epochs
    assert [(one.step, one.after) for one in training.history.steered] == [(first.size, 0.003)]
    assert training.frame.lr == 0.003
    assert unfinished_run(project) is None


def test_a_network_that_does_not_fit_fails_with_a_sentence(session, qtbot):
    session.document.apply(RemoveLayers(tuple((n,) for n in range(len(session.document.project.network)))))
    with qtbot.waitSignal(session.training.run_failed, timeout=WAIT) as blocker:
        session.training.start()
    assert blocker.args[0].what
    assert session.training.state == "failed"
    assert not session.training.can_resume
    session.document.undo_stack.undo()
    session.training.step()
    qtbot.waitUntil(lambda: session.training.state == "paused", timeout=WAIT)


def test_a_learning_rate_that_is_edited_beside_its_run_is_followed(session, qtbot):
    session.document.apply(SetRecipe({"epochs": 1000}))
    training = session.training
    training.start()
    qtbot.waitUntil(lambda: training.history.losses.size > 0, timeout=WAIT)
    session.document.apply(SetRecipe({"optimizer": {"SGD": {"lr": 0.003, "momentum": 0.9, "weight_decay": 0.002}}}))
    assert training.is_current
    qtbot.waitUntil(lambda: bool(training.history.steered), timeout=WAIT)
    assert [(one.name, one.after) for one in training.history.steered] == [("lr", 0.003)]
    assert training.frame.lr == 0.003
    session.document.apply(SetArgument((0,), "out_channels", 8))
    assert not training.is_current
    session.document.apply(SetRecipe({"optimizer": {"SGD": {"lr": 0.002, "momentum": 0.5, "weight_decay": 0.003}}}))
    qtbot.waitUntil(lambda: len(training.history.steered) == 3, timeout=WAIT)
    assert [(one.name, one.after) for one in training.history.steered[1:]] == [("lr", 0.002), ("weight_decay", 0.003)]
    assert training.project.recipe.optimizer_arguments == {"lr": 0.002, "momentum": 0.9, "weight_decay": 0.003}


def test_another_document_that_is_opened_does_not_steer_a_run(session, qtbot):
    session.document.apply(SetRecipe({"epochs": 1000}))
    training = session.training
    training.start()
    qtbot.waitUntil(lambda: training.history.losses.size > 0, timeout=WAIT)
    slower = {"SGD": {"lr": 0.001, "momentum": 0.9, "weight_decay": 0.002}}
    before, other = session.document.project, edit.apply(session.document.project, SetRecipe({"optimizer": slower}))
    session.document.new(other, "slower")
    assert training.project is before
    assert not training.is_current
    session.document.new(before, "as it was")
    assert training.is_current
    seen = training.history.losses.size
    qtbot.waitUntil(lambda: training.history.losses.size > seen, timeout=WAIT)
    assert training.history.steered == []


@pytest.mark.parametrize("patience", [0, 1])
def test_a_run_that_has_ended_goes_on_to_what_a_longer_one_would_have_come_to(session, qtbot, patience):
    """Without patience and with it, for which the weights of the best epoch took the place of the last ones."""
    quick = {"schedule": {"Step": {"step_size": 1}}, "optimizer": {"SGD": {"lr": 0.03, "momentum": 0.9}}}
    data = edit.SetData({"subset": 320, "batch_size": 32})
    session.document.apply(data, SetRecipe({**quick, "epochs": 2, "patience": 5 * patience}))
    qtbot.waitUntil(lambda: session.client.checked is session.document.project, timeout=WAIT)
    finish(session, qtbot)
    first, short = session.training.folder, session.training.history.losses.copy()
    assert not session.going_on.offer.asked
    session.document.apply(SetRecipe({"epochs": 4}))
    offer = session.going_on.offer
    assert (offer.step, offer.done, offer.epochs, offer.asked) == (20, 2, 4, True)
    assert offer.plain
    assert not offer.stretched
    session.going_on.go_on()
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=WAIT)
    longer, ends = session.training.history.losses.copy(), losses_of_epochs(session)
    assert session.training.folder != first
    assert runs.read_run(Path(session.training.folder)).parent == Path(first).name
    assert session.document.undo_stack.undoText() != "Ask for 2 more epochs"  # the recipe asks for them already
    threads, layout = session.training.facts.threads, session.training.facts.layout
    finish(session, qtbot)
    assert (session.training.facts.threads, session.training.facts.layout) == (threads, layout)
    np.testing.assert_array_equal(longer[:20], short)
    np.testing.assert_array_equal(longer, session.training.history.losses)
    assert ends == losses_of_epochs(session)


def finish(session, qtbot) -> None:
    """Train the project from its first step to its end."""
    session.training.start()
    qtbot.waitUntil(lambda: session.training.state == "finished", timeout=WAIT)
    qtbot.waitUntil(lambda: session.going_on.offer is not None, timeout=WAIT)


def losses_of_epochs(session) -> list[float]:
    return [one.test_loss for one in session.training.history.epochs]
