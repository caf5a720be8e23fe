"""Ways out of an error. Each candidate here is only a guess: `check` tries it, and offers what works."""

import math
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

from playground.core.arguments import auto_value, faults_of, shown
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.edit import (
    Edit,
    InsertLayers,
    MoveLayers,
    ReleaseArgument,
    RemoveLayers,
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
from playground.engine.explain import around, each, mismatched, reach, wrong_axes
from playground.engine.outcome import Coming


def for_unknown(layer: Layer, path: Path) -> Iterator[Fix]:
    """For a layer that is not in the catalogue."""
    for name in get_close_matches(layer.layer, LAYERS, n=2, cutoff=0.6):
        replaced = Layer(name, layer.arguments, layer.children)
        yield Fix(_("Replace it by {name}").format(name=name), (ReplaceLayer(path, replaced),))


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


def for_input(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], coming: Coming, path: Path) -> Iterator[Fix]:
    """For a layer that refuses its input: the safest first."""
    shape = coming.shape
    if coming.tokens and not spec.example_tokens:
        yield Fix(_("Insert Embedding"), (InsertLayers(path, (Layer("Embedding"),)),))
        flat = Layer("Flatten"), Layer("Embedding")
        yield Fix(_("Insert Embedding and Flatten"), (InsertLayers(path, flat[::-1]),))
    wrong = mismatched(spec, layer, shape)
    if wrong is not None:
        if len(shape) > 1 and wrong.from_input == -1:
            yield _flatten(path, wrong, layer.arguments[wrong.name], math.prod(shape))
        yield _set(path, wrong.name, auto_value(wrong, shape))
        yield Fix(_("Put {name} on auto").format(name=wrong.name), (ReleaseArgument(path, wrong.name),))
    if values.get("groups", 1) != 1:
        yield _set(path, "groups", 1)
    if "kernel_size" in values and len(shape) > 1 and not wrong_axes(spec, shape):
        yield from _for_window(values, shape, path)
    for name in ("start_dim", "end_dim"):
        if name in layer.arguments:
            yield Fix(_("Put {name} on auto").format(name=name), (ReleaseArgument(path, name),))


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


def _set(path: Path, name: str, value: Any) -> Fix:
    return Fix(_("Set {name} to {value}").format(name=name, value=shown(value)), (SetArgument(path, name, value),))


def _flatten(path: Path, argument: Argument, pinned: Any, values: int) -> Fix:
    """A Flatten above the layer, whose size is made to fit where it does not."""
    insert = InsertLayers(path, (Layer("Flatten"),))
    if pinned == values:
        return Fix(_("Insert Flatten"), (insert,))
    label = _("Insert Flatten and set {name} to {value}").format(name=argument.name, value=values)
    return Fix(label, (SetArgument(path, argument.name, values), insert))


def for_place(spec: LayerSpec, layer: Layer, row: Row, rows: Sequence[Row]) -> Iterator[Fix]:
    """For a layer that needs a picture, or a series, and stands below the place where the last one was."""
    if row.input_shape is None or not wrong_axes(spec, row.input_shape):
        return
    above = [one for one in rows if one.path[:-1] == row.path[:-1] and one.path < row.path]
    pictures = [one for one in above if one.input_shape is not None and len(one.input_shape) == spec.axes]
    if pictures:
        label = _("Move {name} above {other}, row {n}")
        label = label.format(name=layer.layer, other=pictures[-1].layer, n=pictures[-1].index)
        yield Fix(label, (MoveLayers((row.path,), pictures[-1].path),))


def for_branches(layer: Layer, path: Path) -> Iterator[Fix]:
    """For branches that cannot be joined: windows that keep the size of the picture."""
    edits = []
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
    yield Fix(_("Keep the size in every branch (padding)"), tuple(edits))
    yield from (_set(path, "merge", merge) for merge in ("concatenate", "add"))
    yield _set(path, "dim", 1)


def for_residual(layer: Layer, path: Path) -> Iterator[Fix]:
    """For layers whose output cannot be added to what comes in."""
    yield Fix(_("Put projection on auto"), (ReleaseArgument(path, "projection"),))
    yield from islice(for_branches(layer, path), 1)


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


def everything_on_auto(layer: Layer, path: Path) -> Fix:
    """For a layer with more than one thing wrong."""
    released = tuple(ReleaseArgument(path, name) for name in layer.arguments)
    return Fix(_("Put every argument on auto"), released)


def removal(layer: Layer, path: Path) -> Fix:
    """The last way out."""
    return Fix(_("Remove {name}").format(name=layer.layer), (RemoveLayers((path,)),))
