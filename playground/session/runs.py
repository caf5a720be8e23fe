"""What a run leaves behind when it ends or its process dies, and what of it can be taken up."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from playground.core.forks import other_layer
from playground.core.problem import Fault, Problem
from playground.core.project import Project
from playground.core.steered import as_steered
from playground.core.text import _
from playground.disk import runs
from playground.disk.kept_runs import Kept
from playground.session.document import same
from playground.session.process import Ending


class Earlier(msgspec.Struct, frozen=True):
    """A kept run that can be taken up: to go on with it, or to look at what it came to.

    project: its own, with its settings as they were last;  step: of its newest checkpoint
    threads, layout: as they were chosen for it, None where that was not yet done
    """

    folder: str
    project: Project
    step: int
    threads: int | None
    layout: str | None


def earlier(run: Kept) -> Earlier | None:
    """A run of the list as it was left; None where its project cannot be read, it has no checkpoint, or it goes on."""
    if run.project is None or not run.checkpoints or run.record.is_alive:
        return None
    return _taken_up(run.folder, run.record, as_steered(run.project, run.record.steered), run.checkpoints[0].step)


def unfinished_run(project: Project) -> Earlier | None:
    """The newest run of this very project, where it ended by death and left a checkpoint. Reads the disk."""
    for folder, record in runs.list_runs():
        with suppress(Problem):
            kept = runs.read_project(folder)
            steered = as_steered(kept, record.steered)
            if same(kept, project) or same(steered, project):
                step = newest_checkpoint(str(folder))
                if record.state != "died" or step is None:
                    return None
                return _taken_up(folder, record, steered, step)
    return None


def _taken_up(folder: Path, record: runs.RunRecord, project: Project, step: int) -> Earlier:
    return Earlier(str(folder), project, step, record.threads or None, record.layout or None)


def as_fork(run: Kept, step: int, project: Project) -> dict[str, Any]:
    """What a Start says of a fork. step: of the checkpoint that it begins at;  project: of the fork"""
    carry = run.project is not None and other_layer(run.project.network, project.network) is not None
    begin = {"fork_of": str(run.folder), "fork_step": step, "carry": carry}
    return {"threads": run.record.threads or None, "layout": run.record.layout or None, **begin}


def newest_checkpoint(folder: str) -> int | None:
    """Step of the newest checkpoint in a run's folder (their names hold it)."""
    found = runs.checkpoints(Path(folder)) if folder else []
    return runs.checkpoint_step(found[0]) if found else None


def death(ending: Ending, checkpoint: int | None, was_active: bool) -> Fault:
    """What to tell people of a runner that died: what is lost, and the way on."""
    if not was_active:
        lost, fix = _("no run was going on, nothing is lost"), _("It is started again")
    elif checkpoint is None:
        lost, fix = _("the run is lost, it had no checkpoint yet"), _("Press Train to start it again")
    else:
        lost = _("the last checkpoint is from step {step}").format(step=f"{checkpoint:,}")
        fix = _("Resume to go on from there, or press Train to begin anew")
    return Fault(
        where=_("Training"),
        what=_("the training process ended unexpectedly ({reason}); {lost}").format(reason=ending.reason, lost=lost),
        fix=fix,
    )


def gave_up(ending: Ending, times: int) -> Fault:
    """What to tell people of a runner that is not started again."""
    return Fault(
        where=_("Training"),
        what=_("the training process ended {count} times in a row ({reason})").format(
            count=times, reason=ending.reason
        ),
        fix=_("Press Train to try once more; the log file says more"),
    )
