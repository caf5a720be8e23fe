"""PyTorch's refusals in the learner's words, with the learner's numbers."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from playground.core.arguments import has_axis, shown, shown_shape
from playground.core.layer import Layer
from playground.core.report import RowError
from playground.core.spec import Argument, LayerSpec, Shape
from playground.core.text import _, plural
from playground.engine.outcome import Coming

_CHANNELS = (-3, -2, 0)  # the axes of a sample that hold them; the last one holds values
# argument -> what it splits into equal parts
PARTS = {"num_heads": "embed_dim", "nhead": "d_model", "num_groups": "num_channels"}


def explain(
    spec: LayerSpec, layer: Layer, values: Mapping[str, Any], coming: Coming, giver: str, message: str, fault: str = ""
) -> RowError:
    """Why a layer refuses its input.

    values: its arguments in effect;  coming: what it gets;  giver: the layer (or input) that gives it
    message: PyTorch's own;  fault: what is wrong with its output, where PyTorch took the input
    """
    shape = coming.shape
    about = _About(spec, layer, values, shape, giver)
    found = _tokens(about, coming.tokens) or next((one for rule in _RULES if (one := rule(about)) is not None), None)
    if found is not None:
        return msgspec.structs.replace(found, torch_message=message)
    if fault:
        return RowError(sentence=fault, given=shape, wanted=_("an output for each sample"))
    return RowError(
        sentence=_("PyTorch refuses it on {shape} from {giver}.").format(shape=shown_shape(shape), giver=giver),
        torch_message=message,
        given=shape,
        wanted=_("something else"),
    )


def allowed(argument: Argument | None, value: Any) -> tuple[tuple[int, ...], str]:
    """The number that an argument was given and those that it may be, for the picture of boxes; empty for others."""
    numbers = value if isinstance(value, list) else [value]
    if argument is None or argument.low is None or not all(type(one) is int and abs(one) < 2**63 for one in numbers):
        return (), ""
    low, high = shown(int(argument.low)), argument.high
    bounds = (
        _("at least {low}").format(low=low)
        if high is None
        else _("{low} to {high}").format(low=low, high=f"{high:,.0f}")
    )
    return tuple(numbers[:4]), bounds


class _About(NamedTuple):
    """values: the layer's arguments in effect;  shape: what comes in;  giver: what gives it"""

    spec: LayerSpec
    layer: Layer
    values: Mapping[str, Any]
    shape: Shape
    giver: str

    @property
    def axes(self) -> int:
        """Along which a window slides."""
        return len(self.shape) - 1


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


def measured(value: Any, axes: int) -> str:
    """A size along the axes that a window slides along, with its unit: values of a series, pixels of a picture."""
    return plural("{n} value", "{n} values", each(value, axes)[0]) if axes == 1 else f"{shown(value)} px"


_NEEDED = {
    2: _("It needs a series of channels × length; {giver} gives {shape}."),
    3: _("It needs a picture of channels × height × width; {giver} gives {shape}."),
}
_WANTED = {2: _("channels × length"), 3: _("channels × height × width")}


def _tokens(about: _About, tokens: int) -> RowError | None:
    """A row of tokens where numbers are wanted, or the other way round."""
    looks_up, giver = about.spec.example_tokens > 0, about.giver
    if bool(tokens) == looks_up:
        return None
    if tokens:
        text = _("{giver} gives tokens, whose numbers are only names: nothing can be worked out from them.")
        return RowError(
            sentence=text.format(giver=giver[:1].upper() + giver[1:]), given=about.shape, wanted=_("numbers")
        )
    text = _("It looks tokens up in a table; {giver} gives numbers, not tokens.").format(giver=giver)
    return RowError(sentence=text, given=about.shape, wanted=_("tokens"))


def _axes(about: _About) -> RowError | None:
    needed = about.spec.axes
    if not wrong_axes(about.spec, about.shape) or needed not in _NEEDED:
        return None
    text, wanted = _NEEDED[needed], _WANTED[needed]
    if about.spec.steps:
        text, wanted = _("It needs a sequence of steps × features; {giver} gives {shape}."), _("steps × features")
    sentence = text.format(giver=about.giver, shape=_amount(about.shape))
    return RowError(sentence=sentence, given=about.shape, wanted=wanted)


def _sizes(about: _About) -> RowError | None:
    argument, shape = mismatched(about.spec, about.layer, about.shape), about.shape
    if argument is None or not isinstance(argument.from_input, int):
        return None
    channels = argument.from_input in _CHANNELS and len(shape) > 1
    one, many = ("{n} channel", "{n} channels") if channels else ("{n} value", "{n} values")
    given, expected = shape[argument.from_input], about.layer.arguments[argument.name]
    flat = argument.from_input == -1 and len(shape) > 1
    gives = shown_shape(shape) if flat else f"{given:,}"
    sentence = _("It expects {expected}; {giver} gives {given}.").format(
        expected=plural(one, many, expected), giver=about.giver, given=gives
    )
    given_shape = shape if flat else (given,)
    rule = f"{argument.name} {argument.help}."
    return RowError(sentence=sentence, given=given_shape, expected=(expected,), rule=rule, argument=argument.name)


