"""What flows back through a graph, against autograd asked in another way: the slope of the output by each named tensor."""

import random

import numpy as np
import pytest
import torch
from torch.autograd.graph import GradientEdge

from playground.core.lab.topics import Autograd
from playground.core.problem import Problem
from playground.engine.lab.graphs import graph
from playground.session.history import numbers

CLASSIC = ("x = torch.ones(2, 2, requires_grad=True)", "y = x + 2", "z = 3 * y**2", "out = z.mean()")


def test_the_classic_gives_four_and_a_half_with_its_chain():
    told = graph(Autograd(CLASSIC))
    assert [node.name for node in told.nodes] == [
        "MeanBackward0",
        "MulBackward0",
        "PowBackward0",
        "AddBackward0",
        "AccumulateGrad",
    ]
    assert [node.label for node in told.nodes] == ["out", "z", "", "y", "x"]
    assert [node.line for node in told.nodes[:4]] == ["z.mean()", "3 * y**2", "y**2", "x + 2"]
    assert [node.inputs[0] for node in told.nodes[:4]] == [1, 2, 3, 4]
    came_in = [float(numbers(node.came_in).reshape(-1)[0]) for node in told.nodes]
    assert came_in == [1.0, 0.25, 0.75, 4.5, 4.5]
    local = [float(numbers(node.local[0]).reshape(-1)[0]) for node in told.nodes[:4]]
    assert local == [0.25, 3.0, 6.0, 1.0]
    assert numbers(told.grads[0].rounds[0]).tolist() == [[4.5, 4.5], [4.5, 4.5]]
    assert numbers(told.nodes[1].value).tolist() == [[27.0, 27.0], [27.0, 27.0]]
    assert told.nodes[4].leaf


@pytest.mark.parametrize(("zero_grad", "expected"), [(True, [4.5, 4.5, 4.5]), (False, [4.5, 9.0, 13.5])])
def test_grad_accumulates_when_zero_grad_is_forgotten(zero_grad, expected):
    (leaf,) = graph(Autograd(CLASSIC, rounds=3, zero_grad=zero_grad)).grads
    assert [float(numbers(one)[0, 0]) for one in leaf.rounds] == expected


def test_two_ways_from_one_leaf_add_up():
    told = graph(Autograd(("x = torch.tensor(2., requires_grad=True)", "out = x * x + x")))
    assert float(numbers(told.grads[0].rounds[0])) == 5.0
    product = next(node for node in told.nodes if node.name == "MulBackward0")
    assert [float(numbers(one)) for one in product.goes_out] == [2.0, 2.0]


def test_softmax_regression_goes_down_to_w_and_b():
    lines = (
        "X = torch.arange(12.).view(3, 4) / 12", "W = torch.zeros(4, 3, requires_grad=True)", "b = torch.zeros(3, requires_grad=True)",
        "logits = X @ W + b", "out = F.cross_entropy(logits, torch.tensor([0, 1, 2]))",
    )  # fmt: skip
    told = graph(Autograd(lines))
    x = torch.arange(12.0).view(3, 4) / 12
    w, b = torch.zeros(4, 3, requires_grad=True), torch.zeros(3, requires_grad=True)
    torch.nn.functional.cross_entropy(x @ w + b, torch.tensor([0, 1, 2])).backward()
    found = {leaf.label: numbers(leaf.rounds[0]) for leaf in told.grads}
    np.testing.assert_array_equal(found["W"], w.grad.numpy())
    np.testing.assert_array_equal(found["b"], b.grad.numpy())
    product = next(node for node in told.nodes if node.name == "MmBackward0")
    assert all(one is None for one in product.local)  # no single number for each


