"""The check against the tutorials' figures, and against networks that really run."""

import msgspec
import pytest
import torch
from hypothesis import HealthCheck, given, settings

from playground.core import edit
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.disk import projects
from playground.engine.check import check
from tests.campaigns import networks as campaign
from tests.engine.networks import applied

RESIZED = Data(preparation=({"resize": 32},))


def project_of(*layers: Layer, data: Data = RESIZED, recipe: Recipe = Recipe()) -> Project:  # noqa: B008  frozen
    return Project(data, layers, recipe)


def test_lenet_has_the_tutorials_shapes_and_parameters():
    report = check(projects.load("preset:lenet-digits"))
    shapes = [row.output_shape for row in report.rows]
    assert shapes == [
        *((6, 30, 30), (6, 30, 30), (6, 15, 15), (16, 13, 13), (16, 13, 13), (16, 6, 6)),
        *((576,), (120,), (120,), (84,), (84,), (10,)),
    ]
    assert [row.parameters for row in report.rows if row.parameters] == [60, 880, 69_240, 10_164, 850]
    assert sum(len(row.tensors) for row in report.rows) == 10
    assert report.parameters == 81_194
    assert report.fits
    # 30·30·9·6 + 13·13·9·6·16 + 576·120 + 120·84 + 84·10
    assert report.multiply_adds == 48_600 + 146_016 + 69_120 + 10_080 + 840


@pytest.fixture
def misfit() -> Project:
    """The tutorial's LeNet of 32×32 on 28×28 pictures."""
    return edit.apply(projects.load("preset:lenet-fashion-mnist"), edit.SetArgument((7,), "in_features", 576))


def test_a_pinned_in_features_that_does_not_fit_is_explained(misfit):
    row = check(misfit).rows[7]
    assert row.error.sentence == "It expects 576 values; Flatten gives 400."
    assert "(1x400 and 576x120)" in row.error.torch_message
    assert (row.error.given, row.error.expected, row.error.argument) == ((400,), (576,), "in_features")
    assert row.output_shape is None
    assert row.fixes[0].label == "Set in_features to 400"


def test_the_first_fix_makes_the_network_valid(misfit):
    assert check(applied(misfit, check(misfit).rows[7].fixes[0])).fits


def test_below_an_error_shapes_are_unknown_but_parameters_are_what_they_would_be(misfit):
    below = check(misfit).rows[8:]
    assert {row.output_shape for row in below} == {None}
    assert [row.parameters for row in below] == [0, 10_164, 0, 850]
    assert all(row.error is None for row in below)


@pytest.mark.parametrize(
    ("layers", "sentence", "fix"),
    [
        ([Layer("Lnear")], "There is no layer Lnear", "Replace it by Linear"),
        (
            [Layer("Conv2d", {"out_channels": -3})],
            "out_channels is −3, but must be at least 1.",
            "Set out_channels to 16",
        ),
        ([Layer("Conv2d", {"kernl": 3})], "did you mean kernel_size", "Remove kernl"),
        ([Layer("Conv2d", {"in_channels": 3})], "It expects 3 channels; the input gives 1.", "Set in_channels to 1"),
        ([Layer("Conv2d", {"groups": 3})], "groups is 3, but in_channels, 1", "Set groups to 1"),
        ([Layer("Conv2d", {"kernel_size": 40})], "Its window of 40×40 px is larger", "Set kernel_size to 32"),
        ([Layer("MaxPool2d", {"padding": 2})], "at most half of the window", "Set padding to 1"),
        ([Layer("Flatten"), Layer("Conv2d")], "It needs a picture of channels", "Remove Conv2d"),
        ([Layer("Flatten"), Layer("BatchNorm2d")], "It needs a picture of channels", "Remove BatchNorm2d"),
        ([Layer("BatchNorm2d", {"num_features": 4})], "It expects 4 channels", "Set num_features to 1"),
        (
            [Layer("Linear", {"in_features": 1024})],
            "It expects 1,024 values; the input gives 1×32×32.",
            "Insert Flatten",
        ),
        ([Layer("Flatten", {"start_dim": 7})], "start_dim is 7", "Put start_dim on auto"),
    ],
)
def test_a_misfit_is_said_in_one_sentence_with_a_way_out(layers, sentence, fix):
    row = check(project_of(*layers)).rows[len(layers) - 1]
    assert sentence in row.error.sentence
    assert fix in [one.label for one in row.fixes]