def _groups(about: _About) -> RowError | None:
    groups = about.values.get("groups", 1)
    for name in ("in_channels", "out_channels"):
        channels = about.values.get(name)
        if groups != 1 and channels is not None and channels % groups:
            return _undivided("groups", groups, name, channels)
    return None


def _parts(about: _About) -> RowError | None:
    """What is split into equal parts: features between heads, channels between groups."""
    for name, whole in PARTS.items():
        parts, size = about.values.get(name), about.values.get(whole)
        if isinstance(parts, int) and isinstance(size, int) and size % parts:
            return _undivided(name, parts, whole, size)
    return None


def _undivided(name: str, parts: int, whole: str, size: int) -> RowError:
    text = _("{name} is {parts}, but {whole}, {size}, cannot be divided by it.")
    return RowError(
        sentence=text.format(name=name, parts=parts, whole=whole, size=size),
        given=(size,),
        wanted=_("a multiple of {n}").format(n=parts),
        argument=name,
    )


def _padding(about: _About) -> RowError | None:
    values = about.values
    if about.spec.family != "Pooling" or "kernel_size" not in values or wrong_axes(about.spec, about.shape):
        return None
    rim, kernel = around(values, about.axes) or (), each(values["kernel_size"], about.axes)
    if any(one > size // 2 for one, size in zip(rim, kernel, strict=True)):
        text = _("padding is {padding}, but at most half of the window of {kernel} is allowed.")
        padding, window = (measured(values[name], about.axes) for name in ("padding", "kernel_size"))
        return RowError(
            sentence=text.format(padding=padding, kernel=window),
            given=rim,
            wanted=_("at most {size}").format(size=shown([size // 2 for size in kernel])),
            argument="padding",
        )
    return None


def _window(about: _About) -> RowError | None:
    values, shape, axes = about.values, about.shape, about.axes
    if "kernel_size" not in values or wrong_axes(about.spec, shape) or "output_padding" in values:
        return None
    rim, span = around(values, axes), reach(values, axes)
    if values.get("padding") == "same":
        if set(each(values["stride"], axes)) != {1}:
            said = _("padding 'same' works with a stride of 1 only.")
            return RowError(
                sentence=said, given=each(values["stride"], axes), wanted=_("a stride of 1"), argument="padding"
            )
        return None
    room = tuple(size + 2 * one for size, one in zip(shape[1:], rim or (0,) * axes, strict=True))
    if any(one > size for one, size in zip(span, room, strict=True)):
        text = _("Its window of {window} is larger than the {room} that it gets from {giver}.")
        sentence = text.format(window=measured(span, axes), room=measured(room, axes), giver=about.giver)
        return RowError(sentence=sentence, given=(min(room),), expected=(max(span),), argument="kernel_size")
    return None


def _rim(about: _About) -> RowError | None:
    """What is not filled with zeros is taken from the picture or series itself, which must have as much to give."""
    values, shape = about.values, about.shape
    mode, rim = values.get("padding_mode", "zeros"), around(values, about.axes)
    most = {"reflect": -1, "circular": 0}.get(mode)
    if most is None or rim is None or wrong_axes(about.spec, shape):
        return None
    if all(one <= size + most for one, size in zip(rim, shape[1:], strict=True)):
        return None
    text = _("padding is {padding}, but '{mode}' takes it from the picture, which has only {room} from {giver}.")
    if about.axes == 1:
        text = _("padding is {padding}, but '{mode}' takes it from the series, which has only {room} from {giver}.")
    padding, room = measured(values["padding"], about.axes), measured(shape[1:], about.axes)
    return RowError(
        sentence=text.format(padding=padding, mode=mode, room=room, giver=about.giver),
        given=rim,
        wanted=_("at most {size}").format(size=shown([size + most for size in shape[1:]])),
        argument="padding",
    )


def _rest(about: _About) -> RowError | None:
    """A transposed convolution adds to one side of its output less than it leaves between two windows."""
    values = about.values
    if "output_padding" not in values or wrong_axes(about.spec, about.shape):
        return None
    more, stride, apart = (each(values[name], about.axes) for name in ("output_padding", "stride", "dilation"))
    bounds = [max(one, other) for one, other in zip(stride, apart, strict=True)]
    if all(one < bound for one, bound in zip(more, bounds, strict=True)):
        return None
    text = _("output_padding is {more} px, but must be less than the stride or the dilation, {bound} px.")
    return RowError(
        sentence=text.format(more=shown(values["output_padding"]), bound=shown(bounds)),
        given=more,
        wanted=_("less than {size}").format(size=shown(bounds)),
        argument="output_padding",
    )


def _normalised(about: _About) -> RowError | None:
    sizes = about.values.get("normalized_shape")
    wanted = tuple(sizes) if isinstance(sizes, (list, tuple)) else (sizes,)
    if sizes is None or about.shape[len(about.shape) - len(wanted) :] == wanted:
        return None
    text = _("normalized_shape is {wanted}, but the last axes that come from {giver} are {given}.")
    given = about.shape[-len(wanted) :]
    sentence = text.format(wanted=shown_shape(wanted), giver=about.giver, given=shown_shape(given))
    return RowError(sentence=sentence, given=given, expected=wanted, argument="normalized_shape")


def _folded(about: _About) -> RowError | None:
    """Unflatten: the sizes must make up the axis."""
    sizes, dim, axes = about.values.get("unflattened_size"), about.values.get("dim"), len(about.shape) + 1
    if sizes is None or not isinstance(dim, int) or not -axes <= dim < axes or dim % axes == 0:
        return None
    sizes = tuple(sizes) if isinstance(sizes, (list, tuple)) else (sizes,)
    whole, product = about.shape[dim % axes - 1], abs(math.prod(sizes))
    if whole == product or (-1 in sizes and product and whole % product == 0):
        return None
    text = _("{sizes} do not make up the {whole} values of axis {dim} that {giver} gives.")
    sentence = text.format(sizes=shown(list(sizes)), whole=f"{whole:,}", dim=shown(dim), giver=about.giver)
    return RowError(sentence=sentence, given=(whole,), wanted=shown(list(sizes)), argument="unflattened_size")


def _dims(about: _About) -> RowError | None:
    values, shape = about.values, about.shape
    axes = len(shape) + 1
    if "start_dim" in values and -axes <= values["start_dim"] < axes and values["start_dim"] % axes == 0:
        text = _("start_dim is {value}, the axis of the batch: the samples would run into one another.")
        return _dim_error(text.format(value=shown(values["start_dim"])), "start_dim", values, axes)
    for name in ("start_dim", "end_dim", "dim"):
        if isinstance(values.get(name), int) and not -axes <= values[name] < axes:
            text = _("{name} is {value}, but a batch of {shape} has the axes 0 to {last} only.")
            said = text.format(name=name, value=shown(values[name]), shape=shown_shape(shape), last=axes - 1)
            return _dim_error(said, name, values, axes)
    if "start_dim" in values and values["start_dim"] % axes > values["end_dim"] % axes:
        return _dim_error(_("start_dim lies behind end_dim."), "start_dim", values, axes)
    return None


def _dim_error(sentence: str, name: str, values: Mapping[str, Any], axes: int) -> RowError:
    wanted = _("axis 1 to {last}").format(last=axes - 1)
    return RowError(sentence=sentence, given=(values[name],), wanted=wanted, argument=name)


def _modes(about: _About) -> RowError | None:
    """Upsample: each way to find the values between is for so many axes."""
    mode = str(about.values.get("mode"))
    needed = {"linear": 2, "bilinear": 3, "bicubic": 3}.get(mode)
    if needed is None or needed == len(about.shape) or "scale_factor" not in about.values:
        return None
    text = _("mode {mode} is for {wanted}; {giver} gives {shape}.")
    sentence = text.format(mode=mode, wanted=_WANTED[needed], giver=about.giver, shape=_amount(about.shape))
    return RowError(sentence=sentence, given=about.shape, wanted=_WANTED[needed], argument="mode")


def _one_or_two(about: _About) -> RowError | None:
    if about.spec.torch_name != "torch.nn.BatchNorm1d" or len(about.shape) <= 2:
        return None
    text = _("It needs values in a row, or a series of channels × length; {giver} gives {shape}.")
    sentence = text.format(giver=about.giver, shape=_amount(about.shape))
    return RowError(sentence=sentence, given=about.shape, wanted=_("values in a row"))


def _smaller(about: _About) -> RowError | None:
    """An argument that must stay below another one."""
    for name, other in (("proj_size", "hidden_size"), ("padding_idx", "num_embeddings")):
        value, bound = about.values.get(name), about.values.get(other)
        if isinstance(value, int) and isinstance(bound, int) and value >= bound:
            text = _("{name} is {value}, but must be less than {other}, {bound}.")
            return RowError(
                sentence=text.format(name=name, value=f"{value:,}", other=other, bound=f"{bound:,}"),
                given=(value,),
                wanted=_("less than {size}").format(size=bound),
                argument=name,
            )
    return None


_RULES: tuple[Callable[[_About], RowError | None], ...] = (
    _axes, _one_or_two, _sizes, _groups, _parts, _padding, _window, _rim, _rest, _normalised, _dims, _folded, _modes,
    _smaller,
)  # fmt: skip


def _amount(shape: Shape) -> str:
    if len(shape) == 1:
        return plural("{n} value in a row", "{n} values in a row", shape[0])
    return _("{shape}, {count:,} values").format(shape=shown_shape(shape), count=math.prod(shape))
