"""A neuron, a layer of them, and the softmax of a few scores."""

import torch
from torch.nn import functional as F

from playground.core.arguments import did_you_mean
from playground.core.lab.functions import ACTIVATIONS
from playground.core.lab.told import NeuronTold
from playground.core.lab.topics import Neuron
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.lab.bench import array
from playground.engine.lab.language import Language


def neuron(state: Neuron) -> NeuronTold:
    """z = Σ wᵢxᵢ + b of each neuron, its activation, and the softmax of the scores. raises Problem: sizes do not fit"""
    _refuse(state)
    x = torch.tensor(state.inputs, dtype=torch.float64)
    weights = torch.tensor(state.weights, dtype=torch.float64)
    biases = torch.tensor(state.biases, dtype=torch.float64)
    z = F.linear(x, weights, biases)
    a = Language({"z": z}).value(ACTIVATIONS[state.activation])
    scores = torch.tensor(state.scores, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(state.target)
    loss = F.cross_entropy(scores, target)
    (slopes,) = torch.autograd.grad(loss, scores)
    wanted = F.one_hot(target, len(state.scores)).double()
    return NeuronTold(
        products=array(weights * x),
        z=array(z),
        a=array(a),
        shares=array(F.softmax(scores, 0)),
        cross_entropy=loss.item(),
        mse=F.mse_loss(scores.detach(), wanted).item(),
        score_slopes=array(slopes),
        line="a = " + ACTIVATIONS[state.activation].replace("z", "x @ W.T + b"),
    )


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
