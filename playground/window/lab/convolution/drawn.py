"""What is drawn on the canvas, as a picture that a window slides over."""

from functools import lru_cache

import numpy as np

from playground.core.carried import Array
from playground.session.history import numbers
from playground.window.lab.convolution.own_picture import Picture

SIDE = 32  # pixels, as the digits of the lab have; the canvas has a multiple of them


@lru_cache(maxsize=1)
def picture_of(ink: Array) -> Picture:
    """Its pixels, of 0 to 1. ink: as `core.drawing.FitDrawing.ink`"""
    values = numbers(ink)
    channels, side = values.shape[:2]
    step = side // SIDE
    means = values.reshape(channels, SIDE, step, SIDE, step).mean(axis=(2, 4), dtype=np.float64) / 255
    return tuple(tuple(tuple(row) for row in channel) for channel in means.round(4).tolist())
