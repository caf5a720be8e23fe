"""The formulas of a script from scratch against PyTorch's own functions: values and derivatives."""

import math

import pytest
import torch
from torch import nn

from playground.engine.code.formulas import ACTIVATIONS, FIRST_WEIGHTS, called_by

# what is far out overflows where a formula is written carelessly; at 0 there are kinks
POINTS = torch.tensor([-1e4, -200.0, -50.0, -4.0, -2.0, -1.0, -1e-3, 0.0, 1e-3, 0.5, 2.0, 4.0, 50.0, 200.0, 1e4])
MODULES = [
    ("ReLU", {}, nn.ReLU()),
    ("LeakyReLU", {"negative_slope": 0.2}, nn.LeakyReLU(0.2)),
    ("ELU", {"alpha": 1.0}, nn.ELU()),
    ("ELU", {"alpha": -2.5}, nn.ELU(-2.5)),
    ("GELU", {"approximate": "none"}, nn.GELU()),
    ("GELU", {"approximate": "tanh"}, nn.GELU("tanh")),
    ("SiLU", {}, nn.SiLU()),
    ("Hardswish", {}, nn.Hardswish()),
    ("Sigmoid", {}, nn.Sigmoid()),
    ("Tanh", {}, nn.Tanh()),
    ("Softmax", {}, nn.Softmax(1)),
    ("LogSoftmax", {}, nn.LogSoftmax(1)),
]


def defined(*texts: str) -> dict:
    """What these functions, and those that they call, are in a script."""
    script = {"torch": torch, "math": math}
    exec("\n".join([*called_by(texts), *texts]), script)
    return script


def with_slopes(function, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs, and the derivative of their sum, weighted so that no row's terms cancel."""
    x = inputs.clone().requires_grad_()
    outputs = function(x)
    (outputs * torch.linspace(0.5, 1.5, outputs.numel()).reshape(outputs.shape)).sum().backward()
    return outputs.detach(), x.grad


def test_every_formula_is_held_against_a_module():
    assert {name for name, _given, _module in MODULES} == set(ACTIVATIONS)


@pytest.mark.parametrize(("name", "given", "module"), MODULES, ids=lambda value: str(value))
def test_an_activation_is_pytorchs(name, given, module):
    ours = defined(f"def activation(x):\n    return {ACTIVATIONS[name](given)}")["activation"]
    inputs = POINTS.reshape(5, 3)
    torch.testing.assert_close(with_slopes(ours, inputs), with_slopes(module, inputs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("way", FIRST_WEIGHTS)
def test_first_weights_are_pytorchs(way):
    more = {"nonlinearity": "relu"} if way.startswith("kaiming") else {}
    torch.manual_seed(4)
    expected = getattr(nn.init, f"{way}_")(torch.empty(30, 7), **more)
    torch.manual_seed(4)
    found = torch.empty(30, 7)
    defined(FIRST_WEIGHTS[way])[way](found)
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-7)
