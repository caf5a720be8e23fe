"""Networks against PyTorch's own modules, written out by hand."""

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.problem import Problem
from playground.engine import build
from playground.engine.build import build_network, module_at, outcome_of
from playground.engine.outcome import Coming

LENET = (
    Layer("Conv2d", {"out_channels": 6}),
    Layer("ReLU"),
    Layer("MaxPool2d"),
    Layer("Sequential", {}, (Layer("Conv2d", {"out_channels": 16}), Layer("Tanh"))),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 10}),
)


def by_hand() -> nn.Sequential:
    inner = nn.Sequential(nn.Conv2d(6, 16, 3), nn.Tanh())
    return nn.Sequential(
        nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), inner, nn.Flatten(), nn.Linear(16 * 11 * 11, 10)
    )


def test_a_built_network_is_the_one_written_by_hand():
    model, expected = build_network(LENET, (1, 28, 28)), by_hand()
    assert {name: tuple(one.shape) for name, one in model.named_parameters()} == {
        name: tuple(one.shape) for name, one in expected.named_parameters()
    }
    expected.load_state_dict(model.state_dict())
    inputs = torch.randn(3, 1, 28, 28)
    assert torch.equal(model(inputs), expected(inputs))


def test_a_layer_is_found_by_its_path():
    model = build_network(LENET, (1, 28, 28))
    assert isinstance(module_at(model, (3, 1)), nn.Tanh)
    assert module_at(model, (5,)).out_features == 10


def test_weights_follow_from_the_seed_and_touch_no_other_randomness():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    one, same = (build_network(LENET, (1, 28, 28), seed=3) for _turn in range(2))
    assert torch.equal(torch.rand(3), expected)
    other = build_network(LENET, (1, 28, 28), seed=4)
    assert torch.equal(one[0].weight, same[0].weight)
    assert not torch.equal(one[0].weight, other[0].weight)


@pytest.mark.parametrize("spec", [spec for spec in LAYERS.values() if not spec.block], ids=lambda spec: spec.name)
@pytest.mark.parametrize("cheap", [True, False], ids=["real", "meta"])
def test_the_shape_of_every_layer_is_the_one_torch_gives(spec, cheap, monkeypatch):
    monkeypatch.setattr(build, "CHEAP_NUMBERS", 2_000_000 if cheap else 0)
    build._outcome.cache_clear()
    layer = Layer(spec.name, dict(spec.example))
    tokens = spec.example_tokens
    module = build_network((layer,), spec.example_input, tokens=tokens)[0].eval()
    output = module(torch.zeros(2, *spec.example_input, dtype=torch.int64 if tokens else torch.float32))
    outcome = outcome_of(layer, spec.example_input, tokens)
    assert outcome.output_shape == tuple(output.shape[1:])
    assert outcome.tensors == tuple(tuple(one.shape) for one in module.parameters())
    build._outcome.cache_clear()


@pytest.mark.parametrize(
    ("layer", "shape", "module"),
    [
        (Layer("Linear", {"in_features": 576, "out_features": 120}), (400,), nn.Linear(576, 120)),
        (Layer("Conv2d", {"in_channels": 3}), (1, 9, 9), nn.Conv2d(3, 16, 3)),
        (Layer("MaxPool2d", {"padding": 3}), (1, 9, 9), nn.MaxPool2d(2, padding=3)),
        (Layer("Conv2d", {"kernel_size": 12}), (1, 9, 9), nn.Conv2d(1, 16, 12)),
    ],
    ids=lambda value: getattr(value, "layer", None),
)
def test_the_message_is_torchs_own(layer, shape, module):
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever PyTorch raises
        module(torch.zeros(1, *shape))
    assert outcome_of(layer, shape).message in str(caught.value)
    assert outcome_of(layer, shape).output_shape is None


def test_a_batch_axis_cannot_pass_for_a_channel():
    # torch takes one sample of 1 × 9 × 9 for an unbatched picture, and refuses two of them
    layer = Layer("Conv2d", {"in_channels": 1, "out_channels": 1})
    assert nn.Conv2d(1, 1, 3)(torch.zeros(1, 9, 9)).shape == (1, 7, 7)
    with pytest.raises(RuntimeError) as caught:
        nn.Conv2d(1, 1, 3)(torch.zeros(2, 9, 9))
    outcome = outcome_of(layer, (9, 9))
    assert outcome.output_shape is None
    assert outcome.message in str(caught.value)


def test_a_message_is_one_line_without_the_frames_below_it():
    outcome = outcome_of(Layer("Linear", {"in_features": 10**30}), (9,))
    assert outcome.message
    assert "\n" not in outcome.message
    assert "frame #" not in outcome.message


def test_hints_of_torch_for_programmers_are_kept_quiet(recwarn):
    build._outcome.cache_clear()
    assert outcome_of(Layer("Conv2d", {"kernel_size": 2, "padding": "same"}), (1, 9, 9)).output_shape == (16, 9, 9)
    assert not recwarn.list


@pytest.mark.parametrize(
    ("layer", "shape", "cheap"),
    [
        (Layer("Conv2d", {"out_channels": 16}), (6, 15, 15), True),
        (Layer("Linear", {"in_features": 1800}), (2, 30, 1800), True),
        (Layer("Linear", {"out_features": 4096}), (9216,), False),
        (Layer("MaxPool2d", {"kernel_size": 100}), (1, 512, 512), True),
        (Layer("MaxPool2d", {"kernel_size": 100, "stride": 1}), (1, 512, 512), False),
        (Layer("Conv2d", {"out_channels": 65536, "padding": 1024}), (1, 32, 32), False),
    ],
)
def test_only_what_takes_milliseconds_is_tried_on_real_numbers(layer, shape, cheap):
    with torch.device("meta"):
        tensors = tuple(tuple(one.shape) for one in build._module(layer, Coming(shape)).parameters())
    assert build._is_cheap(layer, tensors, shape) == cheap


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ((Layer("Lnear"),), "did you mean Linear"),
        ((Layer("ReLU"), Layer("Linear", {"out_features": 0})), "Layer 2, Linear"),
        ((Layer("Sequential", {}, (Layer("Linear", {"in_features": 3}),)),), "Layer 1.1, Linear"),
    ],
)
def test_what_cannot_be_built_is_a_problem_that_names_the_layer(network, said):
    with pytest.raises(Problem, match=said):
        build_network(network, (1, 8, 8))
