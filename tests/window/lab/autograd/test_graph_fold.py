"""A chain in several rows: nothing on another, read from the leaf on, and as large as the room lets it be."""

from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QRectF

from playground.window.lab.autograd.fold import columns_for, folded, is_chain
from playground.window.lab.autograd.layout import Sizes, laid_out

SIZES = Sizes()
CHAIN = [(1,), (2,), (3,), (4,), ()]


def test_what_is_a_chain():
    assert is_chain(CHAIN)
    assert is_chain([(None, 1), (2, None), ()])
    assert not is_chain([(1, 2), (2,), ()])
    assert not is_chain([(1, 1), (2,), ()])
    assert not is_chain([])


def test_with_room_enough_it_is_one_row_as_any_other_graph():
    assert columns_for(5, 2000, 600, SIZES) == 5
    assert folded(CHAIN, SIZES, 5).nodes == laid_out(CHAIN, SIZES).nodes


@pytest.mark.parametrize("room", [(630, 550), (312, 317), (560, 350)])
def test_in_little_room_all_of_it_can_be_read(room):
    made = folded(CHAIN, SIZES, columns_for(5, *room, SIZES))
    assert min(room[0] / made.width, room[1] / made.height) >= 0.6


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 5])
def test_it_is_read_from_the_leaf_and_no_edge_goes_through_a_node(columns):
    made = folded(CHAIN, SIZES, columns)
    rects = [QRectF(x, y, SIZES.width, SIZES.height) for x, y in made.nodes]
    assert not any(one.intersects(other) for one, other in combinations(rects, 2))
    read = sorted(range(5), key=lambda node: (made.nodes[node][1], made.nodes[node][0]))
    assert read == [4, 3, 2, 1, 0]
    whole = QRectF(0, 0, made.width, made.height)
    assert set(made.routes) == {(node, 0) for node in range(4)}
    for points in made.routes.values():
        for (x, y), (to_x, to_y) in pairwise(points):
            for share in range(1, 20):
                at = (x + (to_x - x) * share / 20, y + (to_y - y) * share / 20)
                assert whole.contains(*at)
                assert not any(rect.adjusted(0.5, 0.5, -0.5, -0.5).contains(*at) for rect in rects)
