"""The chain rule written out, against plain PyTorch and against the graph's own totals."""

import math
import random

import pytest
import torch

from playground.core.lab.graph_examples import EXAMPLES
from playground.core.lab.topics import Autograd
from playground.engine.lab.graphs import graph
from playground.session.history import numbers
from playground.window.lab.autograd.chain import chain, count_ways, ways_to
from playground.window.lab.autograd.chain_strip import ChainStrip
from tests.engine.lab.test_graphs import CLASSIC, random_lines


def written(told, number):
    return [[(one.number, one.under) for one in way] for way in chain(told, number).ways]


def test_the_classic_is_one_quarter_times_eighteen_times_one():
    told = graph(Autograd(CLASSIC))
    found = chain(told, 4)
    assert written(told, 4) == [
        [("1", "out"), ("× 0.25", "z.mean()"), ("× 3", "3 * y**2"), ("× 6", "y**2"), ("× 1", "x + 2"), ("= 4.5", "")]
    ]
    assert found.head == "d out / d x"
    assert found.names == "By names: d out/dz · dz/dy · dy/dx = 0.25 × 18 × 1 = 4.5"
    assert found.total == "x.grad = 4.5 at every entry"
    assert written(told, 1) == [[("1", "out"), ("× 0.25", "z.mean()"), ("= 0.25", "")]]  # on the way there


def test_the_chain_is_said_in_words(qtbot):
    strip = ChainStrip()
    qtbot.addWidget(strip)
    strip.show_chain(chain(graph(Autograd(CLASSIC)), 4))
    assert strip.text().startswith(
        "d out / d x = 1 (out) × 0.25 (z.mean()) × 3 (3 * y**2) × 6 (y**2) × 1 (x + 2) = 4.5"
    )
    assert "x.grad = 4.5 at every entry" in strip.text()
    assert strip.heightForWidth(900) < strip.heightForWidth(260)


def test_two_ways_add_up():
    told = graph(Autograd(("x = torch.tensor(2., requires_grad=True)", "out = x * x + x")))
    leaf = next(node.number for node in told.nodes if node.leaf)
    found = chain(told, leaf)
    assert found.amount == 3
    assert sorted(way[-1].number for way in found.ways) == ["= 1", "= 2", "= 2"]
    assert found.total.endswith(" = 5")
    assert "x.grad = " in found.total


def test_a_matrix_product_has_no_factor_and_is_told_by_what_flows(qtbot):
    told = graph(Autograd(next(one.state for one in EXAMPLES if "Softmax" in one.title).lines))
    leaf = next(node.number for node in told.nodes if node.label == "W")
    (way,) = chain(told, leaf).ways
    assert way[-1].number.startswith("→ ")
    assert not any(one.number.startswith("= ") for one in way)
    strip = ChainStrip()
    qtbot.addWidget(strip)
    strip.show_chain(chain(told, leaf))
    assert "2 ways lead there; one is written out" in strip.text()
    assert chain(told, leaf).total.startswith("W.grad: norm ")


def test_products_of_random_scalar_graphs_add_up_to_what_pytorch_gives():
    rules = (
        "torch.sin({0})",
        "{0} * {1}",
        "{0} + {1}",
        "{0} - {1}",
        "torch.tanh({0})",
        "{0} ** 2",
        "{0} / ({1} ** 2 + 1)",
    )
    for seed in range(40):
        draws = random.Random(seed)
        names = ["u", "v"]
        lines = ["u = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)", "v = torch.tensor(-1.2, dtype=torch.float64, requires_grad=True)"]  # fmt: skip
        for number in range(draws.randint(1, 6)):
            lines.append(
                f"t{number} = " + draws.choice(rules).format(*(draws.choice(names[-3:]) for _place in range(2)))
            )
            names.append(f"t{number}")
        lines.append(f"out = 1 * t{number}")
        told = graph(Autograd(tuple(lines)))
        values = {"torch": torch}
        for line in lines:
            exec(line, values)
        values["out"].backward()
        for node in told.nodes:
            if not node.leaf:
                continue
            ways = list(ways_to(told, node.number))
            assert len(ways) == count_ways(told, node.number)
            products = [math.prod(float(numbers(told.nodes[user].local[place])) for user, place in way) for way in ways]
            assert sum(products) == pytest.approx(float(values[node.label].grad), rel=1e-9, abs=1e-12)


def test_a_graph_with_very_many_ways_is_told_at_once():
    lines = ("x = torch.tensor(1., requires_grad=True)", *(f"x{n} = {'x' if n == 0 else f'x{n - 1}'} + {'x' if n == 0 else f'x{n - 1}'} * 0.5" for n in range(30)), "out = x29 * 1")  # fmt: skip
    told = graph(Autograd(lines))
    leaf = next(node.number for node in told.nodes if node.leaf)
    found = chain(told, leaf)
    assert found.amount == 2**30
    assert len(found.ways) <= 3


def test_every_chain_of_random_graphs_can_be_written():
    for seed in range(5):
        lines, _names = random_lines(random.Random(seed))
        told = graph(Autograd(lines, seed=seed))
        for node in told.nodes:
            found = chain(told, node.number)
            assert found.ways
            assert found.total
