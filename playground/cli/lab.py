"""`playground lab`: the window, opened in the lab."""

import typer

from playground.core.lab.page import TOPICS
from playground.core.text import _


def lab(
    topic: str = typer.Argument(
        "", metavar="[TOPIC]", help=_("one of {topics}; the tensors without").format(topics=", ".join(TOPICS))
    ),
) -> None:
    """Open the window in the lab."""
    if topic and topic not in TOPICS:
        said = _("there is no topic {topic}; there are {topics}")
        raise typer.BadParameter(said.format(topic=topic, topics=", ".join(TOPICS)))
    from playground.app import run_window

    raise typer.Exit(run_window(None, topic))
