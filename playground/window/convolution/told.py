"""An answer of the workbench, made ready to be drawn: pictures, grids of numbers, lines of a sum."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from playground.core.arguments import shown_shape
from playground.core.convolving import PAINTED_NAME, Slid, Slide
from playground.core.kernels import KERNELS
from playground.core.layer import Layer
from playground.core.sides import side_of
from playground.core.text import _, plural
from playground.session.history import numbers
from playground.window.convolution import colors, words
from playground.window.convolution.arithmetic_view import Grid, Line, kernel_sum
from playground.window.convolution.pane import Pane, Spot
from playground.window.convolution.scene import MINE, RANDOM, Scene, spot_of
from playground.window.plots.axis import figure_text

_POOLS = ("MaxPool2d", "AvgPool2d")


def is_painted(asked: Slide) -> bool:
    """Whether a question tells of a painted kernel."""
    return asked.stages[asked.told].layer.name == PAINTED_NAME


def figure(value: float) -> str:
    """Three digits behind the point, as far as they say something."""
    if not math.isfinite(value):
        return colors.short(value)
    if value and abs(value) < 5e-4:
        return figure_text(value)
    return f"{value:,.3f}".replace("-", "−")


def signed(value: float) -> str:
    """For the caption of a channel: +0.53."""
    text = colors.short(value)
    return text if text.startswith(("−", "–")) else f"+{text}"


def kernel_called(name: str, arrays: Mapping[str, np.ndarray], scene: Scene) -> np.ndarray | None:
    """A kernel to paint on. name: a key of KERNELS, RANDOM, or MINE for the one of the layer that is looked at"""
    if name == RANDOM:
        return np.random.default_rng().normal(0, 0.5, scene.painted.values.shape).round(2).astype(np.float32)
    if name == MINE:
        weight, place = arrays.get("weight"), scene.filter - scene.first
        if weight is None or not 0 <= place < len(weight):
            return None
        return np.array(weight[place, min(scene.channel, weight.shape[1] - 1)], np.float32)
    return np.array(KERNELS[name], np.float32)


def panes(slid: Slid, asked: Slide, scene: Scene, whole: np.ndarray, looks: tuple[str, str]) -> tuple[list[Pane], Spot]:
    """whole: what the first stage gets, all channels;  looks: its colours, and what is said of its shape and channel"""
    lut, said = looks
    stage = asked.stages[asked.told]
    painted, number = is_painted(asked), asked.told
    channel = slid.channels[min(scene.channel, len(slid.channels) - 1)]
    chained = len(slid.maps) > 1
    first_channel = 0 if chained and number else channel
    text = said.format(shape=shown_shape(whole.shape), channel=first_channel)
    rim = (0, 0, 0, 0) if number else slid.rim
    found = [Pane(_("Input"), text, whole[first_channel], lut, False, rim)]
    for place, one in enumerate(slid.maps):
        values = numbers(one)
        size = shown_shape(values.shape)
        pooled = asked.stages[place].layer.layer in _POOLS
        if painted or chained:
            name = _("After the first") if place == 0 and chained else _("Map")
            name = _("After the second") if place else name
        else:
            name = _("Feature map {number}").format(number=slid.filter)
        if asked.after is not None and not painted:
            size = _("{size}, before {after}").format(size=size, after=asked.after.called)
        around = slid.rim if number == place + 1 else (0, 0, 0, 0)
        found.append(Pane(name, size, values, lut if pooled else "diverging", not pooled, around))
    lies_on = found[number].values.shape
    transposed = stage.layer.layer == "ConvTranspose2d"
    return found, spot_of(slid, number, numbers(slid.places), (lies_on[0], lies_on[1]), transposed)


def facts(slid: Slid, layer: Layer, size: Sequence[int]) -> list[tuple[str, str]]:
    """How large the output is and why, and the work of the layer. size: (height, width) of the input"""
    found: list[tuple[str, str]] = []
    transposed = layer.layer == "ConvTranspose2d"
    sides = [side_of(layer.arguments, size[axis], axis, transposed) for axis in (0, 1)]
    if sides[0] == sides[1]:
        shown = [(_("Side of the output"), sides[0])]
    else:
        shown = [(_("Height of the output"), sides[0]), (_("Width of the output"), sides[1])]
    for title, side in shown:
        result = (
            ""
            if side.terms.endswith(str(side.result)) and " " in side.terms and "‘" in side.terms
            else f" = {side.result}"
        )
        found += [("quiet", title), ("figure", side.terms + result)]
    found.append(("small", shown[0][1].rule))
    factors, done = words.work(slid)
    return [*found, ("quiet", ""), ("quiet", _("Work in this layer")), ("small", factors), ("figure", done)]


def grids(slid: Slid, asked: Slide, scene: Scene, under: np.ndarray, lut: str) -> list[Grid]:
    """Of the channel that is looked at. under: what the told stage gets, of the channels that the filter sees"""
    name, channel = asked.stages[asked.told].layer.layer, scene.channel
    low, high = colors.range_of(under)
    second = asked.told > 0
    window, weight, products = (numbers(one)[channel] for one in (slid.window, slid.weight, slid.products))
    titles = {
        "MaxPool2d": (_("Which one"), _("the largest")),
        "AvgPool2d": (_("Share"), _("of each")),
    }
    if is_painted(asked):
        middle = (_("Kernel"), _("yours to paint"))
    else:
        number = slid.filter
        middle = titles.get(name, (_("Filter {number}").format(number=number), _("same everywhere")))
    of_what = _("of the first map") if second else _("of the input")
    seen = Grid(_("Window"), of_what, window, "diverging" if second else lut, second, low, high)
    below = "" if name in _POOLS else kernel_sum(weight)
    return [seen, Grid(*middle, weight, below=below), Grid(_("Products"), _("cell by cell"), products)]


def sums(slid: Slid, asked: Slide, channel: int) -> tuple[tuple[str, str], list[Line]]:
    """The title of the sum, and its lines."""
    stage, channels = asked.stages[asked.told], numbers(slid.sums)
    name, cells = stage.layer.layer, slid.places.shape[0] * slid.places.shape[1]
    lines = []
    if name == "MaxPool2d":
        lines.append(Line(_("the largest of {cells}").format(cells=cells), figure(slid.total)))
    elif len(channels) == 1:
        lines.append(Line(plural("{n} product", "{n} products", cells), figure(slid.total)))
    else:
        text = _("channel {number}: {cells} products")
        number = slid.channels[channel]
        lines.append(
            Line(
                text.format(number=number, cells=cells),
                figure(float(channels[channel])),
                brief=_("channel {number}").format(number=number),
            )
        )
        is_last = channel == len(channels) - 1  # then both are the same sum
        so_far = slid.total if is_last else float(channels[: channel + 1].astype(np.float64).sum())
        text = _("channels {first} to {number}, so far").format(first=slid.channels[0], number=number)
        lines.append(Line(text, figure(so_far), brief=_("so far")))
        lines.append(Line(_("all {count} channels").format(count=len(channels)), figure(slid.total)))
    if stage.layer.arguments.get("bias") is True:
        lines.append(Line(_("+ bias"), figure(slid.bias)))
    index = ", ".join(map(str, slid.at if is_painted(asked) else (slid.filter, *slid.at)))
    lines.append(Line(_("= output [{index}]").format(index=index), figure(slid.value), "result", f"= [{index}]"))
    if slid.after is not None and asked.after is not None:
        lines.append(Line(_("after {name}").format(name=asked.after.called), figure(slid.after)))
    heading = _("Largest") if name == "MaxPool2d" else _("Sum")
    return (heading, _("one number of the map")), lines


def result_words(slid: Slid) -> str:
    """Where the window is and what comes of it, for a screen reader."""
    text = _("window at row {top}, column {left}; output at row {row}, column {column} is {value}")
    top, left = (slid.rows or (0,))[0], (slid.columns or (0,))[0]
    return text.format(top=top, left=left, row=slid.at[0], column=slid.at[1], value=figure(slid.value))


def fresh_words(slid: Slid) -> str:
    """Empty unless weights had to be drawn anew."""
    if not slid.fresh:
        return ""
    return _("These arguments need other weights: they are drawn anew here, as in an untrained network.")


def as_text(found: Sequence[tuple[str, Any]]) -> str:
    """Facts in one line, where there is no room for them beside the pictures."""
    return " · ".join(text for role, text in found if role == "figure")
