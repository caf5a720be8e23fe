"""The filters below the canvas, beside the maps that they make."""

import pytest
from PySide6.QtCore import QSize

from playground.core.messages import Watch
from playground.window.docks import DockArea
from playground.window.panels import PANELS
from tests.window.frame import lenet_report, show_report
from tests.window.panels.feed import feed, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
ROOM = [spec for spec in PANELS.values() if spec.room == "draw"]


@pytest.fixture(params=[QSize(1056, 760), QSize(660, 560)], ids=["1440x900", "1024x700"])
def area(request, session, qtbot) -> DockArea:
    """The room as large as it is in a window of that size."""
    session.client.ask, session.client.ready = (lambda _make, _take: None), True
    show_report(session, lenet_report(session.document.project))
    made = DockArea(session, ROOM)
    qtbot.addWidget(made)
    made.resize(request.param)
    made.show()
    made.share_out()
    settle()
    return made


def dock(area: DockArea, name: str):
    return next(one for one in area.docks if one.spec.name == name)


def test_filters_stand_beside_the_maps_and_below_the_canvas(area):
    canvas, filters, maps = (dock(area, name).geometry() for name in ("draw", "drawn_filters", "drawn_maps"))
    assert canvas.bottom() < filters.top() == maps.top()
    assert filters.right() < maps.left()
    assert not area.failures


def test_all_filters_of_the_chosen_convolution_are_seen_while_a_run_goes_on(area):
    session, panel = area.docks[0].panel.session, dock(area, "drawn_filters").panel
    for path, count in (((0,), 6), ((3,), 16)):
        session.document.select((path,))
        assert panel.watches() == (Watch("filters", {"layer": list(path)}),)
        feed(session, 100 + path[0])
        settle()
        grid = panel.grid._grid()
        assert grid.places >= count
        tiles = [panel.grid._tile(grid, number) for number in range(count)]
        assert all(panel.grid.rect().contains(tile.toAlignedRect()) for tile in tiles)
        assert min(tile.width() for tile in tiles) >= 12  # px: 3 × 3 weights can be told apart
