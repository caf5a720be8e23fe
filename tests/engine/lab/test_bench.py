import numpy as np
import pytest
import torch

from playground.core.lab.lines import set_cell
from playground.core.lab.messages import Glance
from playground.engine.lab.bench import MOST_SHOWN, Computed, cells
from playground.session.history import numbers


def told(*lines, glances=(), watched=0, seed=0):
    bench = Computed(lines, seed, watched).told(glances)
    return bench, {facts.label: facts for facts in bench.values}


def test_a_tensor_is_told_as_pytorch_knows_it():
    _bench, facts = told(
        "x = torch.arange(12.).reshape(3, 4)",
        "y = x.T",
        "z = x[1:, 1]",
        "p = torch.ones(2, requires_grad=True)",
        "q = p * 2",
    )
    x = torch.arange(12.0).reshape(3, 4)
    for label, value in (("x", x), ("y", x.T), ("z", x[1:, 1])):
        one = facts[label]
        assert (one.shape, one.strides, one.offset) == (value.shape, value.stride(), value.storage_offset())
        assert (one.storage, one.storage_bytes, one.itemsize) == (12, 48, 4)
        assert (one.dtype, one.device, one.contiguous) == ("float32", "cpu", value.is_contiguous())
        assert (one.low, one.high) == (value.min(), value.max())
    assert (facts["p"].requires_grad, facts["p"].is_leaf, facts["p"].grad_fn) == (True, True, "")
    assert (facts["q"].requires_grad, facts["q"].is_leaf, facts["q"].grad_fn) == (True, False, "MulBackward0")
    assert [facts[label].line for label in "xyzpq"] == [1, 2, 3, 4, 5]


def test_what_shares_memory_is_told_across_the_numpy_bridge():
    _bench, facts = told(
        "x = torch.zeros(2, 3)", "y = x.view(6)", "n = x.numpy()", "c = x.clone()", "x.T", "m = torch.from_numpy(n)"
    )
    assert facts["x"].shares == ("y", "n", "m", "x.T")
    assert facts["n"].shares == ("x", "y", "m", "x.T")
    assert facts["c"].shares == ()
    assert facts["n"].kind == "array"
    assert facts["n"].strides == (3, 1)


def test_a_line_that_is_an_expression_is_told_under_its_own_text():
    bench, facts = told(
        "x = torch.arange(3)", "x   * 2  # twice", "", "torch.max(x, dim=0)", "x.sum().item()", "x.shape"
    )
    assert facts["x * 2"].line == 2
    assert [line.label for line in bench.lines] == [
        "x",
        "x * 2",
        "",
        "torch.max(x, dim=0)",
        "x.sum().item()",
        "x.shape",
    ]
    assert facts["torch.max(x, dim=0)[0]"].shape == ()
    assert facts["torch.max(x, dim=0)[1]"].dtype == "int64"
    assert (facts["x.sum().item()"].kind, facts["x.sum().item()"].text) == ("number", "3")
    assert facts["x.shape"].text == "torch.Size([3])"


def test_a_line_that_is_refused_leaves_the_others():
    bench, facts = told("x = torch.ones(3)", "y = x @ torch.ones(4)", "z = y + 1", "w = x + 1")
    assert [line.fault is not None for line in bench.lines] == [False, True, True, False]
    assert bench.lines[1].fault.line == 2
    assert bench.lines[1].fault.torch_message.startswith("inconsistent tensor size")
    assert "y is not known" in bench.lines[2].fault.sentence
    assert set(facts) == {"x", "w"}


@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 4), (2, 3, 4, 5), (0,), (2, 0, 3), (0, 2, 3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool, torch.bfloat16])
def test_a_window_shows_the_numbers_themselves(shape, dtype):
    value = torch.arange(int(np.prod(shape)), dtype=torch.float32).reshape(shape).to(dtype)
    shown = cells(value, Glance("x", (1, 1), (1, 1), (2, 2)))
    whole = value.float() if dtype is torch.bfloat16 else value
    lead = tuple(min(1, size - 1) for size in shape[:-2])
    empty = 0 in shape[:-2]
    grid = whole.reshape(1, -1) if len(shape) < 2 else torch.zeros(0, 0) if empty else whole[lead]
    assert shown.leading == lead
    assert (shown.rows, shown.columns) == grid.shape
    row, column = shown.first
    assert np.array_equal(numbers(shown.values), grid[row : row + 2, column : column + 2].numpy())


def test_a_window_is_never_larger_than_can_be_drawn():
    shown = cells(torch.zeros(1000, 1000), Glance("x", size=(10**6, 10**6)))
    assert np.prod(shown.values.shape) <= MOST_SHOWN


def test_the_storage_is_told_from_its_beginning():
    bench, _facts = told("x = torch.arange(6.).view(2, 3)", "y = x[1:, 1]", glances=[Glance("y"), Glance("gone")])
    (shown,) = bench.cells
    assert numbers(shown.values).tolist() == [[4.0]]
    assert numbers(shown.storage).tolist() == [0, 1, 2, 3, 4, 5]


def test_the_grad_of_a_leaf_can_be_looked_at():
    bench, facts = told("p = torch.ones(3, requires_grad=True)", "(p * 2).sum().backward()", glances=[Glance("p.grad")])
    assert numbers(bench.cells[0].values).tolist() == [[2.0, 2.0, 2.0]]
    assert facts["p"].grad


def test_setting_one_cell_changes_all_that_share_it_and_no_copy():
    lines = (
        "x = torch.zeros(2, 3)", "y = x.T", "n = x.numpy()", "c = x.clone()", "row = x[0]", set_cell("x", (1, 2), 5),
    )  # fmt: skip
    bench, _facts = told(*lines, watched=6)
    changed = {change.label: change for change in bench.changes}
    assert set(changed) == {"x", "y", "n"}
    assert changed["x"].places == ((1, 2),)
    assert changed["y"].places == ((2, 1),)
    assert (changed["n"].before, changed["n"].after) == ((0.0,), (5.0,))


def test_a_change_through_numpy_is_seen_in_the_tensor():
    bench, _facts = told("n = np.zeros(3)", "t = torch.from_numpy(n)", "n[1] = 7", watched=3)
    assert {change.label for change in bench.changes} == {"n", "t"}


def test_resize_tells_that_the_shape_is_another():
    bench, _facts = told("x = torch.zeros(6)", "x.resize_(2, 3)", watched=2)
    assert [(change.label, change.reshaped) for change in bench.changes] == [("x", True)]


def test_the_same_seed_draws_the_same_numbers_every_time():
    glance = [Glance("x")]
    first, again = (told("x = torch.rand(4)", glances=glance, seed=3)[0].cells[0] for _turn in range(2))
    other = told("x = torch.rand(4)", glances=glance, seed=4)[0].cells[0]
    assert first == again != other


def test_a_warning_of_pytorch_stands_beside_its_line():
    bench, _facts = told("p = torch.ones(2, requires_grad=True)", "q = p * 2", "q.grad")
    assert "not a leaf" in bench.lines[2].warnings[0]


def test_the_tensors_in_a_list_are_told_by_their_shapes():
    _bench, facts = told("x = torch.zeros(2, 3)", "y = [x, 7, [1.5]]")
    assert facts["y"].text == "[a tensor (2, 3), 7, [1.5]]"
