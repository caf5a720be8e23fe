"""`playground check`: the rows that the window shows."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from playground.core.arguments import shown_shape
from playground.core.report import Row
from playground.core.text import _
from playground.disk.projects import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground.core.report import Fix, Report


def check(
    project: Annotated[
        str, typer.Argument(metavar="PROJECT", help=_("a path, '-' for standard input, or preset:NAME"))
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_("print facts for programs"))] = False,
) -> None:
    """Shapes, parameters and faults of a project, a row a layer. Exit code 1 where something does not fit."""
    value = load(project)
    from playground.engine import check as engine

    report = engine.check(value)
    if as_json:
        typer.echo(json.dumps(rows_of(report), ensure_ascii=False, indent=1))
    else:
        _print(report)
    for fault in report.faults:
        typer.echo(str(fault), err=True)
    for warning in report.warnings:
        typer.echo(_("Warning: {what}").format(what=warning), err=True)
    if report.misfit is not None and report.misfit.torch_message and not as_json:
        typer.echo(_("PyTorch: {message}").format(message=report.misfit.torch_message))
    if report.fixes and not as_json:
        typer.echo(_ways_out(report.fixes))
    if not report.fits:
        raise typer.Exit(1)


def rows_of(report: "Report") -> list[dict[str, Any]]:
    """The rows for programs. What is wrong with the whole stands in the last one, behind what is wrong there; where
    there is no layer, in a row 0 of its own, that of the input."""
    rows = [facts_of(row) for row in report.rows]
    if not rows and report.faults:
        rows = [facts_of(Row(index=0, path=(), layer="", output_shape=report.input_shape))]
    if report.faults:
        said = [rows[-1]["error"], *map(str, report.faults)]
        rows[-1]["error"] = " ".join(one for one in said if one)
        rows[-1]["fixes"] += [fix.label for fix in report.fixes if fix.label not in rows[-1]["fixes"]]
    if rows:
        rows[-1]["warnings"] += map(str, report.warnings)
    return rows


def facts_of(row: Row) -> dict[str, Any]:
    """A row for programs. error: None or text;  fixes: their labels"""
    return {
        "index": row.index,
        "layer": row.layer,
        "disabled": row.disabled,
        "output_shape": row.output_shape,
        "parameters": row.parameters,
        "error": error_text(row),
        "fixes": [fix.label for fix in row.fixes],
        "warnings": list(row.warnings),
        "path": row.path,
        "input_shape": row.input_shape,
        "arguments": row.arguments,
        "tensors": row.tensors,
        "multiply_adds": row.multiply_adds,
    }


def error_text(row: Row) -> str | None:
    """The sentence, and PyTorch's own words behind it."""
    if row.error is None:
        return None
    own = row.error.torch_message
    return f"{row.error.sentence} (PyTorch: {own})" if own else row.error.sentence


def _print(report: "Report") -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", _("layer"), _("output shape"), _("params"), ""):
        table.add_column(heading, justify="right" if heading in ("", _("output shape"), _("params")) else "left")
    table.columns[-1].justify = "left"
    table.add_row("", _("Input"), shown_shape(report.input_shape), "", "")
    for row in report.rows:
        indent = "  " * (len(row.path) - 1)
        remark = error_text(row) or (_("switched off") if row.disabled else " ".join(row.warnings))
        if row.fixes:
            remark += "\n" + _ways_out(row.fixes)
        style = "red" if row.error else "yellow" if row.warnings else ""
        shape = "?" if row.error else shown_shape(row.output_shape)
        count = f"{row.parameters:,}" if row.parameters else ""
        table.add_row(
            str(row.index), indent + row.layer, shape, count, f"[{style}]{_plain(remark)}[/]" if remark else ""
        )
    console = Console()
    console.print(table)
    text = _("{parameters:,} parameters in {tensors} tensors, {mib:.2f} MiB, {adds:.2f} M multiply-adds")
    tensors = sum(len(row.tensors) for row in report.rows)
    console.print(
        text.format(
            parameters=report.parameters, tensors=tensors, mib=report.bytes / 2**20, adds=report.multiply_adds / 1e6
        )
    )


def _ways_out(fixes: "Sequence[Fix]") -> str:
    return _("Ways out: {fixes}.").format(fixes="; ".join(fix.label for fix in fixes))


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
