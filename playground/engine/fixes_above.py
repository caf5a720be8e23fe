"""Ways out of an error that change what stands above it. Each is only a guess: `check` tries it, and offers what works."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from playground.core.arguments import shown
from playground.core.edit import InsertLayers, MoveLayers, RemoveLayers, SetArgument
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.report import Fix, Row
from playground.core.spec import LayerSpec, Shape
from playground.core.text import _
from playground.engine.explain import around, mismatched, reach, wrong_axes
from playground.engine.fixes import Ways, pooled

NEAREST = 4  # rows above that are looked at, of each kind
MOST_PLACES = 8  # that a layer might be moved to
WIDEST_RIM = 4  # px

_MADE = ("out_features", "out_channels", "hidden_size", "embedding_dim")  # arguments that say how much a layer gives


def for_giver(spec: LayerSpec, layer: Layer, row: Row, rows: Sequence[Row]) -> Iterator[Ways]:
    """For a layer that expects another size: what gives it gives that, by its own numbers, means, or its padding."""
    argument = mismatched(spec, layer, row.input_shape or ())
    above = list(_above(row, rows))
    if argument is None or not isinstance(argument.from_input, int) or row.input_shape is None:
        return
    wanted, given = layer.arguments[argument.name], row.input_shape[argument.from_input]
    yield from _means_before_flatten(above, wanted)
    yield from _other_padding(above)
    makers = ((one, name) for one in above for name in _MADE if isinstance(one.arguments.get(name), int))
    for one, name in islice(makers, 1):
        made = one.arguments[name] * wanted
        if made % given == 0:
            yield (_set_above(one, name, made // given),)


def _means_before_flatten(above: Sequence[Row], wanted: int) -> Iterator[Ways]:
    flat = next((one for one in above if one.layer == "Flatten"), None)
    pooling = pooled(flat.input_shape, wanted) if flat is not None and flat.input_shape is not None else None
    if flat is not None and pooling is not None:
        label = _("Insert {what} of {size} above {layer}, row {n}")
        size = shown(pooling.arguments["output_size"])
        label = label.format(what=pooling.layer, size=size, layer=flat.layer, n=flat.index)
        yield (Fix(label, (InsertLayers(flat.path, (pooling,)),)),)


def _other_padding(above: Sequence[Row]) -> Iterator[Ways]:
    """Each of the windows above with another rim; the nearest to what it has now first."""
    windows = [one for one in above if "kernel_size" in one.arguments and "output_padding" not in one.arguments]
    for one in windows[:NEAREST]:
        rim = around(one.arguments, len(one.input_shape or ()) - 1)
        if not rim or len(set(rim)) > 1:
            continue
        others = sorted((size for size in range(WIDEST_RIM + 1) if size != rim[0]), key=lambda size: abs(size - rim[0]))
        yield tuple(_set_above(one, "padding", size) for size in others)


def for_place(spec: LayerSpec, layer: Layer, row: Row, rows: Sequence[Row]) -> Iterator[Ways]:
    """For a layer that needs what came in further up: the nearest such place; or what took it away is removed."""
    if row.input_shape is None:
        return
    beside = [one for one in _above(row, rows) if one.path[:-1] == row.path[:-1]]
    places = [one for one in beside if one.input_shape is not None and _may_fit(spec, row, one.input_shape, one)]
    yield tuple(_moved(layer, row, one) for one in places[:MOST_PLACES])
    taken = [one for one in beside if wrong_axes(spec, row.input_shape) and one.layer == "Flatten"]
    taken += [one for one in beside if _too_small(row) and LAYERS[one.layer].family == "Pooling"]
    label = _("Remove {layer}, row {n}")
    removals = (Fix(label.format(layer=one.layer, n=one.index), (RemoveLayers((one.path,)),)) for one in taken)
    yield tuple(islice(removals, NEAREST))


def _may_fit(spec: LayerSpec, row: Row, shape: Shape, place: Row) -> bool:
    if bool(spec.example_tokens) != bool(place.input_tokens):
        return False
    other = shape != row.input_shape or place.input_tokens != row.input_tokens
    return other and not wrong_axes(spec, shape)


def _too_small(row: Row) -> bool:
    """Whether the picture is smaller than the window that is to slide over it."""
    shape = row.input_shape or ()
    if "kernel_size" not in row.arguments or len(shape) < 2 or wrong_axes(LAYERS[row.layer], shape):
        return False
    return any(one > size for one, size in zip(reach(row.arguments, len(shape) - 1), shape[1:], strict=True))


def _moved(layer: Layer, row: Row, place: Row) -> Fix:
    label = _("Move {name} above {other}, row {n}").format(name=layer.layer, other=place.layer, n=place.index)
    return Fix(label, (MoveLayers((row.path,), place.path),))


def _set_above(row: Row, name: str, value: Any) -> Fix:
    label = _("Set {name} of {layer}, row {n}, to {value}")
    label = label.format(name=name, layer=row.layer, n=row.index, value=shown(value))
    return Fix(label, (SetArgument(row.path, name, value),))


def _above(row: Row, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows above one that work, but for the blocks that it is in; the nearest first."""
    for one in reversed(rows[: row.index - 1]):
        if row.path[: len(one.path)] != one.path and not one.disabled and one.error is None:
            yield one
