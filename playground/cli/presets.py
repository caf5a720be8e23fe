"""`playground presets`: the examples that come with the program."""

import json
from typing import Annotated

import typer

from playground.core.text import _
from playground.disk import projects


def presets(as_json: Annotated[bool, typer.Option("--json", help=_("print facts for programs"))] = False) -> None:
    """The examples that come with the program; each is a PROJECT as preset:NAME."""
    rows = []
    for name, path in projects.presets().items():
        project = projects.read_file(path)
        rows.append(
            {
                "name": f"{projects.PRESET}{name}",
                "dataset": project.data.dataset,
                "layers": len(project.network),
                "epochs": project.recipe.epochs,
            }
        )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        text = _("{name:32} {layers} layers on {dataset}, {epochs} epochs")
        typer.echo(text.format(**row))
