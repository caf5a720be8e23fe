"""The pass of a training against the network's own: every bit, forward and backward."""

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.engine.build import build_network
from playground.engine.forward import forward_of
from playground.engine.loop import LAYOUTS, Setup
from tests.engine.trainings import CPU, to_the_end, training

LENET = (
    Layer("Conv2d", {"out_channels": 6}),
    Layer("ReLU"),
    Layer("MaxPool2d"),
    Layer("Conv2d", {"out_channels": 16}),
    Layer("ReLU"),
    Layer("MaxPool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),  # its windows overlap, and reach over the rim
    Layer("Flatten"),
    Layer("Linear", {"out_features": 20}),
    Layer("ReLU"),
    Layer("Linear", {"out_features": 3}),
)
NESTED = (Layer("Sequential", children=LENET[:3]), *LENET[6:])
SERIES = (Layer("Conv1d", {"out_channels": 4}), Layer("ReLU"), Layer("MaxPool1d"), Layer("Flatten"))


def names(model):
    return [type(one).__name__ for one in model.modules() if not isinstance(one, nn.Sequential)]


def computed(forward, inputs, parameters):
    outputs = forward(inputs)
    weights = torch.randn(outputs.shape, generator=torch.Generator().manual_seed(3))
    return [outputs, *torch.autograd.grad((outputs * weights).sum(), [*parameters, inputs])]


def same_bits(first, second):
    return all(
        one.numpy(force=True).tobytes() == two.numpy(force=True).tobytes()
        for one, two in zip(first, second, strict=True)
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("inputs", ["noise", "steps", "black"])
@pytest.mark.parametrize("network", [LENET, NESTED], ids=["lenet", "nested"])
def test_outputs_and_derivatives_are_those_of_the_network(network, inputs, layout):
    model = build_network(network, (2, 14, 14), seed=1).to(memory_format=LAYOUTS[layout])
    drawn = torch.randn(8, 2, 14, 14, generator=torch.Generator().manual_seed(2))
    # of whole numbers, and of none, many pixels of a window are equal: then it matters which one a derivative comes to
    values = {"noise": drawn, "steps": (4 * drawn).round(), "black": torch.zeros_like(drawn)}[inputs]
    values = values.to(memory_format=LAYOUTS[layout]).requires_grad_()
    parameters = list(model.parameters())
    forward = forward_of(model)
    assert names(forward) != names(model)
    assert same_bits(computed(model, values, parameters), computed(forward, values, parameters))


def test_a_series_is_pooled_first_too():
    model = build_network(SERIES, (1, 40), seed=1)
    assert names(forward_of(model)) == ["Conv1d", "MaxPool1d", "ReLU", "Flatten"]
    values = torch.randn(8, 1, 40, generator=torch.Generator().manual_seed(2)).requires_grad_()
    parameters = list(model.parameters())
    assert same_bits(computed(model, values, parameters), computed(forward_of(model), values, parameters))


def test_what_a_relu_gives_is_asked_of_the_model():
    model = build_network(LENET, (2, 14, 14), seed=1)
    before = names(model)
    assert names(forward_of(model))[:6] == ["Conv2d", "MaxPool2d", "ReLU", "Conv2d", "MaxPool2d", "ReLU"]
    assert names(model) == before
    assert set(forward_of(model).parameters()) == set(model.parameters())


@pytest.mark.parametrize("layer", ["Sigmoid", "Tanh", "LeakyReLU"])
def test_other_activations_stay_in_front(layer):
    # their rounding makes equal what was not, and a derivative would come to another pixel
    model = build_network((Layer("Conv2d"), Layer(layer), Layer("MaxPool2d")), (2, 14, 14))
    assert names(forward_of(model)) == names(model)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_training_takes_it_and_learns_the_same(layout, monkeypatch):
    setup = Setup(CPU.device, 1, layout)
    ours = to_the_end(training(setup))
    assert names(ours._forward) != names(ours.model)
    monkeypatch.setattr("playground.engine.loop.forward_of", lambda model: model)
    plain = to_the_end(training(setup))
    assert ours.losses == plain.losses
    assert [one.test_loss for one in ours.epochs] == [one.test_loss for one in plain.epochs]
    assert same_bits(ours.model.state_dict().values(), plain.model.state_dict().values())
