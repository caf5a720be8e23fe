"""Settings that were changed while a network learnt, as part of a project and for people."""

from playground.core.messages import Steered
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.core.steered import as_steered, followed, told

RUN = Project(recipe=Recipe(optimizer={"SGD": {"lr": 0.1, "momentum": 0.9}}))
CHANGES = (
    Steered(300, "lr", 0.1, 0.05),
    Steered(300, "lr", 0.05, 0.01),
    Steered(1500, "weight_decay", 0, 0.02),
    Steered(2000, "lr", 0.01, 0.001),
)


def arguments(project):
    return project.recipe.optimizer_arguments


def test_a_project_has_its_settings_as_they_were_at_a_step():
    assert as_steered(RUN, CHANGES, 299) is RUN
    assert arguments(as_steered(RUN, CHANGES, 300)) == {"lr": 0.01, "momentum": 0.9}
    assert arguments(as_steered(RUN, CHANGES)) == {"lr": 0.001, "momentum": 0.9, "weight_decay": 0.02}


def test_an_optimizer_without_such_a_setting_has_none():
    by_hand = Project(recipe=Recipe(optimizer={"GradientDescent": {}}))
    assert arguments(as_steered(by_hand, CHANGES)) == {"lr": 0.001}
    unknown = Project(recipe=Recipe(optimizer={"Nobody": {"lr": 1}}))
    assert as_steered(unknown, CHANGES) is unknown


def test_only_the_settings_that_are_named_are_taken_over():
    edited = Project(recipe=Recipe(optimizer={"SGD": {"weight_decay": 0.3, "momentum": 0.5}}, epochs=77))
    assert followed(RUN, edited, ["weight_decay"]).recipe == Recipe(
        optimizer={"SGD": {"weight_decay": 0.3, "momentum": 0.9, "lr": 0.1}}
    )
    assert arguments(followed(RUN, edited, ["lr"])) == {"momentum": 0.9}  # on auto


def test_people_read_when_it_was_changed():
    assert told("0.1", "lr", CHANGES) == "0.1, then 0.01 from step 300, then 0.001 from step 2,000"
    assert told("0", "weight_decay", CHANGES) == "0, then 0.02 from step 1,500"
    assert told("0.9", "momentum", CHANGES) == "0.9"
    assert told("0.1", "lr", (Steered(0, "lr", 0.1, 0.2),)) == "0.2"
    assert told("0.1", "lr", (Steered(5, "lr", 0.1, 0.2), Steered(5, "lr", 0.2, 0.1))) == "0.1"
