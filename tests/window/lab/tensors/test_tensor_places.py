"""Where cells lie in memory, held against PyTorch's own pointers."""

import numpy as np
import pytest
import torch

from playground.core.lab.messages import Glance
from playground.engine.lab.bench import Computed
from playground.window.lab.tensors import places

LINES = (
    "x = torch.arange(24.).reshape(2, 3, 4)", "y = x.transpose(1, 2)", "z = x[1, :, 1:3]", "v = x.flatten()[5]",
    "e = x[0, 0].expand(3, 4)", "c = x.clone()", "n = x.numpy()", "r = torch.from_numpy(n[1])",
)  # fmt: skip


@pytest.fixture
def bench():
    computed = Computed(LINES)
    labels = [label for label, value in computed.values.items() if hasattr(value, "shape")]
    told = computed.told([Glance(label, (0,) * max(0, len(computed.values[label].shape) - 2)) for label in labels])
    return computed.values, {one.label: one for one in told.values}, {one.label: one for one in told.cells}


def pointer(value, place):
    if isinstance(value, np.ndarray):
        return value.__array_interface__["data"][0] + sum(a * b for a, b in zip(place, value.strides, strict=True))
    at = sum(a * b for a, b in zip(place, value.stride(), strict=True))
    return value.data_ptr() + value.element_size() * at


def test_cells_have_one_address_where_and_only_where_they_are_the_same_memory(bench):
    values, facts, cells = bench
    chosen_places = {"x": (0, 1, 2), "y": (0, 2, 1), "z": (2, 1), "n": (1, 0, 3), "r": (2, 2)}
    for label, place in chosen_places.items():
        wanted = pointer(values[label], place)
        for other, window in cells.items():
            mask = places.same_memory(facts[other], window, facts[label], place)
            for (row, column), same in np.ndenumerate(mask):
                at = places.place_of(facts[other], window.leading, row, column)
                assert same == (pointer(values[other], at) == wanted), (label, other, at)


def test_a_stretched_cell_is_found_in_every_row(bench):
    _values, facts, cells = bench
    mask = places.same_memory(facts["e"], cells["e"], facts["x"], (0, 0, 2))
    assert mask.sum() == 3
    assert mask[:, 2].all()


def test_a_walk_goes_down_the_rows_through_the_storage(bench):
    values, facts, _cells = bench
    assert places.walk(facts["x"], (1, 0, 2)) == [14, 18, 22]
    assert places.walk(facts["y"], (0, 0, 1)) == [4, 5, 6, 7]
    storage = torch.empty(0).set_(values["z"].untyped_storage())
    assert storage[places.walk(facts["z"], (0, 1))].tolist() == values["z"][:, 1].tolist()


def test_places_and_cells_are_each_others_inverse(bench):
    _values, facts, _cells = bench
    for label, place in (("x", (1, 2, 3)), ("z", (2, 1)), ("v", ())):
        leading, row, column = places.cell_of(place)
        assert places.place_of(facts[label], leading, row, column) == place
    assert places.cell_of((4,)) == ((), 0, 4)


def test_blocks_are_the_matrices_of_a_tensor():
    assert list(places.blocks((2, 2, 3, 4), 1, 2)) == [(0, 1), (1, 0)]
    assert list(places.blocks((3,), 0, 6)) == [()]
