"""`playground devices`: what a run can use, and from where on each of them is the fastest."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from playground.core.comparison import Comparison, Sweep, duration_text, rows, sentences, size_text
from playground.core.text import _
from playground.disk.projects import PRESET, load

if TYPE_CHECKING:
    from playground.core.messages import Device

FIRST = f"{PRESET}lenet-digits"
SWEEPS: tuple[Sweep, ...] = ("batch", "width")


def devices(
    project: Annotated[
        str, typer.Argument(metavar="PROJECT", help=_("a path, '-' for standard input, or preset:NAME; for --compare"))
    ] = FIRST,
    compare: Annotated[
        bool, typer.Option("--compare", help=_("time a step of the network on each, over batch sizes and widths"))
    ] = False,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help=_("about so long in all"))] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help=_("print facts for programs"))] = False,
) -> None:
    """Devices that a run can use, with memory, and why one cannot be used; with --compare, where a GPU starts to win."""
    if compare:
        _compare(project, seconds, as_json)
        return
    from playground.engine.devices import list_devices

    found = list_devices(tried=True)
    if as_json:
        typer.echo(json.dumps(facts_of(found), ensure_ascii=False, indent=1))
    else:
        for one in found:
            typer.echo(line_of(one))


def facts_of(found: "tuple[Device, ...]") -> list[dict[str, Any]]:
    """Devices for programs."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "memory": one.memory,
            "usable": not one.reason,
            "reason": one.reason,
            "refused": one.refused,
        }
        for one in found
    ]


def line_of(one: "Device") -> str:
    """A device for people."""
    size = f", {one.memory / 2**30:.1f} GiB" if one.memory else ""
    state = _("not usable: {reason}").format(reason=one.reason) if one.reason else _("usable")
    for precision, reason in one.refused.items():
        state += _(", not in {precision}: {reason}").format(precision=precision, reason=reason)
    return f"{one.name:20} {one.title}{size}: {state}"


def _compare(project: str, seconds: float, as_json: bool) -> None:
    value = load(project)
    from playground.engine import compare as engine

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(_("measuring"), total=None)
        found = engine.compare(
            value,
            seconds=seconds,
            progress=lambda _so_far, done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        typer.echo(json.dumps(_facts(found), ensure_ascii=False, indent=1))
        return
    for sweep in SWEEPS:
        Console().print(_table(found, sweep))
        for sentence in sentences(found, sweep):
            typer.echo(sentence)
        typer.echo()
    for note in found.notes:
        typer.echo(note)


def _facts(found: Comparison) -> dict[str, Any]:
    timings = [
        {
            "device": found.contenders[one.contender].device,
            "threads": found.contenders[one.contender].threads,
            "width": one.width,
            "batch": one.batch,
            "seconds": one.seconds,
            "samples_per_second": one.batch / one.seconds if one.seconds else None,
            "reason": one.reason,
        }
        for one in found.timings
    ]
    said = {sweep: sentences(found, sweep) for sweep in SWEEPS}
    return {"batch": found.batch, "timings": timings, "sentences": said, "notes": list(found.notes)}


def _table(found: Comparison, sweep: Sweep) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(_("a step"))
    for one in found.contenders:
        table.add_column(one.label, justify="right")
    reasons: dict[str, str] = {}
    for size, cells in rows(found, sweep):
        shown = []
        for cell in cells:
            if cell is not None and cell.seconds is None:
                shown.append(f"– {reasons.setdefault(cell.reason, _MARKS[len(reasons) % len(_MARKS)])}")
            else:
                shown.append(duration_text(cell.seconds) if cell is not None and cell.seconds is not None else "")
        table.add_row(size_text(size, sweep), *shown)
    table.caption = "\n".join(f"{mark} {reason}" for reason, mark in reasons.items())
    table.caption_justify = "left"
    return table


_MARKS = ("¹", "²", "³", "⁴", "⁵")
