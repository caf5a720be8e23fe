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
from typing import Any, NamedTuple

import torch
from torch import nn

from playground.core.arguments import auto_value, did_you_mean, faults_of, has_axis, in_effect, shown_shape
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path
from playground.core.problem import Problem
from playground.core.spec import LayerSpec, Shape
from playground.core.text import _
from playground.engine import blocks
from playground.engine.modules.initial import initialise
from playground.engine.outcome import Coming, Outcome, said
from playground.engine.randomness import derived_seed

CHEAP_NUMBERS = 2_000_000  # in the input, and in the weights
LONGEST_TRIED, LARGEST_TRIED = 2_000, 1_000  # characters of arguments, and numbers in them, that are wrong and tried
CHEAP_PRODUCTS = 100_000_000  # multiplications in a forward pass


def build_network(
    network: Network, input_shape: Shape, *, tokens: int = 0, device: str = "cpu", seed: int | None = None
) -> nn.Sequential:
    """The network as a module. Submodules are named by position, see `blocks.name_of`; a layer that is disabled is
    there as an identity, so that all others keep their places.

    tokens: how many different ones the samples are made of, int64; 0 where they are numbers, float32
    seed: of the recipe; weights are drawn from it on the CPU and then moved, so every device starts from the same
    raises Problem: a layer that is unknown, has a wrong argument, or does not fit its input
    """
    with torch.random.fork_rng(devices=[]):
        if seed is not None:
            torch.default_generator.manual_seed(derived_seed(seed, "weights"))
        model = nn.Sequential(*_list(network, Coming(input_shape, tokens), ()).modules.values())
    return model.to(device)


def module_at(model: nn.Sequential, path: Path) -> nn.Module:
    """The module of the layer at a path."""
    return model.get_submodule(blocks.name_of(model, path))


def parameters_of(model: nn.Sequential) -> dict[str, nn.Parameter]:
    """Those that can be trained, by name. raises Problem: there are none"""
    named = dict(model.named_parameters())
    if not named:
        raise Problem(
            where=_("Network"),
            what=_("no layer has weights, so there is nothing to learn"),
            fix=_("Add a layer with weights, such as Linear"),
        )
    return named


def arguments_for(spec: LayerSpec, layer: Layer, input_shape: Shape | None, tokens: int = 0) -> dict[str, Any]:
    """The keyword arguments that PyTorch's module gets: those in effect, pairs as tuples, None left to PyTorch."""
    values = in_effect(spec.arguments, layer.arguments, input_shape, tokens)
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if value is not None
    }


def outcome_of(layer: Layer, input_shape: Shape, tokens: int = 0) -> Outcome:
    """A plain layer tried in eval mode, on int64 where tokens come in. Answers are remembered."""
    return _outcome(layer.layer, json.dumps(layer.arguments), Coming(input_shape, tokens))


@lru_cache(maxsize=20_000)
def _outcome(name: str, arguments: str, coming: Coming) -> Outcome:
    layer, input_shape = Layer(name, json.loads(arguments)), coming.shape
    if LAYERS[name].steps and len(input_shape) != LAYERS[name].axes:
        fault = _("It needs steps × features, but gets {shape}.").format(shape=shown_shape(input_shape))
        return Outcome(None, (), fault=fault)
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")  # hints on speed and the like, for those who write the call themselves
        try:
            with torch.device("meta"):
                module = _module(layer, coming)
        except Exception as error:  # PyTorch's constructors raise ValueError, TypeError, RuntimeError, ...
            return Outcome(None, (), _refusal_of_input(layer, coming) or said(error))
        tensors = tuple(tuple(parameter.shape) for parameter in module.parameters())
        device = "cpu" if _is_cheap(layer, tensors, input_shape) else "meta"
        try:
            module = _with_numbers(module) if device == "cpu" else module
            made = _tried(module, coming, 2, device)
            if _may_lack_the_batch(layer, input_shape):
                _tried(module, coming, 3, device)
        except Exception as error:  # so do its forward passes
            # a batch of one gives the numbers of one sample, those that learners know from the tutorials
            return Outcome(None, tensors, _refusal(module, coming, device) or said(error))
    shape = tuple(made.shape)
    if len(shape) < 2 or shape[0] != 2:  # seen with a batch of two only: a batch of one can pass for a channel
        fault = _("The samples of a batch do not stay apart: two of them give {shape}.")
        return Outcome(None, tensors, fault=fault.format(shape=shown_shape(shape)))
    if 0 in shape:
        fault = _("Its output would be empty: {shape}.")
        return Outcome(None, tensors, fault=fault.format(shape=shown_shape(shape[1:])))
    return Outcome(shape[1:], tensors, tokens=0 if made.is_floating_point() else coming.tokens)


