"""Ways out of an error. Each candidate here is only a guess: `check` tries it, and offers what works."""

import math
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from playground.core.arguments import auto_value, faults_of, shown
from playground.core.edit import Edit, InsertLayers, ReleaseArgument, RemoveLayers, ReplaceLayer, SetArgument
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.report import Fix
from playground.core.spec import LayerSpec, Shape
from playground.core.text import _
from playground.engine.explain import around, mismatched, needs_picture, pair, reach


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


def for_input(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[Fix]:
    """For a layer that refuses its input: the safest first."""
    wrong = mismatched(spec, layer, shape)
    flattened = math.prod(shape)
    if wrong is not None and wrong.from_input == -1 and len(shape) > 1 and layer.arguments[wrong.name] == flattened:
        yield _flatten(path)
    if wrong is not None:
        fitting = auto_value(wrong, shape)
        yield _set(path, wrong.name, fitting)
        yield Fix(_("Put {name} on auto").format(name=wrong.name), (ReleaseArgument(path, wrong.name),))
        if len(shape) > 1 and wrong.from_input == -1:
            yield Fix(
                _("Insert Flatten and set {name} to {value}").format(name=wrong.name, value=flattened),
                (SetArgument(path, wrong.name, flattened), InsertLayers(path, (Layer("Flatten"),))),
            )
    if values.get("groups", 1) != 1:
        yield _set(path, "groups", 1)
    if "kernel_size" in values and not needs_picture(spec, shape):
        yield from _for_window(values, shape, path)
    for name in ("start_dim", "end_dim"):
        if name in layer.arguments:
            yield Fix(_("Put {name} on auto").format(name=name), (ReleaseArgument(path, name),))


def _for_window(values: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[Fix]:
    rim = around(values)
    kernel, span = pair(values["kernel_size"]), reach(values)
    room = [size + 2 * one for size, one in zip(shape[-2:], rim or (0, 0), strict=True)]
    if any(one > size for one, size in zip(span, room, strict=True)):
        yield _set(path, "kernel_size", max(1, min(room)))
        lacking = max(one - size for one, size in zip(span, shape[-2:], strict=True))
        yield _set(path, "padding", -(-lacking // 2))
        if span != kernel:
            yield _set(path, "dilation", 1)
    elif rim is not None and any(rim):
        yield _set(path, "padding", min(kernel) // 2)
    elif rim is None:
        yield _set(path, "stride", 1)


def _set(path: Path, name: str, value: Any) -> Fix:
    return Fix(_("Set {name} to {value}").format(name=name, value=shown(value)), (SetArgument(path, name, value),))


def _flatten(path: Path) -> Fix:
    return Fix(_("Insert Flatten"), (InsertLayers(path, (Layer("Flatten"),)),))


def everything_on_auto(layer: Layer, path: Path) -> Fix:
    """For a layer with more than one thing wrong."""
    released = tuple(ReleaseArgument(path, name) for name in layer.arguments)
    return Fix(_("Put every argument on auto"), released)


def removal(layer: Layer, path: Path) -> Fix:
    """The last way out."""
    return Fix(_("Remove {name}").format(name=layer.layer), (RemoveLayers((path,)),))
