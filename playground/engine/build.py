"""From layers to an nn.Module. PyTorch itself is the oracle of shapes: a layer is tried on its input, so there is no
shape arithmetic of ours to be wrong.

It is tried on real zeros where that is cheap: then the messages are those that learners meet, and nothing has to be
loaded. Large layers are tried on PyTorch's `meta` device, where a tensor has a shape and no numbers; its first use in
a process loads sympy and torch._dynamo, 4 s and more, which must not stand between a learner and the first shapes.
"""

import json
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

import msgspec
import torch
from torch import nn

from playground.core.arguments import did_you_mean, faults_of, in_effect
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path
from playground.core.problem import Problem
from playground.core.project import layer_from, layer_to
from playground.core.spec import LayerSpec, Shape
from playground.core.text import _
from playground.engine.randomness import derived_seed

CHEAP_NUMBERS = 2_000_000  # in the input, and in the weights
CHEAP_PRODUCTS = 100_000_000  # multiplications in a forward pass


class Outcome(msgspec.Struct, frozen=True):
    """What became of one plain layer on one input shape.

    output_shape: without the batch axis; None where it failed
    tensors: shapes of its parameters, known even where only the forward pass failed
    message: PyTorch's own, where it failed;  built: whether the module itself could be made
    """

    output_shape: Shape | None
    tensors: tuple[Shape, ...]
    message: str = ""
    built: bool = True


def build_network(
    network: Network, input_shape: Shape, *, device: str = "cpu", seed: int | None = None
) -> nn.Sequential:
    """The network as a module. Submodules are named by position: the layer at path (3, 0) is "3.0".

    seed: of the recipe; weights are drawn from it on the CPU and then moved, so every device starts from the same
    raises Problem: a layer that is unknown, has a wrong argument, or does not fit its input
    """
    with torch.random.fork_rng(devices=[]):
        if seed is not None:
            torch.default_generator.manual_seed(derived_seed(seed, "weights"))
        model, _shape = _sequential(network, input_shape, ())
    return model.to(device)


def module_at(model: nn.Sequential, path: Path) -> nn.Module:
    """The module of the layer at a path."""
    return model.get_submodule(".".join(map(str, path)))


def arguments_for(spec: LayerSpec, layer: Layer, input_shape: Shape | None) -> dict[str, Any]:
    """The keyword arguments that PyTorch's module gets: those in effect, pairs as tuples, None left to PyTorch."""
    values = in_effect(spec.arguments, layer.arguments, input_shape)
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if value is not None
    }


def outcome_of(layer: Layer, input_shape: Shape) -> Outcome:
    """A plain layer tried in eval mode on a batch of one. Answers are remembered."""
    return _outcome(json.dumps(layer_to(layer)), input_shape)


@lru_cache(maxsize=20_000)
def _outcome(text: str, input_shape: Shape) -> Outcome:
    layer = layer_from(json.loads(text))
    try:
        with torch.device("meta"):
            module = _module(layer, input_shape).eval()
    except Exception as error:  # PyTorch's constructors raise ValueError, TypeError, RuntimeError, ...
        return Outcome(None, (), str(error), built=False)
    tensors = tuple(tuple(parameter.shape) for parameter in module.parameters())
    device = "cpu" if _is_cheap(layer, tensors, input_shape) else "meta"
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            if device == "cpu":  # made anew: moving a meta module loads all that it is to spare us
                module = _module(layer, input_shape).eval()
            output = module(torch.zeros((1, *input_shape), device=device))
    except Exception as error:  # so do its forward passes
        return Outcome(None, tensors, str(error).removeprefix("addmm: "))
    if output.numel() == 0:
        return Outcome(None, tensors, _("the output would be empty: {shape}").format(shape=tuple(output.shape)))
    return Outcome(tuple(output.shape[1:]), tensors)


def _is_cheap(layer: Layer, tensors: tuple[Shape, ...], input_shape: Shape) -> bool:
    """Whether a forward pass on real numbers takes a millisecond or so, and little memory."""
    padding = layer.arguments.get("padding", 0)
    rim = 0 if isinstance(padding, str) else 2 * (max(padding) if isinstance(padding, list) else padding)
    room = math.prod(size + rim for size in input_shape)
    weights = sum(math.prod(shape) for shape in tensors)
    places = math.prod(size + rim for size in input_shape[1:])
    return room <= CHEAP_NUMBERS and weights <= CHEAP_NUMBERS and weights * places <= CHEAP_PRODUCTS


def _module(layer: Layer, input_shape: Shape | None) -> nn.Module:
    spec = LAYERS[layer.layer]
    made: nn.Module = module_class(spec.torch_name)(**arguments_for(spec, layer, input_shape))
    return made


@cache
def module_class(torch_name: str) -> Any:
    """The class that a declaration names, "torch.nn.Conv2d"."""
    module, _dot, name = torch_name.rpartition(".")
    return getattr(import_module(module), name)


def _sequential(network: Network, shape: Shape, base: Path) -> tuple[nn.Sequential, Shape]:
    modules: list[nn.Module] = []
    for position, layer in enumerate(network):
        path = (*base, position)
        _refuse_what_is_wrong(layer, path)
        if LAYERS[layer.layer].block:
            module: nn.Module
            module, shape = _sequential(layer.children, shape, path)
        else:
            outcome = outcome_of(layer, shape)
            if outcome.output_shape is None:
                raise _problem(layer, path, outcome.message)
            module, shape = _module(layer, shape), outcome.output_shape
        modules.append(module)
    return nn.Sequential(*modules), shape


def _refuse_what_is_wrong(layer: Layer, path: Path) -> None:
    if layer.layer not in LAYERS:
        raise _problem(layer, path, _("there is no layer of this name") + did_you_mean(layer.layer, LAYERS))
    faults = faults_of(layer.layer, LAYERS[layer.layer].arguments, layer.arguments)
    if faults:
        raise _problem(layer, path, faults[0][1])


def _problem(layer: Layer, path: Path, what: str) -> Problem:
    place = ".".join(str(position + 1) for position in path)
    return Problem(
        where=_("Layer {place}, {name}").format(place=place, name=layer.layer),
        what=what,
        fix=_("See the row of this layer in the check"),
    )


def effective(layer: Layer, input_shape: Shape | None) -> Mapping[str, Any]:
    """Every argument in effect, for the form and the row; empty for an unknown layer."""
    spec = LAYERS.get(layer.layer)
    return in_effect(spec.arguments, layer.arguments, input_shape) if spec else dict(layer.arguments)
