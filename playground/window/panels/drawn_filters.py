"""The filters once more, below the canvas: what makes the maps beside them."""

from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.panels.filters import FiltersPanel

DRAWN_FILTERS = PanelSpec(
    name="drawn_filters",
    title=_("Filters"),
    make=FiltersPanel,
    room="draw",
    area="bottom",
    order=15,
    lab=("convolution",),
)
