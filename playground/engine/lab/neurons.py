"""A neuron, a layer of them, and the softmax of a few scores."""

import math
from collections.abc import Callable
from functools import lru_cache

import torch
from torch.nn import functional as F

from playground.core.arguments import did_you_mean
from playground.core.carried import Array
from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.told import NeuronSlopes, NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.lab.bench import array

POINTS = 161
_LEAST_REACH = 4.0
_FAR = 1e12

Activation = Callable[[torch.Tensor], torch.Tensor]
# Python's own evaluation of the declared lines: they are ours.
_ACTIVATIONS: dict[str, Activation] = {
    name: eval(f"lambda z: {line}", {"torch": torch, "F": F}) for name, line in ACTIVATIONS.items()
}


def neuron(state: Neuron) -> NeuronTold:
    """z = Σ wᵢxᵢ + b of each neuron, its activation, and the softmax of the scores. raises Problem: sizes do not fit"""
    _refuse(state)
    activation = _ACTIVATIONS[state.activation]
    x = torch.tensor(state.inputs, dtype=torch.float64)
    weights = torch.tensor(state.weights, dtype=torch.float64)
    biases = torch.tensor(state.biases, dtype=torch.float64)
    z = F.linear(x, weights, biases)
    row = min(state.row, len(weights) - 1)
    scores = torch.tensor(state.scores, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(state.target)
    loss = F.cross_entropy(scores, target)
    (slopes,) = torch.autograd.grad(loss, scores)
    mse = F.mse_loss(scores, F.one_hot(target, len(state.scores)).double())
    (mse_slopes,) = torch.autograd.grad(mse, scores)
    return NeuronTold(
        products=array(weights * x),
        z=array(z),
        a=array(activation(z)),
        shares=array(F.softmax(scores, 0)),
        cross_entropy=loss.item(),
        mse=mse.item(),
        score_slopes=array(slopes),
        line="a = " + ACTIVATIONS[state.activation].replace("z", "x @ W.T + b"),
        mse_slopes=array(mse_slopes),
        exps=array(torch.exp(scores)),
        row=row,
        slopes=_slopes(x, weights[row], biases[row], activation),
        curve=_curve(state.activation, reach(z[row].item())),
    )


def _slopes(
    x: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor, activation: Activation
) -> tuple[NeuronSlopes, NeuronSlopes]:
    """Of z and of a of one neuron."""
    leaves = [one.detach().clone().requires_grad_() for one in (weights, x, bias)]
    z = F.linear(leaves[1], leaves[0], leaves[2])
    a = activation(z)
    found = []
    for value in (z, a):
        *of, by_z = torch.autograd.grad(value, [*leaves, z], retain_graph=True)
        found.append(NeuronSlopes(array(of[0]), array(of[1]), of[2].item(), by_z.item()))
    return found[0], found[1]


def reach(z: float) -> float:
    """How far the curve of an activation is drawn to both sides of 0, so that z is on it; it goes on in jumps."""
    if not math.isfinite(z) or abs(z) > _FAR:
        return _LEAST_REACH
    found = _LEAST_REACH
    while found < 1.1 * abs(z):
        found *= 2
    return found


@lru_cache(maxsize=32)  # a slider is dragged along a curve that stays
def _curve(activation: str, far: float) -> Array:
    """(2, points): z and a, 0 among them."""
    z = torch.linspace(-far, far, POINTS, dtype=torch.float64)
    return array(torch.stack([z, _ACTIVATIONS[activation](z)]))


def _refuse(state: Neuron) -> None:
    if state.activation not in ACTIVATIONS:
        raise Problem(
            where=_("Activation"),
            what=_("there is no activation {name}").format(name=state.activation)
            + did_you_mean(state.activation, ACTIVATIONS),
            fix=_("Choose one of {names}").format(names=", ".join(ACTIVATIONS)),
        )
    if not state.weights or len(state.weights) != len(state.biases):
        raise Problem(
            where=_("Neurons"),
            what=_("there are {rows} rows of weights and {biases} biases").format(
                rows=len(state.weights), biases=len(state.biases)
            ),
            fix=_("Give each neuron one row of weights, and one bias"),
        )
    if any(len(row) != len(state.inputs) for row in state.weights) or not state.inputs:
        raise Problem(
            where=_("Neurons"),
            what=_("a neuron does not have one weight for each of its {n} inputs").format(n=len(state.inputs)),
            fix=_("Give it as many weights as inputs"),
        )
    if not 0 <= state.target < len(state.scores):
        raise Problem(
            where=_("Scores"),
            what=_("there is no class {target} among {n} scores").format(target=state.target, n=len(state.scores)),
            fix=_("Choose one of them"),
        )
