"""What is said of a node's rule, against what autograd gives."""

import torch
from torch import nn

from playground.window.lab.autograd.words import rule


def test_the_rule_of_a_linear_layer_tells_all_three_slopes():
    layer, inputs = nn.Linear(3, 2), torch.randn(4, 3, requires_grad=True)
    made, came_in = layer(inputs), torch.randn(4, 2)
    made.backward(came_in)
    said = rule(made.grad_fn.name())
    assert "came in @ W goes to the input" in said
    torch.testing.assert_close(inputs.grad, came_in @ layer.weight)
    assert "came inᵀ @ input to W" in said
    torch.testing.assert_close(layer.weight.grad, came_in.T @ inputs)
    assert "its columns' sums to the bias" in said
    torch.testing.assert_close(layer.bias.grad, came_in.sum(0))
