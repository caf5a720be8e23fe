"""Why a loss stopped being a number: the first layer whose weights or output are not finite."""

import copy

import torch
from torch import nn

from playground.core.network import Network, working
from playground.core.problem import Fault
from playground.core.text import _
from playground.engine.blocks import own_parameters
from playground.engine.build import module_at
from playground.engine.randomness import device_state, set_device_state


def explain(model: nn.Sequential, network: Network, inputs: torch.Tensor, loss: float, step: int, lr: float) -> Fault:
    """Names step, layer and tensor, and what to do.

    inputs: the batch whose loss was not finite;  step: from 1;  lr: the learning rate so far
    """
    found = _first_not_finite(model, network, inputs)
    what = _("the loss became {loss} at step {step:,}").format(loss=loss, step=step)
    fix = _("Lower the learning rate, for example from {lr:g} to {lower:g}, and train again").format(
        lr=lr, lower=lr / 10
    )
    if found is None:
        return Fault(where=_("Loss"), what=what, fix=fix)
    index, layer, tensor = found
    return Fault(
        where=_("Layer {index}, {layer}").format(index=index, layer=layer),
        what=what + "; " + _("{tensor} of this layer is the first that is not finite").format(tensor=tensor),
        fix=fix,
    )


def _first_not_finite(model: nn.Sequential, network: Network, inputs: torch.Tensor) -> tuple[int, str, str] | None:
    """(index from 1, layer, tensor), looked for in the order in which a batch passes."""
    model = copy.deepcopy(model)  # a training pass changes the running figures of a normalisation
    outputs: dict[int, bool] = {}
    paths = list(working(network))
    for index, path, _layer in paths:
        module_at(model, path).register_forward_hook(
            lambda _module, _inputs, output, index=index: outputs.__setitem__(index, _is_finite(output))
        )
    if not _is_finite(inputs):
        return None
    state = device_state(inputs.device)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        model(inputs)
    set_device_state(inputs.device, state)
    for index, path, layer in paths:
        for name in own_parameters(model, path):
            if not _is_finite(model.get_parameter(name)):
                return index, layer.layer, _("the parameter {name}").format(name=name.rpartition(".")[2])
        if not outputs.get(index, True) and not layer.children:
            return index, layer.layer, _("the output")
    last = [(index, layer) for index, _path, layer in paths if not layer.children]
    # every number is still finite, but so large that the loss is not: the last layer's output is what it got
    return (last[-1][0], last[-1][1].layer, _("the loss of the output")) if last else None


def _is_finite(tensor: object) -> bool:
    return not isinstance(tensor, torch.Tensor) or bool(torch.isfinite(tensor).all())
