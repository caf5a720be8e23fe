"""The kept runs for people: what each of them came to; to find, name and delete them."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from playground.core.messages import EpochReport
from playground.core.problem import Problem
from playground.core.project import Project, named
from playground.core.steered import as_steered
from playground.core.text import _
from playground.disk import folders, runs
from playground.disk.runs import RunRecord

_DELETED = ".deleted-"  # before the name of a folder that is being deleted

Signature = tuple[int, ...]


class Saved(NamedTuple):
    """A checkpoint. step: steps done;  epochs: that were done by then;  at_end: whether one ended at this step"""

    step: int
    epochs: int
    at_end: bool


class Kept(NamedTuple):
    """A kept run. project: None where it cannot be read;  last: report of its newest epoch
    held: of the epoch whose weights it ended with: the best one where these came back, else the newest
    steps, epochs, seconds: as far as its columns tell, whatever became of its process
    checkpoints: newest first;  bytes: on the disk;  signature: another one where its files have changed
    """

    folder: Path
    record: RunRecord
    project: Project | None
    last: EpochReport | None
    held: EpochReport | None
    steps: int
    epochs: int
    seconds: float
    checkpoints: tuple[Saved, ...]
    bytes: int
    signature: Signature

    @property
    def name(self) -> str:
        """What people call it."""
        return self.record.title or self.record.name

    @property
    def best_is_back(self) -> bool:
        """Whether it ended with the weights of an epoch before its newest."""
        return self.held != self.last


def list_kept(known: Mapping[Path, Kept] = {}) -> list[Kept]:
    """The kept runs, newest first; a damaged one is passed over. known: what was read before, for what is unchanged"""
    found = []
    with suppress(OSError):
        for folder in runs.run_folders():
            with suppress(Problem, OSError):
                before = known.get(folder)
                same = before is not None and not before.record.is_alive and before.signature == signature_of(folder)
                found.append(before if before is not None and same else read(folder))
    return sorted(found, key=lambda one: (one.record.started, one.folder.name), reverse=True)


def read(folder: Path) -> Kept:
    """What is kept of a run. raises Problem: it is none"""
    signature = signature_of(folder)
    record = runs.read_run(folder)
    project = None
    with suppress(Problem):
        project = runs.read_project(folder)
    reports = runs.read_epochs(folder)
    last = reports[-1] if reports else None
    ends = [one.step for one in reports]
    saved = [runs.checkpoint_step(one) for one in runs.checkpoints(folder)]
    return Kept(
        folder=folder,
        record=record,
        project=project,
        last=last,
        held=next((one for one in reports if one.epoch == record.weights_epoch), last),
        steps=_size(folder / runs.LOSSES) // 4,
        epochs=len(reports),
        seconds=max(record.seconds, sum(one.seconds for one in reports)),
        checkpoints=tuple(Saved(step, sum(end <= step for end in ends), step in ends) for step in saved),
        bytes=sum(_size(one) for one in (*folder.iterdir(), *runs.checkpoints(folder)) if one.is_file()),
        signature=signature,
    )


def project_at(folder: Path, step: int | None = None) -> Project:
    """The project of a run with its settings as they were at a checkpoint, None at its newest. raises Problem"""
    saved = runs.checkpoints(folder)
    if step is None and saved:
        step = runs.checkpoint_step(saved[0])
    return as_steered(runs.read_project(folder), runs.read_run(folder).steered, step)


def signature_of(folder: Path) -> Signature:
    """Of what a run is read from, without reading it."""
    found: list[int] = []
    for name in (runs.RECORD, runs.PROJECT, runs.EPOCHS, runs.LOSSES, runs.CHECKPOINTS):
        with suppress(OSError):
            status = os.stat(folder / name)
            found += (status.st_mtime_ns, status.st_size)
    return tuple(found)


def find(text: str) -> Path:
    """The folder of the run that people mean: by its path, its folder's name, or a name that only one has.

    raises Problem: there is none, or there are several
    """
    for folder in (folders.runs() / text, Path(text)):
        if text and (folder / runs.RECORD).is_file():
            return folder
    found = [one for one, record in runs.list_runs() if text and text == (record.title or record.name)]
    if len(found) == 1:
        return found[0]
    what = (
        _("{count} runs have this name").format(count=len(found)) if found else _("there is no kept run of this name")
    )
    raise Problem(where=text, what=what, fix=_("Name the folder, as in: playground runs list"))


def rename(folder: Path, title: str) -> RunRecord:
    """Give a run a name of its own; an empty one brings back the project's. raises Problem"""
    return runs.change_run(folder, title=named(title))


def delete(folder: Path) -> None:
    """Delete a run with all its figures and checkpoints. raises Problem: it goes on, it is none, or it cannot be deleted"""
    record = runs.read_run(folder)
    name = record.title or record.name
    if folder.absolute().parent != folders.runs().absolute():
        raise Problem(where=str(folder), what=_("it is not in the folder of runs"), fix=_("Delete it by hand"))
    if record.is_alive:
        raise Problem(where=name, what=_("this run is going on"), fix=_("Stop it first"))
    doomed = folder.with_name(_DELETED + folder.name)
    try:
        folder.rename(doomed)  # at one stroke: nobody meets half of a run
        if doomed.is_symlink():
            doomed.unlink()
        else:
            _remove(doomed)
    except OSError as error:
        raise Problem(
            where=name,
            what=_("it could not be deleted: {reason}").format(reason=error.strerror or error),
            fix=_("Check the rights of {folder}").format(folder=folders.runs()),
        ) from error


def sweep() -> None:
    """Finish what was being deleted when a program ended."""
    with suppress(OSError):
        for folder in folders.runs().glob(f"{_DELETED}*"):
            with suppress(OSError):
                _remove(folder)


def _remove(folder: Path) -> None:
    """raises OSError: something in it cannot be removed"""
    import shutil  # late: it loads every way to pack a file, and a window begins without it

    shutil.rmtree(folder)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
