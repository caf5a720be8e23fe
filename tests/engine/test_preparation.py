import numpy as np
import pytest
import torch
from sklearn.preprocessing import StandardScaler

from playground.core.preparations import PREPARATIONS
from playground.core.problem import Problem
from playground.engine import preparation
from playground.engine.preparation import Sample


def sample(shape, limits=(0.0, 255.0)):
    return Sample(tuple(shape), limits, "picture" if len(shape) == 3 else "table")


def prepared(steps, train, test=None, limits=(0.0, 255.0)):
    made = preparation.steps_of(steps, sample(train.shape[1:], limits))
    preparation.fit(made, train)
    return preparation.apply(made, train if test is None else test)


def pictures(count=7, channels=1, side=28, seed=0):
    shape = (count, channels, side, side)
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def threads():
    """Sets the number of threads, and puts back what it was."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_every_declared_step_has_its_class():
    assert set(preparation.STEPS) == set(PREPARATIONS)


def test_without_steps_the_stored_values_come_out_as_float32():
    raw = pictures()
    out = prepared((), raw)
    assert out.dtype == torch.float32
    assert out.is_contiguous()
    assert torch.equal(out, raw.float())


@pytest.mark.parametrize(
    ("side", "new_side"), [(28, 32), (28, 28), (28, 14), (28, 11), (8, 32), (5, 64), (28, 1), (1, 3)]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_resizing_is_torchvisions(side, new_side, channels):
    functional = pytest.importorskip("torchvision.transforms.v2.functional")
    raw = pictures(5, channels, side)
    expected = functional.resize(raw.float(), [new_side, new_side])
    torch.testing.assert_close(prepared(({"resize": new_side},), raw), expected, rtol=0, atol=1e-4)


def test_an_oblong_picture_becomes_a_square():
    functional = pytest.importorskip("torchvision.transforms.v2.functional")
    raw = torch.rand(3, 2, 7, 13) * 255
    expected = functional.resize(raw, [9, 9])
    torch.testing.assert_close(prepared(({"resize": 9},), raw), expected, rtol=0, atol=1e-4)


def test_normalising_gives_the_bits_of_torchvisions_totensor_and_normalize():
    transforms = pytest.importorskip("torchvision.transforms")
    raw = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    by_torchvision = transforms.ToTensor()(raw[0, 0].numpy())
    assert torch.equal(prepared(({"normalize": "0..1"},), raw)[0], by_torchvision)
    assert torch.equal(prepared(({"normalize": "-1..1"},), raw)[0], transforms.Normalize(0.5, 0.5)(by_torchvision))


def test_normalising_twice_starts_from_the_range_that_the_first_one_made():
    raw = torch.tensor([0, 4, 8, 12, 16], dtype=torch.uint8).reshape(5, 1, 1, 1)
    twice = prepared(({"normalize": "-1..1"}, {"normalize": "0..1"}), raw, limits=(0.0, 16.0))
    assert twice.flatten().tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_columns_are_standardised_as_by_scikit_learn_with_figures_of_the_training_part_only():
    random = np.random.default_rng(0)
    train, test = (random.normal(50, [1, 10, 1e-3, 5], (count, 4)).astype(np.float32) for count in (90, 30))
    train[:, 3] = test[:, 3] = 7.1  # constant: not exactly a mean in binary
    test += 3
    scaler = StandardScaler().fit(train.astype(np.float64))
    out = prepared(({"standardize": True},), torch.from_numpy(train), torch.from_numpy(test), None)
    np.testing.assert_allclose(out.numpy(), scaler.transform(test.astype(np.float64)), rtol=1e-4, atol=1e-4)


def test_a_constant_feature_is_only_shifted_to_zero():
    table = torch.full((1000, 1), 0.1)
    assert prepared(({"standardize": True},), table, limits=None).abs().max() < 1e-6


def test_pictures_are_standardised_channel_by_channel_over_many_chunks(monkeypatch):
    monkeypatch.setattr(preparation, "_CHUNK_VALUES", 1000)
    raw = pictures(50, 3, 9)
    raw[:, 1] //= 10
    out = prepared(({"normalize": "0..1"}, {"standardize": True}), raw).double()
    by_channel = raw.double().movedim(1, 3).reshape(-1, 3).numpy()
    expected = StandardScaler().fit_transform(by_channel)
    np.testing.assert_allclose(out.movedim(1, 3).reshape(-1, 3).numpy(), expected, rtol=1e-4, atol=1e-5)


def test_standardize_can_be_switched_off():
    raw = pictures()
    assert torch.equal(prepared(({"standardize": False},), raw), raw.float())


def test_steps_work_in_their_order():
    raw = pictures()
    first = prepared(({"resize": 14}, {"standardize": True}), raw)
    second = prepared(({"standardize": True}, {"resize": 14}), raw)
    assert abs(first.std(correction=0) - 1) < 1e-4
    assert second.std(correction=0) < 0.9  # averaging after standardising makes the deviation smaller


@pytest.mark.parametrize("new_side", [14, 20, 32])
def test_the_bits_do_not_depend_on_the_number_of_threads(threads, new_side):
    raw, steps = pictures(3000), ({"resize": new_side}, {"normalize": "-1..1"}, {"standardize": True})
    outcomes = []
    for count in (1, 2, 3, 4):
        threads(count)
        outcomes.append(prepared(steps, raw))
        assert torch.get_num_threads() == count
    assert all(torch.equal(outcomes[0], other) for other in outcomes[1:])


@pytest.mark.parametrize("kind", [torch.uint8, torch.float32])
def test_the_samples_that_come_in_stay_as_they_are(kind):
    raw = pictures().to(kind)
    before = raw.clone()
    prepared(({"normalize": "-1..1"}, {"standardize": True}, {"resize": 9}), raw)
    assert torch.equal(raw, before)


@pytest.mark.parametrize(
    ("steps", "shape", "limits", "words"),
    [
        ([{"resize": 32}], (4,), None, ["step 1 (resize)", "pictures", "4 numbers"]),
        ([{"resize": 0}], (1, 8, 8), (0, 16), ["resize is 0", "at least 1"]),
        ([{"resize": "big"}], (1, 8, 8), (0, 16), ["resize is big", "whole number"]),
        ([{"resize": 8}, {"normalise": "0..1"}], (1, 8, 8), (0, 16), ["step 2", "did you mean normalize"]),
        ([{"normalize": "0..2"}], (1, 8, 8), (0, 16), ["0..2", "one of 0..1, -1..1"]),
        ([{"normalize": "0..1"}], (4,), None, ["table", "Use standardize"]),
        ([{"standardize": True}, {"normalize": "0..1"}], (1, 8, 8), (0, 16), ["step 2", "no largest possible"]),
        ([{"standardize": 1}], (4,), None, ["standardize is 1", "true or false"]),
        ([{"resize": 8, "normalize": "0..1"}], (1, 8, 8), (0, 16), ["must name one step, but names 2"]),
        ([{}], (1, 8, 8), (0, 16), ["must name one step, but names 0"]),
    ],
)
def test_a_step_that_does_not_fit_is_told_with_its_number(steps, shape, limits, words):
    with pytest.raises(Problem) as caught:
        preparation.steps_of(steps, sample(shape, limits))
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_what_would_not_fit_into_memory_is_refused_before_it_is_asked_for():
    many = torch.zeros(1, 1, 28, 28, dtype=torch.uint8).expand(100_000_000, 1, 28, 28)
    with pytest.raises(Problem, match=r"100,000,000 samples of 1×1024×1024 need 419,430\.4 GB"):
        preparation.apply(preparation.steps_of([{"resize": 1024}], sample((1, 28, 28))), many)
