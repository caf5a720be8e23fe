import os
import subprocess
import sys
from array import array

import msgspec
import psutil
import pytest

from playground.core.layer import Layer
from playground.core.messages import EpochReport
from playground.core.problem import Problem
from playground.core.project import Project
from playground.disk import folders, runs

PROJECT = Project(network=(Layer("Flatten"), Layer("Linear")))
REPORTS = [EpochReport(number, number * 4, 0.5, 0.6, None, 0.1) for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "runs", lambda: tmp_path / "runs")


@pytest.fixture
def folder():
    return runs.new_run(PROJECT, "LeNet on digits")


def test_a_new_run_holds_its_project_and_a_record(folder):
    assert runs.read_project(folder) == PROJECT
    record = runs.read_run(folder)
    assert (record.name, record.state) == ("LeNet on digits", "new")
    assert "LeNet-on-digits" in folder.name


def test_runs_of_the_same_second_get_folders_of_their_own():
    assert len({runs.new_run(PROJECT, "x") for _ in range(5)}) == 5


@pytest.mark.parametrize("name", ["../../etc", "", "a/b:c*d", "漢字", "x" * 400])
def test_any_name_makes_a_folder_inside_the_folder_of_runs(name):
    assert runs.new_run(PROJECT, name).parent == folders.runs()


def test_columns_come_back_as_they_were_appended(folder):
    scalars = runs.Scalars(folder, 0, 0)
    scalars.append([1.0, 0.5], REPORTS[:1])
    scalars.append([0.25], REPORTS[1:])
    scalars.close()
    assert runs.read_losses(folder) == array("f", [1.0, 0.5, 0.25])
    assert runs.read_epochs(folder) == REPORTS


def test_a_torn_last_row_is_left_out_and_cut_away_before_appending(folder):
    scalars = runs.Scalars(folder, 0, 0)
    scalars.append([1.0, 0.5], REPORTS[:2])
    scalars.close()
    with open(folder / runs.LOSSES, "ab") as file:
        file.write(b"\x00\x01\x02")
    with open(folder / runs.EPOCHS, "ab") as file:
        file.write(b'{"epoch":3,"st')
    assert runs.read_losses(folder) == array("f", [1.0, 0.5])
    assert runs.read_epochs(folder) == REPORTS[:2]
    scalars = runs.Scalars(folder, 2, 2)
    scalars.append([0.25], REPORTS[2:])
    scalars.close()
    assert runs.read_losses(folder) == array("f", [1.0, 0.5, 0.25])
    assert runs.read_epochs(folder) == REPORTS


def test_rows_after_the_step_that_is_gone_back_to_are_cut_away(folder):
    scalars = runs.Scalars(folder, 0, 0)
    scalars.append([1.0, 0.5, 0.25], REPORTS)
    scalars.close()
    runs.Scalars(folder, 1, 2).close()
    assert runs.read_losses(folder) == array("f", [1.0])
    assert runs.read_epochs(folder) == REPORTS[:2]


def test_a_run_whose_process_is_gone_has_died(folder):
    runs.change_run(folder, state="running", **runs.own_process())
    assert runs.read_run(folder).state == "running"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    runs.change_run(folder, pid=gone.pid)
    assert runs.read_run(folder).state == "died"


def test_another_process_with_the_number_of_the_dead_one_is_not_taken_for_it(folder):
    runs.change_run(folder, state="running", pid=os.getpid(), process_started=1.0)
    assert runs.read_run(folder).state == "died"


def test_a_run_is_taken_while_another_process_trains_it(folder, tmp_path):
    assert not runs.is_taken(tmp_path)  # no run
    runs.change_run(folder, state="running", **runs.own_process())
    assert not runs.is_taken(folder)
    parent = psutil.Process(os.getppid())
    runs.change_run(folder, pid=parent.pid, process_started=parent.create_time())
    assert runs.is_taken(folder)
    runs.change_run(folder, state="stopped")
    assert not runs.is_taken(folder)


def test_runs_are_listed_newest_first_and_damaged_ones_passed_over(folder):
    newer = runs.new_run(PROJECT, "newer")
    damaged = runs.new_run(PROJECT, "damaged")
    runs.change_run(folder, started=1.0)
    runs.change_run(newer, started=2.0)
    (damaged / runs.RECORD).write_text("{")
    (folders.runs() / "note.txt").write_text("not a run")
    assert [one for one, _record in runs.list_runs()] == [newer, folder]


def test_a_run_can_be_resumed_if_it_ended_early_and_has_a_checkpoint(folder):
    runs.change_run(folder, state="stopped")
    assert runs.resumable_runs() == []
    runs.checkpoint_path(folder, 5).write_bytes(b"x")
    assert [one for one, _record in runs.resumable_runs()] == [folder]
    runs.change_run(folder, state="finished")
    assert runs.resumable_runs() == []


def test_checkpoints_are_ordered_by_step(folder):
    for step in (9, 100, 20):
        runs.checkpoint_path(folder, step).write_bytes(b"x")
    assert [path.stem for path in runs.checkpoints(folder)] == [
        "step-000000000100",
        "step-000000000020",
        "step-000000000009",
    ]


def test_where_nothing_was_trained_there_are_no_runs():
    assert runs.list_runs() == []


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(Problem, match="not a kept run"):
        runs.read_run(tmp_path)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(folders, "runs", lambda: tmp_path / "file" / "runs")
    with pytest.raises(Problem, match="cannot be kept"):
        runs.new_run(PROJECT, "x")


def test_a_record_of_a_later_version_with_more_fields_is_read(folder):
    record = msgspec.json.decode((folder / runs.RECORD).read_bytes())
    (folder / runs.RECORD).write_bytes(msgspec.json.encode(record | {"new_field": 1}))
    assert runs.read_run(folder).name == "LeNet on digits"
