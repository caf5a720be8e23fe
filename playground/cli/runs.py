"""`playground runs`: the kept runs on the command line."""

import json
import sys
import time
from typing import Annotated, Any

import typer

from playground.core.differences import RECIPE, settings_of
from playground.core.problem import Problem
from playground.core.project import write_project
from playground.core.steered import STEERED, told
from playground.core.text import _, plural
from playground.disk import kept_runs, runs
from playground.disk.kept_runs import Kept

app = typer.Typer(help=_("Lists, shows and deletes kept runs."), no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="RUN", help=_("its folder's name or path, or its own name"))]
AsJson = Annotated[bool, typer.Option("--json", help=_("print facts for programs"))]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All kept runs, newest first."""
    found = kept_runs.list_kept()
    if as_json:
        typer.echo(json.dumps([facts_of(one) for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        typer.echo(_("There is no kept run yet."))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(_("folder"), overflow="fold")
    table.add_column(_("name"), overflow="fold")
    table.add_column(_("state"), no_wrap=True)
    for heading in (_("epochs"), _("steps"), _("test loss"), _("accuracy")):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        held = one.held
        test = f"{held.test_loss:.4f}" if held else "–"
        accuracy = f"{held.test_accuracy:.1%}" if held and held.test_accuracy is not None else "–"
        words = (one.folder.name, one.name, one.record.state)
        table.add_row(*map(escape, words), _epochs(one), f"{one.steps:,}", test, accuracy)
    Console().print(table)


@app.command()
def show(run: Name, as_json: AsJson = False) -> None:
    """What a run came to, its checkpoints and its settings."""
    one = kept_runs.read(kept_runs.find(run))
    if as_json:
        epochs = [_builtins(report) for report in runs.read_epochs(one.folder)]
        losses = runs.read_losses(one.folder).tolist()
        project = write_project(one.project) if one.project else None
        facts = {**facts_of(one), "project": project, "losses": losses, "epoch_reports": epochs}
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    typer.echo(one.name)
    for heading, text in _lines(one).items():
        if text:
            typer.echo(f"{heading}: {text}")
    for setting in settings_of(one.project) if one.project else ():
        value = setting.value
        if setting.group == RECIPE and setting.name in STEERED:
            value = told(value, setting.name, one.record.steered)
        typer.echo(f"{setting.group}, {setting.name}: {value}")


@app.command()
def delete(
    run: Annotated[list[str], typer.Argument(metavar="RUN", help=_("folders' names or paths, or names of runs"))],
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("do not ask"))] = False,
    as_json: AsJson = False,
) -> None:
    """Delete runs with their figures and checkpoints, for good."""
    found = list(dict.fromkeys(kept_runs.find(one) for one in run))
    for folder in found:
        if runs.read_run(folder).is_alive:
            raise Problem(where=folder.name, what=_("this run is going on"), fix=_("Stop it first"))
    question = plural("Delete {n} run for good?", "Delete {n} runs for good?", len(found))
    if not yes and not (sys.stdin.isatty() and typer.confirm(question)):
        raise Problem(where=_("Runs"), what=_("nothing was deleted"), fix=_("Say --yes to delete without a question"))
    for folder in found:
        kept_runs.delete(folder)
    if as_json:
        typer.echo(json.dumps({"deleted": [folder.name for folder in found]}, ensure_ascii=False))
    else:
        typer.echo(plural("{n} run deleted", "{n} runs deleted", len(found)))


def facts_of(one: Kept) -> dict[str, Any]:
    """A run for programs."""
    record = one.record
    return {
        "folder": str(one.folder),
        "name": one.name,
        "state": record.state,
        "fault": record.fault,
        "started": record.started,
        "seconds": one.seconds,
        "epochs": one.epochs,
        "steps": one.steps,
        "last": _builtins(one.last) if one.last else None,
        "held": _builtins(one.held) if one.held else None,
        "device": record.device,
        "threads": record.threads,
        "layout": record.layout,
        "seed": record.seed,
        "versions": record.versions,
        "parent": record.parent or None,
        "parent_step": record.parent_step,
        "carried": list(record.carried) if record.carried else None,
        "steered": [_builtins(change) for change in record.steered],
        "checkpoints": [{"step": saved.step, "epochs": saved.epochs} for saved in one.checkpoints],
        "bytes": one.bytes,
    }


def _lines(one: Kept) -> dict[str, str]:
    record, held = one.record, one.held
    where = _("{device}, threads {n}, {layout}").format(device=record.device, n=record.threads, layout=record.layout)
    origin = _("{run} at step {step:,}").format(run=record.parent, step=record.parent_step or 0)
    kept, count = record.carried or (0, 0)
    carried = _("{kept} of {n} layers with weights").format(kept=kept, n=count) if count else ""
    accuracy = held.test_accuracy if held else None
    origin_of_figures = _("epoch {n:,}, the best").format(n=held.epoch) if held and one.best_is_back else ""
    return {
        _("folder"): str(one.folder),
        _("state"): record.state + (f" ({record.fault})" if record.fault else ""),
        _("started"): time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.started)),
        _("time of training"): f"{one.seconds:.1f} s",
        _("epochs"): f"{one.epochs:,}",
        _("weights and figures"): origin_of_figures,
        _("steps"): f"{one.steps:,}",
        _("test loss"): f"{held.test_loss:.4f}" if held else "",
        _("test accuracy"): f"{accuracy:.2%}" if accuracy is not None else "",
        _("device"): where if record.device else "",
        _("forked from"): origin if record.parent else "",
        _("kept from there"): carried,
        _("checkpoints"): ", ".join(_("step {step:,}").format(step=saved.step) for saved in one.checkpoints),
        _("size"): f"{one.bytes / 1e6:.1f} MB",
    }


def _epochs(one: Kept) -> str:
    """How many were done, and which of them the figures are of where that is not the newest."""
    if one.held is None or not one.best_is_back:
        return f"{one.epochs:,}"
    return _("{epochs:,}, best {best:,}").format(epochs=one.epochs, best=one.held.epoch)


def _builtins(value: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(value)
