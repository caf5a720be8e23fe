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
