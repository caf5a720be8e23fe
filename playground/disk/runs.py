"""Kept runs. A run is a folder:

    project.playground    what was trained
    run.json              RunRecord
    losses.f32            a column, appended to: one little-endian float32 a step
    epochs.jsonl          one EpochReport a line, appended to
    slopes.jsonl          slopes that were seen, appended to (`disk/slopes.py`)
    checkpoints/          written by the engine (`engine/checkpoints.py`)

`disk/kept_runs.py` lists, names and deletes them. A folder whose name begins with a dot is being deleted.

A row that was cut off when the process or the machine died is left out on reading and cut away before appending.
"""

import os
import re
import sys
import time
from array import array
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from playground.core.messages import EpochReport, Steered
from playground.core.problem import Problem
from playground.core.project import SUFFIX, Project
from playground.core.text import _
from playground.disk import atomic, folders, owners, projects

PROJECT = f"project{SUFFIX}"
RECORD = "run.json"
LOSSES = "losses.f32"
EPOCHS = "epochs.jsonl"
CHECKPOINTS = "checkpoints"

RunState = Literal["new", "running", "paused", "stopped", "finished", "failed", "died"]
_ALIVE = ("running", "paused")
_SAVED = rf"{re.escape(PROJECT)}|{re.escape(RECORD)}|(?:epochs|slopes)\.jsonl|step-\d+\.pt"  # by `atomic.write`


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What run.json says.

    started: seconds since 1970;  seed, threads, layout, device: with them the run can be repeated bit for bit
    pid, process_started: of the engine that trains it, to tell a run that goes on from one that died
    step, epochs: how far it came, as last written;  fault: why it failed, as a sentence
    title: what the user calls it, "" for `name`;  seconds: of training steps, as last written
    parent, parent_step: folder name and step of the run that it was forked from, "" and None where it was not
    carried: where the fork has other layers, how many kept their weights, and how many have weights
    weights_epoch: the best epoch, where its weights came back at the end; 0 where the network has those of the newest step
    steered: settings that were changed while it trained, a fork's parent's before it included
    """

    name: str
    state: RunState = "new"
    started: float = 0.0
    seed: int = 0
    device: str = ""
    threads: int = 0
    layout: str = ""
    versions: dict[str, str] = {}
    step: int = 0
    epochs: int = 0
    pid: int = 0
    process_started: float = 0.0
    fault: str = ""
    title: str = ""
    seconds: float = 0.0
    parent: str = ""
    parent_step: int | None = None
    carried: tuple[int, int] | None = None
    weights_epoch: int = 0
    steered: tuple[Steered, ...] = ()

    @property
    def is_alive(self) -> bool:
        """Whether it goes on, as far as it says itself; `read_run` looks whether its process lives."""
        return self.state in _ALIVE


def new_run(project: Project, name: str) -> Path:
    """Make the folder of a new run, with its project in it. raises Problem: it cannot be written"""
    started = time.time()
    stem = time.strftime("%Y-%m-%d_%H-%M-%S", time.localtime(started)) + "_" + _file_name(name)
    try:
        parent = folders.made(folders.runs())
        folder = next(one for one in _candidates(parent / stem) if _made(one))
    except OSError as error:
        raise Problem(
            where=str(folders.runs()),
            what=_("the run cannot be kept: {reason}").format(reason=error.strerror or error),
            fix=_("Free some space, or check the rights of the folder"),
        ) from error
    projects.save(project, folder / PROJECT)
    write_run(folder, RunRecord(name=name, started=started, seed=project.recipe.seed))
    return folder


def write_run(folder: Path, record: RunRecord) -> None:
    """Replace run.json, whole or not at all. raises Problem"""
    atomic.write(folder / RECORD, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")


def change_run(folder: Path, **changes: object) -> RunRecord:
    """Change fields of run.json and return what it says now. raises Problem"""
    record: RunRecord = msgspec.structs.replace(_read(folder), **changes)
    write_run(folder, record)
    return record


def own_process() -> dict[str, float]:
    """The fields of a RunRecord that name this process."""
    return {"pid": os.getpid(), "process_started": owners.started()}


def read_run(folder: Path) -> RunRecord:
    """What is known of a run. One that says it runs, but whose process is gone, has died. raises Problem"""
    record = _read(folder)
    if record.state in _ALIVE and not owners.lives(record.pid, record.process_started):
        return msgspec.structs.replace(record, state="died")
    return record


def read_project(folder: Path) -> Project:
    """The project of a run. raises Problem"""
    return projects.read_file(folder / PROJECT)


def run_folders() -> list[Path]:
    """The folders that may hold runs, in no order. raises OSError: there is no folder of runs"""
    return [folder for folder in folders.runs().iterdir() if not folder.name.startswith(".")]


def list_runs() -> list[tuple[Path, RunRecord]]:
    """The kept runs, newest first. A folder that is no run, or a damaged one, is passed over."""
    found = []
    with suppress(OSError):
        for folder in run_folders():
            with suppress(Problem):
                found.append((folder, read_run(folder)))
    return sorted(found, key=lambda run: (run[1].started, run[0].name), reverse=True)


def resumable_runs() -> list[tuple[Path, RunRecord]]:
    """The runs that ended before their time and have a checkpoint to go on from, newest first."""
    return [(folder, run) for folder, run in list_runs() if run.state in ("died", "stopped") and checkpoints(folder)]


def is_taken(folder: Path) -> bool:
    """Whether another process trains the run in it. A folder that holds none is not taken."""
    with suppress(Problem):
        record = read_run(folder)
        return record.is_alive and record.pid != os.getpid()
    return False


def sweep() -> None:
    """Remove what savers that were killed left in run folders. Nothing of a run that goes on, and nothing young."""
    with suppress(OSError):
        for folder in run_folders():
            if not _goes_on(folder):
                for place in (folder, folder / CHECKPOINTS):
                    atomic.sweep(place, _SAVED)


def _goes_on(folder: Path) -> bool:
    try:
        return read_run(folder).state in _ALIVE
    except Problem:
        return False


def checkpoints(folder: Path) -> list[Path]:
    """The checkpoints of a run, newest first (their names hold the step)."""
    return sorted((folder / CHECKPOINTS).glob("step-*.pt"), reverse=True)


def checkpoint_path(folder: Path, step: int) -> Path:
    """Where the checkpoint after so many steps lies."""
    return folder / CHECKPOINTS / f"step-{step:012d}.pt"


def checkpoint_step(path: Path) -> int:
    """Steps done at a checkpoint."""
    return int(path.stem.rpartition("-")[2])


def read_losses(folder: Path) -> array:
    """The loss of every step that was kept: array of 'f'. A torn last row is left out."""
    try:
        content = (folder / LOSSES).read_bytes()
    except OSError:
        return array("f")
    losses = array("f", content[: len(content) // 4 * 4])
    if sys.byteorder == "big":
        losses.byteswap()
    return losses


def read_epochs(folder: Path) -> list[EpochReport]:
    """The reports of the epochs that were kept. A torn last line is left out."""
    reports = []
    with suppress(OSError):
        for line in (folder / EPOCHS).read_bytes().splitlines():
            with suppress(msgspec.DecodeError, msgspec.ValidationError):
                reports.append(msgspec.json.decode(line, type=EpochReport))
    return reports


class Scalars:
    """Appends to the columns of a run.

    steps, epochs: rows to keep of what is there; the rest belongs to steps that are about to be done again. Afterwards
        how many there were of these
    raises Problem (here and on appending): the disk is full or gone
    """

    def __init__(self, folder: Path, steps: int, epochs: int):
        self._folder = folder
        kept = read_epochs(folder)[:epochs]
        self.epochs = len(kept)
        try:
            self._losses = open(folder / LOSSES, "ab")  # noqa: SIM115 (closed by close)
            self.steps = min(steps, os.path.getsize(folder / LOSSES) // 4)
            self._losses.truncate(4 * self.steps)
        except OSError as error:
            raise _unwritable(folder, error) from error
        atomic.write(folder / EPOCHS, b"".join(msgspec.json.encode(one) + b"\n" for one in kept))

    def append(self, losses: Iterable[float], epochs: Iterable[EpochReport]) -> None:
        """Write rows and hand them to the system."""
        column = array("f", losses)
        if sys.byteorder == "big":
            column.byteswap()
        lines = b"".join(msgspec.json.encode(one) + b"\n" for one in epochs)
        try:
            self._losses.write(column.tobytes())
            self._losses.flush()
            if lines:
                with open(self._folder / EPOCHS, "ab") as file:
                    file.write(lines)
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def close(self) -> None:
        with suppress(OSError):
            self._losses.close()


def _read(folder: Path) -> RunRecord:
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=RunRecord)
    except (OSError, msgspec.DecodeError) as error:
        raise Problem(
            where=str(folder),
            what=_("this is not a kept run ({reason})").format(reason=error),
            fix=_("Choose a folder that holds {file}").format(file=RECORD),
        ) from error


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "run"


def _candidates(path: Path) -> Iterable[Path]:
    yield path
    for number in range(2, 10_000):
        yield path.with_name(f"{path.name}-{number}")


def _made(folder: Path) -> bool:
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    (folder / CHECKPOINTS).mkdir()
    return True


def _unwritable(folder: Path, error: OSError) -> Problem:
    return Problem(
        where=str(folder),
        what=_("the run cannot be kept: {reason}").format(reason=error.strerror or error),
        fix=_("Free some space; the training itself is untouched, start it again to go on"),
    )
