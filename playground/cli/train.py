"""`playground train`: trains a project without a window. It is the loop of the window, so the same losses."""

import json
import shlex
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from playground.cli import figures
from playground.core.messages import EpochReport
from playground.core.problem import Problem
from playground.core.project import SUFFIX, Project, write_project
from playground.core.text import _
from playground.disk import atomic, kept_runs, projects, runs

if TYPE_CHECKING:
    from playground.engine.checkpoints import Keeper
    from playground.engine.loop import Training

_SHOWN_EVERY_S = 0.1


class Layout(StrEnum):
    """How pictures lie in memory."""

    contiguous = "contiguous"
    channels_last = "channels_last"


@dataclass(frozen=True)
class _Ended:
    """How a training ended. seconds: of this call, preparation left out"""

    seconds: float
    interrupted: bool


def train(
    project: Annotated[
        str, typer.Argument(help=_("a project file, preset:NAME, or - for standard input; with --fork that of the run"))
    ] = "",
    epochs: Annotated[int | None, typer.Option(min=1, max=1_000_000, help=_("passes over the training part"))] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help=_("the one source of randomness"))] = None,
    device: Annotated[str | None, typer.Option(help=_("auto, cpu, cuda:0, mps; without, the CPU"))] = None,
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help=_("without, chosen by timing"))] = None,
    layout: Annotated[Layout | None, typer.Option(help=_("of pictures in memory; without, chosen by timing"))] = None,
    data: Annotated[
        Path | None, typer.Option(help=_("a file or folder of your own to train on, or where the data set lies"))
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help=_("corrects what was understood of --data"))
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help=_("go on with the newest unfinished run of it"))] = False,
    fork: Annotated[
        str, typer.Option(metavar="RUN", help=_("begin where a kept run stood, see: playground runs list"))
    ] = "",
    carry: Annotated[
        bool, typer.Option("--carry", help=_("the network may be another: unchanged layers keep the run's weights"))
    ] = False,
    step: Annotated[int | None, typer.Option(min=0, help=_("of the run's checkpoint; without, the newest"))] = None,
    report: Annotated[Path | None, typer.Option(help=_("write what happened to this file, as JSON"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("print the report instead of a few lines"))] = False,
) -> None:
    """Train a project; end with its figures on the test part: loss, accuracy and classes, or R² and RMSE."""
    parent = _parent(fork, step, resume, carry)
    if not project and parent is None:
        raise typer.BadParameter(_("name a project, or a run by --fork"))
    asked = projects.load(project) if project or parent is None else kept_runs.project_at(parent, step)
    asked = _asked(asked, epochs, seed)
    _check_place(report)
    asked, place = _on_data(asked, data, option or [])
    from playground.engine import launch
    from playground.engine.heap import keep_memory

    keep_memory()
    folder, record = _run_to_resume(asked) if resume else (None, runs.read_run(parent) if parent else None)
    name = _name(project, record)
    wish = launch.Wish(
        asked,
        device=device or (record.device if record else "cpu"),
        threads=threads or (record.threads if record else None),
        layout=layout.value if layout else (record.layout if record else None),
        folder=folder,
        resume=resume,
        data=place,
        fork_of=parent,
        fork_step=step,
        carry=carry,
    )
    try:
        training = launch.finish(launch.stages(wish))
    except (RuntimeError, MemoryError, ValueError) as error:
        raise Problem.from_fault(launch.fault_from(error)) from error
    for warning in launch.warnings(asked):
        typer.echo(str(warning), err=True)
    if training.carried is not None:
        text = _("{kept} of {n} layers with weights keep those of {run} at step {step:,}")
        kept, count = training.carried
        typer.echo(text.format(kept=kept, n=count, run=fork, step=training.step), err=True)
    folder = _kept_in(folder, asked, Path(name).name.removesuffix(SUFFIX))
    ended = _trained(training, launch.keep(training, folder, parent))
    if ended.interrupted:
        again = _command(project or str(folder / runs.PROJECT), epochs, seed, data, option or [])
        typer.echo(
            _("Stopped after step {step:,}; a checkpoint is kept. Go on with: {command}").format(
                step=training.step, command=again
            ),
            err=True,
        )
        raise typer.Exit(130)
    facts = _report(training, name, ended.seconds)
    if report is not None:
        atomic.write(report, json.dumps(facts, ensure_ascii=False).encode() + b"\n")
    for remark in figures.remarks_of(training, folder):
        typer.echo(remark, err=True)
    said = [json.dumps(facts, ensure_ascii=False)] if as_json else figures.lines_of(facts)
    typer.echo("\n".join(said if as_json else [*said, _last_line(training, ended.seconds)]))


