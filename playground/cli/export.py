"""`playground export`: a project in a form that works without this program."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from playground.core.code import Numerics
from playground.core.text import _
from playground.disk import atomic, projects

Layout = Literal["contiguous", "channels_last"]
Format = Literal["python"]
Style = Literal["sequential", "class", "scratch", "processes"]  # keys of core.code.STYLES, which the engine looks up


def export(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help=_("a path, - for standard input, or preset:NAME"))],
    format_: Annotated[Format, typer.Option("--format", help=_("python: a script that trains the network"))] = "python",
    style: Annotated[Style, typer.Option(help=_("how the script is written; processes: for torchrun"))] = "sequential",
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help=_("a folder to look for the data set in first"))
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help=_("of the CPU, as a run had them"))] = None,
    layout: Annotated[Layout | None, typer.Option(help=_("of pictures in memory, as a run had it"))] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("where to write it; else it is printed"))
    ] = None,
) -> None:
    """Write the project as a PyTorch script: the same data, weights and batches from the same seed."""
    from playground.engine import code  # torch

    script = code.write(projects.load(project), style, data, Numerics(threads, layout))
    if output is None:
        typer.echo(script.text, nl=False)
        return
    atomic.write(output, script.text.encode())
    typer.echo(_("{file}: {count} lines").format(file=output, count=script.text.count("\n")))