@pytest.mark.parametrize(
    ("project", "said", "fix"),
    [
        (project_of(), "it has no layer", "Add Flatten and Linear with 10 outputs"),
        (
            project_of(Layer("Flatten"), Layer("Linear", {"out_features": 9})),
            "gives 9 values, but Digits has 10 classes",
            "Set out_features of row 2 to 10",
        ),
        (project_of(Layer("Conv2d")), "16×30×30", "Add Flatten and Linear with 10 outputs"),
        (
            project_of(Layer("Flatten"), Layer("Linear"), recipe=Recipe(loss="Cross")),
            "no loss Cross",
            "Use CrossEntropy",
        ),
        (
            project_of(Layer("Flatten"), Layer("Linear"), recipe=Recipe(optimizer={"SGD": {"nesterov": True}})),
            "momentum is 0",
            "Set momentum to 0.9",
        ),
        (
            project_of(Layer("Flatten"), Layer("Linear"), recipe=Recipe(optimizer={"SGD": {"lr": -1}})),
            "lr is −1",
            "Put lr on auto",
        ),
        (project_of(Layer("Flatten"), Layer("Linear"), recipe=Recipe(optimizer={"Adm": {}})), "Adam", "Use SGD"),
    ],
)
def test_a_fault_beside_the_rows_is_said_with_a_way_out_that_works(project, said, fix):
    report = check(project)
    assert said in " ".join(map(str, report.faults))
    chosen = next(one for one in report.fixes if one.label == fix)
    assert check(applied(project, chosen)).fits


def test_more_outputs_than_classes_are_warned_of_for_torch_trains_them():
    project = project_of(Layer("Flatten"), Layer("Linear", {"out_features": 84}))
    assert torch.nn.CrossEntropyLoss()(torch.zeros(2, 84), torch.tensor([0, 9])) > 0
    report = check(project)
    assert report.fits
    assert "gives 84 values, but Digits has 10 classes" in report.warnings[0].what
    assert report.fixes[0].label == "Set out_features of row 2 to 10"
    assert not check(applied(project, report.fixes[0])).warnings
    one_hot = project_of(Layer("Flatten"), Layer("Linear", {"out_features": 84}), recipe=Recipe(loss="BCEWithLogits"))
    assert not check(one_hot).fits


def test_what_pytorch_says_of_arguments_that_are_not_allowed_is_quoted():
    error = check(project_of(Layer("Conv2d", {"kernl": 3}))).rows[0].error
    assert "unexpected keyword argument 'kernl'" in error.torch_message
    error = check(project_of(Layer("Conv2d", {"out_channels": -3}))).rows[0].error
    with pytest.raises(RuntimeError) as caught:
        torch.nn.Conv2d(1, -3, 3)
    assert error.torch_message in str(caught.value)
    assert (error.given, error.wanted) == ((-3,), "1 to 65,536")
    assert check(project_of(Layer("LSTM", {"num_layers": 10**9}))).rows[0].error.torch_message == ""


def test_an_unknown_data_set_names_the_one_that_was_meant():
    report = check(project_of(Layer("Linear"), data=Data(dataset="irs")))
    assert "did you mean iris" in str(report.faults[0])
    assert report.input_shape is None


def test_two_linear_layers_in_a_row_are_remarked_upon_but_fit():
    linear = Layer("Linear", {"out_features": 10})
    report = check(project_of(Layer("Flatten"), linear, linear))
    assert report.fits
    assert "Nothing bends" in report.rows[2].warnings[0]
    assert not check(project_of(Layer("Flatten"), linear, Layer("ReLU"), linear)).rows[3].warnings


def test_rows_of_a_block_follow_it_and_are_numbered_on():
    block = Layer("Sequential", {}, (Layer("Flatten"), Layer("Linear")))
    rows = check(project_of(block, Layer("ReLU"))).rows
    assert [(row.index, row.path) for row in rows] == [(1, (0,)), (2, (0, 0)), (3, (0, 1)), (4, (1,))]
    assert [row.output_shape for row in rows] == [(10,), (1024,), (10,), (10,)]


@given(campaign.projects())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_what_is_predicted_is_what_torch_does(project):
    campaign.agrees_with_torch(project)


@given(campaign.projects())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_every_offered_fix_removes_the_error_of_its_row(project):
    campaign.fixes_mend(project)


def test_a_check_crosses_the_pipe_unchanged(misfit):
    from playground.core.messages import Checked, decode_answer, encode

    answer = Checked(3, check(misfit))
    assert decode_answer(encode(answer)) == answer
    assert msgspec.json.encode(answer)
