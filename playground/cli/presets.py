"""`playground presets`: the examples that come with the program."""

import json
from typing import Annotated, Any

import typer

from playground.core.text import _, plural
from playground.disk import presets as examples, projects
from playground.disk.presets import Preset


def presets(as_json: Annotated[bool, typer.Option("--json", help=_("print facts for programs"))] = False) -> None:
    """The examples that come with the program; each is a PROJECT as preset:NAME."""
    found = examples.read()
    if as_json:
        typer.echo(json.dumps([_facts(preset) for preset in found], ensure_ascii=False, indent=1))
        return
    for preset in found:
        layers = plural("{n} layer", "{n} layers", preset.layers)
        facts = _("{layers} on {dataset}, {epochs} epochs").format(
            layers=layers, dataset=preset.dataset, epochs=preset.project.recipe.epochs
        )
        typer.echo(f"{projects.PRESET + preset.name:42} {facts}")
        if preset.project.about.title:
            typer.echo("    " + ": ".join(filter(None, (preset.title, preset.summary))))


def _facts(preset: Preset) -> dict[str, Any]:
    """layers: blocks left out;  parameters, seconds: None where nobody measured"""
    return {
        "name": f"{projects.PRESET}{preset.name}",
        "title": preset.title,
        "summary": preset.summary,
        "dataset": preset.dataset,
        "layers": preset.layers,
        "epochs": preset.project.recipe.epochs,
        "parameters": preset.parameters,
        "seconds": preset.seconds,
    }
