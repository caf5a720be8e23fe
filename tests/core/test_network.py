import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from playground.core import network as tree
from playground.core.layer import Layer
from tests.core.strategies import networks


def named(names: str) -> tree.Network:
    return tuple(Layer(name) for name in names)


def names(network: tree.Network) -> str:
    return "".join(layer.layer + (f"({names(layer.children)})" if layer.children else "") for layer in network)


NESTED = (Layer("a"), Layer("B", {}, named("xyz")), Layer("c"))


def test_walk_names_a_block_before_its_children():
    assert [path for path, _layer in tree.walk(NESTED)] == [(0,), (1,), (1, 0), (1, 1), (1, 2), (2,)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [((0,), "naB(xyz)c"), ((3,), "aB(xyz)cn"), ((1, 0), "aB(nxyz)c"), ((1, 3), "aB(xyzn)c")],
)
def test_insert_puts_layers_before_what_stands_there(path, expected):
    assert names(tree.insert(NESTED, path, named("n"))) == expected


@pytest.mark.parametrize("path", [(4,), (-1,), (0, 1), (1, 4)])
def test_insert_where_nothing_can_stand_is_refused(path):
    with pytest.raises(IndexError):
        tree.insert(NESTED, path, named("n"))


@pytest.mark.parametrize(
    ("paths", "expected"),
    [([(0,)], "B(xyz)c"), ([(1,), (1, 2)], "ac"), ([(1, 0), (1, 2), (0,)], "B(y)c"), ([(0,), (1,), (2,)], "")],
)
def test_remove_takes_out_every_path_and_what_is_inside(paths, expected):
    assert names(tree.remove(NESTED, paths)) == expected


@pytest.mark.parametrize(
    ("paths", "to", "expected", "landed"),
    [
        ([(0,)], (3,), "B(xyz)ca", (2,)),  # down: the gap closes first
        ([(2,)], (0,), "caB(xyz)", (0,)),  # up
        ([(0,), (2,)], (1,), "acB(xyz)", (0,)),  # two become neighbours, in order
        ([(0,)], (1, 1), "B(xayz)c", (0, 1)),  # into a block that moves up itself
        ([(1, 1)], (0,), "yaB(xz)c", (0,)),  # out of a block
        ([(1, 0)], (1, 3), "aB(yzx)c", (1, 2)),
    ],
)
def test_move_lands_before_what_stood_at_the_target(paths, to, expected, landed):
    moved, where = tree.move(NESTED, paths, to)
    assert (names(moved), where) == (expected, landed)


def test_a_block_cannot_be_moved_into_itself():
    with pytest.raises(ValueError, match="inside"):
        tree.move(NESTED, [(1,)], (1, 2))


@given(networks, st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_what_is_inserted_and_removed_leaves_the_network_as_it_was(network, data):
    places = [path for path, _layer in tree.walk(network)] + [(len(network),)]
    path = data.draw(st.sampled_from(places))
    assert tree.remove(tree.insert(network, path, named("n")), [path]) == network


@given(networks.filter(bool), st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_a_move_keeps_every_layer(network, data):
    path = data.draw(st.sampled_from([path for path, _layer in tree.walk(network)]))
    moved, landed = tree.move(network, [path], (0,))
    assert landed == (0,)
    assert sorted(layer.layer for _path, layer in tree.walk(moved)) == sorted(
        layer.layer for _path, layer in tree.walk(network)
    )
