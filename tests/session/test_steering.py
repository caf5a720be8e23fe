"""Which edits a run follows without a new beginning."""

import msgspec
import pytest

from playground.core.data import Data
from playground.core.edit import SetRecipe
from playground.core.layer import Layer
from playground.core.messages import Frame, Steer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.session.steering import steering, waiting

RUN = Project(network=(Layer("Flatten"),), recipe=Recipe(optimizer={"SGD": {"lr": 0.1, "momentum": 0.9}}))


def with_sgd(project=RUN, **arguments) -> Project:
    recipe = msgspec.structs.replace(project.recipe, optimizer={"SGD": arguments})
    return msgspec.structs.replace(project, recipe=recipe)


def with_recipe(project, **changes) -> Project:
    return msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, **changes))


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        (with_sgd(lr=0.02, momentum=0.9), {"lr": 0.02}),
        (with_sgd(lr=0.1, momentum=0.9, weight_decay=0.01), {"weight_decay": 0.01}),
        (with_sgd(lr=0.5, momentum=0.9, weight_decay=0.01), {"lr": 0.5, "weight_decay": 0.01}),
        (with_sgd(momentum=0.9), {"lr": 0.01}),  # back on auto
        (RUN, {}),
        (with_sgd(lr=0.1, momentum=0.5), {}),
        (with_sgd(lr=0.2, momentum=0.5), {"lr": 0.2}),
        (with_sgd(lr=-1, momentum=0.9, weight_decay=0.01), {"weight_decay": 0.01}),
        (with_sgd(lr="x", momentum=0.9), {}),
        (msgspec.structs.replace(with_sgd(lr=0.2, momentum=0.9), data=Data(batch_size=7)), {"lr": 0.2}),
        (msgspec.structs.replace(with_sgd(lr=0.2, momentum=0.9), network=()), {"lr": 0.2}),
        (with_recipe(with_sgd(lr=0.2), epochs=99, patience=3, clip_norm=1.0, schedule={"Cosine": {}}), {"lr": 0.2}),
        (msgspec.structs.replace(RUN, recipe=Recipe(optimizer={"Adam": {"lr": 0.3}})), {}),
    ],
    ids=lambda case: str(case)[-60:],
)
def test_rates_are_followed_whatever_else_is_edited(edited, changed):
    assert steering(RUN, RUN, edited) == changed


def test_what_differed_before_the_edit_is_not_followed():
    slower = with_sgd(lr=0.05, momentum=0.9)  # the run was resumed at its own rate
    assert steering(slower, RUN, with_recipe(RUN, patience=3)) == {}
    assert steering(slower, RUN, with_sgd(lr=0.2, momentum=0.9)) == {"lr": 0.2}
    assert steering(slower, with_sgd(lr=0.2, momentum=0.9), RUN) == {"lr": 0.1}  # undone


def test_what_waits_for_the_next_run_is_named():
    assert waiting(RUN, RUN) == []
    assert waiting(RUN, with_recipe(with_sgd(lr=0.1, momentum=0.5), patience=3, clip_norm=1.0)) == [
        "momentum", "clip_norm", "patience",
    ]  # fmt: skip
    assert waiting(RUN, with_recipe(RUN, optimizer={"Adam": {}})) == ["optimizer", "lr"]
    assert waiting(RUN, msgspec.structs.replace(RUN, data=Data(batch_size=7), network=())) == ["batch_size"]


@pytest.fixture
def ordered(session, monkeypatch):
    """What the runner was told, beside a run of the document that has begun; there is no engine."""
    sent = []
    monkeypatch.setattr(session.training._process, "start", lambda: None)
    monkeypatch.setattr(session.training._process, "send", sent.append)
    session.training.start()
    session.training._on_frame(Frame(state="running", step=4))
    yield lambda: [(one.lr, one.weight_decay) for one in sent if isinstance(one, Steer)]
    session.training._set_state("idle")
    session.training._patience.stop()


def set_rate(session, lr: float, **more) -> None:
    arguments = session.document.project.recipe.optimizer_arguments
    session.document.apply(SetRecipe({"optimizer": {"SGD": {**arguments, "lr": lr}}, **more}))


def test_edits_of_the_rate_reach_a_run_after_any_other_edit_and_so_does_their_undo(session, ordered):
    session.document.apply(SetRecipe({"clip_norm": 1.0, "epochs": 77}))
    assert ordered() == []
    set_rate(session, 0.003)
    assert ordered() == [(0.003, None)]
    run = session.training.project.recipe
    assert (run.optimizer_arguments["lr"], run.clip_norm) == (0.003, None)  # the rest is the next run's
    session.document.undo_stack.undo()
    assert ordered()[1:] == [(0.01, None)]  # that of SGD, on auto
    assert not session.training.is_current
    session.document.undo_stack.undo()
    assert session.training.is_current
    assert len(ordered()) == 2


def test_a_rate_that_is_edited_while_the_run_prepares_is_followed_when_it_can_be(session, ordered):
    session.training._set_state("preparing")
    set_rate(session, 0.003)
    assert ordered() == []
    assert not session.training.is_current
    session.training._set_state("running")
    assert ordered() == [(0.003, None)]
    assert session.training.is_current


def test_the_rate_of_another_document_is_not_that_of_the_run(session, ordered):
    before = session.document.project
    session.document.new(with_recipe(before, seed=5), "another")
    set_rate(session, 0.003)
    assert ordered() == []
    session.document.new(before, "as it was")
    set_rate(session, 0.002)
    assert ordered() == [(0.002, None)]
