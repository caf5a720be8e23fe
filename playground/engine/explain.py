"""PyTorch's refusals in the learner's words, with the learner's numbers."""

import math
from collections.abc import Mapping
from typing import Any

from playground.core.arguments import has_axis, shown, shown_shape
from playground.core.layer import Layer
from playground.core.report import RowError
from playground.core.spec import Argument, LayerSpec, Shape
from playground.core.text import _, plural
from playground.engine.outcome import Coming

_CHANNELS = (-3, -2, 0)  # the axes of a sample that hold them; the last one holds values


def explain(
    spec: LayerSpec, layer: Layer, values: Mapping[str, Any], coming: Coming, giver: str, message: str, fault: str = ""
) -> RowError:
    """Why a layer refuses its input.

    values: its arguments in effect;  coming: what it gets;  giver: the layer (or input) that gives it
    message: PyTorch's own;  fault: what is wrong with its output, where PyTorch took the input
    """
    shape, looks_up = coming.shape, spec.example_tokens > 0
    if bool(coming.tokens) != looks_up:
        text = _("It looks tokens up in a table; {giver} gives numbers, not tokens.")
        if coming.tokens:
            text = _("{giver} gives tokens, whose numbers are only names: nothing can be worked out from them.")
        return RowError(
            sentence=text.format(giver=giver[:1].upper() + giver[1:] if coming.tokens else giver), torch_message=message
        )
    for rule in (_axes, _sizes, _groups, _padding, _window, _rim, _dims):
        found = rule(spec, layer, values, shape, giver)
        if found is not None:
            sentence, given, expected, argument = found
            return RowError(sentence=sentence, torch_message=message, given=given, expected=expected, argument=argument)
    if fault:
        return RowError(sentence=fault)
    return RowError(
        sentence=_("PyTorch refuses it on {shape} from {giver}.").format(shape=shown_shape(shape), giver=giver),
        torch_message=message,
    )


Found = tuple[str, tuple[int, ...], tuple[int, ...], str] | None


def mismatched(spec: LayerSpec, layer: Layer, shape: Shape) -> Argument | None:
    """The pinned argument that should have been a size of the input and is not."""
    for argument in spec.arguments:
        axis = argument.from_input
        pinned = layer.arguments.get(argument.name)
        if isinstance(axis, int) and isinstance(pinned, int) and has_axis(shape, axis) and pinned != shape[axis]:
            return argument
    return None


def wrong_axes(spec: LayerSpec, shape: Shape) -> bool:
    """Whether the layer works on samples with another number of axes."""
    return spec.axes not in (0, len(shape))


