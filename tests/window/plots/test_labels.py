"""Names at the ends of curves."""

from itertools import pairwise

from hypothesis import given, strategies as st

from playground.window.plots.labels import APART, spread


@given(st.lists(st.floats(0, 400), min_size=1, max_size=20).map(sorted))
def test_names_keep_their_order_and_distance_and_stay_inside(wanted):
    places = spread(wanted, 7, 393, APART)
    assert all(7 - 1e-6 <= place <= 393 + 1e-6 for place in places)
    assert all(below - above >= APART - 1e-6 for above, below in pairwise(places))


def test_names_that_have_room_stand_where_their_curves_end():
    assert spread([20, 60, 200], 0, 400, APART) == [20, 60, 200]


def test_names_without_room_share_what_there_is():
    places = spread([50.0] * 11, 0, 100, APART)
    assert places == [10.0 * number for number in range(11)]
