"""Where nodes lie: from the leaves at the left to the output at the right, none on another, no edge below a node."""

import itertools
import random
import time

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from playground.window.lab.autograd.layout import Sizes, depths_of, laid_out, spaced
from playground.window.lab.autograd.nodes import edge_path

SIZES = Sizes()
CLASSIC = [(1,), (2,), (3,), (4,), ()]
DIAMOND = [(1, 2), (3,), (3, None), (4, 5), (), ()]


def random_graph(seed: int, most: int = 40) -> list[tuple[int | None, ...]]:
    """Inputs come later in the list than the nodes that they are inputs of; every node but the first has a user."""
    draws = random.Random(seed)
    count = draws.randint(1, most)
    inputs: list[list[int | None]] = [[] for _node in range(count)]
    for node in range(1, count):
        inputs[draws.randrange(node)].append(node)
        for _more in range(draws.choice((0, 0, 1))):
            inputs[draws.randrange(node)].append(node)
    for given in inputs:
        if draws.random() < 0.3:
            given.append(None)
    return [tuple(given) for given in inputs]


def rects(layout) -> list[QRectF]:
    return [QRectF(x, y, SIZES.width, SIZES.height) for x, y in layout.nodes]


GRAPHS = [CLASSIC, DIAMOND, [()], *(random_graph(seed) for seed in range(30))]


@pytest.mark.parametrize("inputs", GRAPHS, ids=range(len(GRAPHS)))
def test_no_node_lies_on_another_and_every_input_lies_further_left(inputs):
    layout = laid_out(inputs, SIZES)
    for one, other in itertools.combinations(rects(layout), 2):
        assert not one.intersects(other)
    for node, given in enumerate(inputs):
        for one in given:
            if one is not None:
                assert layout.nodes[one][0] + SIZES.width + SIZES.across <= layout.nodes[node][0] + 1e-6
    assert layout.nodes[0][0] == max(x for x, _y in layout.nodes)  # the output is the last at the right
    assert min(y for _x, y in layout.nodes) >= -1e-6
    assert max(y for _x, y in layout.nodes) + SIZES.height <= layout.height + 1e-6


@pytest.mark.parametrize("inputs", GRAPHS, ids=range(len(GRAPHS)))
def test_no_edge_runs_below_a_node(inputs):
    layout = laid_out(inputs, SIZES)
    places = rects(layout)
    for (node, place), points in layout.routes.items():
        path = edge_path(points)
        ends = {node, inputs[node][place]}
        near = [rect for other, rect in enumerate(places) if other not in ends and rect.intersects(path.boundingRect())]
        seen = [path.pointAtPercent(share) for share in np.linspace(0, 1, 60)] if near else []
        assert not any(rect.contains(point) for rect in near for point in seen)


def test_an_edge_begins_at_the_right_of_its_input_and_ends_at_the_left_of_its_node():
    layout = laid_out(DIAMOND, SIZES)
    assert set(layout.routes) == {(0, 0), (0, 1), (1, 0), (2, 0), (3, 0), (3, 1)}
    for (node, place), points in layout.routes.items():
        x, y = layout.nodes[DIAMOND[node][place]]
        assert points[0] == pytest.approx((x + SIZES.width, y + SIZES.height / 2))
        x, y = layout.nodes[node]
        assert points[-1][0] == x
        assert y < points[-1][1] < y + SIZES.height


def test_depths_are_the_longest_ways():
    assert depths_of([(1, 3), (2,), (3,), ()]) == [0, 1, 2, 3]


def test_places_are_the_nearest_that_are_far_enough_apart():
    assert spaced([0, 0, 0], [0, 10, 10]) == pytest.approx([-10, 0, 10])
    assert spaced([0, 100, 101], [0, 10, 10]) == pytest.approx([0, 95.5, 105.5])
    draws = np.random.default_rng(0)
    for _try in range(50):
        wanted, gaps = draws.normal(0, 40, 12), draws.uniform(1, 30, 12)
        found = np.array(spaced(wanted.tolist(), gaps.tolist()))
        assert (np.diff(found) >= gaps[1:] - 1e-9).all()
        best = ((found - wanted) ** 2).sum()
        for _other in range(20):  # no other that is allowed is nearer
            step = np.cumsum(np.abs(draws.normal(0, 1, 12)))
            other = found + draws.normal() + step * draws.uniform(0, 1)
            assert (np.diff(other) >= gaps[1:] - 1e-9).all()
            assert ((other - wanted) ** 2).sum() >= best - 1e-9


def test_a_ladder_has_no_crossing():
    """Two chains side by side stay side by side."""
    inputs = [(1, 2), (3,), (4,), (5,), (6,), (7,), (8,), (), ()]
    layout = laid_out(inputs, SIZES)
    above = [layout.nodes[one][1] for one in (1, 3, 5, 7)]
    below = [layout.nodes[one][1] for one in (2, 4, 6, 8)]
    assert max(above) < min(below) or max(below) < min(above)


def test_five_hundred_nodes_are_laid_out_in_a_moment():
    inputs = random_graph(4, 500)
    while len(inputs) < 500:
        inputs = [*inputs[:-1], (len(inputs),), ()]
    begin = time.process_time()
    layout = laid_out(inputs, SIZES)
    assert len(layout.nodes) == 500
    assert time.process_time() - begin < 1.0
