"""The panels. A PanelSpec in a module of this folder is a panel: nothing else is to be edited."""

import sys

from playground.core.registry import declarations
from playground.core.spec import PanelSpec

PANELS: dict[str, PanelSpec] = declarations(sys.modules[__name__], PanelSpec)
