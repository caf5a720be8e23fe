"""What an operation will make and take, found before it is done: by PyTorch itself on its `meta` device, where tensors
have shapes and no numbers, or by the one figure that tells it where `meta` cannot.
"""

import math
import operator
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional as F

from playground.core.lab.limits import MOST_ELEMENTS, MOST_LEAVES, MOST_PARTS, MOST_SETTING
from playground.core.text import _
from playground.engine.lab.meter import Meter, loaded
from playground.engine.lab.refusal import Refusal, torch_refuses
from playground.engine.lab.values import MIXED, numbers_in

_SMALL = 4_096  # numbers, and the largest number among the arguments: such a call is cheap whatever it does
_WIDEST_SOLVED = 200
_CHEAP = 131_072.0  # numbers that are made, or touched, in a millisecond or so


class Call(NamedTuple):
    """function: of PyTorch or NumPy;  arguments, named: what it will be given"""

    function: Callable[..., Any]
    arguments: Sequence[Any]
    named: Mapping[str, Any] = {}

    @property
    def tensors(self) -> list[torch.Tensor]:
        return list(_tensors(self.everything))

    @property
    def everything(self) -> list[Any]:
        return [*self.arguments, *self.named.values()]

    @property
    def ints(self) -> list[int]:
        """Every whole number among the arguments, those in lists included."""
        return list(_ints(self.everything))


def _tensors(values: Iterable[Any]) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tensors(value)


def _ints(values: Iterable[Any]) -> Iterator[int]:
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _ints(value)


def estimate(cost: str, call: Call, meter: Meter) -> float:
    """Charge a call before it is done. raises Refusal: too much, or PyTorch refuses it;  returns its work"""
    if cost in _BOUNDED and (most := _most(call)) <= _CHEAP:
        meter.hold(int(most), 8)
        return meter.charge(most)
    return _RULES[cost](call, meter)


def _most(call: Call) -> float:
    """More numbers than a call can make or touch, whatever it is: every number of each tensor with every one of the
    others, so many times as its arguments say. What is below `_CHEAP` is simply done: for some operations the `meta`
    device loads half of PyTorch's compiler first, which takes seconds.
    """
    most = 1.0
    for tensor in call.tensors:
        most *= max(1, tensor.numel())
    if call.function in (torch.diag, torch.Tensor.diag):
        most *= most
    for number in _numbers(call.everything):
        size = abs(number) if math.isfinite(number) else _CHEAP
        grown = (1 + size) * (1 + 1 / size if 0 < size < 1 else 1)
        most *= grown
    return most


def _numbers(values: Iterable[Any]) -> Iterator[float]:
    for value in values:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _numbers(value)


@lru_cache(maxsize=1)
def _load_meta() -> None:
    """What some operations load when they are first tried on the `meta` device; not at the start, which it would double."""
    began = time.thread_time()
    torch.eye(2, device="meta")
    loaded(time.thread_time() - began)


def on_meta(call: Call) -> list[torch.Tensor] | None:
    """What it gives, without numbers; None where `meta` cannot tell and the call is cheap enough to be simply done.

    raises Refusal: PyTorch's own refusal
    """
    known: dict[int, torch.Tensor] = {}

    def moved(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            if id(value) not in known:
                known[id(value)] = torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device="meta")
            return known[id(value)]
        if isinstance(value, torch.Size) or not isinstance(value, (list, tuple)):
            return value
        return type(value)(map(moved, value)) if not hasattr(value, "n_fields") else tuple(map(moved, value))

    named = {name: moved(value) for name, value in call.named.items()}
    _load_meta()
    try:
        with torch.no_grad():
            made = call.function(*map(moved, call.arguments), **named)
    except Exception as error:  # whatever PyTorch raises is its refusal
        # The first is PyTorch's word for an operation that has no version on `meta`: it may give anything, so only with
        # little coming in is it done. Any other refusal is of the shapes, and the numbers meet it before they are touched.
        most = _SMALL if isinstance(error, NotImplementedError) else MOST_ELEMENTS
        if numbers_in(call.tensors) <= most and all(abs(one) <= _SMALL for one in call.ints):
            return None  # done, it is refused in the words that everybody gets
        raise torch_refuses(error) from error
    return list(_tensors([made]))


