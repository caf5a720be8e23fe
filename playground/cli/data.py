"""`playground data`: the gallery of data sets on the command line."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from playground.core.arguments import shown, shown_shape
from playground.core.text import _

if TYPE_CHECKING:
    from playground.core.messages import DatasetState
    from playground.core.spec import Argument, DatasetSpec

app = typer.Typer(help=_("Lists, shows and prepares data sets."), no_args_is_help=True)

Name = Annotated[str, typer.Argument(help=_("name of a data set, see: playground data list"))]
AsJson = Annotated[bool, typer.Option("--json", help=_("print facts for programs"))]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All data sets of the gallery."""
    from playground.core.datasets import GROUPS, by_group
    from playground.engine import loader

    states = {state.name: state for state in loader.states()}
    groups = {group: [_facts(spec, states[spec.name]) for spec in specs] for group, specs in by_group().items()}
    if as_json:
        typer.echo(json.dumps([row for rows in groups.values() for row in rows], ensure_ascii=False, indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for heading in (_("name"), _("samples"), _("shape"), _("classes")):  # titles say the same, and cost the room
        table.add_column(heading, justify="right" if heading == _("samples") else "left", no_wrap=True)
    table.add_column(_("where"), overflow="fold")
    for number, (group, rows) in enumerate(groups.items()):
        if number:
            table.add_row()
        table.add_row(f"[bold]{GROUPS[group]}[/bold]")
        for row in rows:
            table.add_row(*_cells(row))
    Console().print(table)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """One line of the list."""
    from rich.markup import escape

    own = row["group"] == "own"
    return (
        row["name"],
        "–" if own else f"{row['train'] + (row['test'] or 0):,}",
        shown_shape(tuple(row["shape"])) or "–",
        str(len(row["classes"]) or "–"),
        escape(_where(row)),
    )


def _where(row: dict[str, Any]) -> str:
    if row["group"] == "own":
        return _("yours, by --data PATH")
    return row["where"] if row["available"] else _("not downloaded ({size})").format(size=_size(row["bytes"]))


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """What a data set is, and whether it is on this machine."""
    from playground.engine import loader

    spec = loader.spec_of(name)
    facts = _facts(spec, loader.state_of(spec))
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    lines = {
        _("task"): facts["task"],
        _("shape of a sample"): shown_shape(spec.sample_shape),
        _("classes"): ", ".join(spec.classes) or "–",
        _("features"): ", ".join(spec.features),
        _("training part"): f"{spec.train:,}" if spec.test else "",
        _("test part"): f"{spec.test:,}" if spec.test else "",
        _("samples"): "" if spec.test or spec.own else _("{count:,}, split by the project").format(count=spec.train),
        **{_("option {name}").format(name=one.name): _option(one) for one in spec.arguments},
        _("licence"): spec.licence,
        _("source"): spec.source,
        _("where"): facts["where"] if facts["available"] else facts["fault"],
    }
    typer.echo(f"{spec.title}\n{spec.summary}")
    for heading, text in lines.items():
        if text:
            typer.echo(f"{heading}: {text}")


def _option(argument: "Argument") -> str:
    """What a project may set of a data set: "0.1; from 0 to 2; is the standard deviation of ..."."""
    ends = (argument.low, argument.high)
    limits = _("from {low} to {high}").format(low=shown(ends[0]), high=shown(ends[1])) if None not in ends else ""
    default = _("on auto") if argument.default is None else shown(argument.default)
    return "; ".join(one for one in (default, limits, ", ".join(argument.choices), argument.help) if one)


@app.command()
def prepare(name: Name) -> None:
    """Make a data set ready for use: download it if it is missing, and unpack it."""
    from playground.core.data import Data
    from playground.engine import loader

    spec = loader.spec_of(name)
    if not loader.state_of(spec).available:
        _download(spec)
    prepared = loader.prepare(Data(dataset=name), seed=0)
    typer.echo(
        _("{title} is ready: {train:,} samples to train on, {test:,} to test").format(
            title=spec.title, train=len(prepared.train_inputs), test=len(prepared.test_inputs)
        )
    )


def _download(spec: "DatasetSpec") -> None:
    from playground.engine.fetch import fetch

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(spec.title, total=spec.bytes or None)
        # Ctrl+C is the way to cancel here: it ends the transfer between two pieces, and nothing half stays
        fetch(spec.name, lambda done, total: progress.update(task, completed=done, total=total or None), lambda: False)


def _facts(spec: "DatasetSpec", state: "DatasetState") -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title,
        "group": spec.group,
        "kind": spec.kind,
        "task": spec.task,
        "shape": list(spec.sample_shape),
        "classes": list(spec.classes),
        "train": spec.train,
        "test": spec.test,
        "available": state.available,
        "bytes": state.bytes,
        "where": state.where,
        "fault": str(state.fault) if state.fault else "",
    }


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
