"""To choose a data set makes a project that fits it, in one step."""

import msgspec
import pytest

from playground.core.choosing import edits_for, preparation_for
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.edit import SetData, SetRecipe, apply
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.core.spec import DatasetSpec

MOONS = DatasetSpec(
    name="moons", title="Moons", summary="Two.", task="classification", kind="plane", group="generated",
    sample_shape=(2,), classes=("0", "1"), train=500,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "wanted"),
    [
        ("iris", Data("digits", preparation=({"resize": 32}, {"normalize": "0..1"})), ({"standardize": True},)),
        ("iris", Data("digits", preparation=({"standardize": True},)), ({"standardize": True},)),
        ("mnist", Data("digits"), ({"normalize": "-1..1"},)),
        (
            "mnist",
            Data("digits", preparation=({"resize": 32}, {"normalize": "0..1"})),
            ({"resize": 32}, {"normalize": "0..1"}),
        ),
        ("digits", Data("mnist", preparation=({"normalize": "0..1"},)), ({"resize": 28}, {"normalize": "0..1"})),
        ("digits", Data("mnist", preparation=({"resize": 16},)), ({"resize": 16}, {"normalize": "-1..1"})),
    ],
)
def test_steps_that_still_make_sense_are_kept(name, old, wanted):
    assert preparation_for(DATASETS[name], old) == wanted


def test_augmentation_of_pictures_is_kept_for_pictures_and_dropped_for_others():
    old = Data("digits", preparation=({"normalize": "0..1"}, {"flip": 0.5}, {"noise": 0.1}))
    assert preparation_for(DATASETS["mnist"], old) == old.preparation
    assert preparation_for(MOONS, old) == ()


def test_a_range_comes_before_the_augmentation():
    old = Data("digits", preparation=({"flip": 0.5},))
    assert preparation_for(DATASETS["mnist"], old) == ({"normalize": "-1..1"}, {"flip": 0.5})


def test_colours_are_needed_for_grayscale():
    old = Data("cifar10", preparation=({"grayscale": True}, {"normalize": "0..1"}))
    assert preparation_for(DATASETS["mnist"], old) == ({"resize": 32}, {"normalize": "0..1"})


def test_options_go_with_the_set_and_those_of_the_one_before_are_gone():
    project = Project(data=Data("moons", options={"noise": 0.3}, batch_size=5))
    (change,) = edits_for(DATASETS["iris"], project)
    assert isinstance(change, SetData)
    assert change.changes["options"] == {}
    (change,) = edits_for(MOONS, project, {"noise": 0.1})
    assert change.changes["options"] == {"noise": 0.1}


def test_a_loss_for_another_task_gives_way():
    classes = Project(data=Data("digits"))
    assert [type(one) for one in edits_for(DATASETS["diabetes"], classes)] == [SetData, SetRecipe]
    recipe = msgspec.structs.replace(classes.recipe, loss="MSE")
    numbers = msgspec.structs.replace(classes, data=Data("diabetes"), recipe=recipe)
    assert edits_for(DATASETS["iris"], numbers)[1] == SetRecipe({"loss": "CrossEntropy"})
    assert len(edits_for(DATASETS["california-housing"], numbers)) == 1
    squares = msgspec.structs.replace(classes, recipe=recipe)  # a choice of the user's that fits
    assert len(edits_for(DATASETS["iris"], squares)) == 1


def test_what_the_classes_of_the_set_before_counted_goes_with_it():
    recipe = Recipe(loss_options={"weight": [1, 2], "label_smoothing": 0.1})
    project = Project(data=Data("moons"), recipe=recipe)
    for change in edits_for(DATASETS["iris"], project):
        project = apply(project, change)
    assert project.recipe.loss_options == {"label_smoothing": 0.1}
    numbers = Project(data=Data("moons"), recipe=recipe)
    for change in edits_for(DATASETS["diabetes"], numbers):
        numbers = apply(numbers, change)
    assert (numbers.recipe.loss, numbers.recipe.loss_options) == ("MSE", {})
