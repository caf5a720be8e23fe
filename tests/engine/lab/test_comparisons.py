import itertools

import numpy as np
import pytest
import torch

from playground.core.problem import Problem
from playground.engine.lab.comparisons import broadcast, product, side_by_side, ways_out
from playground.session.history import numbers

VALUES = {
    "a": torch.arange(12.0).reshape(3, 4),
    "b": torch.arange(8.0).reshape(4, 2),
    "v": torch.arange(4.0),
    "row": torch.ones(1, 10),
    "other": torch.arange(10.0).reshape(1, 10),
}


@pytest.mark.parametrize(
    ("left", "right", "place"), [("a", "b", (2, 1)), ("a", "v", (1,)), ("v", "b", (1,)), ("v", "v", ())]
)
def test_a_cell_of_a_product_is_its_row_times_its_column(left, right, place):
    first, second = VALUES[left], VALUES[right]
    told = product(first, second, place)
    expected = first @ second
    assert told.shape == expected.shape
    assert told.result == told.sum == expected[place].item()
    np.testing.assert_array_equal(numbers(told.row) * numbers(told.column), numbers(told.products))
    assert numbers(told.products).sum() == expected[place].item()


@pytest.mark.parametrize(("left", "right", "place"), [("a", "a", ()), ("a", "b", (3, 0)), ("a", "b", (0, -1))])
def test_a_cell_that_is_not_there_is_refused(left, right, place):
    with pytest.raises(Problem):
        product(VALUES[left], VALUES[right], place)


SHAPES = [(), (1,), (3,), (4,), (3, 1), (1, 4), (3, 4), (2, 1, 4), (2, 3, 1), (0, 4)]


def test_broadcasting_is_told_as_pytorch_does_it():
    for left, right in itertools.product(SHAPES, SHAPES):
        check_broadcast(left, right)


def check_broadcast(left, right):
    told = broadcast(left, right)
    if told.result is None:
        with pytest.raises(RuntimeError) as refused:
            torch.zeros(left) + torch.zeros(right)
        assert told.torch_message == str(refused.value)
        assert any(axis.result is None for axis in told.axes)
        assert "do not fit" in told.sentence
        return
    expected = tuple((torch.zeros(left) + torch.zeros(right)).shape)
    assert told.result == expected
    assert tuple(axis.result for axis in told.axes) == expected
    stretched = torch.zeros(left).expand(expected)
    for axis, size, stride in zip(told.axes, expected, stretched.stride(), strict=True):
        if size > 1:
            assert axis.left_stretched == (stride == 0)


def test_the_four_products_stand_side_by_side_with_what_each_refuses():
    found = {one.line: one for one in side_by_side("a", "b", VALUES).attempts}
    assert found["a @ b"].shape == found["torch.mm(a, b)"].shape == (3, 2)
    np.testing.assert_array_equal(numbers(found["a @ b"].values), (VALUES["a"] @ VALUES["b"]).numpy())
    for line in ("torch.dot(a, b)", "a * b"):
        with pytest.raises(RuntimeError) as refused:
            eval(line, {**VALUES, "torch": torch})
        assert found[line].shape is None
        assert found[line].torch_message == str(refused.value)
    assert side_by_side("v", "v", VALUES).attempts[3].shape == ()


def test_a_shape_error_has_ways_out_that_were_tried():
    told = ways_out("row", "other", VALUES)
    refused, *found = told.attempts
    assert told.unequal == (10, 1)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied") as own:
        VALUES["row"] @ VALUES["other"]
    assert refused.torch_message == str(own.value)
    lines = {one.line: one for one in found}
    assert {"row @ other.reshape(10, 1)", "row @ other.view(10, 1)", "row @ other.T"} <= set(lines)
    for line, one in lines.items():
        values = {name: value.clone() for name, value in VALUES.items()}
        expected = eval(line, values)
        assert one.shape == expected.shape
        np.testing.assert_array_equal(numbers(one.values), expected.numpy())
    resized = lines["row @ other.resize_(10, 1)"]
    assert "changes other itself" in resized.avoid
    assert VALUES["other"].shape == (1, 10)


def test_what_fits_needs_no_way_out():
    assert [one.shape for one in ways_out("a", "b", VALUES).attempts] == [(3, 2)]


def test_shapes_that_are_not_broadcast_have_ways_out_as_well():
    values = {"a": torch.zeros(3, 4), "c": torch.arange(3.0)}
    told = ways_out("a", "c", values, "+")
    assert told.unequal == (4, 3)
    assert told.laid == broadcast((3, 4), (3,))
    assert told.laid.sentence.startswith("From the right, 4 meets 3:")
    assert "a + c.unsqueeze(1)" in [one.line for one in told.attempts[1:]]
    for one in told.attempts[1:]:
        assert one.shape == eval(one.line, dict(values)).shape


def test_only_what_broadcasting_refuses_is_laid_on_each_other():
    values = {"p": torch.tensor([True, False]), "q": torch.tensor([True, True]), "row": torch.ones(1, 10)}
    refused = ways_out("p", "q", values, "-")  # PyTorch has no minus of truth values
    assert refused.attempts[0].shape is None
    assert (refused.laid, refused.unequal) == (None, ())
    assert ways_out("row", "row", values).laid is None