def _parent(fork: str, step: int | None, resume: bool, carry: bool) -> Path | None:
    """The folder of the run that is forked, None where none is. raises Problem"""
    if not fork:
        if carry:
            raise typer.BadParameter(_("--carry takes the weights of a run: name the run by --fork"))
        if step is not None:
            raise typer.BadParameter(_("--step is of a run's checkpoint: name the run by --fork"))
        return None
    if resume:
        raise typer.BadParameter(_("--resume goes on with a run, --fork begins another one: choose one of them"))
    return kept_runs.find(fork)


def _name(project: str, record: runs.RunRecord | None) -> str:
    """What the run is called: its project's name, or that of the run that it is forked from."""
    if not project and record is not None:
        return record.title or record.name
    return project.removeprefix(projects.PRESET) if project != "-" else _("standard input")


def _asked(project: Project, epochs: int | None, seed: int | None) -> Project:
    """The project with what the command line changes in its recipe."""
    changes = {name: value for name, value in (("epochs", epochs), ("seed", seed)) if value is not None}
    return msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, **changes))


def _on_data(asked: Project, data: Path | None, options: list[str]) -> tuple[Project, Path | None]:
    """The project on the user's own files, or the folder in which its data set lies. raises Problem"""
    if data is None:
        if options:
            raise Problem(
                where=f"--option {options[0]}",
                what=_("there is no --data that it could correct"),
                fix=_("Name the file or folder by --data PATH"),
            )
        return asked, None
    from playground.cli import own_data

    if not options and own_data.is_home_of(asked, data):
        return asked, data
    return own_data.with_own_data(asked, data, options), None


def _check_place(report: Path | None) -> None:
    """A report that could not be written is told before the training, not after it."""
    if report is None:
        return
    if report.is_dir() or not report.absolute().parent.is_dir():
        raise Problem(
            where=str(report),
            what=_("the report cannot be written there: {reason}").format(
                reason=_("it is a folder") if report.is_dir() else _("its folder does not exist")
            ),
            fix=_("Give the name of a file in a folder that exists"),
        )


def _run_to_resume(asked: Project) -> tuple[Path, runs.RunRecord]:
    """The newest run of this very project, epochs aside, that has a checkpoint. raises Problem"""
    for folder, record in runs.list_runs():
        if not runs.checkpoints(folder) or record.state in ("running", "paused"):
            continue
        try:
            kept = runs.read_project(folder)
        except Problem:
            continue
        if _asked(kept, asked.recipe.epochs, None) == asked:
            return folder, record
    raise Problem(
        where=_("Resume"),
        what=_("no kept run of this project has a checkpoint"),
        fix=_("Train it from its beginning, without --resume"),
    )


def _kept_in(folder: Path | None, asked: Project, name: str) -> Path:
    """The folder of the run: a new one, or the resumed one, whose number of epochs may have changed."""
    if folder is None:
        return runs.new_run(asked, name)
    projects.save(asked, folder / runs.PROJECT)
    return folder


def _trained(training: "Training", keeper: "Keeper") -> _Ended:
    """Train to the end, or to Ctrl+C. raises Problem: the loss is not finite, the disk is full, the device failed"""
    from playground.engine import launch
    from playground.engine.glances import Glances

    began, glances = time.perf_counter(), Glances(training, keeper)
    with _interruption() as interrupted, _bar(training) as show:
        try:
            while not training.finished and not interrupted():
                glances.advance()
                now = time.perf_counter()
                keeper.look(now)
                show(now)
            while training.testing:  # weights that came back, or a run that was resumed at its end
                training.advance()
            keeper.save()
        except (Problem, RuntimeError, MemoryError) as error:
            fault = launch.fault_from(error, training)
            keeper.close("failed", str(fault))
            raise Problem.from_fault(fault) from error
        finally:
            training.close()
    keeper.close("finished" if training.finished else "stopped")
    return _Ended(time.perf_counter() - began, not training.finished)


