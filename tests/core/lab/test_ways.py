"""Each layer leads to the page of the lab that explains it."""

import numpy as np
import pytest
import torch

from playground.core.lab.page import LabPage, read_page, topic_of, write_page
from playground.core.lab.ways import page_of, slider_of
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.engine.lab.slopes import curves
from playground.session.history import numbers


@pytest.mark.parametrize(
    ("layer", "topic"),
    [
        ("Conv2d", "convolution"),
        ("MaxPool2d", "convolution"),
        ("ReLU", "slopes"),
        ("Tanh", "slopes"),
        ("Linear", "neuron"),
    ],
)
def test_a_layer_has_its_page(layer, topic):
    state = page_of(Layer(layer))
    assert topic_of(state) == topic
    assert read_page(write_page(LabPage(state)), "page").state == state


def test_every_activation_of_one_number_has_a_curve():
    curved = {"ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Sigmoid", "Tanh"}
    assert {
        name for name in LAYERS if page_of(Layer(name)) is not None and topic_of(page_of(Layer(name))) == "slopes"
    } == curved
    assert page_of(Layer("Dropout")) is None


@pytest.mark.parametrize(
    ("layer", "shown", "torchs"),
    [
        (Layer("LeakyReLU"), "LeakyReLU", torch.nn.LeakyReLU()),
        (Layer("LeakyReLU", {"negative_slope": 0.2}), "F.leaky_relu(x, 0.2)", torch.nn.LeakyReLU(0.2)),
        (Layer("ELU", {"alpha": 1.0}), "ELU", torch.nn.ELU()),
        (Layer("ELU", {"alpha": 2.5}), "F.elu(x, 2.5)", torch.nn.ELU(2.5)),
        (Layer("GELU", {"approximate": "tanh"}), 'F.gelu(x, approximate="tanh")', torch.nn.GELU("tanh")),
    ],
)
def test_an_activation_is_drawn_with_its_own_arguments(layer, shown, torchs):
    state = page_of(layer)
    assert state.functions == (shown,)
    curve = curves(state).curves[0]
    assert curve.fault is None
    x = torch.tensor(numbers(curve.x))
    np.testing.assert_allclose(numbers(curve.y), torchs(x).numpy(), rtol=1e-12, atol=1e-15)


def test_a_filter_takes_its_arguments_along_and_leaves_those_of_the_whole_layer():
    layer = Layer("Conv2d", {"out_channels": 16, "groups": 2, "in_channels": 6, "stride": 2, "padding": "same"})
    assert slider_of(layer).arguments == {"stride": 2, "padding": "same", "out_channels": 1}
    assert slider_of(Layer("Flatten")) is None
