"""The page about neurons, copied as code, computes what the page shows."""

import ast

import pytest

from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.messages import ShowPage
from playground.core.lab.neuron_scripts import neuron_script
from playground.core.lab.page import default_page
from playground.core.lab.topics import Boundary, Neuron
from playground.engine.lab.boundaries import boundary
from playground.engine.lab.neurons import neuron
from playground.session.history import numbers
from tests.engine.lab.test_scripts import alone, printed


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_layer_and_its_slopes_are_those_of_the_page(activation):
    state = Neuron((1.0, -2.0), ((0.5, -1.0), (1.0, 0.25), (0.3, 0.1)), (0.1, -0.2, 0.7), activation, row=2)
    told, lines = neuron(state), printed(neuron_script(state))
    for line, values in zip(lines, (told.z, told.a), strict=False):
        assert ast.literal_eval(line[2:]) == pytest.approx(numbers(values).tolist())
    for line, slopes in zip(lines[2:], told.slopes, strict=True):
        by_w, rest = line.split(" by w ")[1].split(" by b ")
        by_b, by_x = rest.split(" by x ")
        assert ast.literal_eval(by_w) == pytest.approx(numbers(slopes.by_weights).tolist())
        assert float(by_b) == pytest.approx(slopes.by_bias)
        assert ast.literal_eval(by_x) == pytest.approx(numbers(slopes.by_inputs).tolist())


@pytest.mark.parametrize("loss", ["cross-entropy", "MSE"])
@pytest.mark.parametrize("data", ["blobs", "moons", "circles", "xor"])
def test_a_training_is_that_of_the_page(data, loss):
    state = Neuron(section="line", boundary=Boundary(data=data, samples=40, loss=loss, steps=6, seed=2))
    told, lines = boundary(state), printed(alone(ShowPage(neuron=state)))
    assert len(lines) == 7
    for step, line in enumerate(lines):
        number, value, right, rest = line.split(" ", 3)
        assert int(number) == step
        assert float(value) == pytest.approx(numbers(told.losses)[step])
        assert float(right) == pytest.approx(numbers(told.right)[step].mean())
        weights, bias = rest.rsplit(" ", 1)
        assert ast.literal_eval(weights) == pytest.approx(numbers(told.weights)[step].tolist())
        assert float(bias) == pytest.approx(numbers(told.biases)[step])


def test_a_softmax_is_that_of_the_page():
    state = Neuron(section="softmax", scores=(2.0, 1.0, -1.0, 0.5), target=2)
    told, lines = neuron(state), printed(neuron_script(state))
    assert ast.literal_eval(lines[0].removeprefix("shares ")) == pytest.approx(numbers(told.shares).tolist())
    for line, loss, slopes in zip(lines[1:], (told.cross_entropy, told.mse), (told.score_slopes, told.mse_slopes), strict=True):  # fmt: skip
        _name, value, listed = line.split(" ", 2)
        assert float(value) == pytest.approx(loss)
        assert ast.literal_eval(listed) == pytest.approx(numbers(slopes).tolist())


def test_a_page_that_does_not_fit_has_no_script():
    assert neuron_script(Neuron(biases=(1.0, 2.0))) == ""
    assert neuron_script(Neuron(section="softmax", target=7)) == ""
    assert printed(neuron_script(default_page("neuron").state))