def refusal_of_arguments(layer: Layer, input_shape: Shape | None, tokens: int = 0) -> str:
    """What PyTorch says of arguments that this program does not allow; nothing where it takes them."""
    return _refused_arguments(layer.layer, json.dumps(layer.arguments), input_shape, tokens)


@lru_cache(maxsize=5_000)
def _refused_arguments(name: str, arguments: str, input_shape: Shape | None, tokens: int) -> str:
    layer, spec = Layer(name, json.loads(arguments)), LAYERS.get(name)
    if spec is None or spec.block or len(arguments) > LONGEST_TRIED or _is_large(layer.arguments):
        return ""
    known = in_effect(spec.arguments, layer.arguments, input_shape, tokens)
    if any(one.from_input is not None and known[one.name] is None for one in spec.arguments):
        return ""  # PyTorch would ask for what nobody can know yet
    strange = {key: value for key, value in layer.arguments.items() if spec.argument(key) is None}
    given = given_to(spec, arguments_for(spec, layer, input_shape, tokens), "module")
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        try:
            with torch.device("meta"):
                module_class(spec.torch_name)(**given, **strange, **spec.fixed)
        except Exception as error:  # whatever PyTorch raises
            return said(error)
    return ""


def _is_large(arguments: Mapping[str, Any]) -> bool:
    """Whether a number in them may let PyTorch count for long."""
    numbers = [one for value in arguments.values() for one in (value if isinstance(value, list) else [value])]
    return any(isinstance(one, (int, float)) and not abs(one) <= LARGEST_TRIED for one in numbers)


def _tried(module: nn.Module, coming: Coming, batch: int, device: str) -> torch.Tensor:
    """What a module makes of a batch of zeros. Raises whatever PyTorch raises."""
    inputs = torch.zeros((batch, *coming.shape), dtype=torch.int64 if coming.tokens else torch.float32, device=device)
    with torch.no_grad():
        made: torch.Tensor = module.eval()(inputs)
    return made


def _with_numbers(module: nn.Module) -> nn.Module:
    """A `meta` module with zeros for its weights, on the CPU. `Module.to_empty` would load all that `cpu` is to spare
    us, and to build it anew would draw weights that nobody looks at."""
    for one in module.modules():
        for name, weight in list(one.named_parameters(recurse=False)):
            zeros = torch.zeros(weight.shape, dtype=weight.dtype)
            setattr(one, name, nn.Parameter(zeros, requires_grad=False))
        for name, buffer in list(one.named_buffers(recurse=False)):
            setattr(one, name, torch.zeros(buffer.shape, dtype=buffer.dtype))
    return module


def _may_lack_the_batch(layer: Layer, input_shape: Shape) -> bool:
    """Whether PyTorch could take the batch for an axis of one sample, where that lacks one and the batch has its size.
    No axis has the size of two batches."""
    read = [one for one in LAYERS[layer.layer].arguments if one.name in layer.arguments]
    return any(isinstance(one.from_input, int) and not has_axis(input_shape, one.from_input) for one in read)


def _refusal(module: nn.Module, coming: Coming, device: str) -> str:
    """What PyTorch says of one sample; nothing where it takes it."""
    try:
        _tried(module, coming, 1, device)
    except Exception as error:  # as above
        return said(error)
    return ""


