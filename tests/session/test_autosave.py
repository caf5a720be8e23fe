"""Unsaved changes survive any ending; saved ones leave nothing behind."""

import os

import msgspec
import pytest

from playground.core.edit import SetRecipe
from playground.core.problem import Problem
from playground.core.project import Project, write_project
from playground.disk import folders, owners
from playground.session import autosave
from playground.session.autosave import Unsaved
from tests.session.conftest import SMALL


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "data", lambda: tmp_path / "data")


def files() -> list:
    return sorted(autosave.folder().glob("*")) if autosave.folder().is_dir() else []


def left_behind(**changes) -> Unsaved:
    """A file of a session that is no more."""
    unsaved = Unsaved("mine", "", write_project(SMALL), 5.0, 2**22 + 1, 1.0)
    unsaved = msgspec.structs.replace(unsaved, **changes)
    folders.made(autosave.folder())
    (autosave.folder() / f"{unsaved.written}{autosave.SUFFIX}").write_bytes(msgspec.json.encode(unsaved))
    return unsaved


def test_changes_are_written_within_half_a_minute_and_gone_once_saved(session, qtbot, tmp_path):
    assert session.autosave._timer.interval() <= 30_000
    session.document.apply(SetRecipe({"epochs": 3}))
    assert session.autosave._timer.isActive()
    session.autosave._timer.setInterval(10)
    qtbot.waitUntil(lambda: len(files()) == 1)
    session.document.save(tmp_path / "x.playground")
    qtbot.waitUntil(lambda: not files())
    assert not session.autosave._timer.isActive()


def test_closing_a_window_removes_what_was_thrown_away(session, qtbot):
    session.document.apply(SetRecipe({"epochs": 3}))
    session.autosave.write()
    session.close()
    assert not files()


def test_an_ending_without_a_question_keeps_them_for_the_next_session(session, make_session, monkeypatch):
    session.document.apply(SetRecipe({"epochs": 3}))
    session.close(keep_unsaved=True)
    monkeypatch.setattr(owners, "lives", lambda pid, process_started: False)
    other = make_session(start=False)
    (found,) = other.recoverable()
    other.recover(found)
    assert other.document.project.recipe.epochs == 3
    assert other.document.is_modified
    other.background.close()
    assert len(files()) == 1  # now its own
    other.close()
    assert not files()


def test_those_of_a_session_that_goes_on_are_not_offered(session, make_session):
    session.document.apply(SetRecipe({"epochs": 3}))
    session.autosave.write()
    session.background.close()
    assert len(files()) == 1
    assert make_session(start=False).recoverable() == []


def test_the_newest_comes_first_and_damaged_files_are_passed_over(session):
    left_behind(written=1.0, name="older")
    left_behind(written=2.0, name="newer")
    (autosave.folder() / f"torn{autosave.SUFFIX}").write_bytes(b'{"name": "torn", "pa')
    assert [one.name for one in session.recoverable()] == ["newer", "older"]


def test_a_process_number_that_another_program_has_now_does_not_hide_them(session):
    left_behind(pid=os.getpid(), process_started=1.0)
    assert len(session.recoverable()) == 1


def test_forgetting_removes_the_file(session):
    left_behind()
    session.forget(session.recoverable()[0])
    assert session.recoverable() == []


def test_a_full_disk_is_said_once(session, qtbot):
    autosave.folder().parent.mkdir(parents=True)
    autosave.folder().write_text("not a folder")
    said = []
    session.noticed.connect(said.append)
    session.document.apply(SetRecipe({"epochs": 3}))
    for _time in range(2):
        session.autosave.write()
        session.background.close()
    qtbot.waitUntil(lambda: bool(said))
    qtbot.wait(20)
    assert len(said) == 1
    autosave.folder().unlink()


def test_what_was_saved_in_the_last_moment_is_not_offered(session, tmp_path):
    file = tmp_path / "mine.playground"
    file.write_text(write_project(SMALL))
    left_behind(path=str(file))
    assert session.recoverable() == []
    assert not files()


def test_what_another_window_has_taken_up_is_not_taken_twice(session):
    left_behind()
    (found,) = session.recoverable()
    session.forget(found)  # there
    with pytest.raises(Problem, match="other windows"):
        session.recover(found)
    assert session.document.project == SMALL


def test_saving_recovered_changes_asks_where_the_file_was_changed_since(
    session, make_session, tmp_path, qtbot, monkeypatch
):
    file = tmp_path / "mine.playground"
    session.document.save(file)
    session.document.apply(SetRecipe({"epochs": 3}))
    session.close(keep_unsaved=True)
    monkeypatch.setattr(owners, "lives", lambda pid, process_started: False)
    other = make_session(start=False)
    file.write_text(write_project(Project()))
    (found,) = other.recoverable()
    assert found.overtaken
    other.recover(found)
    with qtbot.waitSignal(other.document.save_refused):
        other.document.save_later()


def test_temporary_files_of_autosaves_that_were_killed_go(session):
    folders.made(autosave.folder())
    old, young = (autosave.folder() / f".1-a{autosave.SUFFIX}.abcdefg{number}" for number in (1, 2))
    for file in (old, young):
        file.touch()
    os.utime(old, (1, 1))
    session.recoverable()
    assert files() == [young]
    young.unlink()
