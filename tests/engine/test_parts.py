"""Which samples go where. The reference counts by hand, and by scikit-learn's own split."""

import pytest
import torch
from hypothesis import given, strategies as st
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.engine import loader, parts
from tests.engine import idx_files

DIGITS = Data(dataset="digits")


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


def rows_of_table(*inputs):
    return sorted(map(tuple, torch.cat(inputs).flatten(1).tolist()))


def counts(targets):
    return torch.bincount(targets, minlength=10)


def test_three_parts_together_are_the_whole_set_and_share_no_sample():
    prepared = loader.prepare(Data(dataset="digits", validation_fraction=0.25), seed=1)
    assert [prepared.size(part) for part in ("train", "validation", "test")] == [1078, 360, 359]
    together = rows_of_table(prepared.train_inputs, prepared.validation_inputs, prepared.test_inputs)
    assert together == sorted(map(tuple, load_digits().data.astype("float32").tolist()))


def test_holding_back_a_validation_part_leaves_the_test_part_as_it_was():
    without, with_it = (
        loader.prepare(Data(dataset="digits", validation_fraction=share), seed=3) for share in (0.0, 0.3)
    )
    assert without.size("validation") == 0
    assert without.validation_inputs.shape == (0, 1, 8, 8)
    assert torch.equal(without.test_inputs, with_it.test_inputs)
    assert rows_of_table(without.train_inputs) == rows_of_table(with_it.train_inputs, with_it.validation_inputs)


def test_each_class_gives_its_fair_share_to_every_part_as_by_scikit_learn():
    prepared = loader.prepare(Data(dataset="digits", validation_fraction=0.2, subset=700), seed=0)
    rest, held_back = train_test_split(load_digits().target, test_size=359, stratify=load_digits().target)
    assert (counts(prepared.test_targets) - counts(torch.as_tensor(held_back))).abs().max() <= 1
    whole = counts(torch.as_tensor(rest)).double() / len(rest)
    assert (counts(prepared.validation_targets) - whole * 140).abs().max() <= 2
    assert (counts(prepared.train_targets) - whole * 560).abs().max() <= 2
    assert prepared.size("train") + prepared.size("validation") == 700


def test_without_stratifying_classes_are_left_to_chance():
    shares = [
        counts(loader.prepare(Data(dataset="digits", test_fraction=0.1, stratify=stratify), 0).test_targets).tolist()
        for stratify in (True, False)
    ]
    assert sum(shares[0]) == sum(shares[1]) == 180
    assert max(shares[0]) - min(shares[0]) <= 2
    assert max(shares[1]) - min(shares[1]) > 4


def test_a_subset_is_of_the_training_part_only_keeps_its_order_and_depends_on_the_seed():
    whole, some, other = (
        loader.prepare(Data(dataset="digits", subset=subset), seed) for subset, seed in ((None, 0), (100, 0), (100, 1))
    )
    assert torch.equal(whole.test_inputs, some.test_inputs)
    places = [
        whole.train_inputs.flatten(1).eq(one).all(1).nonzero()[0, 0].item() for one in some.train_inputs.flatten(1)
    ]
    assert places == sorted(places)
    assert len(set(places)) == 100
    assert not torch.equal(some.train_inputs, other.train_inputs)


def test_a_subset_larger_than_the_training_part_is_all_of_it():
    assert loader.prepare(Data(dataset="digits", subset=1_000_000), 0).size("train") == 1438


def test_what_is_stored_belongs_to_what_is_prepared():
    data = Data(dataset="digits", preparation=({"normalize": "0..1"},), validation_fraction=0.2, subset=500)
    prepared = loader.prepare(data, 4)
    for part in ("train", "validation", "test"):
        chosen = [5, 0, 17]
        stored = prepared.stored(part, chosen)
        assert stored.dtype == torch.uint8
        assert torch.equal(stored.float() / 16, prepared.samples(part, chosen))


def test_a_validation_part_without_samples_is_refused():
    with pytest.raises(Problem, match=r"Validation part: with a fraction of 0\.001, 120 of the 120 samples"):
        loader.prepare(Data(dataset="iris", validation_fraction=0.001), 0)


@pytest.mark.parametrize(
    "data",
    [
        DIGITS,
        Data(dataset="digits", validation_fraction=0.13, subset=333),
        Data(dataset="iris", test_fraction=0.33, validation_fraction=0.5),
        Data(dataset="iris", subset=7, stratify=False),
    ],
)
def test_sizes_can_be_told_before_any_sample_is_read(data):
    prepared = loader.prepare(data, 0)
    found = tuple(prepared.size(part) for part in ("train", "validation", "test"))
    assert parts.sizes_of(data, DATASETS[data.dataset]) == found


@given(
    labels=st.lists(st.integers(0, 4), min_size=2, max_size=60),
    subset=st.none() | st.integers(2, 70),
    validation_fraction=st.sampled_from([0.0, 0.01, 0.2, 0.5, 0.9]),
    test_fraction=st.sampled_from([0.01, 0.2, 0.5, 0.99]),
    stratify=st.booleans(),
    has_test=st.booleans(),
    seed=st.integers(0, 3),
)
def test_no_sample_is_in_two_parts_whatever_is_asked_for(
    labels, subset, validation_fraction, test_fraction, stratify, has_test, seed
):
    data = Data(subset=subset, validation_fraction=validation_fraction, test_fraction=test_fraction, stratify=stratify)
    spec = DatasetSpec(
        name="any", title="", summary="", task="classification", sample_shape=(1,),
        train=len(labels), test=9 if has_test else None,
    )  # fmt: skip
    told = parts.sizes_of(data, spec)
    try:
        rows = parts.rows_of(data, torch.tensor(labels), has_test, seed)
    except Problem:
        assert 0 in (told[0], told[2], told[1] if validation_fraction else 1)
        return
    train = torch.arange(len(labels)) if rows.train is None else rows.train
    test = torch.arange(9) if rows.test is None else rows.test
    assert told == (len(train), len(rows.validation), len(test))
    used = [*train.tolist(), *rows.validation.tolist(), *([] if has_test else test.tolist())]
    assert len(set(used)) == len(used)
    assert set(used) <= set(range(len(labels)))
    if subset is None:
        assert len(used) == len(labels)
