"""`playground info`: what a bug report needs."""

import json
from typing import Annotated

import typer

from playground.cli.devices import facts_of, line_of
from playground.core.text import _
from playground.disk import folders, resources


def info(as_json: Annotated[bool, typer.Option("--json", help=_("print facts for programs"))] = False) -> None:
    """Versions, devices and why one is missing, folders, plug-ins that were left out."""
    from playground.core import datasets, layers  # noqa: F401  scanning them finds the plug-ins that fail
    from playground.core.registry import FAILURES
    from playground.engine import probes  # noqa: F401
    from playground.engine.devices import list_devices
    from playground.engine.versions import versions

    found, known = versions(), list_devices(tried=True)
    devices = facts_of(known)
    places = {
        "data": str(folders.data()),
        "datasets": str(folders.datasets()),
        "runs": str(folders.runs()),
        "cache": str(folders.cache()),
        "config": str(folders.config()),
        "log": str(folders.log()),
        "resources": str(resources.root()),
    }
    if as_json:
        facts = {"versions": found, "devices": devices, "folders": places, "left_out": FAILURES}
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    for name, version in found.items():
        typer.echo(f"{name:20} {version}")
    typer.echo()
    for one in known:
        typer.echo(line_of(one))
    typer.echo()
    for name, place in places.items():
        typer.echo(f"{name:20} {place}")
    for name, reason in FAILURES.items():
        typer.echo(_("left out: {name} ({reason})").format(name=name, reason=reason))
