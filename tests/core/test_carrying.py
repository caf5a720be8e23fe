"""Which layers keep their weights, against every way to match two short lists."""

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from playground.core.carrying import unchanged
from playground.core.report import Row


def rows(*layers, disabled=()):
    """Of one list: "c4" is a layer with weights, "r" one without; equal words are equal layers."""
    return [
        Row(
            index=place + 1, path=(place,), layer=word[0], disabled=place in disabled,
            arguments={"size": word[1:]}, tensors=((int(word[1:]),),) if word[1:] else (),
        )
        for place, word in enumerate(layers)
    ]  # fmt: skip


def paths(kept):
    return [(before[0], after[0]) for before, after in kept.pairs]


LENET = ("c6", "r", "p", "c16", "r", "p", "f", "l120", "r", "l84", "r", "l10")


def test_equal_networks_keep_everything():
    kept = unchanged(rows(*LENET), rows(*LENET))
    assert paths(kept) == [(n, n) for n in range(12)]
    assert (kept.kept, kept.of, kept.fresh) == (5, 5, ())


def test_a_layer_that_is_put_in_begins_anew_and_those_behind_it_keep_theirs():
    kept = unchanged(rows(*LENET), rows(*LENET[:3], "b6", *LENET[3:]))
    assert (kept.kept, kept.of, kept.fresh) == (5, 6, ((3,),))
    assert (3, 4) in paths(kept)
    assert (11, 12) in paths(kept)


def test_a_layer_that_is_removed_takes_only_its_own_weights_with_it():
    kept = unchanged(rows(*LENET), rows(*LENET[:9], *LENET[11:]))
    assert (kept.kept, kept.of) == (4, 4)
    assert (11, 9) in paths(kept)


def test_a_changed_argument_and_what_follows_from_it_begin_anew():
    changed = ("c6", "r", "p", "c32", "r", "p", "f", "l240", *LENET[8:])
    kept = unchanged(rows(*LENET), rows(*changed))
    assert (kept.kept, kept.of, kept.fresh) == (3, 5, ((3,), (7,)))


def test_of_equal_layers_in_a_row_the_neighbours_tell_which_is_gone():
    before = ("c6", "r", "c6", "t", "c6", "s")
    kept = unchanged(rows(*before), rows("c6", "r", "c6", "s"))
    assert (kept.kept, kept.of) == (2, 2)
    assert (4, 2) in paths(kept) or (2, 2) in paths(kept)
    assert (0, 0) in paths(kept)


def test_weights_count_more_than_layers_without():
    kept = unchanged(rows("r", "p", "t", "l5"), rows("l5", "r", "p", "t"))
    assert kept.kept == 1


def test_what_is_switched_off_has_nothing_to_keep():
    kept = unchanged(rows("l5", "l6", disabled=(0,)), rows("l5", "l6"))
    assert (kept.kept, kept.of, kept.fresh) == (1, 2, ((0,),))
    assert unchanged(rows("l5"), rows("l5", disabled=(0,))).of == 0


def test_a_layer_that_moved_into_a_block_is_the_same():
    block = Row(index=2, path=(1,), layer="Sequential")
    inside = [Row(index=3 + n, path=(1, n), layer="l", arguments={"size": "5"}, tensors=((5,),)) for n in range(2)]
    kept = unchanged(rows("c6", "l5", "l5"), [rows("c6")[0], block, *inside])
    assert kept.pairs == (((0,), (0,)), ((1,), (1, 0)), ((2,), (1, 1)))


def test_equal_shapes_of_other_arguments_are_another_layer():
    one, other = (Row(index=1, path=(0,), layer="c", arguments={"stride": n}, tensors=((5,),)) for n in (1, 2))
    assert unchanged([one], [other]).kept == 0


words = st.lists(st.sampled_from(["c4", "c5", "l6", "r", "p"]), max_size=6)


def best(before, after):
    """The most weights, then the most layers, that any order-keeping match keeps."""
    most = (0, 0)
    for count in range(min(len(before), len(after)) + 1):
        for one, other in itertools.product(
            itertools.combinations(before, count), itertools.combinations(after, count)
        ):
            if one == other:
                most = max(most, (sum(len(word) > 1 for word in one), count))
    return most


@settings(max_examples=100)
@given(words, words)
def test_as_many_weights_are_kept_as_any_match_keeps(before, after):
    kept = unchanged(rows(*before), rows(*after))
    assert (kept.kept, len(kept.pairs)) == best(before, after)
    assert all(before[i] == after[j] for i, j in paths(kept))
    assert paths(kept) == sorted(set(paths(kept)))


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_is_kept_of_nothing(count):
    assert unchanged([], rows(*["l4"] * count)).kept == 0
    assert unchanged(rows(*["l4"] * count), []).pairs == ()