def _made(call: Call, meter: Meter, per_number: float = 1.0) -> float:
    """Work of a call whose price is what goes in and what comes out."""
    shapes = on_meta(call)
    coming = numbers_in(call.tensors)
    if shapes is None:
        return meter.charge(per_number * (coming + _SMALL))
    if len(shapes) > MOST_PARTS:
        raise _too_many_parts(len(shapes))
    for one in shapes:
        meter.hold(one.numel(), one.element_size(), one.dim())
    return meter.charge(per_number * (coming + sum(one.numel() for one in shapes)))


def _nothing(_call: Call, meter: Meter) -> float:
    return meter.charge(0)


def _factory(call: Call, meter: Meter) -> float:
    """As many as are asked for. The `meta` device tells it, too, but loads half of PyTorch's compiler for some."""
    if call.tensors:
        return _made(call, meter)
    sizes = _filled(call)
    elements = math.prod(max(one, 0) for one in sizes)
    meter.hold(elements, 8, len(sizes))
    return meter.charge(2 * elements)


def _filled(call: Call) -> Sequence[int]:
    name, given = call.function.__name__, call.arguments
    if name in ("linspace", "logspace"):
        steps = call.named.get("steps", given[2] if len(given) > 2 else 0)
        return (steps,) if isinstance(steps, int) else ()
    if name in ("arange", "eye"):
        return _asked(call)
    if name in ("full", "randint", "normal"):
        lists = [one for one in (*given, call.named.get("size")) if isinstance(one, (list, tuple))]
        return list(_ints(lists[:1]))
    return list(_ints([*given, call.named.get("size"), call.named.get("n")]))


def _literal(call: Call, meter: Meter) -> float:
    count = numbers_in(call.arguments)
    meter.hold(count, 8)
    return meter.charge(10 * count)


def _listed(call: Call, meter: Meter) -> float:
    count = numbers_in(call.arguments)
    if count > MOST_LEAVES:
        raise Refusal(_("a list of {n:,} numbers is too long for the lab").format(n=count), _("Take a part of it"))
    return meter.charge(10 * count)


def _sized(call: Call, meter: Meter) -> float:
    sizes = next((one for one in call.everything if isinstance(one, (list, tuple))), None)
    sizes = [one for one in (call.ints if sizes is None else sizes) if isinstance(one, int)]
    if call.function is torch.Tensor.resize_ and any(one < 0 for one in sizes):
        raise Refusal(_("a size is not negative"), _("Use 0 or more"))  # PyTorch takes it, and the tensor is broken
    itemsize = max((one.element_size() for one in call.tensors), default=8)
    elements = math.prod(max(one, 0) for one in sizes)
    meter.hold(elements, itemsize, len(sizes))
    return meter.charge(elements)


def _products(call: Call, meter: Meter) -> float:
    """Of a matrix product: every row of the first with every column of the second."""
    given = [one for one in call.arguments if isinstance(one, torch.Tensor)]
    pair = given[1:3] if call.function is torch.addmm else given[:2]
    if len(pair) < 2 or not pair[0].dim() or not pair[1].dim():
        return meter.charge(0)  # PyTorch refuses it itself
    first, second = pair[0], pair[1].mT if call.function is F.linear and pair[1].dim() > 1 else pair[1]
    try:
        batch = np.broadcast_shapes(first.shape[:-2], second.shape[:-2])
    except ValueError:
        return meter.charge(0)
    rows = first.shape[-2] if first.dim() > 1 else 1
    made = math.prod(batch) * rows * (second.shape[-1] if second.dim() > 1 else 1)
    meter.hold(made, 8, max(first.dim(), second.dim()))
    fast = all(one.dtype in (torch.float32, torch.float64) for one in pair)
    return meter.charge(numbers_in(pair) + made * first.shape[-1] * (0.1 if fast else 1.0))


