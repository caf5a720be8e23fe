"""Ways out of an error. Each candidate here is only a guess: `check` tries it, and offers what works."""

import math
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from playground.core.arguments import auto_value, faults_of, shown, shown_shape
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.edit import (
    Edit,
    GroupLayers,
    InsertLayers,
    ReleaseArgument,
    RemoveLayers,
    ReplaceKind,
    ReplaceLayer,
    SetArgument,
    SetData,
)
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path, walk
from playground.core.report import Fix, Row
from playground.core.spec import Argument, LayerSpec, Shape
from playground.core.text import _
from playground.engine.explain import PARTS, around, each, mismatched, reach, wrong_axes
from playground.engine.outcome import Coming

Ways = tuple[Fix, ...]  # of one kind: the first that works is offered


def for_unknown(layer: Layer, path: Path) -> Iterator[Fix]:
    """For a layer that is not in the catalogue."""
    for name in get_close_matches(layer.layer, LAYERS, n=2, cutoff=0.6):
        yield Fix(_("Replace it by {name}").format(name=name), (ReplaceKind(path, name),))


def for_arguments(spec: LayerSpec, layer: Layer, path: Path) -> Iterator[Fix]:
    """For arguments that are unknown, of the wrong kind or out of range: all of them at once, then one removal."""
    edits: list[Edit] = []
    labels = []
    for name, _fault in faults_of(spec.name, spec.arguments, layer.arguments):
        argument = spec.argument(name)
        default = argument.default if argument else None
        edits.append(ReleaseArgument(path, name) if default is None else SetArgument(path, name, default))
        if argument is None:
            labels.append(_("Remove {name}").format(name=name))
        elif default is None:
            labels.append(_("Put {name} on auto").format(name=name))
        else:
            labels.append(_("Set {name} to {value}").format(name=name, value=shown(default)))
    yield Fix(", ".join(labels), tuple(edits))


def for_input(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], coming: Coming, path: Path) -> Iterator[Ways]:
    """For a layer that refuses its input: what can be done to it, or put in above it; the safest first."""
    shape = coming.shape
    if coming.tokens and not spec.example_tokens:
        yield (_insert(path, Layer("Embedding")), _insert(path, Layer("Embedding"), Layer("Flatten")))
    wrong = mismatched(spec, layer, shape)
    if wrong is not None:
        flat, pinned = len(shape) > 1 and wrong.from_input == -1, layer.arguments[wrong.name]
        if flat:
            yield tuple(_flattened(path, wrong, pinned, shape))
        yield (_set(path, wrong.name, auto_value(wrong, shape)),)
        yield (_release(path, wrong.name),)
        if flat and (pooling := pooled(shape, pinned)) is not None:
            yield (_insert(path, pooling, Layer("Flatten")),)
    yield from ((_set(path, name, value),) for name, value in _whole_parts(values))
    if "kernel_size" in values and len(shape) > 1 and not wrong_axes(spec, shape):
        yield from ((fix,) for fix in _for_window(values, shape, path))
    yield from ((fix,) for fix in _for_numbers(spec, layer, values, shape, path))


def for_axes(spec: LayerSpec, layer: Layer, coming: Coming, path: Path) -> Iterator[Ways]:
    """For a layer that works on samples with other axes: the same for these, a layer that folds them, all on auto."""
    if wrong_axes(spec, coming.shape):
        yield from _folded(spec, coming.shape, path)
    elif len(coming.shape) > 1 and mismatched(spec, layer, coming.shape) is None:
        yield (_insert(path, Layer("Flatten")),)
    for name in layer.arguments:
        yield (_release(path, name),)


def _insert(path: Path, *layers: Layer) -> Fix:
    label = _(" and ").join(one.layer for one in layers)
    return Fix(_("Insert {what}").format(what=label), (InsertLayers(path, layers),))


def _release(path: Path, name: str) -> Fix:
    return Fix(_("Put {name} on auto").format(name=name), (ReleaseArgument(path, name),))


def _folded(spec: LayerSpec, shape: Shape, path: Path) -> Iterator[Ways]:
    there = f"{spec.name[:-2]}{len(shape) - 1}d"
    if spec.name.endswith("d") and there in LAYERS:
        yield (Fix(_("Replace it by {name}").format(name=there), (ReplaceKind(path, there),)),)
    if len(shape) > spec.axes:
        flat = [Layer("Flatten", {"start_dim": spec.axes})]
        if spec.steps:
            flat.insert(0, Layer("Flatten", {"end_dim": 1 + len(shape) - spec.axes}))
        yield tuple(_insert(path, one) for one in flat)
        return
    for sizes in _folds(shape, spec):
        folding = Layer("Unflatten", {"unflattened_size": sizes})
        label = _("Insert Unflatten to {shape}").format(shape=shown_shape((*sizes, *shape[1:])))
        yield (Fix(label, (InsertLayers(path, (folding,)),)),)


