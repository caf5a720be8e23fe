"""Who shares memory with whom: NumPy's own exact answer is the judge."""

import random

import numpy as np
import pytest
import torch

from playground.engine.lab.memory import extent, overlap, sharing

BASE = torch.arange(24.0).reshape(4, 6)
VIEWS = {
    "whole": BASE,
    "transposed": BASE.T,
    "first row": BASE[0],
    "last row": BASE[3],
    "even columns": BASE[:, ::2],
    "odd columns": BASE[:, 1::2],
    "stretched": BASE[0].expand(5, 6),
    "one cell": BASE[2, 3],
    "as whole numbers": BASE.view(torch.int32),
    "strided": BASE.as_strided((3, 3), (7, 2), 1),
    "numpy": BASE.numpy(),
    "numpy backwards": BASE.numpy()[::-1, ::-2],
    "copy": BASE.clone(),
    "empty": BASE[:0],
}


def as_array(value):
    return value if isinstance(value, np.ndarray) else value.numpy()


@pytest.mark.parametrize("first", VIEWS)
def test_two_share_memory_where_numpy_says_so(first):
    for second, value in VIEWS.items():
        one, other = extent(VIEWS[first]), extent(value)
        expected = np.shares_memory(as_array(VIEWS[first]), as_array(value))
        assert (one is not None and other is not None and overlap(one, other)) == expected, second


def test_random_views_share_what_numpy_says():
    draws = random.Random(1)

    def view():
        shape = tuple(draws.randint(1, 4) for _axis in range(draws.randint(0, 3)))
        strides = tuple(draws.randint(0, 9) for _axis in shape)
        reach = sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        return BASE.as_strided(shape, strides, draws.randint(0, 23 - reach)) if reach < 24 else BASE

    for _turn in range(500):
        one, other = view(), view()
        assert overlap(extent(one), extent(other)) == np.shares_memory(one.numpy(), other.numpy())


def test_labels_are_told_in_the_order_of_the_bench():
    a = torch.zeros(3, 4)
    found = sharing({"b": a.T, "a": a, "n": a.numpy(), "c": a.clone(), "number": 3, "row": a[1]})
    assert found["a"] == ("b", "n", "row")
    assert found["row"] == ("b", "a", "n")
    assert found["c"] == found["number"] == ()


def test_bfloat16_and_bool_have_memory_as_well():
    a = torch.zeros(4, dtype=torch.bfloat16)
    assert sharing({"a": a, "b": a[1:], "c": a[:1]}) == {"a": ("b", "c"), "b": ("a",), "c": ("a",)}
