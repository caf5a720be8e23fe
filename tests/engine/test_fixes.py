"""Every way out, taken, gives a network that plain torch runs."""

import pytest
import torch

from playground.core import edit
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.disk import projects
from playground.engine import check as module
from playground.engine.build import build_network
from playground.engine.check import check
from tests.engine.networks import applied

HEAD = (Layer("Flatten"), Layer("Linear"))


def project_of(*layers: Layer, data: Data = Data()) -> Project:  # noqa: B008  frozen
    return Project(data, layers, Recipe())


def runs(project: Project, shape=(1, 8, 8)) -> tuple[int, ...]:
    """The shape that torch itself gives for a batch of three real samples."""
    return tuple(build_network(project.network, shape).eval()(torch.randn(3, *shape)).shape)


@pytest.mark.parametrize(
    ("above", "layer", "labels"),
    [
        (
            [Layer("Flatten")],
            Layer("Linear", {"in_features": 60}),
            [
                "Set in_features to 64",
                "Put in_features on auto",
                "Insert AdaptiveAvgPool2d of 6×10 above Flatten, row 1",
                "Remove Linear",
            ],
        ),
        (
            [],
            Layer("Linear", {"in_features": 64}),
            [
                "Insert Flatten",
                "Set in_features to 8",
                "Put in_features on auto",
                "Insert AdaptiveAvgPool2d and Flatten",
                "Remove Linear",
            ],
        ),
        (
            [],
            Layer("Linear", {"in_features": 7}),
            [
                "Insert Flatten and set in_features to 64",
                "Set in_features to 8",
                "Put in_features on auto",
                "Insert AdaptiveAvgPool2d and Flatten",
                "Remove Linear",
            ],
        ),
        (
            [],
            Layer("Conv2d", {"in_channels": 3}),
            ["Set in_channels to 1", "Put in_channels on auto", "Remove Conv2d"],
        ),
        (
            [],
            Layer("Conv2d", {"kernel_size": 11}),
            ["Set kernel_size to 8", "Set padding to 2", "Remove Conv2d"],
        ),
        (
            [],
            Layer("Conv2d", {"dilation": 4}),
            ["Set padding to 1", "Set dilation to 1", "Remove Conv2d"],
        ),
        (
            [],
            Layer("Conv2d", {"padding": 9, "padding_mode": "reflect"}),
            ["Set padding to 1", "Set padding_mode to zeros", "Remove Conv2d"],
        ),
        ([], Layer("MaxPool2d", {"padding": 2}), ["Set padding to 1", "Remove MaxPool2d"]),
        (
            [],
            Layer("BatchNorm2d", {"num_features": 4}),
            ["Set num_features to 1", "Put num_features on auto", "Remove BatchNorm2d"],
        ),
        ([], Layer("Flatten", {"start_dim": 0}), ["Put start_dim on auto", "Remove Flatten"]),
        (
            [Layer("Flatten")],
            Layer("Conv2d"),
            ["Move Conv2d above Flatten, row 1", "Remove Flatten, row 1", "Insert Unflatten to 1×8×8", "Remove Conv2d"],
        ),
        ([], Layer("BatchNorm1d"), ["Replace it by BatchNorm2d", "Insert Flatten", "Remove BatchNorm1d"]),
        (
            [Layer("MaxPool2d"), Layer("MaxPool2d")],
            Layer("Conv2d"),
            [
                "Set kernel_size to 2",
                "Set padding to 1",
                "Move Conv2d above MaxPool2d, row 2",
                "Remove MaxPool2d, row 2",
                "Remove Conv2d",
            ],
        ),
        (
            [Layer("Conv2d", {"out_channels": 8})],
            Layer("Conv2d", {"in_channels": 6}),
            [
                "Set in_channels to 8",
                "Put in_channels on auto",
                "Set out_channels of Conv2d, row 1, to 6",
                "Remove Conv2d",
            ],
        ),
        (
            [Layer("Flatten", {"start_dim": 2})],
            Layer("MultiheadAttention", {"num_heads": 3}),
            ["Set num_heads to 2", "Remove MultiheadAttention"],
        ),
    ],
)
def test_the_ways_out_of_a_misfit_run_in_torch_and_the_safest_is_first(above, layer, labels):
    project = project_of(*above, layer)
    row = check(project).rows[-1]
    assert [fix.label for fix in row.fixes] == labels
    for fix in row.fixes:
        runs(applied(project, fix))


def test_the_tutorials_lenet_on_smaller_pictures_can_keep_its_head():
    """Made for 32×32, given 28×28: means over places, or a rim around a window above, give the 576 values again."""
    lenet = edit.apply(projects.load("preset:lenet-fashion-mnist"), edit.SetArgument((7,), "in_features", 576))
    ways = {fix.label: fix for fix in check(lenet).rows[7].fixes}
    for label in ("Insert AdaptiveAvgPool2d of 6 above Flatten, row 7", "Set padding of Conv2d, row 1, to 1"):
        mended = applied(lenet, ways[label])
        assert mended.network[-5:] == lenet.network[-5:]
        assert runs(mended, (1, 28, 28)) == (3, 10)


