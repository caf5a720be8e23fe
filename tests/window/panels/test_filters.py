"""The filters panel."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from playground.core.messages import Watch
from playground.window.panels.filters import FiltersPanel
from playground.window.theme import theme
from tests.window.panels.feed import feed, make_misfit, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def panel(session, qtbot) -> FiltersPanel:
    made = FiltersPanel(session)
    qtbot.addWidget(made)
    made.resize(320, 380)
    made.show()
    settle()
    return made


def test_the_first_convolution_is_shown_until_another_is_selected(panel):
    assert panel.watches() == (Watch("filters", {"layer": [0]}),)
    panel.session.document.select(((3,),))
    assert panel.watches() == (Watch("filters", {"layer": [3]}),)
    panel.session.document.select(((7,),))  # has no kernels
    assert panel.watches() == (Watch("filters", {"layer": [3]}),)


def test_a_weight_has_its_colour_and_zero_the_middle_one(panel):
    weight = np.zeros((1, 1, 1, 3), np.float32)
    weight[0, 0, 0] = (-2, 0, 2)
    panel.grid.show_filters(weight, None, 0)
    tile = panel.grid._tile(panel.grid._grid(), 0)
    shown = pixels(panel.grid)[round(tile.center().y()), :, :3]
    lut = theme().lut("diverging")
    for number, level in enumerate((0, 128, 255)):
        x = round(tile.x() + (number + 0.5) * tile.width() / 3)
        assert np.abs(shown[x].astype(int) - lut[level].astype(int)).max() <= 2


def test_the_pointer_finds_the_weight_below_it(panel):
    weight = np.zeros((6, 1, 3, 3), np.float32)
    panel.grid.show_filters(weight, None, 0)
    tile = panel.grid._tile(panel.grid._grid(), 5)
    assert panel.grid._cell_at(tile.bottomRight() - QPointF(2, 2)) == (5, 2, 2)
    assert panel.grid._cell_at(tile.topLeft() - QPointF(4, 4)) is None


def test_channels_of_the_input_are_chosen_one_at_a_time(panel):
    feed(panel.session, 5)
    assert not panel.channel.isVisible()
    panel.session.document.select(((3,),))
    feed(panel.session, 6)
    assert panel.channel.isVisible()
    assert panel.channel.maximum() == 5
    panel.channel.setValue(4)
    settle()
    assert panel.grid._channel == 4


@pytest.mark.parametrize(("width", "prefix"), [(220, ""), (375, "channel ")])
def test_the_channel_stands_beside_the_scale_and_below_the_tiles(panel, width, prefix):
    panel.resize(width, 220)
    panel.session.document.select(((3,),))
    feed(panel.session, 6)
    grid, place = panel.grid, panel.channel.geometry()
    assert panel.channel.prefix() == prefix
    assert grid.rect().contains(place)
    assert not grid._bar().toAlignedRect().intersects(place)
    assert not any(grid._tile(grid._grid(), number).toAlignedRect().intersects(place) for number in range(16))


def test_weights_that_are_no_numbers_do_no_harm(panel):
    panel.grid.show_filters(np.full((2, 1, 3, 3), np.nan, np.float32), np.full(2, np.nan, np.float32), 0)
    assert panel.grid.largest == 0
    pixels(panel.grid)


def test_a_network_without_convolutions_gets_a_sentence(panel):
    document = panel.session.document
    from playground.core.edit import RemoveLayers

    document.apply(RemoveLayers(((0,), (3,))))
    settle()
    assert panel.watches() == ()
    assert panel.grid.message == "Add a convolution to see its filters."


def test_after_an_edit_that_does_not_fit_the_last_filters_stay_and_say_so(panel):
    panel.session.document.select(((3,),))
    feed(panel.session, 422)
    shown = panel.grid._weight
    make_misfit(panel.session)
    assert panel.grid._weight is shown or np.array_equal(panel.grid._weight, shown)
    assert panel.age.isVisible()
    assert panel.age.text() == "from step 422, before the edit"
