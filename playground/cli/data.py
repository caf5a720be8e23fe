"""`playground data`: the gallery of data sets on the command line."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from playground.core.arguments import shown_shape
from playground.core.text import _

if TYPE_CHECKING:
    from playground.core.messages import DatasetState
    from playground.core.spec import DatasetSpec

app = typer.Typer(help=_("Lists, shows and prepares data sets."), no_args_is_help=True)

Name = Annotated[str, typer.Argument(help=_("name of a data set, see: playground data list"))]
AsJson = Annotated[bool, typer.Option("--json", help=_("print facts for programs"))]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All data sets of the gallery."""
    from playground.core.datasets import DATASETS
    from playground.engine import loader

    rows = [_facts(DATASETS[state.name], state) for state in loader.states()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for heading in (_("name"), _("title"), _("samples"), _("shape"), _("classes"), _("where")):
        table.add_column(heading, justify="right" if heading == _("samples") else "left", no_wrap=heading == _("name"))
    for row in rows:
        table.add_row(
            row["name"],
            row["title"],
            f"{row['train'] + (row['test'] or 0):,}",
            shown_shape(tuple(row["shape"])),
            str(len(row["classes"]) or "–"),
            row["where"] if row["available"] else _("not downloaded ({size})").format(size=_size(row["bytes"])),
        )
    Console().print(table)


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
        _("samples"): "" if spec.test else _("{count:,}, split by the project").format(count=spec.train),
        _("licence"): spec.licence,
        _("source"): spec.source,
        _("where"): facts["where"] if facts["available"] else facts["fault"],
    }
    typer.echo(f"{spec.title}\n{spec.summary}")
    for heading, text in lines.items():
        if text:
            typer.echo(f"{heading}: {text}")


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
