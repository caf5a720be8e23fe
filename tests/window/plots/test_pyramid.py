"""The pyramid against plain numpy: nothing is lost, little is drawn; and the average against the sum written out."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from playground.window.plots.pyramid import Pyramid, Smoother


@given(st.integers(1, 3000), st.lists(st.integers(0, 3000), max_size=5))
def test_a_slice_keeps_the_lowest_and_highest_value_however_the_values_came(count, cuts):
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    pyramid = Pyramid()
    for portion in np.split(values, sorted(min(cut, len(values)) for cut in cuts)):
        pyramid.append(portion)
    x, y = pyramid.slice(0, len(values), 50)
    assert (y.min(), y.max()) == (values.min(), values.max())
    assert (pyramid.values == values).all()
    assert (np.diff(x) >= 0).all()
    assert x[0] >= 0
    assert x[-1] <= len(values) - 1


@pytest.mark.parametrize("count", [10, 1_000, 100_000, 1_000_000])
def test_what_is_drawn_does_not_grow_with_the_history(count):
    pyramid = Pyramid()
    pyramid.append(np.sin(np.arange(count) / 1000).astype(np.float32))
    x, y = pyramid.slice(0, count, 500)
    assert len(x) == len(y) <= 1002


def test_every_stretch_gives_its_own_minimum_and_maximum():
    values = np.random.default_rng(0).normal(size=4096).astype(np.float32)
    pyramid = Pyramid()
    pyramid.append(values)
    x, y = pyramid.slice(0, 4096, 256)
    stretches = values.reshape(-1, 16)
    assert (y[0::2] == stretches.min(1)).all()
    assert (y[1::2] == stretches.max(1)).all()
    assert (x // 16 == np.repeat(np.arange(256), 2)).all()


def test_a_short_part_is_drawn_value_by_value():
    pyramid = Pyramid()
    pyramid.append(np.arange(10_000, dtype=np.float32))
    x, y = pyramid.slice(5_000, 5_010, 500)
    assert x.tolist() == y.tolist() == list(range(5_000, 5_011))


def test_an_unknown_value_is_left_out_of_a_stretch_that_has_others():
    values = np.ones(2048, np.float32)
    values[::2] = np.nan
    pyramid = Pyramid()
    pyramid.append(values)
    assert (pyramid.slice(0, 2048, 100)[1] == 1).all()


def test_an_empty_pyramid_gives_nothing():
    x, y = Pyramid().slice(0, 100, 10)
    assert len(x) == len(y) == 0


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.9, 0.99])
def test_the_average_is_the_weighted_sum_whatever_the_portions(factor):
    values = np.random.default_rng(1).normal(size=700).astype(np.float32)
    expected, above, below = [], 0.0, 0.0
    for value in values.astype(float):
        above, below = factor * above + value, factor * below + 1
        expected.append(above / below)
    smoother = Smoother(factor)
    got = np.concatenate([smoother.append(portion) for portion in np.split(values, [1, 2, 130, 131, 500])])
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_a_loss_that_is_no_number_does_not_spoil_the_average():
    smooth = Smoother(0.9).append(np.array([1, np.nan, 1, np.inf, 1], np.float32))
    np.testing.assert_allclose(smooth, 1)


@pytest.mark.parametrize("factor", [-0.1, 1.0])
def test_an_average_that_never_moves_is_refused(factor):
    with pytest.raises(ValueError, match=str(factor)):
        Smoother(factor)