def test_detach_and_no_grad_cut_the_graph():
    lines = (
        "x = torch.tensor(3., requires_grad=True)", "d = (x * 2).detach()", "with torch.no_grad(): n = x * 5", "out = x * d * n",
    )  # fmt: skip
    told = graph(Autograd(lines))
    assert float(numbers(told.grads[0].rounds[0])) == 90.0
    assert [node.name for node in told.nodes] == ["MulBackward0", "MulBackward0", "AccumulateGrad"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), "there is no tensor out"),
        (("out = 3",), "there is no tensor out"),
        (("out = torch.ones(())",), "autograd has noted"),
        (("x = torch.ones(2, requires_grad=True)", "out = x * 2"), "begins at a single one"),
        (("x = torch.tensor(1., requires_grad=True)", "out = x"), "autograd has noted"),
        (("x = torch.tensor(1., requires_grad=True)", "out = (x * x) ** 2", "out.backward()"), "second time"),
    ],
)
def test_what_cannot_be_walked_is_told(lines, told):
    with pytest.raises(Problem, match=told):
        graph(Autograd(lines))


ONE = (
    "torch.sin({0})",
    "torch.tanh({0})",
    "{0} * 0.5",
    "{0} + 1",
    "-{0}",
    "torch.sigmoid({0})",
    "{0} ** 2",
    "{0}.T",
    "{0}.cos()",
    "F.gelu({0})",
)
TWO = ("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} @ {1} / 3", "torch.maximum({0}, {1})", "{0} / ({1} ** 2 + 1)")


def random_lines(draws):
    """Up to 40 operations on three 3 × 3 leaves."""
    names = ["u", "v", "w"]
    lines = [f"{name} = torch.rand(3, 3, dtype=torch.float64, requires_grad=True)" for name in names]
    for number in range(draws.randint(1, 39)):
        rule = draws.choice(ONE + TWO)
        made = rule.format(*(draws.choice(names[-6:]) for _place in range(2)))
        names.append(f"t{number}")
        lines.append(f"t{number} = torch.tanh({made})" if draws.random() < 0.3 else f"t{number} = {made}")
    return (*lines, f"out = (t{number}).mean()"), names


def test_every_slope_of_random_graphs_is_autograds_own():
    """`tests.campaigns.lab` does it as often as it is told to."""
    for seed in range(200):
        check_graph(seed)


def check_graph(seed):
    lines, names = random_lines(random.Random(seed))
    told = graph(Autograd(lines, seed=seed))
    torch.manual_seed(seed)
    values = {"torch": torch, "F": torch.nn.functional}
    for line in lines:
        exec(line, values)
    wanted = [name for name in names if values[name].requires_grad]
    slopes = torch.autograd.grad(values["out"], [values[name] for name in wanted], allow_unused=True, retain_graph=True)
    expected = {name: slope for name, slope in zip(wanted, slopes, strict=True) if slope is not None}
    seen = {node.label: node for node in told.nodes if node.label}
    assert set(expected) == set(seen) - {"out"}
    for name, slope in expected.items():
        np.testing.assert_allclose(numbers(seen[name].came_in), slope.numpy(), rtol=1e-9, atol=1e-12)
    check_every_node(told, values["out"])
    for node in told.nodes:
        for out, local in zip(node.goes_out, node.local, strict=False):
            if local is not None:
                np.testing.assert_allclose(numbers(local) * numbers(node.came_in), numbers(out), rtol=1e-7, atol=1e-12)


def check_every_node(told, output):
    """Those without a name, too: in the graph that plain PyTorch made of the same lines, each is asked for by itself."""
    nodes, waiting = {}, [(0, output.grad_fn)]
    while waiting:
        number, node = waiting.pop()
        if number in nodes:
            assert nodes[number] is node
            continue
        nodes[number] = node
        assert told.nodes[number].name == node.name().removeprefix("torch::autograd::")
        for one, (into, _place) in zip(told.nodes[number].inputs, node.next_functions, strict=True):
            assert (one is None) == (into is None)
            if one is not None:
                waiting.append((one, into))
    assert sorted(nodes) == list(range(len(told.nodes)))
    asked = [
        nodes[number].variable if told.nodes[number].leaf else GradientEdge(nodes[number], 0)
        for number in sorted(nodes)
    ]
    for node, slope in zip(told.nodes, torch.autograd.grad(output, asked, retain_graph=True), strict=True):
        np.testing.assert_allclose(numbers(node.came_in), slope.numpy(), rtol=1e-9, atol=1e-12)
