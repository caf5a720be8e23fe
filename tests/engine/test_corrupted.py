"""A sample of `tests.campaigns.corrupted`: one of every kind, but for those that take long to make."""

from tests.campaigns import corrupted

SEED = 1  # another one than the campaign's


def test_damaged_inputs_are_told_or_load_and_leave_nothing():
    outcomes = list(corrupted.run(len(corrupted.QUICK), SEED, slow=False))
    assert len(outcomes) == len(corrupted.QUICK)
    assert not [f"{one.name}: {fault}" for one in outcomes for fault in one.faults]
    assert {bool(one.said) for one in outcomes} == {True, False}  # some are told, and some load
