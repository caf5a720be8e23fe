"""PyTorch's refusals in the learner's words, with the learner's numbers."""

import math
from collections.abc import Mapping
from typing import Any

from playground.core.arguments import shown, shown_shape
from playground.core.layer import Layer
from playground.core.report import RowError
from playground.core.spec import Argument, LayerSpec, Shape
from playground.core.text import _, plural

_WHAT = {-3: ("{n} channel", "{n} channels"), -1: ("{n} value", "{n} values")}


def explain(
    spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str, message: str, fault: str = ""
) -> RowError:
    """Why a layer refuses its input.

    values: its arguments in effect;  shape: what it gets, without the batch;  giver: the layer (or input) that gives it
    message: PyTorch's own;  fault: what is wrong with its output, where PyTorch took the input
    """
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
        if axis is not None and pinned is not None and len(shape) >= -axis and pinned != shape[axis]:
            return argument
    return None


def needs_picture(spec: LayerSpec, shape: Shape) -> bool:
    """Whether the layer works on channels × height × width and gets something else."""
    return len(spec.example_input) == 3 and bool(spec.arguments) and spec.family != "Shape" and len(shape) != 3


def pair(value: Any) -> tuple[int, int]:
    """(height, width) of a number for both, or of two."""
    return (value[0], value[1]) if isinstance(value, (list, tuple)) else (value, value)


def reach(values: Mapping[str, Any]) -> tuple[int, int]:
    """Height and width that the window spans, dilation included."""
    kernel, dilation = pair(values["kernel_size"]), pair(values.get("dilation", 1))
    return (dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1)


def around(values: Mapping[str, Any]) -> tuple[int, int] | None:
    """The padding as numbers; None for 'same' and 'valid'."""
    padding = values.get("padding", 0)
    return None if isinstance(padding, str) else pair(padding)


def _axes(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    if not needs_picture(spec, shape) or spec.family in ("Linear", "Activation", "Regularisation"):
        return None
    sentence = _("It needs a picture of channels × height × width; {giver} gives {shape}.")
    return sentence.format(giver=giver, shape=_amount(shape)), shape, (), ""


def _sizes(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    argument = mismatched(spec, layer, shape)
    if argument is None or argument.from_input is None:
        return None
    one, many = _WHAT.get(argument.from_input, ("{n} value", "{n} values"))
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
    rim = around(values)
    if spec.family != "Pooling" or rim is None:
        return None
    kernel = pair(values["kernel_size"])
    if any(one > size // 2 for one, size in zip(rim, kernel, strict=True)):
        text = _("padding is {padding} px, but at most half of the window of {kernel} px is allowed.")
        return text.format(padding=shown(values["padding"]), kernel=shown(values["kernel_size"])), (), (), "padding"
    return None


def _window(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    if "kernel_size" not in values or len(shape) != 3:
        return None
    rim, span = around(values), reach(values)
    if values.get("padding") == "same":
        if pair(values["stride"]) != (1, 1):
            return _("padding 'same' works with a stride of 1 only."), (), (), "padding"
        return None
    room = tuple(size + 2 * one for size, one in zip(shape[1:], rim or (0, 0), strict=True))
    if any(one > size for one, size in zip(span, room, strict=True)):
        text = _("Its window of {window} px is larger than the {room} px that it gets from {giver}.")
        sentence = text.format(window=shown(list(span)), room=shown_shape(room), giver=giver)
        return sentence, (min(room),), (max(span),), "kernel_size"
    return None


def _rim(spec: LayerSpec, layer: Layer, values: Mapping[str, Any], shape: Shape, giver: str) -> Found:
    """What is not filled with zeros is taken from the picture itself, which must have as much to give."""
    mode, rim = values.get("padding_mode", "zeros"), around(values)
    most = {"reflect": -1, "circular": 0}.get(mode)
    if most is None or rim is None or len(shape) != 3:
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
