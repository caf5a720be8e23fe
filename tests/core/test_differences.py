"""What differs between projects, as people read it."""

import pytest

from playground.core.data import Data
from playground.core.differences import NETWORK, RECIPE, changes, compare, settings_of
from playground.core.forks import doubts, other_layer
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe

LAYERS = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("ReLU"), Layer("Linear", {"out_features": 3}))
PLAIN = Project(Data("iris"), LAYERS, Recipe())


def differing(*projects):
    return {one.name: one.values for one in compare(projects) if one.differs}


def test_equal_projects_differ_in_nothing_whether_a_default_is_written_or_not():
    written = Project(Data("iris", batch_size=64), LAYERS, Recipe(optimizer={"SGD": {"lr": 0.01, "momentum": 0.0}}))
    assert differing(PLAIN, written) == {}
    assert changes(PLAIN, written) == []


def test_settings_that_differ_stand_beside_each_other():
    other = Project(Data("iris", batch_size="all"), LAYERS, Recipe(optimizer={"SGD": {"lr": 0.1}}, epochs=1000))
    assert differing(PLAIN, other, PLAIN) == {
        "batch_size": ("64", "all", "64"),
        "lr": ("0.01", "0.1", "0.01"),
        "epochs": ("10", "1,000", "10"),
    }
    assert changes(PLAIN, other) == ["batch_size 64 → all", "lr 0.01 → 0.1", "epochs 10 → 1,000"]


def test_an_argument_that_only_one_optimizer_has_is_missing_in_the_other():
    other = Project(Data("iris"), LAYERS, Recipe(optimizer={"Adam": {}}))
    found = differing(PLAIN, other)
    assert found["optimizer"] == ("SGD", "Adam")
    assert found["beta1"] == ("", "0.9")
    assert changes(PLAIN, other) == ["optimizer SGD → Adam", "lr 0.01 → 0.001"]


def test_a_layer_put_in_differs_alone():
    more = Project(Data("iris"), (*LAYERS[:3], Layer("Dropout", {"p": 0.5}), LAYERS[3]), Recipe())
    rows = [one for one in compare([PLAIN, more]) if one.group == NETWORK]
    assert changes(PLAIN, more) == ["layer 4 – → Dropout p 0.5"]
    assert [one.values for one in rows] == [
        ("Flatten", "Flatten"),
        ("Linear out_features 8", "Linear out_features 8"),
        ("ReLU", "ReLU"),
        ("", "Dropout p 0.5"),
        ("Linear out_features 3", "Linear out_features 3"),
    ]


def test_changed_arguments_and_switched_off_layers_differ_in_their_rows():
    network = (LAYERS[0], Layer("Linear", {"out_features": 9}), Layer("ReLU", disabled=True), LAYERS[3])
    assert differing(PLAIN, Project(Data("iris"), network, Recipe())) == {
        "layer 2": ("Linear out_features 8", "Linear out_features 9"),
        "layer 3": ("ReLU", "ReLU (switched off)"),
    }


@pytest.mark.parametrize("network", [(), LAYERS[:1], LAYERS[::-1]], ids=["none", "one", "turned round"])
def test_every_layer_has_a_place_whatever_the_networks_are(network):
    rows = [one for one in compare([PLAIN, Project(Data("iris"), network, Recipe())]) if one.group == NETWORK]
    for place, layers in enumerate((LAYERS, network)):
        assert [one.values[place].split()[0] for one in rows if one.values[place]] == [one.layer for one in layers]


def test_all_settings_of_one_project_with_what_is_on_its_default():
    found = {(one.group, one.name): one.value for one in settings_of(PLAIN)}
    assert found[RECIPE, "momentum"] == "0"
    assert found[RECIPE, "schedule"] == "none"
    assert found[NETWORK, "layer 4"] == "Linear out_features 3"


def test_the_first_layer_of_another_kind_or_place_is_named():
    inside = (Layer("Sequential", children=LAYERS[:2]), *LAYERS[2:])
    assert other_layer(LAYERS, LAYERS) is None
    assert other_layer(LAYERS, (*LAYERS[:1], Layer("Linear", {"out_features": 9}), *LAYERS[2:])) is None
    assert other_layer(LAYERS, inside) == ("Layer 1, Sequential", "it is Flatten in the run")
    blocks = (Layer("Sequential", children=LAYERS[:1]), Layer("ReLU")), (Layer("Sequential"), LAYERS[0], Layer("ReLU"))
    assert other_layer(*blocks) == ("Layer 2, Flatten", "it stands in another block in the run")


def test_a_fork_on_another_split_is_doubtful_and_one_with_other_batches_begins_its_epoch_again():
    batches = Project(Data("iris", batch_size=5), LAYERS, Recipe())
    seed = Project(Data("iris"), LAYERS, Recipe(seed=1))
    assert doubts(PLAIN, batches, in_epoch=False) == doubts(PLAIN, PLAIN, in_epoch=True) == []
    assert "begun again" in doubts(PLAIN, batches, in_epoch=True)[0]
    assert "trained on before" in doubts(PLAIN, seed, in_epoch=False)[0]


def test_numbers_of_the_classes_stand_beside_each_other():
    mine = Project(Data("iris"), LAYERS, Recipe(loss_options={"weight": [1, 2, 0.5]}))
    assert differing(PLAIN, mine) == {"weight": ("none", "1, 2, 0.5")}
    other = Project(Data("iris"), LAYERS, Recipe(loss_options={"weight": [1, 2.0, 0.25]}))
    assert changes(mine, other) == ["weight 1, 2, 0.5 → 1, 2, 0.25"]