def each(value: Any, axes: int) -> tuple[int, ...]:
    """One number for each of the axes that a window slides along, of a number for all of them or of a list."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) * axes


def reach(values: Mapping[str, Any], axes: int) -> tuple[int, ...]:
    """What the window spans along each axis, dilation included."""
    kernel, dilation = each(values["kernel_size"], axes), each(values.get("dilation", 1), axes)
    return tuple(apart * (size - 1) + 1 for size, apart in zip(kernel, dilation, strict=True))


def around(values: Mapping[str, Any], axes: int) -> tuple[int, ...] | None:
    """The padding as numbers; None for 'same' and 'valid'."""
    padding = values.get("padding", 0)
    return None if isinstance(padding, str) else each(padding, axes)


_NEEDED = {
    2: _("It needs a series of channels × length; {giver} gives {shape}."),
    3: _("It needs a picture of channels × height × width; {giver} gives {shape}."),
}


def _axes(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    if not wrong_axes(spec, shape) or spec.axes not in _NEEDED:
        return None
    if spec.steps:
        text = _("It needs a sequence of steps × features; {giver} gives {shape}.")
        return text.format(giver=giver, shape=_amount(shape)), shape, (), ""
    return _NEEDED[spec.axes].format(giver=giver, shape=_amount(shape)), shape, (), ""


def _sizes(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    argument = mismatched(spec, layer, shape)
    if argument is None or not isinstance(argument.from_input, int):
        return None
    channels = argument.from_input in _CHANNELS and len(shape) > 1
    one, many = ("{n} channel", "{n} channels") if channels else ("{n} value", "{n} values")
    given, expected = shape[argument.from_input], layer.arguments[argument.name]
    flat = argument.from_input == -1 and len(shape) > 1
    gives = shown_shape(shape) if flat else f"{given:,}"
    sentence = _("It expects {expected}; {giver} gives {given}.").format(
        expected=plural(one, many, expected), giver=giver, given=gives
    )
    return sentence, shape if flat else (given,), (expected,), argument.name


def _groups(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    groups = values.get("groups", 1)
    for name in ("in_channels", "out_channels"):
        channels = values.get(name)
        if groups != 1 and channels is not None and channels % groups:
            text = _("groups is {groups}, but {name}, {channels}, cannot be divided by it.")
            return text.format(groups=groups, name=name, channels=channels), (), (), "groups"
    return None


def _padding(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    if spec.family != "Pooling" or "kernel_size" not in values or wrong_axes(spec, shape):
        return None
    rim, kernel = around(values, len(shape) - 1) or (), each(values["kernel_size"], len(shape) - 1)
    if any(one > size // 2 for one, size in zip(rim, kernel, strict=True)):
        text = _("padding is {padding} px, but at most half of the window of {kernel} px is allowed.")
        return text.format(padding=shown(values["padding"]), kernel=shown(values["kernel_size"])), (), (), "padding"
    return None


def _window(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    if "kernel_size" not in values or wrong_axes(spec, shape) or "output_padding" in values:
        return None
    axes = len(shape) - 1
    rim, span = around(values, axes), reach(values, axes)
    if values.get("padding") == "same":
        if set(each(values["stride"], axes)) != {1}:
            return _("padding 'same' works with a stride of 1 only."), (), (), "padding"
        return None
    room = tuple(size + 2 * one for size, one in zip(shape[1:], rim or (0,) * axes, strict=True))
    if any(one > size for one, size in zip(span, room, strict=True)):
        text = _("Its window of {window} px is larger than the {room} px that it gets from {giver}.")
        sentence = text.format(window=shown(list(span)), room=shown_shape(room), giver=giver)
        return sentence, (min(room),), (max(span),), "kernel_size"
    return None


def _rim(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    """What is not filled with zeros is taken from the picture itself, which must have as much to give."""
    mode, rim = values.get("padding_mode", "zeros"), around(values, len(shape) - 1)
    most = {"reflect": -1, "circular": 0}.get(mode)
    if most is None or rim is None or wrong_axes(spec, shape):
        return None
    if all(one <= size + most for one, size in zip(rim, shape[1:], strict=True)):
        return None
    text = _("padding is {padding} px, but '{mode}' takes it from the picture, which has only {room} px from {giver}.")
    sentence = text.format(padding=shown(values["padding"]), mode=mode, room=shown_shape(shape[1:]), giver=giver)
    return sentence, (), (), "padding"


def _dims(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    axes = len(shape) + 1
    if "start_dim" in values and -axes <= values["start_dim"] < axes and values["start_dim"] % axes == 0:
        text = _("start_dim is {value}, the axis of the batch: the samples would run into one another.")
        return text.format(value=shown(values["start_dim"])), (), (), "start_dim"
    for name in ("start_dim", "end_dim"):
        if name in values and not -axes <= values[name] < axes:
            text = _("{name} is {value}, but a batch of {shape} has the axes 0 to {last} only.")
            return (
                text.format(name=name, value=shown(values[name]), shape=shown_shape(shape), last=axes - 1),
                (),
                (),
                name,
            )
    if "start_dim" in values and values["start_dim"] % axes > values["end_dim"] % axes:
        return _("start_dim lies behind end_dim."), (), (), "start_dim"
    return None


def _amount(shape: Shape) -> str:
    if len(shape) == 1:
        return plural("{n} value in a row", "{n} values in a row", shape[0])
    return _("{shape}, {count:,} values").format(shape=shown_shape(shape), count=math.prod(shape))
