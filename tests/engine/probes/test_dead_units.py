"""Which rectifiers are never above zero, against plain torch written out."""

import copy

import numpy as np
import pytest
import torch

from playground.core.layer import Layer
from playground.core.messages import Watch
from playground.engine import probes
from tests.engine.trainings import pictures, training

NETWORK = (
    Layer("ReLU"),  # of the data themselves: not looked at
    Layer("Conv2d", {"out_channels": 6}),
    Layer("BatchNorm2d"),
    Layer("ReLU"),
    Layer("Sequential", {}, (Layer("Conv2d", {"out_channels": 5}), Layer("ReLU"))),
    Layer("Dropout"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 12}),
    Layer("ReLU"),
    Layer("Linear", {"out_features": 3}),
)


@pytest.fixture
def trained():
    one = training(network=NETWORK)
    for _ in range(3):
        one.advance()
    with torch.no_grad():
        one.model[1].bias[2] = -1e3  # BatchNorm takes that away again
        one.model[2].bias[4] = -1e3  # this map is dead
        one.model[7].bias[:9] = -1e3  # and so are these units
    return one


def look(one, **options):
    return probes.read(Watch("dead_units", options), one.context())


def numbers(array):
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)


def test_a_unit_is_alive_where_any_sample_wakes_it(trained):
    seen = look(trained, samples=20)
    model = copy.deepcopy(trained.model).eval()
    chosen = (torch.arange(20) * 50 // 20 + 3) % 50
    inputs = pictures().train_inputs[chosen]
    with torch.no_grad():
        first = model[2](model[1](model[0](inputs)))
        second = model[4][0](first.clamp(min=0))
        third = model[7](second.clamp(min=0).flatten(1))
    expected = {
        "3": (first > 0).any(0).flatten(1).any(1),
        "4.1": (second > 0).any(0).flatten(1).any(1),
        "8": (third > 0).any(0),
    }
    assert seen.arrays.keys() == expected.keys()
    for name, alive in expected.items():
        np.testing.assert_array_equal(numbers(seen.arrays[name]), alive.numpy().astype(np.uint8))
    assert not numbers(seen.arrays["3"])[4]
    assert not numbers(seen.arrays["8"])[:9].any()
    assert [one["index"] for one in seen.facts["layers"]] == [4, 7, 11]
    assert seen.facts["samples"] == 20


def test_units_of_a_sequence_are_its_features():
    inputs = torch.randn(40, 7, 4, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(40) % 3
    data = type(pictures())(inputs, labels, inputs, labels, (7, 4), ("a", "b", "c"), "classification")
    network = (
        Layer("Linear", {"out_features": 5}),
        Layer("ReLU"),
        Layer("Flatten"),
        Layer("Linear", {"out_features": 3}),
    )
    one = training(network=network, data=data)
    one.advance()
    assert look(one).arrays["1"].shape == (5,)


def test_looking_changes_nothing(trained):
    before, state = copy.deepcopy(trained.model.state_dict()), torch.get_rng_state()
    look(trained)
    assert all(torch.equal(value, before[name]) for name, value in trained.model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)
    assert all(module.training for module in trained.model.modules())
    assert not any(module._forward_hooks for module in trained.model.modules())
    assert all(one.grad is None for one in trained.model.parameters())


def test_before_the_first_step_and_for_other_networks_there_is_nothing_to_tell():
    assert "no step" in look(training(network=NETWORK)).fault
    smooth = training(network=(Layer("Flatten"), Layer("Linear", {"out_features": 3})))
    smooth.advance()
    assert "no ReLU" in look(smooth).fault


@pytest.mark.parametrize(("asked", "looked"), [(0, 1), (7, 7), (10_000, 50)])
def test_it_looks_at_as_many_samples_as_there_are(asked, looked, trained):
    assert look(trained, samples=asked).facts["samples"] == looked
