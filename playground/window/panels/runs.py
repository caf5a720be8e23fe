"""The kept runs: listed, named, laid over each other, opened again, forked, deleted."""

from typing import Any

from playground.core.spec import PanelSpec
from playground.core.text import _


def make(session: Any) -> Any:
    """Its parts are imported when the room is entered first: the start of the window does not wait for them."""
    from playground.window.panels._runs_panel import RunsPanel

    return RunsPanel(session)


SPEC = PanelSpec(name="runs", title=_("Runs"), make=make, room="runs", order=10)
