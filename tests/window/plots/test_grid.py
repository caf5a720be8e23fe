"""Tiles in a room."""

import pytest
from PySide6.QtCore import QRectF

from playground.window.plots.grid import best_grid

ROOM = QRectF(16, 4, 300, 260)


@pytest.mark.parametrize("count", [1, 2, 6, 16, 33, 64])
@pytest.mark.parametrize("aspect", [1.0, 0.5, 2.0])
def test_every_tile_lies_in_the_room_and_none_on_another(count, aspect):
    grid = best_grid(ROOM, count, gap=4, caption=20, largest=88, aspect=aspect)
    tiles = [grid.tile(number) for number in range(count)]
    assert grid.places >= count
    assert all(ROOM.adjusted(0, 0, 0.5, 0.5).contains(tile.adjusted(0, 0, 0, 20)) for tile in tiles)
    assert not any(one.intersects(other) for n, one in enumerate(tiles) for other in tiles[n + 1 :])


def test_six_filters_stand_in_two_lines_of_three():
    grid = best_grid(ROOM, 6, gap=12, caption=20, largest=88)
    assert (grid.columns, grid.lines, grid.side) == (3, 2, 88)


def test_where_not_all_have_room_some_have_no_place():
    grid = best_grid(QRectF(0, 0, 40, 40), 64, gap=4, caption=0, largest=44)
    assert 0 < grid.places < 64
    assert grid.side == 8
