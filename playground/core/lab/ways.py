"""From a layer of the learner's network to the page of the lab that explains it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from playground.core.lab.functions import FUNCTIONS
from playground.core.lab.page import default_page
from playground.core.lab.topics import SLIDING, Convolution, Slider, Slopes, State
from playground.core.layer import Layer
from playground.core.layers import LAYERS

# activation -> key of FUNCTIONS
_CURVES = {
    "ReLU": "ReLU", "LeakyReLU": "LeakyReLU", "ELU": "ELU", "GELU": "GELU", "SiLU": "SiLU", "Sigmoid": "sigmoid",
    "Tanh": "tanh",
}  # fmt: skip
# key of FUNCTIONS -> its line with an argument, the argument, and its default, of which FUNCTIONS has the curve
_BENT: dict[str, tuple[str, str, Any]] = {
    "LeakyReLU": ("F.leaky_relu(x, {!r})", "negative_slope", 0.01),
    "ELU": ("F.elu(x, {!r})", "alpha", 1.0),
    "GELU": ('F.gelu(x, approximate="{}")', "approximate", "none"),
}
# channels that a filter sees -> what it slides over
_SLID_OVER = {1: Convolution().sample, 3: "photo:flower"}
_NEURONS = ("Linear", "Softmax", "LogSoftmax")


def page_of(layer: Layer) -> State | None:
    """What explains a layer: a window that slides with its arguments, its curve, or a neuron; None where nothing does."""
    if layer.layer in _CURVES:
        name = _CURVES[layer.layer]
        return Slopes(functions=(_curve(layer, name),), x=0.5, low=FUNCTIONS[name].low, high=FUNCTIONS[name].high)
    if layer.layer in _NEURONS:
        return default_page("neuron").state
    slider = slider_of(layer)
    return Convolution(layers=(slider,)) if slider is not None else None


def slid_over(state: Convolution, channels: int) -> Convolution | None:
    """A page on a picture of so many channels; None where the lab has none."""
    return msgspec.structs.replace(state, sample=_SLID_OVER[channels]) if channels in _SLID_OVER else None


def _curve(layer: Layer, name: str) -> str:
    """The function with the layer's own arguments: a line of PyTorch where they are not the default ones."""
    line, argument, default = _BENT.get(name, ("", "", None))
    value = layer.arguments.get(argument)
    return name if value is None or value == default else line.format(value)


def slider_of(layer: Layer, arguments: Mapping[str, Any] | None = None) -> Slider | None:
    """A layer with a window as the lab slides it, one filter of it; None for others. arguments: in effect, where known"""
    kind = next((one for one in SLIDING if one == layer.layer), None)
    if kind is None:
        return None
    known = layer.arguments if arguments is None else arguments
    own = {one.name for one in LAYERS[layer.layer].arguments if one.to == "module"}
    others = {"in_channels", "out_channels", "groups"}  # of the whole layer, of which the lab slides one filter
    kept = {name: value for name, value in known.items() if name in own - others and value is not None}
    return Slider(kind, kept | ({"out_channels": 1} if "out_channels" in own else {}))
