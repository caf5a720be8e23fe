"""Residual and Parallel: shapes, outputs, gradients and names against the same in plain torch."""

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.engine.blocks import name_of, own_parameters
from playground.engine.build import build_network, module_at
from playground.engine.check import check
from tests.engine.networks import applied, project_of

CONV = Layer("Conv2d", {"out_channels": 4, "padding": 1})
INPUT = (1, 8, 8)


def batch(*shape: int) -> torch.Tensor:
    return torch.randn(5, *shape, generator=torch.Generator().manual_seed(0))


def test_equal_shapes_are_added_without_a_projection():
    model = build_network((Layer("Residual", {}, (Layer("Conv2d", {"out_channels": 1, "padding": 1}),)),), INPUT)
    x, plain = batch(*INPUT), model[0].layers[0]
    torch.testing.assert_close(model(x), x + nn.functional.conv2d(x, plain.weight, plain.bias, padding=1))
    assert own_parameters(model, (0,)) == []


@pytest.mark.parametrize(
    ("layers", "stride"),
    [
        ((CONV,), (1, 1)),
        ((Layer("Conv2d", {"out_channels": 6, "padding": 1, "stride": 2}),), (2, 2)),
        ((Layer("Conv2d", {"out_channels": 1, "padding": 1, "stride": [2, 1]}),), (2, 1)),
        ((CONV, Layer("MaxPool2d", {"kernel_size": 8})), (8, 8)),
    ],
)
def test_other_shapes_go_through_a_1x1_convolution_of_the_right_stride(layers, stride):
    model = build_network((Layer("Residual", {}, layers),), INPUT)
    block, x = model[0], batch(*INPUT)
    weight = block.shortcut.weight
    expected = block.layers(x) + nn.functional.conv2d(x, weight, None, stride)
    torch.testing.assert_close(model(x), expected)
    assert own_parameters(model, (0,)) == ["0.shortcut.weight"]
    row = check(project_of(Layer("Residual", {}, layers))).rows[0]
    assert (row.output_shape, row.tensors) == (tuple(expected.shape[1:]), (tuple(weight.shape),))


def test_rows_of_a_table_are_projected_by_a_linear_layer():
    model = build_network((Layer("Residual", {}, (Layer("Linear", {"out_features": 7}),)),), (4,))
    block, x = model[0], batch(4)
    torch.testing.assert_close(model(x), block.layers(x) + x @ block.shortcut.weight.T)


def test_branches_are_joined_in_their_order_or_added():
    branches = (CONV, Layer("Conv2d", {"out_channels": 4, "kernel_size": 5, "padding": 2}))
    x = batch(*INPUT)
    joined = build_network((Layer("Parallel", {}, branches),), INPUT)
    torch.testing.assert_close(joined(x), torch.cat([one(x) for one in joined[0].layers], 1))
    added = build_network((Layer("Parallel", {"merge": "add"}, branches),), INPUT)
    torch.testing.assert_close(added(x), added[0].layers[0](x) + added[0].layers[1](x))


def test_a_branch_that_is_switched_off_is_not_there_and_the_others_keep_their_paths():
    off = Layer("ReLU", disabled=True)
    model = build_network((Layer("Parallel", {}, (CONV, off, Layer("Sequential", {}, (CONV,)))),), INPUT)
    assert model(batch(*INPUT)).shape == (5, 8, 8, 8)
    assert name_of(model, (0, 2, 0)) == "0.layers.1.0"
    assert isinstance(module_at(model, (0, 2, 0)), nn.Conv2d)


def test_what_cannot_be_put_together_is_said_with_both_shapes_and_ways_out():
    wide = Layer("Conv2d", {"out_channels": 4, "kernel_size": 5})
    project = project_of(Layer("Parallel", {}, (CONV, wide)))
    row = check(project).rows[0]
    assert "4×8×8 and 4×4×4" in row.error.sentence
    assert row.error.torch_message.startswith("Sizes of tensors must match except in dimension 1")
    assert (row.error.given, row.error.expected) == ((4, 8, 8), (4, 4, 4))
    assert row.fixes[0].label == "Keep the size in every branch (padding)"
    assert check(applied(project, row.fixes[0])).rows[0].output_shape == (8, 8, 8)
    with pytest.raises(Problem, match="Sizes of tensors"):
        build_network(project.network, INPUT)


def test_what_cannot_be_added_is_said_and_torch_refuses_it():
    inside = (Layer("Conv2d", {"out_channels": 3}), Layer("Residual", {"projection": "none"}, (CONV,)))
    project = project_of(*inside)
    row = check(project).rows[1]
    assert "3×6×6" in row.error.sentence
    assert "4×6×6" in row.error.sentence
    assert "must match the size of tensor b (3)" in row.error.torch_message
    assert [fix.label for fix in row.fixes] == ["Put projection on auto", "Remove Residual"]
    with pytest.raises(Problem, match="must match the size"):
        build_network(project.network, INPUT)


def test_a_sum_that_torch_repeats_numbers_for_is_let_through_with_a_remark():
    network = (Layer("Residual", {"projection": "none"}, (CONV,)),)
    row = check(project_of(*network)).rows[0]
    assert "PyTorch repeats it" in row.warnings[0]
    model, x = build_network(network, INPUT), batch(*INPUT)
    torch.testing.assert_close(model(x), model[0].layers(x) + x)
    assert tuple(model(x).shape[1:]) == row.output_shape


def test_samples_that_would_run_into_one_another_are_refused():
    flat = Layer("Residual", {}, (Layer("Flatten"), Layer("Linear", {"out_features": 8})))
    assert check(project_of(flat)).rows[0].error  # in torch, batches of 1 and 8 could be added
    with pytest.raises(Problem, match="must match the size"):
        build_network((flat,), INPUT)


def test_a_parallel_without_a_branch_says_what_to_do():
    assert "put a layer into it" in check(project_of(Layer("Parallel"))).rows[0].error.sentence


def test_an_error_inside_a_block_stands_at_its_own_row():
    rows = check(project_of(Layer("Residual", {}, (Layer("Linear", {"in_features": 9}),)), dataset="iris")).rows
    assert [row.error is not None for row in rows] == [False, True]
    assert rows[0].output_shape is None
