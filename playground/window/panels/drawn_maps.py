"""The feature maps once more, below the canvas."""

from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.panels.feature_maps import FeatureMapsPanel

DRAWN_MAPS = PanelSpec(
    name="drawn_maps", title=_("Feature maps"), make=FeatureMapsPanel, room="draw", area="bottom", order=20
)
