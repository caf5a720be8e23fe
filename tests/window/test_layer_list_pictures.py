"""The small pictures of the rows: strips of maps, thumbnails, sparklines."""

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from playground.window.layer_list import pictures
from playground.window.theme import theme


def test_a_strip_scales_each_map_on_its_own_by_nearest_neighbour():
    maps = np.array([[[0, 1], [2, 3]], [[10, 10], [10, 40]]], dtype=float)
    lut = np.stack([np.arange(256)] * 3, axis=1).astype(np.uint8)
    image = pictures.strip(maps, lut, side=20, gap=4, columns=2)
    assert image.size() == QSize(44, 20)
    values = [image.pixelColor(x, y).red() for x, y in ((5, 5), (15, 5), (5, 15), (15, 15), (29, 5), (39, 15))]
    assert values == [0, 85, 170, 255, 0, 255]
    assert image.pixelColor(22, 10).alpha() == 0


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_flat_or_broken_map_is_drawn_flat(value):
    image = pictures.strip(np.full((1, 3, 3), value), theme().lut("viridis"), 12, 4, 1)
    assert image.pixelColor(6, 6) == QColor(*theme().lut("viridis")[0])


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 8), (4,), (2, 5, 5)])
def test_every_kind_of_sample_has_a_thumbnail(shape):
    image = pictures.thumbnail(np.random.default_rng(0).normal(size=shape), theme().lut("ink"), 40, 2.0)
    assert image.size() == QSize(80, 80)


def test_a_sparkline_is_logarithmic_and_ends_at_the_newest_value():
    path, newest = pictures.sparkline(np.array([1e-4, 1e-3, 1e-2, 1e-1, 1.0]), 40, 20)
    heights = [path.elementAt(number).y for number in range(path.elementCount())]
    assert np.allclose(np.diff(heights), -5)
    assert (newest.x(), newest.y()) == (40, 0)


def test_a_sparkline_needs_two_usable_values():
    assert pictures.sparkline(np.array([np.nan, 0.0, 0.3]), 40, 20) is None
    assert pictures.sparkline(np.array([0.2, np.nan, 0.3]), 40, 20) is not None
