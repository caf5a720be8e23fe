"""A window that slides over an input: the map that PyTorch makes, and one of its places told cell by cell.

A filter sees the channels of its group alone, so that it is a layer of one output channel by itself: that is what is
built, and PyTorch's own module makes its map. Where a window lies is found by sending an input through the same padding
whose values are their own places.
"""

import json
import math
import warnings
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from playground.core.carried import Array
from playground.core.convolving import MOST_INPUT, MOST_PARAMETERS, NOTHING, RIM, WINDOWS, Slid, Slide, Stage
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _
from playground.engine import sliding_code
from playground.engine.build import build_network, outcome_of
from playground.engine.outcome import said
from playground.engine.probes import array

_WHOLE = ("Softmax", "LogSoftmax")  # activations that look at more than one value
_WEIGHED = ("Conv2d", "ConvTranspose2d")
_NOISE = 1e-6  # of the size of its addends: a smaller sum is what float32 leaves where they cancel


class Filter(NamedTuple):
    """One output channel of a layer, as a layer of its own.

    number: among those of the layer;  module: of PyTorch, with one output channel;  channels: of the input, those that it sees
    weight: (channels, height, width), None for pooling;  bias: 0 where there is none;  fresh: drawn anew
    shape: of all that the layer gives
    """

    number: int
    module: nn.Module
    channels: tuple[int, ...]
    weight: torch.Tensor | None
    bias: float
    fresh: bool
    shape: Shape


class Told(NamedTuple):
    """One place of a map; the fields are those of `core.convolving.Slid`."""

    places: torch.Tensor
    rows: torch.Tensor
    columns: torch.Tensor
    window: torch.Tensor
    weight: torch.Tensor
    products: torch.Tensor
    winner: int


def answer(question: Slide) -> Slid:
    """raises Problem: the layer does not fit the input, or is too large to be shown"""
    inputs = _tensor(question.input)
    if inputs.dim() != 3 or not 0 < inputs.numel() <= MOST_INPUT or not question.stages:
        raise _problem(_("its input is no picture, or too large to be shown"))
    maps: list[torch.Tensor] = []
    told, number = None, min(max(0, question.told), len(question.stages) - 1)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hints on speed, for those who write the call themselves
        for place, stage in enumerate(question.stages):
            one = filter_of(stage, tuple(inputs.shape), question.seed)
            seen = inputs[list(one.channels)]
            maps.append(one.module(seen[None])[0, 0])
            if place == number:
                told = (stage, one, seen, maps[-1])
            inputs = maps[-1][None]
        assert told is not None
        return _slid(question, maps, *told)


def _slid(
    question: Slide, maps: list[torch.Tensor], stage: Stage, one: Filter, seen: torch.Tensor, made: torch.Tensor
) -> Slid:
    at = _inside(question.at, made)
    cells = tell(one, seen.double(), *at)
    high, wide = cells.places.shape
    weighed = stage.layer.layer in _WEIGHED
    per_place = len(one.channels) * high * wide if weighed else 0
    places = math.prod(seen.shape[1:] if stage.layer.layer == "ConvTranspose2d" else one.shape[1:])
    terms = (one.shape[0], places, per_place)
    sums, sizes = cells.products.sum(dim=(1, 2)), cells.products.abs().sum(dim=(1, 2))
    is_noise = not _without_noise(sums.sum() + one.bias, sizes.sum() + abs(one.bias))
    value = 0.0 if is_noise else float(made[at])
    after = _after(question.after, value)
    return Slid(
        id=question.id, maps=tuple(array(one_map) for one_map in maps), at=at,
        shape=(one.shape[0], one.shape[1], one.shape[2]), channels=one.channels, places=array(cells.places), rows=tuple(cells.rows.tolist()), columns=tuple(cells.columns.tolist()),
        rim=_rim(one.module), window=array(cells.window), weight=array(cells.weight),
        products=array(cells.products), sums=array(_without_noise(sums, sizes)), total=float(_without_noise(sums.sum(), sizes.sum())), bias=one.bias, value=value,
        winner=cells.winner, after=after, fresh=one.fresh, multiply_adds=math.prod(terms), terms=terms,
        filter=one.number, line=sliding_code.line(stage.layer, one.number, one.channels, at, cells.places.shape),
        script=sliding_code.script(stage, at, one, seen, cells) if question.script else "",
    )  # fmt: skip


