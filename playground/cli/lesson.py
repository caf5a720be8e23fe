"""`playground lesson`: the window, opened with a lesson."""

import sys

import typer

from playground.core.text import _
from playground.disk import lessons


def lesson(
    name: str = typer.Argument("", metavar="[NAME]", help=_("of a lesson's file, such as slopes; all lessons without")),
) -> None:
    """Open the window with a lesson, or with the list of all."""
    found, faults = lessons.read()
    for fault in faults:
        print(fault, file=sys.stderr)
    if name and not any(name in (one.name, one.short_name) for one in found):
        said = _("there is no lesson {name}; there are {names}")
        raise typer.BadParameter(said.format(name=name, names=", ".join(one.short_name for one in found)))
    from playground.app import run_window

    raise typer.Exit(run_window(None, lesson=name))
