"""From layers to an nn.Module. PyTorch itself is the oracle of shapes: a layer is tried on its input, so there is no
shape arithmetic of ours to be wrong.

It is tried on real zeros where that is cheap: then the messages are those that learners meet, and nothing has to be
loaded. Large layers are tried on PyTorch's `meta` device, where a tensor has a shape and no numbers; its first use in
a process loads sympy and torch._dynamo, 4 s and more, which must not stand between a learner and the first shapes.
"""

import json
import math
import warnings
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

import msgspec
import torch
from torch import nn

from playground.core.arguments import did_you_mean, faults_of, has_axis, in_effect, shown_shape
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path
from playground.core.problem import Problem
from playground.core.spec import LayerSpec, Shape
from playground.core.text import _
from playground.engine.randomness import derived_seed

CHEAP_NUMBERS = 2_000_000  # in the input, and in the weights
CHEAP_PRODUCTS = 100_000_000  # multiplications in a forward pass


class Outcome(msgspec.Struct, frozen=True):
    """What became of one plain layer on one input shape.

    output_shape: without the batch axis; None where it failed
    tensors: shapes of its parameters, known even where only the forward pass failed
    message: PyTorch's own, on one line, where it refused;  fault: what is wrong with an output that it did give
    """

    output_shape: Shape | None
    tensors: tuple[Shape, ...]
    message: str = ""
    fault: str = ""


def build_network(
    network: Network, input_shape: Shape, *, device: str = "cpu", seed: int | None = None
) -> nn.Sequential:
    """The network as a module. Submodules are named by position: the layer at path (3, 0) is "3.0"; one that is
    disabled is there as an identity, so that all others keep their places.

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
    """A plain layer tried in eval mode. Answers are remembered."""
    return _outcome(layer.layer, json.dumps(layer.arguments), input_shape)


@lru_cache(maxsize=20_000)
def _outcome(name: str, arguments: str, input_shape: Shape) -> Outcome:
    layer = Layer(name, json.loads(arguments))
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")  # hints on speed and the like, for those who write the call themselves
        try:
            with torch.device("meta"):
                module = _module(layer, input_shape)
        except Exception as error:  # PyTorch's constructors raise ValueError, TypeError, RuntimeError, ...
            return Outcome(None, (), _refusal_of_input(layer, input_shape) or _said(error))
        tensors = tuple(tuple(parameter.shape) for parameter in module.parameters())
        device = "cpu" if _is_cheap(layer, tensors, input_shape) else "meta"
        try:
            shape = _tried(layer, input_shape, 2, device)
            if _may_lack_the_batch(layer, input_shape):
                _tried(layer, input_shape, 3, device)
        except Exception as error:  # so do its forward passes
            # a batch of one gives the numbers of one sample, those that learners know from the tutorials
            return Outcome(None, tensors, _refusal(layer, input_shape, device) or _said(error))
    if len(shape) < 2 or shape[0] != 2:  # seen with a batch of two only: a batch of one can pass for a channel
        fault = _("The samples of a batch do not stay apart: two of them give {shape}.")
        return Outcome(None, tensors, fault=fault.format(shape=shown_shape(shape)))
    if 0 in shape:
        fault = _("Its output would be empty: {shape}.")
        return Outcome(None, tensors, fault=fault.format(shape=shown_shape(shape[1:])))
    return Outcome(shape[1:], tensors)


def _tried(layer: Layer, input_shape: Shape, batch: int, device: str) -> Shape:
    """The shape, batch axis included, that a new module gives for zeros. Raises whatever PyTorch raises."""
    with torch.device(device):  # made anew: moving a meta module loads all that `cpu` is to spare us
        module, inputs = _module(layer, input_shape).eval(), torch.zeros((batch, *input_shape))
    with torch.no_grad():
        return tuple(module(inputs).shape)


def _may_lack_the_batch(layer: Layer, input_shape: Shape) -> bool:
    """Whether PyTorch could take the batch for an axis of one sample, where that lacks one and the batch has its size.
    No axis has the size of two batches."""
    arguments = LAYERS[layer.layer].arguments
    axes = [one.from_input for one in arguments if one.from_input is not None and one.name in layer.arguments]
    return any(not has_axis(input_shape, axis) for axis in axes)


def _refusal(layer: Layer, input_shape: Shape, device: str) -> str:
    """What PyTorch says of one sample; nothing where it takes it."""
    try:
        _tried(layer, input_shape, 1, device)
    except Exception as error:  # as above
        return _said(error)
    return ""


def _refusal_of_input(layer: Layer, input_shape: Shape) -> str:
    """What PyTorch says of the input itself, where it lacks the axis that an argument on auto is read from."""
    supposed = layer
    for argument in LAYERS[layer.layer].arguments:
        if argument.from_input is not None and not has_axis(input_shape, argument.from_input):
            supposed = supposed if argument.name in layer.arguments else supposed.pinned(argument.name, 1)
    if supposed is layer or math.prod(input_shape) > CHEAP_NUMBERS:
        return ""
    return _refusal(supposed, input_shape, "cpu")


def _said(error: Exception) -> str:
    """PyTorch's message on one line, without the C++ frames that some of them carry."""
    text = str(error).partition("\nException raised from")[0].removeprefix("addmm: ")
    return " ".join(text.split()) or type(error).__name__


def _is_cheap(layer: Layer, tensors: tuple[Shape, ...], input_shape: Shape) -> bool:
    """Whether a forward pass on real numbers takes some milliseconds at most, and little memory."""
    spec, values = LAYERS[layer.layer], layer.arguments
    if spec.size is not None and spec.size(effective(layer, input_shape), input_shape) > CHEAP_NUMBERS:
        return False
    padding, kernel = _sizes(values.get("padding", 0)), _sizes(values.get("kernel_size", 1))
    sizes = [size + 2 * max(0, *padding) for size in input_shape]
    weights = sum(math.prod(shape) for shape in tensors)
    matrix = all(len(shape) <= 2 for shape in tensors)  # it is used once for each row, a kernel once for each pixel
    places = math.prod(sizes[:-1] if matrix else sizes[1:])
    window = math.prod(kernel) // math.prod(_sizes(values.get("stride", kernel))) or 1
    products = max(weights * places, window * math.prod(sizes))
    return math.prod(sizes) <= CHEAP_NUMBERS and weights <= CHEAP_NUMBERS and products <= CHEAP_PRODUCTS


def _sizes(value: Any) -> tuple[int, ...]:
    """The numbers of an argument, one twice; 0 for a word."""
    if isinstance(value, str):
        return (0, 0)
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


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
        if layer.disabled:
            modules.append(nn.Identity())
            continue
        _refuse_what_is_wrong(layer, path)
        if LAYERS[layer.layer].block:
            module: nn.Module
            module, shape = _sequential(layer.children, shape, path)
        else:
            outcome = outcome_of(layer, shape)
            if outcome.output_shape is None:
                raise _problem(layer, path, outcome.message or outcome.fault)
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