def _without_noise(sums: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """0 where a sum is no more than what rounding leaves. sizes: the sums of the addends without their signs"""
    return torch.where(sums.isfinite() & (sums.abs() <= _NOISE * sizes), 0.0, sums)


def filter_of(stage: Stage, input_shape: Shape, seed: int = 0, dtype: torch.dtype = torch.float32) -> Filter:
    """raises Problem: PyTorch refuses the layer on this input; its message is told"""
    pinned = {name: value for name, value in stage.layer.arguments.items() if value is not None}  # None is auto
    layer = Layer(stage.layer.layer, pinned)
    if layer.layer not in WINDOWS:
        raise _problem(_("{name} has no window").format(name=layer.layer))
    weighed = layer.layer in _WEIGHED
    _refuse_what_is_too_large(layer, input_shape)
    arguments = json.dumps({"in_channels": input_shape[0], **layer.arguments} if weighed else layer.arguments)
    shape = outcome_of(Layer(layer.layer, json.loads(arguments)), input_shape).output_shape
    if shape is None or len(shape) != 3:
        raise _problem(_refusal(Layer(layer.layer, json.loads(arguments)), input_shape))
    number = min(max(0, stage.filter), shape[0] - 1)
    if not weighed:
        module = _module(layer.layer, arguments, (1, *input_shape[1:]), 0)
        return Filter(number, module, (number,), None, 0.0, False, shape)
    groups = int(layer.arguments.get("groups", 1))
    within, across = input_shape[0] // groups, shape[0] // groups
    first = number // across * within
    weight, bias, fresh = _weight(stage, arguments, input_shape, seed, number, (first, within, across))
    alone = json.dumps({**layer.arguments, "in_channels": within, "out_channels": 1, "groups": 1})
    module = _alone(layer.layer, alone, (within, *input_shape[1:])).to(dtype)
    held: torch.Tensor = module.weight  # type: ignore[assignment]
    with torch.no_grad():
        held.copy_(weight[None] if layer.layer == "Conv2d" else weight[:, None])
        if isinstance(module.bias, torch.Tensor):
            module.bias.fill_(bias)
    return Filter(number, module, tuple(range(first, first + within)), weight.double(), bias, fresh, shape)


def _weight(
    stage: Stage, arguments: str, input_shape: Shape, seed: int, number: int, group: tuple[int, int, int]
) -> tuple[torch.Tensor, float, bool]:
    """Of one filter: (channels, height, width), its bias, and whether they were drawn anew."""
    first, within, across = group
    given = _tensor(stage.weight) if stage.weight is not None else None
    has_bias = bool(stage.layer.arguments.get("bias", True))
    kernel = stage.layer.arguments.get("kernel_size", 3)
    sides = tuple(kernel) if isinstance(kernel, (list, tuple)) else (kernel, kernel)
    if given is not None and number == stage.filter and tuple(given.shape) == (within, *sides):
        return given, stage.bias if has_bias else 0.0, False
    module: Any = _module(stage.layer.layer, arguments, input_shape, seed)
    transposed = stage.layer.layer == "ConvTranspose2d"
    fresh = module.weight[first : first + within, number % across] if transposed else module.weight[number]
    return fresh.detach(), float(module.bias[number]) if has_bias else 0.0, True


@lru_cache(maxsize=16)
def _module(name: str, arguments: str, input_shape: Shape, seed: int) -> nn.Module:
    """PyTorch's module, its weights drawn from the seed; nobody writes into it."""
    return build_network((Layer(name, json.loads(arguments)),), input_shape, seed=seed)[0]


@lru_cache(maxsize=16)
def _alone(name: str, arguments: str, input_shape: Shape) -> nn.Module:
    """A module of one output channel, whose weights are written anew for each question."""
    return build_network((Layer(name, json.loads(arguments)),), input_shape, seed=0)[0]


def tell(one: Filter, seen: torch.Tensor, row: int, column: int) -> Told:
    """One place of the map of a filter, cell by cell. seen: (channels, height, width), of its channels alone"""
    module: Any = one.module
    shape = (seen.shape[-2], seen.shape[-1])
    transposed = isinstance(module, nn.ConvTranspose2d)
    find = _sources if transposed else _under
    places, rows, columns = find(module, shape, row, column)
    inside = places >= 0
    zero = torch.zeros((), dtype=seen.dtype)
    flat = seen.reshape(len(seen), -1)
    window = torch.where(inside, flat[:, places.clamp(min=0)], zero)
    winner = -1
    if isinstance(module, nn.MaxPool2d):
        window = torch.where(inside, window, -torch.inf)
        winner = int(window.argmax())
        weight = functional.one_hot(torch.tensor(winner), window.numel()).reshape(window.shape).to(seen.dtype)
    elif isinstance(module, nn.AvgPool2d):
        weight = _mean(module, places).to(seen.dtype)[None]
    else:
        assert one.weight is not None
        weight = one.weight.to(seen.dtype)
    # Of a pooling, a window may lie on nothing but the rim: its largest value is −∞.
    products = torch.where(weight > 0, window, zero) if winner >= 0 else torch.where(inside, window * weight, zero)
    return Told(places, rows, columns, window, weight.expand_as(window), products, winner)


def _mean(module: nn.AvgPool2d, places: torch.Tensor) -> torch.Tensor:
    """What each cell of a window counts in its mean."""
    counts = places > NOTHING if module.count_include_pad else places >= 0
    return counts.double() / (module.divisor_override or int(counts.sum()))


Places = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # (height, width), and its rows and columns; int64


def _under(module: Any, shape: tuple[int, int], row: int, column: int) -> Places:
    """The places under a window: RIM on what padding adds, NOTHING beyond that."""
    (high, wide), (down, across) = _two(module.kernel_size), _two(module.stride)
    (further_down, further_across), mode = _two(module.dilation if hasattr(module, "dilation") else 1), "zeros"
    places = torch.arange(shape[0] * shape[1], dtype=torch.float64).reshape(1, 1, *shape)
    if isinstance(module, nn.Conv2d):
        mode = module.padding_mode
    rim = _rim(module)
    padded = _padded(places, rim, mode)
    # A pooling in ceil_mode may reach over the lower and the right edge.
    over = (0, (wide - 1) * further_across + across, 0, (high - 1) * further_down + down)
    padded = functional.pad(padded, over, value=NOTHING)[0, 0].to(torch.int64)
    rows = row * down + further_down * torch.arange(high)
    columns = column * across + further_across * torch.arange(wide)
    return padded[rows[:, None], columns[None, :]], rows - rim[2], columns - rim[0]


def _padded(places: torch.Tensor, rim: tuple[int, int, int, int], mode: str) -> torch.Tensor:
    return functional.pad(places, rim, value=RIM) if mode == "zeros" else functional.pad(places, rim, mode=mode)


def _rim(module: Any) -> tuple[int, int, int, int]:
    """What padding adds: left, right, above, below."""
    if module.padding == "valid" or isinstance(module, nn.ConvTranspose2d):
        return (0, 0, 0, 0)
    if module.padding == "same":  # where it is odd, PyTorch adds the larger half behind
        down, across = (
            dilation * (side - 1)
            for dilation, side in zip(_two(module.dilation), _two(module.kernel_size), strict=True)
        )
        return (across // 2, across - across // 2, down // 2, down - down // 2)
    down, across = _two(module.padding)
    return (across, across, down, down)


def _sources(module: Any, shape: tuple[int, int], row: int, column: int) -> Places:
    """The pixels that painted a place of a transposed convolution, by the cell of the window that did it."""
    found = []
    for at, axis in ((row, 0), (column, 1)):
        reach = module.dilation[axis] * torch.arange(module.kernel_size[axis])
        far = at + module.padding[axis] - reach
        source = far.div(module.stride[axis], rounding_mode="floor")
        there = (far % module.stride[axis] == 0) & (source >= 0) & (source < shape[axis])
        found.append(torch.where(there, source, torch.tensor(-1)))
    rows, columns = found[0][:, None], found[1][None, :]
    places = torch.where((rows >= 0) & (columns >= 0), rows * shape[1] + columns, torch.tensor(NOTHING))
    return places, found[0], found[1]


def _after(layer: Layer | None, value: float) -> float | None:
    if layer is None or layer.layer in _WHOLE or layer.layer not in LAYERS:
        return None
    activation = _module(layer.layer, json.dumps(layer.arguments), (1,), 0).eval()
    return float(activation(torch.tensor([[value]])))


def _inside(at: tuple[int, int] | None, made: torch.Tensor) -> tuple[int, int]:
    high, wide = made.shape
    row, column = (high // 2, wide // 2) if at is None else at
    return min(max(0, row), high - 1), min(max(0, column), wide - 1)


def _refuse_what_is_too_large(layer: Layer, input_shape: Shape) -> None:
    """raises Problem: weights, or a map, that would hold up the workbench"""
    values = layer.arguments
    sides = _sides(values.get("kernel_size", 1))
    around = _sides(values.get("padding", 0))
    places = math.prod(size + 2 * more for size, more in zip(input_shape[-2:], around, strict=True))
    if layer.layer == "ConvTranspose2d":
        places *= math.prod(_sides(values.get("stride", 1)))
    weights = math.prod(sides) * input_shape[0]
    whole = weights * _whole(values.get("out_channels", 1)) // max(1, _whole(values.get("groups", 1)))
    if layer.layer in _WEIGHED and whole > MOST_PARAMETERS:
        raise _problem(_("it has {count:,} weights, which is too large to be shown").format(count=whole))
    if places > MOST_INPUT or places * math.prod(sides) > 64 * MOST_INPUT:
        raise _problem(_("its map would be too large to be shown"))


def _sides(value: Any) -> tuple[int, int]:
    if isinstance(value, str) or value is None:
        return (0, 0)
    return (_whole(value[0]), _whole(value[1])) if isinstance(value, (list, tuple)) else (_whole(value), _whole(value))


def _whole(value: float) -> int:
    """0 for what is no number, which is refused with its argument's name later on."""
    return int(value) if math.isfinite(value) else 0


def _two(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, (list, tuple)) else (value, value)


def _refusal(layer: Layer, input_shape: Shape) -> str:
    """What PyTorch says of a layer on an input; a sentence of ours where it says nothing."""
    try:
        build_network((layer,), input_shape)
    except Problem as problem:
        return problem.fault.what
    except Exception as error:  # PyTorch's constructors raise ValueError, TypeError, RuntimeError, ...
        return said(error)
    return _("it does not make a picture of this input")


def _problem(what: str) -> Problem:
    return Problem(where=_("Convolution"), what=what, fix=_("Change the last argument back, or choose another layer"))


def _tensor(carried: Array) -> torch.Tensor:
    """raises Problem: the bytes are no such array"""
    try:
        values = np.frombuffer(carried.data, carried.dtype).reshape(carried.shape)
    except (ValueError, TypeError) as error:
        raise _problem(_("its values cannot be read")) from error
    return torch.from_numpy(values.astype(np.float32))