@contextmanager
def _interruption() -> Iterator[Callable[[], bool]]:
    """Ctrl+C is noticed between two steps, so that a checkpoint is of a whole step; a second one ends at once."""
    pressed: list[bool] = []

    def on_interrupt(_number: int, _frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(True)

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar(training: "Training") -> Iterator[Callable[[float], None]]:
    """A progress bar on the standard error; gives a function that shows how far the training is now."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
        console=Console(stderr=True),
        auto_refresh=False,
    )
    with bar:
        task = bar.add_task(_("Training"), total=training.facts().whole, completed=training.step, figures="")
        shower = _Shower(bar, task, training)
        yield shower.show
        shower.draw(time.perf_counter())


class _Shower:
    """Redraws the bar a few times a second."""

    def __init__(self, bar: Progress, task: TaskID, training: "Training"):
        self._bar, self._task, self._training = bar, task, training
        self._shown_at, self._shown_step = time.perf_counter(), training.step

    def show(self, now: float) -> None:
        if now - self._shown_at >= _SHOWN_EVERY_S:
            self.draw(now)

    def draw(self, now: float) -> None:
        training, seconds = self._training, max(now - self._shown_at, 1e-9)
        rate = (training.step - self._shown_step) * training.batch_size / seconds
        parts = [_("loss {loss:.4f}").format(loss=training.losses[-1])] if training.losses else []
        parts += _figures(training.held) if training.held else []
        parts.append(_("{rate:,.0f} samples/s").format(rate=rate))
        self._bar.update(self._task, completed=training.step, figures="  ".join(parts))
        self._bar.refresh()
        self._shown_at, self._shown_step = now, training.step


def _figures(last: EpochReport) -> list[str]:
    """What the newest epoch came to, of the part to choose by where there is one."""
    said = []
    if last.validation_loss is not None:
        said.append(_("validation loss {loss:.4f}").format(loss=last.validation_loss))
    if last.validation_accuracy is not None:
        said.append(_("validation accuracy {share:.1%}").format(share=last.validation_accuracy))
    elif last.test_accuracy is not None:
        said.append(_("accuracy {share:.1%}").format(share=last.test_accuracy))
    return said


def _report(training: "Training", name: str, seconds: float) -> dict[str, Any]:
    """What --report and --json say."""
    from playground.engine.versions import versions

    setup, recipe = training.setup, training.project.recipe
    return {
        "project": {"name": name, "text": write_project(training.project)},
        "device": str(setup.device),
        "threads": setup.threads,
        "layout": setup.layout,
        "seed": recipe.seed,
        "seconds": seconds,
        "steps": training.step,
        "epochs": training.epoch,
        "train_loss": training.losses.tolist(),
        "test_loss": [one.test_loss for one in training.epochs],
        "test_accuracy": [one.test_accuracy for one in training.epochs],
        "validation_loss": [one.validation_loss for one in training.epochs],
        "validation_accuracy": [one.validation_accuracy for one in training.epochs],
        "best_epoch": training.best_epoch,
        "stopped_early": training.stopped_early,
        "weights_epoch": training.weights_epoch or training.epoch,
        **figures.facts_of(training),
        "parameters": sum(parameter.numel() for parameter in training.model.parameters()),
        "versions": versions(),
    }


def _last_line(training: "Training", seconds: float) -> str:
    setup, held = training.setup, training.held
    assert held is not None
    line = _("Test loss {loss:.4f}").format(loss=held.test_loss)
    if held.test_accuracy is not None:
        line += ", " + _("test accuracy {share:.2%}").format(share=held.test_accuracy)
    if held.validation_loss is not None:
        line += ", " + ", ".join(_figures(held))
    if training.weights_epoch:
        line += ", " + _("of epoch {best:,}, the best, whose weights are kept").format(best=training.weights_epoch)
    if training.stopped_early:
        line += "; " + _("it stopped by itself")
    return _(
        "{line} after {epochs:,} epochs, {steps:,} steps, {seconds:.1f} s ({device}, threads {n}, {layout})"
    ).format(
        line=line,
        epochs=training.epoch,
        steps=training.step,
        seconds=seconds,
        device=setup.device,
        n=setup.threads,
        layout=setup.layout,
    )


def _command(project: str, epochs: int | None, seed: int | None, data: Path | None, corrections: list[str]) -> str:
    """What to type to go on."""
    options = [("--epochs", epochs), ("--seed", seed), ("--data", data and shlex.quote(str(data)))]
    options += [("--option", shlex.quote(one)) for one in corrections]
    words = [f"{name} {value}" for name, value in options if value is not None]
    return " ".join(["playground train", project, *words, "--resume"])
