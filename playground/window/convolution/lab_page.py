"""What slides over something as a page of the lab, which needs neither the network nor the run any more."""

import numpy as np

from playground.core.convolving import Slid, Slide
from playground.core.lab.topics import Convolution, Slider
from playground.core.lab.ways import slider_of
from playground.session.history import numbers

_MOST, _MOST_SIDE, _MOST_CHANNELS = 16_384, 64, 64  # numbers, pixels and channels of a picture that a page keeps


def page_of(slid: Slid, asked: Slide) -> Convolution | None:
    """None where its picture is too large to be kept in a page."""
    picture = numbers(asked.input)
    if not asked.told:
        picture = picture[list(slid.channels)]  # a filter sees those of its group, a pooling one
    if picture.size > _MOST or max(picture.shape[1:]) > _MOST_SIDE or len(picture) > _MOST_CHANNELS:
        return None
    layers = []
    for stage in asked.stages:
        slider = slider_of(stage.layer, stage.layer.arguments)
        if slider is None:
            return None
        kernel = () if stage.weight is None else tuple(rows(channel) for channel in numbers(stage.weight))
        layers.append(Slider(slider.layer, slider.arguments, 0, kernel, float(f"{stage.bias:.7g}")))
    return Convolution(tuple(layers), asked.told, picture=tuple(rows(one) for one in picture), place=asked.at)


def rows(values: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """(height, width), short enough to be read in a file; seven digits are all that float32 has."""
    return tuple(tuple(float(f"{value:.7g}") for value in row) for row in values)
