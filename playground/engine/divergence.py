"""Why a loss stopped being a number: the first tensor on a batch's way that is not finite, or what broke the weights."""

import copy
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import nn

from playground.core.network import Network, Path, working
from playground.core.problem import DIVERGED, Problem
from playground.core.text import _
from playground.engine.blocks import own_parameters
from playground.engine.build import module_at
from playground.engine.losses import Loss
from playground.engine.prepared import Prepared
from playground.engine.randomness import device_state, set_device_state

_OVERFLOWS = 1e18  # the square of an output that is larger hardly fits float32


class Step(NamedTuple):
    """A step whose loss was not finite.

    number: from 1;  loss: what came out;  lr: the learning rate so far;  inputs, targets: its batch, as network and loss got them
    samples: numbers of the batch's samples in the training part
    """

    number: int
    loss: float
    lr: float
    inputs: torch.Tensor
    targets: torch.Tensor
    samples: torch.Tensor


class _Found(NamedTuple):
    """where, tensor: for people;  of_data: whether the samples are at fault and not the training
    fix: what to do, where a lower learning rate or another sample is no help
    """

    where: str
    tensor: str
    of_data: bool = False
    fix: str = ""


def problem(model: nn.Sequential, network: Network, data: Prepared, loss: Loss, step: Step) -> Problem:
    """Names step, layer and tensor, and what to do."""
    found = (
        _in_samples(data, step)
        or _in_targets(step)
        or _in_several_layers(model, network)
        or _on_the_way(model, network, step.inputs)
        or _in_loss(model, network, loss, step)
    )
    what = _("the loss became {loss} at step {step:,}").format(loss=step.loss, step=step.number)
    return _problem(found, what, step.lr)


def refuse(model: nn.Sequential, network: Network, step: int, lr: float) -> None:
    """Of an evaluation whose loss is not finite. Where only its samples are at fault, or what the network makes of them
    is too large, training may mend that.

    step: steps done;  lr: the learning rate so far
    raises Problem: it is the network's own numbers
    """
    found = _in_several_layers(model, network) or next(_broken(model, network, with_figures=True), None)
    if found is not None:
        raise _problem(found, _("the loss of the test after step {step:,} is not a number").format(step=step), lr)


def _problem(found: _Found, what: str, lr: float) -> Problem:
    if found.fix:
        fix = found.fix
    elif found.of_data:
        fix = _("Look at this sample and its preparation in the room Data")
    else:
        fix = _("Lower the learning rate, for example from {lr:g} to {lower:g}, and train again")
        fix = fix.format(lr=lr, lower=lr / 10)
    kind = "" if found.of_data or found.fix else DIVERGED
    return Problem(where=found.where, what=f"{what}; {found.tensor}", fix=fix, kind=kind)


def _in_samples(data: Prepared, step: Step) -> _Found | None:
    if _is_finite(step.inputs):
        return None
    place = (~torch.isfinite(step.inputs)).nonzero()[0].tolist()
    where, number, names = _("Data"), int(step.samples[place[0]]), data.dataset.features
    if len(place) == 2 and len(names) == step.inputs.shape[1]:
        text = _("{feature} of sample {n:,} of the training part is not finite")
        return _Found(where, text.format(feature=names[place[1]], n=number), of_data=True)
    text = _("the inputs of sample {n:,} of the training part are not finite")
    return _Found(where, text.format(n=number), of_data=True)


def _in_targets(step: Step) -> _Found | None:
    if _is_finite(step.targets):
        return None
    place = (~torch.isfinite(step.targets)).nonzero()[0].tolist()
    text = _("the target of sample {n:,} of the training part is not finite")
    return _Found(_("Data"), text.format(n=int(step.samples[place[0]])), of_data=True)


def _in_several_layers(model: nn.Sequential, network: Network) -> _Found | None:
    """Weights that broke in several layers at once were broken by the update: the loss would have told of a single one
    before the next was reached. What comes back through the network then broke first in the last of these layers."""
    broken: dict[str, _Found] = {}
    for found in _broken(model, network):
        broken.setdefault(found.where, found)
    if len(broken) < 2:
        return None
    text = _("the step before left the parameters of {n} layers not finite, and the gradient came to this one first")
    return _Found(list(broken)[-1], text.format(n=len(broken)))


def _broken(model: nn.Sequential, network: Network, with_figures: bool = False) -> Iterator[_Found]:
    """Parameters that are not finite, in the order of the rows. with_figures: running figures, too"""
    buffers = dict(model.named_buffers())
    for index, path, layer in working(network):
        names = own_parameters(model, path)
        for name in names:
            if not _is_finite(model.get_parameter(name)):
                yield _Found(_where(index, layer.layer), _first(_("the parameter {name}"), name))
        for name in _own_buffers(model, path, layer.children != ()) if with_figures else ():
            if not _is_finite(buffers[name]):
                yield _Found(_where(index, layer.layer), _first(_("the running figure {name}"), name))


def _own_buffers(model: nn.Sequential, path: Path, is_block: bool) -> list[str]:
    if is_block:
        return []
    module = module_at(model, path)
    own = {id(one) for one in module.buffers()}
    return [name for name, one in model.named_buffers() if id(one) in own]


def _on_the_way(model: nn.Sequential, network: Network, inputs: torch.Tensor) -> _Found | None:
    """Looked for in the order in which a batch passes."""
    tried = copy.deepcopy(model)  # a training pass changes the running figures of a normalisation
    outputs: dict[int, bool] = {}
    paths = list(working(network))
    for index, path, _layer in paths:
        module_at(tried, path).register_forward_hook(
            lambda _module, _inputs, output, index=index: outputs.__setitem__(index, _is_finite(output))
        )
    state = device_state(inputs.device)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        tried(inputs)
    set_device_state(inputs.device, state)
    for index, path, layer in paths:
        for name in own_parameters(model, path):
            if not _is_finite(model.get_parameter(name)):
                return _Found(_where(index, layer.layer), _first(_("the parameter {name}"), name))
        if not outputs.get(index, True) and not layer.children:
            return _Found(_where(index, layer.layer), _first(_("the output")))
    return None


def _in_loss(model: nn.Sequential, network: Network, loss: Loss, step: Step) -> _Found:
    """Weights and outputs are finite: either the outputs are so large that the loss is not, or it is the loss's own."""
    weights = loss.class_weights
    if weights is not None and not _is_finite(weights):
        return _Found(_("Loss"), _("the weights of its classes are not finite"))
    if weights is not None and loss.share(step.targets) == 0:
        text = _("every sample of this batch is of a class that weighs nothing")
        return _Found(_("Loss"), text, fix=_("Let its class weigh more than 0, or take larger batches"))
    tried, state = copy.deepcopy(model), device_state(step.inputs.device)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        largest = float(tried(step.inputs).abs().max())
    set_device_state(step.inputs.device, state)
    last = [(index, layer) for index, _path, layer in working(network) if not layer.children]
    if largest > _OVERFLOWS and last:
        return _Found(
            _where(last[-1][0], last[-1][1].layer), _("its output is so large that the loss of it is not finite")
        )
    return _Found(_("Loss"), _("inputs, weights and the outputs of every layer are finite, the loss of them is not"))


def _where(index: int, layer: str) -> str:
    return _("Layer {index}, {layer}").format(index=index, layer=layer)


def _first(tensor: str, name: str = "") -> str:
    named = tensor.format(name=name.rpartition(".")[2])
    return _("{tensor} of this layer is the first that is not finite").format(tensor=named)


def _is_finite(tensor: object) -> bool:
    return not isinstance(tensor, torch.Tensor) or bool(torch.isfinite(tensor).all())