def test_a_branch_gets_what_is_put_in_before_it_in_a_block_of_its_own():
    wide = Layer("Linear", {"in_features": 64}, name="wide")
    project = project_of(Layer("Parallel", {}, (Layer("Flatten"), wide)))
    fix = next(one for one in check(project).rows[2].fixes if one.label == "Insert Flatten")
    mended = applied(project, fix)
    assert mended.network[0].children[1] == Layer("Sequential", {}, (Layer("Flatten"), wide))
    assert runs(mended) == (3, 74)


def test_two_things_that_are_wrong_with_a_layer_are_mended_at_once():
    project = project_of(Layer("Flatten"), Layer("GRU", {"input_size": 5, "hidden_size": 7}))
    fix = check(project).rows[1].fixes[0]
    assert fix.label == "Put every argument on auto, Insert Unflatten to 64×1"
    assert runs(applied(project, fix)) == (3, 32)


def test_branches_of_unequal_size_are_brought_to_the_least():
    block = Layer("Parallel", {}, (Layer("Conv2d", {"kernel_size": 1}), Layer("Conv2d"), Layer("MaxPool2d")))
    fix = next(one for one in check(project_of(block)).rows[0].fixes if one.label.startswith("Insert"))
    assert fix.label == "Insert AdaptiveAvgPool2d of 4×4 in every larger branch"
    assert runs(applied(project_of(block), fix)) == (3, 33, 4, 4)


def test_a_convolution_that_was_dropped_at_the_end_is_moved_to_where_the_picture_is():
    lenet = projects.load("preset:lenet-digits")
    project = edit.apply(lenet, edit.InsertLayers((len(lenet.network),), (Layer("Conv2d", {"out_channels": 2}),)))
    fix = next(one for one in check(project).rows[-1].fixes if one.label.startswith("Move"))
    assert fix.label == "Move Conv2d above Flatten, row 7"
    moved = applied(project, fix)
    assert [layer.layer for layer in moved.network[5:8]] == ["MaxPool2d", "Conv2d", "Flatten"]
    assert runs(moved, (1, 32, 32)) == (3, 10)


def test_a_move_that_would_break_what_it_passes_is_not_offered():
    project = project_of(Layer("Flatten"), Layer("Linear", {"in_features": 64}), Layer("Conv2d"))
    assert [fix.label for fix in check(project).rows[2].fixes] == ["Remove Conv2d"]


@pytest.mark.parametrize(
    ("layer", "label", "mended"),
    [
        (Layer("Lnear", {"out_features": 5}), "Replace it by Linear", Layer("Linear", {"out_features": 5})),
        (Layer("Linear", {"out_features": 0}), "Set out_features to 10", Layer("Linear", {"out_features": 10})),
        (Layer("Linear", {"out": 3}), "Remove out", Layer("Linear")),
        (Layer("Linear", {"in_features": 2.5}), "Put in_features on auto", Layer("Linear")),
        (
            Layer("Linear", {"out": 3, "bias": 7}),
            "Remove out, Set bias to on",
            Layer("Linear", {"bias": True}),
        ),
    ],
)
def test_a_wrong_word_or_number_is_mended_where_it_stands(layer, label, mended):
    project = project_of(Layer("Flatten"), layer)
    fixes = check(project).rows[1].fixes
    assert [fix.label for fix in fixes] == [label, f"Remove {layer.layer}"]
    assert applied(project, fixes[0]).network[1] == mended
    runs(applied(project, fixes[0]))


def test_a_forgotten_flatten_is_offered_at_the_layer_that_lacks_it():
    project = project_of(Layer("Conv2d"), Layer("Linear", {"out_features": 30}), Layer("ReLU"), Layer("Linear"))
    report = check(project)
    assert "works on each row of 6 of the 16×6×6" in report.rows[1].warnings[0]
    assert report.fixes[0].label == "Insert Flatten before row 2"
    assert runs(applied(project, report.fixes[0])) == (3, 10)
    assert check(applied(project, report.fixes[0])).fits


@pytest.mark.parametrize(
    ("data", "label", "shape"),
    [
        (Data(dataset="digit"), "Use the data set digits", (1, 8, 8)),
        (Data(dataset="iris", preparation=({"resize": 9},)), "Remove step 1 of the preparation", (4,)),
        (
            Data(preparation=({"resize": 9}, {"standardise": True})),
            "Remove step 2 of the preparation",
            (1, 9, 9),
        ),
    ],
)
def test_data_that_cannot_be_had_have_a_way_out(data, label, shape):
    project = project_of(*HEAD, data=data)
    report = check(project)
    assert report.input_shape is None
    assert [fix.label for fix in report.fixes] == [label]
    assert check(applied(project, report.fixes[0])).input_shape == shape


def test_wrong_words_have_ways_out_while_the_data_are_unknown():
    report = check(project_of(Layer("Linear", {"out_features": 0}), data=Data(dataset="nothing like it")))
    assert [fix.label for fix in report.rows[0].fixes] == ["Set out_features to 10", "Remove Linear"]
    assert report.fixes == ()


def test_a_thousand_wrong_rows_cost_a_few_looks_each(monkeypatch):
    looks = [0]
    look = module._row

    def counted(*arguments):
        looks[0] += 1
        return look(*arguments)

    monkeypatch.setattr(module, "_row", counted)
    report = check(project_of(*[Layer("Lnear")] * 1000))
    assert {fix.label for row in report.rows for fix in row.fixes} >= {"Replace it by Linear"}
    assert looks[0] <= 10 * 1000
