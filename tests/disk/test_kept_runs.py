import msgspec
import pytest

from playground.core.layer import Layer
from playground.core.messages import EpochReport
from playground.core.problem import Problem
from playground.core.project import Project
from playground.disk import folders, kept_runs, runs

PROJECT = Project(network=(Layer("Flatten"), Layer("Linear")))
REPORTS = [EpochReport(number, number * 4, 0.5, 0.6 / number, 0.9, 0.25) for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "runs", lambda: tmp_path / "runs")


def run_of(name="digits", **changes):
    """A run of 13 steps, one behind its third epoch, with three checkpoints."""
    folder = runs.new_run(PROJECT, name)
    scalars = runs.Scalars(folder, 0, 0)
    scalars.append([0.5] * 13, REPORTS)
    scalars.close()
    for step in (0, 4, 13):
        runs.checkpoint_path(folder, step).write_bytes(b"x" * 1000)
    runs.change_run(folder, state="stopped", device="cpu", threads=2, layout="contiguous", **changes)
    return folder


def test_what_a_run_came_to():
    kept = kept_runs.read(run_of())
    assert (kept.name, kept.steps, kept.epochs, kept.seconds) == ("digits", 13, 3, 0.75)
    assert kept.project == PROJECT
    assert kept.last == REPORTS[-1]
    assert kept.checkpoints == ((13, 3, False), (4, 1, True), (0, 0, False))
    assert 3000 < kept.bytes < 6000


def test_a_run_whose_best_weights_came_back_has_their_figures():
    kept = kept_runs.read(run_of())
    assert (kept.held, kept.best_is_back) == (REPORTS[-1], False)
    kept = kept_runs.read(run_of(weights_epoch=2))
    assert (kept.held, kept.last, kept.best_is_back) == (REPORTS[1], REPORTS[-1], True)
    assert kept.epochs == 3
    assert not kept_runs.read(run_of(weights_epoch=3)).best_is_back


def test_a_run_that_died_before_it_wrote_its_end_is_told_by_its_columns():
    kept = kept_runs.read(run_of(step=0, epochs=0))
    assert (kept.steps, kept.epochs) == (13, 3)


def test_a_record_of_before_there_were_titles_is_read():
    folder = run_of()
    record = msgspec.json.decode((folder / runs.RECORD).read_bytes())
    for name in ("title", "seconds", "parent", "parent_step"):
        del record[name]
    (folder / runs.RECORD).write_bytes(msgspec.json.encode(record))
    assert kept_runs.read(folder).name == "digits"


def test_the_list_is_newest_first_and_reads_again_only_what_has_changed(monkeypatch):
    old, new = run_of("old", started=1.0), run_of("new", started=2.0)
    first = kept_runs.list_kept()
    assert [one.folder for one in first] == [new, old]
    read = []
    before = kept_runs.read
    monkeypatch.setattr(kept_runs, "read", lambda folder: (read.append(folder), before(folder))[1])
    kept_runs.rename(old, "older")
    again = kept_runs.list_kept({one.folder: one for one in first})
    assert read == [old]
    assert [one.name for one in again] == ["new", "older"]
    assert again[0] is first[0]


def test_a_run_that_goes_on_is_read_again_for_it_may_have_died():
    folder = run_of()
    runs.change_run(folder, state="running", **runs.own_process())
    first = kept_runs.list_kept()
    assert first[0].record.state == "running"
    runs.change_run(folder, pid=2**22)
    assert kept_runs.list_kept({folder: first[0]})[0].record.state == "died"


def test_a_name_of_its_own_is_one_line_and_an_empty_one_brings_back_the_projects():
    folder = run_of()
    kept_runs.rename(folder, "  with\nmomentum ")
    assert kept_runs.read(folder).name == "with momentum"
    kept_runs.rename(folder, " ")
    assert kept_runs.read(folder).name == "digits"
    assert runs.read_run(folder).device == "cpu"


def test_a_deleted_run_is_gone_and_no_other(tmp_path):
    one, other = run_of("one"), run_of("other")
    (tmp_path / "runs" / "note.txt").write_text("mine")
    kept_runs.delete(one)
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {other.name, "note.txt"}
    assert kept_runs.read(other).steps == 13


def test_a_run_that_goes_on_is_not_deleted():
    folder = run_of()
    runs.change_run(folder, state="paused", **runs.own_process())
    with pytest.raises(Problem, match="going on"):
        kept_runs.delete(folder)
    assert kept_runs.read(folder).steps == 13


def test_nothing_outside_the_folder_of_runs_is_deleted(tmp_path):
    elsewhere = run_of().rename(tmp_path / "backup")
    with pytest.raises(Problem, match="not in the folder of runs"):
        kept_runs.delete(elsewhere)
    with pytest.raises(Problem, match="not a kept run"):
        kept_runs.delete(tmp_path)
    assert kept_runs.read(elsewhere).steps == 13


def test_a_link_to_a_run_is_deleted_and_not_what_it_leads_to(tmp_path):
    elsewhere = run_of().rename(tmp_path / "backup")
    link = folders.runs() / "link"
    link.symlink_to(elsewhere)
    kept_runs.delete(link)
    assert kept_runs.list_kept() == []
    assert kept_runs.read(elsewhere).steps == 13


def test_half_a_deletion_is_not_listed_and_finished_at_the_next_start():
    folder = run_of()
    left = folder.rename(folder.with_name(f".deleted-{folder.name}"))
    assert kept_runs.list_kept() == runs.list_runs() == []
    kept_runs.sweep()
    assert not left.exists()


def test_a_run_is_found_by_path_by_folder_and_by_a_name_that_only_one_has():
    one, two, three = run_of("a"), run_of("a"), run_of("b", title="mine")
    assert kept_runs.find(str(one)) == one
    assert kept_runs.find(two.name) == two
    assert kept_runs.find("mine") == three
    with pytest.raises(Problem, match="2 runs have this name"):
        kept_runs.find("a")
    for nothing in ("b", "c", "", ".."):
        with pytest.raises(Problem, match="no kept run"):
            kept_runs.find(nothing)
