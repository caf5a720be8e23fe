"""From ink to the pixels that a window slides over."""

import numpy as np
import pytest

from playground.core.carried import Array
from playground.core.drawing import SIDE as INK_SIDE, Stroke
from playground.window.canvas.sheet import sent, sent_sheet
from playground.window.lab.convolution.drawn import SIDE, picture_of


def test_each_pixel_is_the_mean_of_the_ink_it_covers(qapp):
    sheet = sent_sheet(1)
    sheet.paint([Stroke(((0.25, 0.5), (0.75, 0.5)), 0.1)])
    ink = sent(sheet)
    made = np.array(picture_of(ink))
    assert made.shape == (1, SIDE, SIDE)
    step = INK_SIDE // SIDE
    levels = np.frombuffer(ink.data, np.uint8).reshape(INK_SIDE, INK_SIDE) / 255
    for row, column in ((16, 16), (14, 9), (13, 4), (0, 0)):
        part = levels[row * step : (row + 1) * step, column * step : (column + 1) * step]
        assert made[0, row, column] == pytest.approx(part.mean(), abs=1e-4)
    assert made[0, 16, 16] == 1
    assert made[0, 0, 0] == 0


def test_colours_are_channels(qapp):
    ink = np.zeros((3, INK_SIDE, INK_SIDE), np.uint8)
    ink[1] = 255
    made = np.array(picture_of(Array("uint8", ink.shape, ink.tobytes())))
    np.testing.assert_array_equal(made.mean(axis=(1, 2)), [0, 1, 0])
