"""A project file that another window or program writes: found out, never overwritten unasked, taken up undoably."""

import os

import pytest

from playground.core.edit import SetRecipe
from playground.core.project import Project, write_project
from playground.disk import projects
from playground.session.background import Background
from playground.session.document import Document
from tests.session.conftest import SMALL


@pytest.fixture
def document(qapp, tmp_path):
    background = Background()
    made = Document(Project(), "example", background)
    projects.save(SMALL, tmp_path / "mine.playground")
    made.open(tmp_path / "mine.playground")
    yield made
    background.close()


def written_elsewhere(document: Document, epochs: int = 77) -> str:
    """As another window does it. Returns what the file holds now."""
    other = Document(Project(), "other", Background())
    other.open(document.path)
    other.apply(SetRecipe({"epochs": epochs}))
    other.save()
    return document.path.read_text()


def test_saving_over_what_another_window_wrote_is_refused(document, qtbot):
    theirs = written_elsewhere(document)
    document.apply(SetRecipe({"epochs": 3}))
    with qtbot.assertNotEmitted(document.saved), qtbot.waitSignal(document.save_refused) as refused:
        document.save_later()
    assert refused.args == [document.path]
    assert document.path.read_text() == theirs
    assert document.is_modified


def test_it_is_overwritten_when_that_is_wanted_and_then_no_more_asked(document, qtbot):
    written_elsewhere(document)
    document.apply(SetRecipe({"epochs": 3}))
    with qtbot.waitSignal(document.saved):
        document.save_later(anyway=True)
    document.apply(SetRecipe({"seed": 5}))
    with qtbot.waitSignal(document.saved):
        document.save_later()
    assert document.path.read_text() == write_project(document.project)


def test_saves_one_right_behind_another_do_not_take_each_other_for_strangers(document, qtbot):
    for seed in (1, 2, 3):
        document.apply(SetRecipe({"seed": seed}))
        document.save_later()
    with qtbot.assertNotEmitted(document.save_refused):
        qtbot.waitUntil(lambda: not document.is_modified)
    assert projects.read_file(document.path).recipe.seed == 3


def test_a_file_that_was_only_touched_or_removed_is_no_change(document, qtbot):
    os.utime(document.path, (1, 1))
    document.apply(SetRecipe({"epochs": 3}))
    with qtbot.waitSignal(document.saved):
        document.save_later()
    document.path.unlink()
    document.apply(SetRecipe({"epochs": 4}))
    with qtbot.waitSignal(document.saved):
        document.save_later()
    assert projects.read_file(document.path).recipe.epochs == 4


def test_looking_at_the_file_tells_of_a_change_and_of_nothing_else(document, qtbot):
    with qtbot.assertNotEmitted(document.file_changed, wait=50):
        document.look_at_file()
        document._background.close()
    written_elsewhere(document)
    with qtbot.waitSignal(document.file_changed) as changed:
        document.look_at_file()
    assert changed.args == [document.path, projects.read_marked(document.path)[1]]


def test_a_reload_is_one_undo_step_and_counts_as_saved(document, qtbot):
    document.apply(SetRecipe({"epochs": 3}))
    mine = document.project
    written_elsewhere(document)
    document.reload(document.path, *projects.read_marked(document.path))
    assert document.project.recipe.epochs == 77
    assert not document.is_modified
    document.undo_stack.undo()
    assert document.project == mine
    assert document.is_modified
    with qtbot.waitSignal(document.saved):  # it was seen: saving over it is what is wanted now
        document.save_later()
    assert projects.read_file(document.path) == mine


def test_a_save_that_ends_after_another_project_was_opened_does_not_rename_it(document, qtbot, tmp_path):
    document.apply(SetRecipe({"epochs": 3}))
    document.save_later()
    document.new(Project(), "another")
    qtbot.waitSignal(document.saved, timeout=5_000).wait()
    assert (document.name, document.path) == ("another", None)
    assert projects.read_file(tmp_path / "mine.playground").recipe.epochs == 3