def _windows(call: Call, meter: Meter) -> float:
    """At most as many places as the picture has with its padding; of the way back, as many as it is spread over."""
    most = max((abs(one) for one in call.ints), default=1)
    if most > MOST_SETTING:
        what = _("sizes, strides and paddings of more than {most:,} are too large for the lab").format(
            most=MOST_SETTING
        )
        raise Refusal(what, _("Use a smaller number"))
    tensors, name = call.tensors, getattr(call.function, "__name__", "")
    if not tensors or not tensors[0].dim():
        return meter.charge(0)  # PyTorch refuses it itself
    picture, axes = tensors[0], 1 if name == "conv1d" else 2
    spatial, weight = picture.shape[-axes:], tensors[1] if len(tensors) > 1 else None
    channels = picture.numel() // max(1, math.prod(spatial))
    window = math.prod(weight.shape[2:]) * weight.shape[1] if weight is not None and weight.dim() > 2 else most**axes
    if weight is not None:
        samples = picture.shape[0] if picture.dim() > axes + 1 else 1
        channels = samples * max(weight.shape[:2], default=1) * (most if "transpose" in name else 1)
    if "transpose" in name:
        reach = max(weight.shape, default=1) if weight is not None else 1
        places = math.prod(size * most + most * reach + most + 1 for size in spatial)
    else:
        places = math.prod(most if "adaptive" in name else size + 2 * most for size in spatial)
    made = places * channels * (window if name == "unfold" else 1)
    meter.hold(made, 4, picture.dim())
    return meter.charge((made + picture.numel()) * max(4, 1 if name == "unfold" else window) * 0.5)


def _broadcast(call: Call, meter: Meter) -> float:
    """Number by number: as many as the shapes make when they are stretched to each other."""
    try:
        between = np.broadcast_shapes(*(one.shape for one in call.tensors))
    except ValueError:
        between = ()  # PyTorch refuses it itself
    elements = math.prod(between)
    meter.hold(elements, max((one.element_size() for one in call.tensors), default=8), len(between))
    return meter.charge(elements + numbers_in(call.tensors))


def _paired(call: Call, meter: Meter) -> float:
    """Two that are broadcast before they become less."""
    try:
        between = torch.Size(np.broadcast_shapes(*(one.shape for one in call.tensors[:2])))
    except ValueError:
        between = torch.Size()  # PyTorch will refuse it itself
    meter.hold(between.numel(), 8, len(between))
    return meter.charge(3 * between.numel())


def _sorted(call: Call, meter: Meter) -> float:
    return _made(call, meter, 15.0)


def _selected(call: Call, meter: Meter) -> float:
    """As many as the numbers say, at most all of what is broadcast; of their places, one for each axis."""
    try:
        between = torch.Size(np.broadcast_shapes(*(one.shape for one in call.tensors[:2])))
    except ValueError:
        between = torch.Size()
    most = max(between.numel() * max(1, len(between)), numbers_in(call.tensors))
    meter.hold(most, 8)
    return meter.charge(15 * most)