def _refusal_of_input(layer: Layer, coming: Coming) -> str:
    """What PyTorch says of the input itself, where it lacks what an argument on auto is read from."""
    supposed = layer
    for argument in LAYERS[layer.layer].arguments:
        unread = argument.from_input is not None and auto_value(argument, *coming) is None
        if unread and argument.name not in layer.arguments:
            supposed = supposed.pinned(argument.name, 1)
    if supposed is layer or math.prod(coming.shape) > CHEAP_NUMBERS:
        return ""
    try:
        module = _module(supposed, coming)
    except Exception as error:  # as above
        return said(error)
    return _refusal(module, coming, "cpu")


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
    stride = max(1, math.prod(_sizes(values.get("stride", kernel))))  # of 0, PyTorch itself is to speak
    window = math.prod(kernel) // stride or 1
    products = max(weights * places, window * math.prod(sizes))
    return math.prod(sizes) <= CHEAP_NUMBERS and weights <= CHEAP_NUMBERS and products <= CHEAP_PRODUCTS


def _sizes(value: Any) -> tuple[int, ...]:
    """The numbers of an argument, one twice; 0 for a word."""
    if isinstance(value, str):
        return (0, 0)
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


def _module(layer: Layer, coming: Coming) -> nn.Module:
    spec = LAYERS[layer.layer]
    given = arguments_for(spec, layer, *coming)
    values, ours, first = (given_to(spec, given, whom) for whom in ("module", "wrapper", "weights"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a dropout that does nothing: `check` says so
        made: Any = module_class(spec.torch_name)(**values, **spec.fixed)
    if first:
        drawn = {name.removeprefix("init_"): value for name, value in first.items()}
        initialise(made, **drawn)
    module: nn.Module = module_class(spec.wrapper)(made, **ours) if spec.wrapper else made
    return module


def given_to(spec: LayerSpec, values: Mapping[str, Any], whom: str) -> dict[str, Any]:
    return {one.name: values[one.name] for one in spec.arguments if one.to == whom and one.name in values}


@cache
def module_class(torch_name: str) -> Any:
    """The class that a declaration names, "torch.nn.Conv2d"."""
    module, _dot, name = torch_name.rpartition(".")
    return getattr(import_module(module), name)


class _Built(NamedTuple):
    """The modules of a list of layers by their position; what the last one gives, and each that is not disabled."""

    modules: dict[int, nn.Module]
    last: Coming
    each: list[Coming]


def _list(network: Network, coming: Coming, base: Path, branches: bool = False) -> _Built:
    """branches: every layer gets what comes in, and not what the one before it gives"""
    modules: dict[int, nn.Module] = {}
    last, each = coming, []
    for position, layer in enumerate(network):
        if layer.disabled:
            if not branches:
                modules[position] = nn.Identity()
            continue
        modules[position], last = _built(layer, coming if branches else last, (*base, position))
        each.append(last)
    return _Built(modules, last, each)


def _built(layer: Layer, coming: Coming, path: Path) -> tuple[nn.Module, Coming]:
    _refuse_what_is_wrong(layer, path)
    kind = LAYERS[layer.layer].block
    inside = _list(layer.children, coming, path, kind == "branches")
    made = inside.each if kind == "branches" else [inside.last]
    outcome = blocks.outcome_of_block(layer, coming, made) if kind else outcome_of(layer, *coming)
    if outcome.output_shape is None:
        raise _problem(layer, path, outcome.message or outcome.fault)
    module = blocks.built(layer, coming.shape, inside.modules, made[-1].shape) if kind else _module(layer, coming)
    return module, Coming(outcome.output_shape, outcome.tokens)


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


def effective(layer: Layer, input_shape: Shape | None, tokens: int = 0) -> Mapping[str, Any]:
    """Every argument in effect, for the form and the row; empty for an unknown layer."""
    spec = LAYERS.get(layer.layer)
    return in_effect(spec.arguments, layer.arguments, input_shape, tokens) if spec else dict(layer.arguments)
