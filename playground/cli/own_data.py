"""`--data PATH` and `--option NAME=VALUE`: a project trained on files of the user's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import typer

from playground.core.arguments import did_you_mean, shown_shape
from playground.core.edit import apply
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.spec import DatasetSpec
from playground.core.text import _

if TYPE_CHECKING:
    from playground.engine.understand import Found

_MOST_FIXES = 4
_SHOWN_ROWS = 5
_WIDEST = 100  # characters of a printed row


def is_home_of(project: Project, path: Path) -> bool:
    """Whether the project's own data set has its files in this folder."""
    from playground.engine import loader

    spec = loader.spec_of(project.data.dataset)
    if spec.own or not path.is_dir():
        return False
    state = loader.state_of(spec, path)
    place = Path(state.where)  # words, of a set that is not read from files
    return state.available and place.exists() and place.absolute().is_relative_to(path.absolute())


def with_own_data(project: Project, path: Path, options: list[str], asked: bool = True) -> Project:
    """The project, to be trained on a file or folder. What was understood, and what was changed to fit it, is printed.

    options: NAME=VALUE each;  asked: print it
    raises Problem: the files cannot be learned from, or an option is wrong
    """
    from playground.engine.check import check
    from playground.engine.understand import understand

    found = understand(path, _values(path, options))
    if asked:
        _say(found)
    changes = dict(found.data)
    if found.dataset.kind == _kind_of(project):
        changes.pop("preparation")  # the network was made for samples as these steps leave them
    changes["preparation"] = changes.get("preparation", project.data.preparation)
    project = msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, **changes))
    for _time in range(_MOST_FIXES):
        report = check(project)
        fix = next((row.fixes[0] for row in report.rows if row.error is not None and row.fixes), None)
        fix = fix or (report.fixes[0] if report.fixes else None)
        if (report.fits and not report.warnings) or fix is None:
            break
        for edit in fix.edits:
            project = apply(project, edit)
        if asked:
            typer.echo(_("Changed to fit the data: {change}").format(change=fix.label), err=True)
    return project


def _values(path: Path, options: list[str]) -> dict[str, Any]:
    """NAME=VALUE as values of the kinds that the data set declares. raises Problem"""
    from playground.core.datasets import DATASETS
    from playground.engine.understand import kind_of

    pairs = dict(_pair(one) for one in options)
    spec = DATASETS.get(pairs.get("dataset", "") or kind_of(path))
    made: dict[str, Any] = {}
    for name, text in pairs.items():
        argument = next((one for one in spec.arguments if one.name == name), None) if spec else None
        if argument is None and name != "dataset":
            names = [one.name for one in spec.arguments if one.name != "path"] if spec else []
            raise Problem(
                where=f"--option {name}={text}",
                what=_("there is no option {name}").format(name=name) + did_you_mean(name, names),
                fix=_("Choose one of {names}").format(names=", ".join(names)),
            )
        made[name] = text
        if argument is not None and argument.kind == "int":
            try:
                made[name] = int(text)
            except ValueError:
                continue  # the reader says that it must be a whole number
    return made


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Problem(
            where=f"--option {text}", what=_("it sets nothing"), fix=_("Write it as NAME=VALUE, such as target=price")
        )
    return name.strip(), value


def _kind_of(project: Project) -> str:
    from playground.engine import loader

    return loader.spec_of(project.data.dataset).kind


def _say(found: "Found") -> None:
    """On the standard error: the standard output may be read by a program."""
    dataset = found.dataset
    typer.echo(_("{title}: {what}").format(title=dataset.title, what=_what(dataset)), err=True)
    for note in dataset.notes:
        typer.echo(f"  {note}", err=True)
    for row in ([found.headings, *found.rows[:_SHOWN_ROWS]]) if found.rows else []:
        line = "  | " + " | ".join(row)
        typer.echo(line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…", err=True)


def _what(dataset: DatasetSpec) -> str:
    samples = dataset.train + (dataset.test or 0)
    shape = shown_shape(dataset.sample_shape)
    if dataset.task == "classification":
        text = _("{samples:,} samples of {shape}, {classes} classes")
        return text.format(samples=samples, shape=shape, classes=len(dataset.classes))
    return _("{samples:,} samples of {shape}, to predict {target}").format(
        samples=samples, shape=shape, target=dataset.target
    )
