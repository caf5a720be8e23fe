"""Temporary files of savers that were killed are removed from run folders, and nothing else is."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from playground.core.project import Project
from playground.disk import atomic, runs

DEAD = {"state": "running", "pid": 2**22, "process_started": 1.0}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    made = runs.new_run(Project(), "small")
    runs.checkpoint_path(made, 10).touch()
    return made


def left_by_a_saver(path: Path, age_s: float = 2 * atomic.STALE_S) -> Path:
    """A temporary file as `disk.atomic` makes it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    os.utime(name, (time.time() - age_s,) * 2)
    return Path(name)


def test_old_temporary_files_of_a_dead_run_go_and_the_run_stays(folder):
    runs.change_run(folder, **DEAD)
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    left = [
        left_by_a_saver(path)
        for path in (
            folder / runs.RECORD,
            folder / runs.PROJECT,
            folder / runs.EPOCHS,
            runs.checkpoint_path(folder, 20),
        )
    ]
    for path in kept:
        os.utime(path, (1, 1))
    runs.sweep()
    assert not [path for path in left if path.exists()]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept


def test_young_ones_those_of_a_run_that_goes_on_and_strangers_stay(folder):
    young = left_by_a_saver(folder / runs.RECORD, age_s=5)
    stranger = left_by_a_saver(folder / "notes.txt")
    hidden = folder / ".gitignore"
    hidden.touch()
    os.utime(hidden, (1, 1))
    runs.sweep()
    assert all(path.exists() for path in (young, stranger, hidden))
    runs.change_run(folder, state="running", **runs.own_process())
    old = left_by_a_saver(folder / runs.RECORD)
    runs.sweep()
    assert old.exists()
    for path in (young, stranger, hidden, old):
        path.unlink()


def test_damaged_folders_are_swept_and_no_folder_is_no_fault(folder, tmp_path, monkeypatch):
    (folder / runs.RECORD).write_text("{")
    old = left_by_a_saver(folder / runs.RECORD)
    runs.sweep()
    assert not old.exists()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nowhere"))
    runs.sweep()
