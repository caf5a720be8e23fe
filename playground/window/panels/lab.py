"""The lab: tensors, slopes, graphs and convolutions to be touched, apart from the project."""

from typing import Any

from playground.core.spec import PanelSpec
from playground.core.text import _


def make(session: Any) -> Any:
    """Its parts are imported when the room is entered first: the start of the window does not wait for them."""
    from playground.window.lab.room import LabRoom

    return LabRoom(session)


SPEC = PanelSpec(name="lab", title=_("Lab"), make=make, room="lab", order=10)