def _parts(call: Call, meter: Meter) -> float:
    tensor = call.tensors[0] if call.tensors else None
    sizes = [one for one in call.everything if isinstance(one, int) and not isinstance(one, bool)]
    longest = max(tensor.shape, default=0) if tensor is not None else 0
    if longest > MOST_PARTS and not any(isinstance(one, (list, tuple)) for one in call.everything):
        most = max(longest // max(sizes[0], 1), 1) if sizes and "split" in call.function.__name__ else longest
        if "chunk" in call.function.__name__ and sizes:
            most = max(sizes[0], 1)
        if most > MOST_PARTS:
            raise _too_many_parts(most)
    return _made(call, meter)


def _too_many_parts(count: int) -> Refusal:
    what = _("it would have {n:,} parts, more than the {most} that a line may make").format(n=count, most=MOST_PARTS)
    return Refusal(what, _("Make fewer"))


def _classes(call: Call, meter: Meter) -> float:
    tensor = call.tensors[0] if call.tensors else None
    if tensor is None or tensor.is_floating_point() or not tensor.numel():
        return meter.charge(_SMALL)
    asked = [one for one in call.ints if one >= 0]
    wide = asked[0] if asked else int(tensor.max()) + 1
    meter.hold(tensor.numel() * max(wide, 1), 8, tensor.dim() + 1)
    return meter.charge(tensor.numel() * max(wide, 1) * 2)


def _divided(call: Call, meter: Meter) -> float:
    """raises Refusal: the lowest whole number by −1, at which the processor itself gives up"""
    pair = [*call.arguments, *call.named.values()][:2]
    if len(pair) == 2 and call.tensors and all(isinstance(one, (torch.Tensor, int)) for one in pair):
        dtype = torch.result_type(*pair)
        if dtype is not torch.bool and not dtype.is_floating_point and dtype.is_signed:
            top, bottom = (torch.as_tensor(one).to(dtype) for one in pair)
            if bool((bottom == -1).any()) and bool((top == torch.iinfo(dtype).min).any()):
                what = _("the lowest whole number of this data type has no positive counterpart")
                raise Refusal(what, _("Use another divisor"))
    return _broadcast(call, meter)


def _solved(call: Call, meter: Meter) -> float:
    widest = max((size for one in call.tensors for size in one.shape), default=0)
    if widest > _WIDEST_SOLVED:
        what = _("matrices of more than {n} rows are not solved here").format(n=_WIDEST_SOLVED)
        raise Refusal(what, _("Use a smaller one"))
    meter.charge(numbers_in(call.tensors) * widest)
    return _made(call, meter)


def _backward(call: Call, meter: Meter) -> float:
    """Through all that was noted, which is at most the whole graph."""
    if meter.graph_bytes:
        meter.hold(0, 1)
    work = meter.charge(3 * meter.graph_work)
    if call.named.get("create_graph") or (len(call.arguments) > 4 and call.arguments[4]):
        meter.graph_work += 3 * meter.graph_work
        meter.graph_bytes += 2 * meter.graph_bytes
    return work


def _numpy(call: Call, meter: Meter) -> float:
    """A NumPy array has no meta device: what its functions here make follows from their arguments."""
    if call.tensors:
        raise Refusal(*MIXED)
    arrays = [one for one in call.everything if isinstance(one, np.ndarray)]
    if call.function in _MATRIX and arrays:
        return _numpy_product(arrays, meter)
    made = np.broadcast_shapes(*(one.shape for one in arrays)) if arrays else _asked(call)
    elements = math.prod(max(one, 0) for one in made)
    meter.hold(elements, 8, len(made))
    return meter.charge(elements + numbers_in(arrays))


def _asked(call: Call) -> Sequence[int]:
    """The shape that a function is asked for by numbers."""
    name = call.function.__name__
    if name == "arange":
        given = {**dict(zip(("start", "stop", "step"), call.arguments, strict=False)), **call.named}
        start, stop, step = given.get("start", 0), given.get("stop", given.get("end")), given.get("step", 1)
        if stop is None:
            start, stop = 0, start
        if not all(isinstance(one, (int, float)) for one in (start, stop, step)) or not step:
            return ()  # NumPy refuses it itself
        return (_whole(abs((stop - start) / step)),)
    if name == "linspace":
        number = call.named.get("num", call.arguments[2] if len(call.arguments) > 2 else 50)
        return (number,) if isinstance(number, int) else ()
    if name == "eye":
        return (call.ints[0], call.ints[-1]) if call.ints else ()  # n, or n and m
    return list(_ints([call.named.get("shape", call.arguments[0] if call.arguments else 0)]))


def _whole(steps: float) -> int:
    if not math.isfinite(steps):
        raise Refusal(_("so many steps have no end"), _("Use finite numbers"))
    return math.ceil(steps)


def _numpy_product(arrays: Sequence["np.ndarray[Any, Any]"], meter: Meter) -> float:
    first, second = arrays[0], arrays[-1]
    if max(first.ndim, second.ndim) > 2:
        raise Refusal(_("arrays of more than two axes are not multiplied here"), _("Make tensors of them"))
    rows = first.size // max(1, first.shape[-1] if first.ndim else 1)
    meter.hold(rows * (second.shape[-1] if second.ndim else 1), 8)
    return meter.charge(rows * second.size)


_MATRIX = (operator.matmul,)
_BOUNDED = ("elements", "sorted")
_RULES: dict[str, Callable[[Call, Meter], float]] = {
    "nothing": _nothing, "elements": _made, "broadcast": _broadcast, "factory": _factory, "literal": _literal, "sized": _sized,
    "products": _products, "windows": _windows, "paired": _paired, "sorted": _sorted, "selected": _selected,
    "parts": _parts, "classes": _classes, "divided": _divided, "solved": _solved, "backward": _backward,
    "listed": _listed, "numpy": _numpy,
}  # fmt: skip
