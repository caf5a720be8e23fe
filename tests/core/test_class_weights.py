"""Numbers for each class: what is refused, what goes with what, and how they are shown."""

import json
import math

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from playground.core.class_weights import (
    balanced,
    faults_of_options,
    names_of_weights,
    shown_weights,
    weighs_classes,
    with_option,
)
from playground.core.data import Data
from playground.core.losses import LOSSES
from playground.core.problem import Problem
from playground.core.project import Project, read_project, write_project
from playground.core.recipe import Recipe

CROSS_ENTROPY = LOSSES["CrossEntropy"]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1, 0, 2.5], ""),
        ((1.0, 1.0, 1.0), ""),
        ([1, 2], "weight has 2 numbers, but the data set has 3 classes"),
        ([1, 2, 3, 4], "weight has 4 numbers, but the data set has 3 classes"),
        ([1, -0.5, 2], "weight of class 1 is −0.5, but must be at least 0"),
        ([1, 2, math.inf], "weight of class 2 is inf, but must be a number"),
        ([math.nan, 2, 1], "weight of class 0 is nan, but must be a number"),
        ([1, "2", 1], "weight of class 1 is 2, but must be a number"),
        ([1, True, 1], "weight of class 1 is on, but must be a number"),
        ([1, 1e7, 1], "weight of class 1 is 1e+07, but must be at most 1000000"),
        ([0, 0.0, 0], "weight is 0 for every class, so no sample would count"),
        ([1e-40, 0, 0], "weight is 0 for every class"),  # as float32 has it
        ([], "weight has 0 numbers"),
        ([1] * 4_097, "at most 4,096"),
        (2, "weight is 2, but must be a list with a number for each class"),
        (None, "must be a list"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_weights_is_one_sentence(weights, said):
    faults = faults_of_options(CROSS_ENTROPY, {"weight": weights}, 3)
    assert [name for name, _sentence in faults] == ["weight"] * bool(said)
    assert said in "".join(sentence for _name, sentence in faults)


def test_numbers_of_ones_own_and_balancing_say_the_same_thing():
    both = {"weight": [1, 2, 3], "balance": True}
    assert faults_of_options(CROSS_ENTROPY, both, 3) == [
        ("balance", "balance and weight both say how much each class counts")
    ]
    assert faults_of_options(CROSS_ENTROPY, both | {"balance": False}, 3) == []
    assert with_option(CROSS_ENTROPY, {"weight": [1, 2], "label_smoothing": 0.1}, "balance", True) == {
        "label_smoothing": 0.1, "balance": True,
    }  # fmt: skip
    assert with_option(CROSS_ENTROPY, {"balance": True}, "weight", [1, 2]) == {"weight": [1, 2]}
    assert with_option(CROSS_ENTROPY, {"weight": [1, 2]}, "balance", False) == {"weight": [1, 2], "balance": False}


def test_losses_that_pytorch_weighs_by_class_have_them():
    assert {name: names_of_weights(spec) for name, spec in LOSSES.items() if names_of_weights(spec)} == {
        "CrossEntropy": ["weight"], "NLL": ["weight"], "BCEWithLogits": ["pos_weight"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options", "weighs"),
    [
        ("CrossEntropy", {}, False), ("CrossEntropy", {"balance": True}, True), ("NLL", {"weight": [1, 1]}, True),
        ("CrossEntropy", {"balance": False, "label_smoothing": 0.1}, False), ("BCEWithLogits", {"pos_weight": [2]}, True),
        ("MSE", {"balance": True}, False),  # which it does not have
    ],
)  # fmt: skip
def test_whether_classes_weigh_differently(name, options, weighs):
    assert weighs_classes(LOSSES[name], options) is weighs


def test_balanced_numbers_are_those_of_sklearn():
    counts = [30, 9, 3, 171]
    labels = np.repeat(np.arange(4), counts)
    expected = compute_class_weight("balanced", classes=np.arange(4), y=labels)
    assert balanced(counts) == pytest.approx(expected, rel=1e-5)
    assert balanced([30, 0, 3]) == (0.55, 0.0, 5.5)  # a class without samples counts for nothing


def test_a_yes_is_balanced_against_the_noes_of_its_class():
    assert balanced([30, 0, 10], "pos_weight") == (0.333333, 0.0, 3.0)


def test_weights_are_shown_in_full_and_very_many_by_a_mark_that_tells_them_apart():
    assert shown_weights([1, 2.0, 0.25]) == "1, 2, 0.25"
    many, other = [1.0] * 400, [1] * 399 + [1.0001]
    assert shown_weights(many) == shown_weights([1] * 400)
    assert shown_weights(many) != shown_weights(other)
    assert shown_weights(other).startswith("400 numbers from 1 to 1.0001")


def test_a_file_keeps_them_and_older_files_stay_readable():
    project = Project(Data("iris"), (), Recipe(loss_options={"weight": [1, 0.5, 2], "label_smoothing": 0.1}))
    assert read_project(write_project(project), "p") == project
    assert json.loads(write_project(project))["recipe"]["loss_options"]["weight"] == [1, 0.5, 2]
    older = '{"format": "torch-playground", "version": 1, "recipe": {"loss_options": {"balance": true}}}'
    assert read_project(older, "p").recipe.loss_options == {"balance": True}


def test_a_number_that_no_float_holds_is_no_file():
    text = '{"format": "torch-playground", "version": 1, "recipe": {"loss_options": {"weight": [1, 1e999]}}}'
    try:
        given = read_project(text, "p").recipe.loss_options
    except Problem:
        return
    assert "must be a number" in faults_of_options(CROSS_ENTROPY, given, 2)[0][1]