def _folds(shape: Shape, spec: LayerSpec) -> Iterator[list[int]]:
    """What the first axis can be folded into, so that a sample has as many axes as the layer works on."""
    first, lacking = shape[0], spec.axes - len(shape)
    if lacking == 2:
        side = math.isqrt(first)
        high = next(one for one in range(side, 0, -1) if first % one == 0)
        yield [1, high, first // high]
        yield [first, 1, 1]
    elif len(shape) == 1 and spec.steps:
        yield [first, 1]
    else:
        yield [1, first]


def _whole_parts(values: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Arguments that split something into equal parts, with the next smaller number that does."""
    for name, whole in PARTS.items():
        parts, size = values.get(name), values.get(whole)
        if isinstance(parts, int) and isinstance(size, int) and size % parts:
            yield name, next(one for one in range(min(parts, size), 0, -1) if size % one == 0)
    groups, made, come = (values.get(name) for name in ("groups", "out_channels", "in_channels"))
    if isinstance(groups, int) and isinstance(made, int) and isinstance(come, int) and groups > 1:
        yield "groups", math.gcd(groups, made, come)
        yield "groups", 1
        yield "out_channels", max(1, round(made / groups)) * groups


def _for_window(values: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[Fix]:
    axes = len(shape) - 1
    rim = around(values, axes)
    kernel, span = each(values["kernel_size"], axes), reach(values, axes)
    room = [size + 2 * one for size, one in zip(shape[1:], rim or (0,) * axes, strict=True)]
    if any(one > size for one, size in zip(span, room, strict=True)):
        yield _set(path, "kernel_size", max(1, min(room)))
        lacking = max(one - size for one, size in zip(span, shape[1:], strict=True))
        yield _set(path, "padding", -(-lacking // 2))
        if span != kernel:
            yield _set(path, "dilation", 1)
    elif rim is not None and any(rim):
        yield _set(path, "padding", min(kernel) // 2)
        if values.get("padding_mode", "zeros") != "zeros":
            yield _set(path, "padding_mode", "zeros")
    elif rim is None:
        yield _set(path, "stride", 1)
        yield _set(path, "padding", min(kernel) // 2)


def _for_numbers(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[Fix]:
    """For arguments that are bound to the shape or to one another in a way of their own."""
    if "normalized_shape" in layer.arguments:
        sizes = layer.arguments["normalized_shape"]
        count = len(sizes) if isinstance(sizes, list) else 1
        yield _set(path, "normalized_shape", list(shape[-count:]))
    if "unflattened_size" in values and 0 < values["dim"] <= len(shape):
        yield _set(path, "unflattened_size", [1, shape[values["dim"] - 1]])
    if "scale_factor" in values and values.get("mode") in ("linear", "bilinear", "bicubic"):
        yield _set(path, "mode", {2: "linear", 3: "bilinear"}.get(len(shape), "nearest"))
        yield _set(path, "mode", "nearest")
    if spec.name == "BatchNorm1d" and len(shape) == 3:
        yield Fix(_("Replace it by {name}").format(name="BatchNorm2d"), (ReplaceKind(path, "BatchNorm2d"),))


def _set(path: Path, name: str, value: Any) -> Fix:
    return Fix(_("Set {name} to {value}").format(name=name, value=shown(value)), (SetArgument(path, name, value),))


def _flattened(path: Path, argument: Argument, pinned: Any, shape: Shape) -> Iterator[Fix]:
    """A Flatten above the layer, whose size is made to fit where it does not."""
    if pinned == math.prod(shape):
        yield _insert(path, Layer("Flatten"))
    label = _("Insert Flatten and set {name} to {value}").format(name=argument.name, value=math.prod(shape))
    edits = SetArgument(path, argument.name, math.prod(shape)), InsertLayers(path, (Layer("Flatten"),))
    yield Fix(label, edits)


def pooled(shape: Shape, wanted: int) -> Layer | None:
    """The adaptive pooling after which a picture, or series, has so many values in all; None where there is none."""
    if len(shape) not in (2, 3) or wanted % shape[0]:
        return None
    places = wanted // shape[0]
    if len(shape) == 2:
        return Layer("AdaptiveAvgPool1d", {"output_size": places})
    high = next(one for one in range(math.isqrt(places), 0, -1) if places % one == 0)
    return Layer("AdaptiveAvgPool2d", {"output_size": high if high * high == places else [high, places // high]})


def in_branch(fix: Fix, path: Path) -> Fix:
    """The same fix of a layer that is a branch: what stands before such a one would be another branch."""
    edits: list[Edit] = []
    for one in fix.edits:
        if isinstance(one, InsertLayers) and one.path == path:
            edits += [GroupLayers((path,)), InsertLayers((*path, 0), one.layers)]
        else:
            edits.append(one)
    return Fix(fix.label, tuple(edits))


def both(first: Fix, second: Fix) -> Fix:
    """Two fixes at once, for a layer with more than one thing wrong."""
    return Fix(_("{first}, {second}").format(first=first.label, second=second.label), (*first.edits, *second.edits))


def for_branches(layer: Layer, row: Row, rows: Sequence[Row]) -> Iterator[Ways]:
    """For branches that cannot be joined: windows that keep the size of the picture, or means that make it one size."""
    path = row.path
    label = _("Put an empty Sequential into it")
    yield (Fix(label, (InsertLayers((*path, len(layer.children)), (Layer("Sequential"),)),)),)
    yield (_kept_size(layer, path),)
    inside = [one for one in rows if one.path[:-1] == path and not one.disabled]
    shapes = [one.output_shape for one in inside if one.output_shape is not None]
    if len({len(shape) for shape in shapes}) == 1 and len(shapes[0]) in (2, 3):
        least = [min(sizes) for sizes in zip(*(shape[1:] for shape in shapes), strict=True)]
        edits = tuple(
            _pool_behind(layer.children[one.path[-1]], one.path, least)
            for one in inside
            if one.output_shape is not None and list(one.output_shape[1:]) != least
        )
        label = _("Insert {what} of {size} in every larger branch")
        yield (Fix(label.format(what=_pooling(least).layer, size=shown(least)), edits),)
    yield from ((_set(path, "merge", merge),) for merge in ("concatenate", "add"))
    yield (_set(path, "dim", 1),)


def _pooling(sizes: list[int]) -> Layer:
    one = sizes[0] if len(set(sizes)) == 1 else sizes
    return Layer(f"AdaptiveAvgPool{len(sizes)}d", {"output_size": one})


def _pool_behind(branch: Layer, path: Path, sizes: list[int]) -> Edit:
    if branch.layer == "Sequential":
        return InsertLayers((*path, len(branch.children)), (_pooling(sizes),))
    return ReplaceLayer(path, Layer("Sequential", {}, (branch, _pooling(sizes))))


def _kept_size(layer: Layer, path: Path) -> Fix:
    edits: list[Edit] = []
    for below, one in walk(layer.children, path):
        spec = LAYERS.get(one.layer)
        window = spec.argument("kernel_size") if spec else None
        if spec is None or window is None or one.disabled or spec.argument("output_padding"):
            continue
        kernel = one.arguments.get("kernel_size", window.default)
        half = [size // 2 for size in kernel] if isinstance(kernel, list) else kernel // 2
        edits.append(SetArgument(below, "padding", half))
        if spec.family == "Pooling":
            edits.append(SetArgument(below, "stride", 1))
    return Fix(_("Keep the size in every branch (padding)"), tuple(edits))


def for_residual(layer: Layer, row: Row, rows: Sequence[Row]) -> Iterator[Ways]:
    """For layers whose output cannot be added to what comes in."""
    path = row.path
    yield (_release(path, "projection"),)
    yield (_kept_size(layer, path),)
    inside = [one for one in rows if one.path[:-1] == path]
    given, made = row.input_shape, inside[-1].output_shape if inside else None
    if given is not None and made is not None and len(given) == len(made) and len(given) in (2, 3):
        pooling = _pooling(list(given[1:]))
        label = _("Insert {what} of {size} at its end").format(what=pooling.layer, size=shown(list(given[1:])))
        yield (Fix(label, (InsertLayers((*path, len(layer.children)), (pooling,)),)),)


def for_data(data: Data) -> Iterator[Fix]:
    """For a data set that is not known, its options, or steps of its preparation that do not work on it."""
    if data.dataset not in DATASETS:
        for name in get_close_matches(data.dataset, DATASETS, n=2, cutoff=0.6):
            yield Fix(_("Use the data set {name}").format(name=name), (SetData({"dataset": name}),))
        return
    for name, _fault in faults_of(data.dataset, DATASETS[data.dataset].arguments, data.options):
        options = {key: value for key, value in data.options.items() if key != name}
        yield Fix(_("Remove the option {name}").format(name=name), (SetData({"options": options}),))
    for position in range(len(data.preparation)):
        kept = data.preparation[:position] + data.preparation[position + 1 :]
        label = _("Remove step {n} of the preparation").format(n=position + 1)
        yield Fix(label, (SetData({"preparation": kept}),))


def repeats(fix: Fix, offered: Sequence[Fix], spec: LayerSpec | None) -> bool:
    """Whether a fix does no more than one that is offered: an argument on auto that has been set to its default."""
    if any(fix.edits == one.edits for one in offered):
        return True
    first = fix.edits[0] if len(fix.edits) == 1 else None
    argument = spec.argument(first.name) if spec and isinstance(first, ReleaseArgument) else None
    if argument is None or argument.from_input is not None or not isinstance(first, ReleaseArgument):
        return False
    set_already = (one.edits[0] for one in offered if isinstance(one.edits[0], SetArgument))
    return any((one.path, one.name) == (first.path, first.name) for one in set_already)


def everything_on_auto(layer: Layer, path: Path) -> Fix:
    """For a layer with more than one thing wrong."""
    released = tuple(ReleaseArgument(path, name) for name in layer.arguments)
    return Fix(_("Put every argument on auto"), released)


def removal(layer: Layer, path: Path) -> Fix:
    """The last way out."""
    return Fix(_("Remove {name}").format(name=layer.layer), (RemoveLayers((path,)),))
