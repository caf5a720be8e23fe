"""What is looked at: a layer of the network or painted kernels, which filter, which channel, which place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from playground.core.convolving import NOTHING, PAINTED_NAME, Slid, Slide, Stage
from playground.core.kernels import KERNELS
from playground.core.layer import Layer
from playground.core.messages import Array
from playground.core.network import Path
from playground.window.convolution.pane import Spot

Mode = Literal["layer", "paint"]
PAINTED = {
    "in_channels": 1, "out_channels": 1, "kernel_size": 3, "stride": 1, "padding": 1, "dilation": 1, "groups": 1,
    "bias": False, "padding_mode": "zeros",
}  # fmt: skip
PAINTED_NAMES = ("kernel_size", "stride", "padding", "dilation", "padding_mode")  # that a painter may change
RANDOM, MINE = "random", "mine"  # kernels to begin with, beside those with a name
MOST_SIDE = 15  # of a painted kernel


@dataclass
class Painting:
    """A painted kernel. values: (height, width);  arguments: those of Conv2d;  name: of the kernel it began with"""

    values: np.ndarray
    arguments: dict[str, Any] = field(default_factory=lambda: dict(PAINTED))
    name: str = ""

    def stage(self) -> Stage:
        height, width = self.values.shape
        layer = Layer("Conv2d", {**self.arguments, "kernel_size": [height, width]}, name=PAINTED_NAME)
        return Stage(layer, 0, sent(self.values[None]))

    def resized(self, value: Any) -> None:
        """Take another size: cells are added around, or cut off around. value: one side, or two"""
        self.values = resized(self.values, value)
        high, wide = self.values.shape
        self.arguments["kernel_size"] = high if high == wide else [high, wide]


def resized(values: np.ndarray, side: Any) -> np.ndarray:
    """A kernel of another size: cells are added around, or cut off around. side: one, or two"""
    high, wide = side if isinstance(side, (list, tuple)) else (side, side)
    high, wide = (min(MOST_SIDE, max(1, int(one))) for one in (high, wide))
    made = np.zeros((high, wide), np.float32)
    down, across = (high - values.shape[0]) // 2, (wide - values.shape[1]) // 2
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            if 0 <= row + down < high and 0 <= column + across < wide:
                made[row + down, column + across] = values[row, column]
    return made


def painting(name: str) -> Painting:
    """A kernel with a name, a key of `core.kernels.KERNELS`."""
    return Painting(np.array(KERNELS[name], np.float32), name=name)


@dataclass
class Scene:
    """mode: what slides;  path: of the layer, None for the first with a window
    filter, first: the filter that is looked at, and the first of those that are sent;  channel: place among those it sees
    at: the place, None for the middle;  told: of two painted kernels, the one whose arithmetic is shown
    source: channel of the sample that painted kernels get
    """

    mode: Mode = "layer"
    path: Path | None = None
    filter: int = 0
    first: int = 0
    channel: int = 0
    at: tuple[int, int] | None = None
    told: int = 0
    chained: bool = False
    source: int = 0
    paintings: list[Painting] = field(default_factory=lambda: [painting("edges"), painting("blur")])

    @property
    def painted(self) -> Painting:
        """The one whose cells are shown."""
        return self.paintings[self.told]

    def let_go_of_mine(self) -> None:
        """Another layer is looked at: what was taken from the last one is a painted kernel like any other."""
        for one in self.paintings:
            one.name = "" if one.name == MINE else one.name

    def of_paintings(self, sample: np.ndarray) -> Slide:
        """sample: (channels, height, width), as the network gets it"""
        source = min(self.source, len(sample) - 1)
        stages = tuple(one.stage() for one in self.paintings[: 2 if self.chained else 1])
        return Slide(0, sent(sample[source : source + 1]), stages, min(self.told, len(stages) - 1), self.at)

    def of_layer(
        self, layer: Layer, arrays: Mapping[str, np.ndarray], after: Layer | None, seed: int, first: int
    ) -> Slide:
        """layer: its arguments those in effect;  arrays: as the probe `window` tells them;  first: of its filters"""
        place, weight = self.filter - first, None
        bias = 0.0
        if "weight" in arrays and 0 <= place < len(arrays["weight"]):
            weight = sent(arrays["weight"][place])
            bias = float(arrays["bias"][place]) if "bias" in arrays else 0.0
        stage = Stage(layer, self.filter, weight, bias)
        return Slide(0, sent(arrays["input"]), (stage,), 0, self.at, after, seed)


def wish(question: Slide) -> tuple[Any, ...]:
    """What a person wants to see of it, whatever the numbers are meanwhile."""
    stages = [(one.layer, one.filter) for one in question.stages]
    return stages, question.told, question.at, question.after


def sent(values: np.ndarray) -> Array:
    plain = np.ascontiguousarray(values, np.float32)
    return Array("float32", plain.shape, plain.tobytes())


def spot_of(slid: Slid, pane: int, places: np.ndarray, size: tuple[int, int], transposed: bool) -> Spot:
    """places: of the window;  size: of the picture that the window lies on"""
    if transposed:
        rows = tuple(sorted({one for one in slid.rows if one >= 0}))
        return Spot(pane, rows, tuple(sorted({one for one in slid.columns if one >= 0})), slid.at)
    height, width = size
    sources = [
        divmod(int(places[row, column]), width)
        for row, y in enumerate(slid.rows)
        for column, x in enumerate(slid.columns)
        if places[row, column] > NOTHING and places[row, column] >= 0 and not (0 <= y < height and 0 <= x < width)
    ]
    return Spot(pane, slid.rows, slid.columns, slid.at, tuple(sources))


def place_of_window(layer: Layer, slid: Slid, row: int, column: int) -> tuple[int, int]:
    """The place of the map whose window has its middle nearest to a pixel of the input; it may lie outside the map."""
    found = []
    for axis, pixel in ((0, row), (1, column)):
        side = slid.places.shape[axis]
        dilation, padding = _one(layer.arguments.get("dilation", 1), axis), slid.rim[2 if axis == 0 else 0]
        stride = layer.arguments.get("stride")
        step, reach = side if stride is None else _one(stride, axis), dilation * (side - 1) / 2
        if layer.layer == "ConvTranspose2d":
            found.append(round(pixel * step - _one(layer.arguments.get("padding", 0), axis) + reach))
        else:
            found.append(round((pixel + padding - reach) / max(1, step)))
    return found[0], found[1]


def _one(value: Any, axis: int) -> int:
    return int(value[axis]) if isinstance(value, (list, tuple)) else int(value)
