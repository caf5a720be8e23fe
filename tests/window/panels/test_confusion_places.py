"""Where a confusion matrix lies: inside of its panel, and as readable as there is room."""

import pytest
from PySide6.QtCore import QSize

from playground.window.panels._confusion_places import MARGIN, places_of

NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("count", [2, 10, 100])
@pytest.mark.parametrize("size", [(140, 100), (297, 120), (297, 165), (297, 220), (480, 340), (900, 700)], ids=str)
def test_it_lies_inside_of_its_panel(size, count):
    found = places_of(QSize(*size), (NAMES * 10)[:count], 14)
    assert found.left + count * found.cell <= size[0] - MARGIN - (52 if found.bar else 0)
    assert found.top >= 0
    assert found.top + count * found.cell <= size[1]


@pytest.mark.usefixtures("qapp")
def test_where_there_is_little_room_columns_lose_their_names_before_rows_do():
    wide, low, tiny = (places_of(QSize(297, high), NAMES, 14) for high in (220, 165, 60))
    assert (wide.named, wide.above) == (True, True)
    assert (low.named, low.above) == (True, False)
    assert low.cell >= 12
    assert (tiny.named, tiny.above) == (False, False)
    assert tiny.left == MARGIN
