import numpy as np
import pytest
import torch

from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.topics import Neuron
from playground.core.problem import Problem
from playground.engine.lab.neurons import neuron
from playground.session.history import numbers

BY_TORCH = {
    "none": torch.nn.Identity(), "ReLU": torch.nn.ReLU(), "sigmoid": torch.nn.Sigmoid(), "tanh": torch.nn.Tanh(),
    "GELU": torch.nn.GELU(), "LeakyReLU": torch.nn.LeakyReLU(),
}  # fmt: skip


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_layer_of_neurons_is_linear_and_its_activation(activation):
    state = Neuron((1.0, -2.0, 0.5), ((0.5, -1.0, 2.0), (1.0, 0.25, -3.0)), (0.1, -0.2), activation)
    told = neuron(state)
    layer = torch.nn.Linear(3, 2).double()
    layer.load_state_dict({"weight": torch.tensor(state.weights).double(), "bias": torch.tensor(state.biases).double()})
    with torch.no_grad():
        z = layer(torch.tensor(state.inputs).double())
        np.testing.assert_allclose(numbers(told.z), z.numpy(), rtol=1e-6)
        np.testing.assert_allclose(numbers(told.a), BY_TORCH[activation](z).numpy(), rtol=1e-6)
    np.testing.assert_allclose(numbers(told.products).sum(1) + state.biases, numbers(told.z), rtol=1e-12)


def test_softmax_and_its_losses():
    told = neuron(Neuron(scores=(2.0, 1.0, -1.0), target=1))
    scores = np.array([2.0, 1.0, -1.0])
    shares = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(numbers(told.shares), shares, rtol=1e-12)
    assert told.cross_entropy == pytest.approx(-np.log(shares[1]))
    np.testing.assert_allclose(numbers(told.score_slopes), shares - [0, 1, 0], rtol=1e-12)
    assert told.mse == pytest.approx(((scores - [0, 1, 0]) ** 2).mean())


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"activation": "Relu"}, "no activation Relu"),
        ({"weights": ((1.0,),)}, "one weight for each"),
        ({"biases": (1.0, 2.0)}, "2 biases"),
        ({"target": 3}, "no class 3"),
        ({"inputs": (), "weights": ((),)}, "inputs"),
        ({"scores": ()}, "no class"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(settings, told):
    with pytest.raises(Problem, match=told):
        neuron(Neuron(**settings))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("row", [0, 1])
def test_the_slopes_of_one_neuron_are_those_of_autograd_through_a_whole_layer(activation, row):
    state = Neuron((1.0, -2.0, 0.5), ((0.5, -1.0, 2.0), (1.0, 0.25, -3.0)), (0.1, -0.2), activation, row=row)
    told = neuron(state)
    layer = torch.nn.Linear(3, 2).double()
    layer.load_state_dict({"weight": torch.tensor(state.weights).double(), "bias": torch.tensor(state.biases).double()})
    for found, made in zip(told.slopes, (lambda z: z, BY_TORCH[activation]), strict=True):
        x = torch.tensor(state.inputs, dtype=torch.float64, requires_grad=True)
        layer.zero_grad()
        z = layer(x)
        z.retain_grad()
        made(z)[row].backward()
        np.testing.assert_allclose(numbers(found.by_weights), layer.weight.grad[row], rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(numbers(found.by_inputs), x.grad, rtol=1e-6, atol=1e-12)
        assert found.by_bias == pytest.approx(layer.bias.grad[row].item())
        assert found.by_z == pytest.approx(z.grad[row].item())
    assert told.row == row


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_curve_of_the_activation_goes_around_z(activation):
    told = neuron(Neuron((3.0,), ((7.0,),), (0.5,), activation))
    z, a = numbers(told.curve)
    assert z[0] == -z[-1] < -21.5 < 21.5 < z[-1]
    np.testing.assert_allclose(a, BY_TORCH[activation](torch.tensor(z)).numpy(), rtol=1e-6, atol=1e-12)


def test_the_slopes_of_mse_and_the_powers_of_e():
    told = neuron(Neuron(scores=(2.0, 1.0, -1.0), target=1))
    scores = np.array([2.0, 1.0, -1.0])
    np.testing.assert_allclose(numbers(told.exps), np.exp(scores), rtol=1e-12)
    np.testing.assert_allclose(numbers(told.mse_slopes), 2 / 3 * (scores - [0, 1, 0]), rtol=1e-12)


def test_a_row_that_is_not_there_is_the_last_one():
    assert neuron(Neuron(row=9)).row == 0
