"""Undo is total, edits are one step each, files are whole."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from playground.core.data import Data
from playground.core.edit import (
    DuplicateLayers,
    InsertLayers,
    MoveLayers,
    RemoveLayers,
    SetArgument,
    SetData,
    SetRecipe,
)
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import Project, read_project
from playground.session import document as document_module
from playground.session.background import Background
from playground.session.document import Document
from tests.campaigns.edits import undone_and_redone

NETWORK = (Layer("Conv2d", {"out_channels": 6}), Layer("ReLU"), Layer("Linear"))


@pytest.fixture
def document(qapp):
    background = Background()
    yield Document(Project(network=NETWORK), "example", background)
    background.close()


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_undoing_all_and_redoing_all_give_the_same_files_byte_for_byte(qapp, data):
    undone_and_redone(data)


def test_several_edits_are_one_undo_step(document):
    document.apply(InsertLayers((1,), (Layer("Tanh"),)), SetRecipe({"epochs": 3}), text="mend it")
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "mend it"
    document.undo_stack.undo()
    assert document.project == Project(network=NETWORK)


def test_the_undo_text_is_the_edits_own(document):
    document.apply(InsertLayers((0,), (Layer("Tanh"),)))
    assert document.undo_stack.undoText() == "insert Tanh"


def test_an_edit_that_changes_nothing_pushes_nothing(document, qtbot):
    with qtbot.assertNotEmitted(document.project_changed):
        document.apply(SetArgument((0,), "out_channels", 6))
        document.apply(MoveLayers(((1,),), (1,)))
    assert document.undo_stack.count() == 0


def test_true_and_one_are_different_values(document):
    document.apply(SetArgument((0,), "bias", True))
    document.apply(SetArgument((0,), "bias", 1))
    assert document.undo_stack.count() == 2


def test_turns_of_one_spin_box_are_one_step_and_of_another_are_not(document):
    for value in (7, 8, 9):
        document.apply(SetArgument((0,), "out_channels", value))
    document.apply(SetArgument((0,), "kernel_size", 5))
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project.network == NETWORK


def test_turns_with_a_pause_between_them_are_two_steps(document, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(document_module.time, "monotonic", lambda: now[0])
    document.apply(SetArgument((0,), "out_channels", 7))
    now[0] += document_module.MERGE_WITHIN_S + 0.01
    document.apply(SetArgument((0,), "out_channels", 8))
    assert document.undo_stack.count() == 2


def test_a_spin_box_turned_back_leaves_no_step(document):
    document.apply(SetArgument((0,), "out_channels", 7))
    document.apply(SetArgument((0,), "out_channels", 6))
    assert document.undo_stack.count() == 0
    assert not document.is_modified


def test_learning_rate_and_momentum_are_separate_steps(document):
    document.apply(SetRecipe({"optimizer": {"SGD": {"lr": 0.1}}}))
    document.apply(SetRecipe({"optimizer": {"SGD": {"lr": 0.2}}}))
    document.apply(SetRecipe({"optimizer": {"SGD": {"lr": 0.2, "momentum": 0.9}}}))
    assert document.undo_stack.count() == 2


def test_an_edit_out_of_range_changes_nothing(document):
    with pytest.raises(Problem):
        document.apply(SetRecipe({"epochs": 3}), SetData({"batch_size": 0}))
    assert document.project == Project(network=NETWORK)
    assert document.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("change", "selected"),
    [
        (InsertLayers((1,), (Layer("Tanh"), Layer("Tanh"))), ((1,), (2,))),
        (RemoveLayers(((2,),)), ((1,),)),
        (MoveLayers(((0,),), (3,)), ((2,),)),
        (DuplicateLayers(((1,),)), ((2,),)),
        (SetRecipe({"epochs": 3}), ((0,),)),  # leaves it as it is
    ],
)
def test_the_selection_follows_an_edit_and_comes_back(document, change, selected):
    document.select([(0,)])
    document.apply(change)
    assert document.selection == selected
    document.undo_stack.undo()
    assert document.selection == ((0,),)
    document.undo_stack.redo()
    assert document.selection == selected


def test_selecting_what_is_not_there_selects_the_rest(document):
    document.select([(1,), (9,), (1,), (0, 0)])
    assert document.selection == ((1,),)


def test_listeners_see_project_and_selection_agree(document):
    seen = []
    document.project_changed.connect(lambda project: seen.append((len(project.network), document.selection)))
    document.select([(2,)])
    document.apply(RemoveLayers(((1,), (2,))))
    assert seen == [(1, ((0,),))]


def test_save_and_open_give_the_same_project(document, tmp_path):
    document.apply(SetData({"batch_size": 7}))
    document.save(tmp_path / "mine.playground")
    assert not document.is_modified
    assert document.name == "mine"
    document.new(Project(data=Data()), "other")
    document.open(tmp_path / "mine.playground")
    assert document.project.data.batch_size == 7
    assert document.path == tmp_path / "mine.playground"
    assert document.undo_stack.count() == 0


def test_saving_without_a_file_asks_for_one(document):
    with pytest.raises(Problem, match="Save as"):
        document.save()
    with pytest.raises(Problem, match="Save as"):
        document.save_later()


def test_saving_later_writes_what_was_there_and_keeps_later_edits_modified(document, tmp_path, qtbot):
    path = tmp_path / "later.playground"
    with qtbot.waitSignal(document.saved) as blocker:
        document.apply(SetRecipe({"epochs": 3}))
        document.save_later(path)
        document.apply(SetRecipe({"seed": 5}))
    assert blocker.args == [path]
    assert read_project(path.read_bytes(), "file").recipe.epochs == 3
    assert read_project(path.read_bytes(), "file").recipe.seed == 0
    assert document.is_modified
    document.undo_stack.undo()
    assert not document.is_modified


def test_a_save_that_fails_says_so_and_loses_nothing(document, tmp_path, qtbot):
    document.apply(SetRecipe({"epochs": 3}))
    with qtbot.waitSignal(document.save_failed) as blocker:
        document.save_later(tmp_path / "no such folder" / "x.playground")
    assert "could not be saved" in str(blocker.args[0])
    assert document.is_modified
    assert document.path is None


def test_a_broken_file_leaves_the_document_as_it_was(document, tmp_path):
    (tmp_path / "broken.playground").write_text('{"format": "torch-pl')
    document.apply(SetRecipe({"epochs": 3}))
    with pytest.raises(Problem):
        document.open(tmp_path / "broken.playground")
    assert document.project.recipe.epochs == 3
    assert document.is_modified
    assert document.undo_stack.canUndo()


def test_saved_changed_tells_each_turn_of_is_modified(document):
    seen = []
    document.saved_changed.connect(lambda: seen.append(document.is_modified))
    document.apply(SetRecipe({"epochs": 3}))
    document.apply(SetRecipe({"loss": "MSE"}))
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert seen == [True, False]
