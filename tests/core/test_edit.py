import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from playground.core import edit, network as tree
from playground.core.layer import Layer
from playground.core.messages import CheckProject, decode_question, encode
from playground.core.problem import Problem
from playground.core.project import Project, read_project, write_project
from playground.core.report import Fix
from tests.core.strategies import edits, projects

SMALL = Project(network=(Layer("Conv2d", {"kernel_size": 3}), Layer("ReLU"), Layer("Linear")))


@pytest.mark.parametrize(
    ("change", "layers", "text"),
    [
        (edit.InsertLayers((1,), (Layer("Dropout"),)), "Conv2d Dropout ReLU Linear", "insert Dropout"),
        (edit.RemoveLayers(((0,), (2,))), "ReLU", "remove 2 layers"),
        (edit.MoveLayers(((2,),), (0,)), "Linear Conv2d ReLU", "move Linear"),
        (edit.DuplicateLayers(((0,), (1,))), "Conv2d ReLU Conv2d ReLU Linear", "duplicate 2 layers"),
        (edit.ReplaceLayer((1,), Layer("Tanh")), "Conv2d Tanh Linear", "replace ReLU by Tanh"),
        (edit.GroupLayers(((0,), (2,))), "Sequential ReLU", "group 2 layers"),
        (edit.SetDisabled(((1,),), True), "Conv2d ReLU Linear", "switch ReLU off"),
        (edit.RenameLayer((1,), " first\n one "), "Conv2d ReLU Linear", "rename ReLU to first one"),
    ],
)
def test_an_edit_changes_the_list_and_says_so(change, layers, text):
    assert " ".join(layer.layer for layer in edit.apply(SMALL, change).network) == layers
    assert edit.text_of(change, SMALL) == text


def test_layers_are_grouped_where_the_first_stood_and_taken_apart_again():
    grouped = edit.apply(SMALL, edit.GroupLayers(((2,), (1,))))
    assert [layer.layer for layer in grouped.network[1].children] == ["ReLU", "Linear"]
    assert edit.selection_after(SMALL, edit.GroupLayers(((2,), (1,)))) == ((1,),)
    assert edit.apply(grouped, edit.UngroupLayers((1,))) == SMALL
    assert edit.selection_after(grouped, edit.UngroupLayers((1,))) == ((1,), (2,))


def test_layers_of_a_block_and_of_the_list_are_grouped_together():
    grouped = edit.apply(SMALL, edit.GroupLayers(((0,), (1,))))
    both = edit.apply(grouped, edit.GroupLayers(((0, 1), (1,)))).network
    assert [layer.layer for layer in both] == ["Sequential"]
    assert [layer.layer for layer in both[0].children] == ["Conv2d", "Sequential"]
    assert [layer.layer for layer in both[0].children[1].children] == ["ReLU", "Linear"]


def test_a_layer_is_named_and_switched_off_and_back():
    changed = edit.apply(SMALL, edit.RenameLayer((1,), " first\n one "))
    assert changed.network[1].called == "first one"
    assert edit.apply(changed, edit.RenameLayer((1,), "")) == SMALL
    off = edit.apply(SMALL, edit.SetDisabled(((0,), (2,)), True))
    assert [layer.disabled for layer in off.network] == [True, False, True]
    assert edit.apply(off, edit.SetDisabled(((0,), (2,)), False)) == SMALL


def test_an_argument_is_pinned_and_put_back_on_auto():
    pinned = edit.apply(SMALL, edit.SetArgument((2,), "in_features", 576))
    assert pinned.network[2].arguments == {"in_features": 576}
    assert edit.apply(pinned, edit.ReleaseArgument((2,), "in_features")) == SMALL


def test_a_recipe_value_out_of_range_is_a_problem_and_changes_nothing():
    with pytest.raises(Problem, match="epochs"):
        edit.apply(SMALL, edit.SetRecipe({"epochs": 0}))


def test_after_removing_the_last_row_the_new_last_one_is_selected():
    assert edit.selection_after(SMALL, edit.RemoveLayers(((2,),))) == ((1,),)


@given(projects, st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_edits_keep_the_rules_of_the_project(project, data):
    for _turn in range(4):
        change = data.draw(edits(project))
        changed = edit.apply(project, change)
        assert edit.text_of(change, project)
        paths = {path for path, _layer in tree.walk(changed.network)}
        assert set(edit.selection_after(project, change) or ()) <= paths
        assert read_project(write_project(changed), "here") == changed
        assert changed.about == project.about
        project = changed


@given(projects, st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_what_was_there_before_is_untouched_so_undo_is_a_return_to_it(project, data):
    history = [(project, write_project(project))]
    for _turn in range(4):
        project = edit.apply(project, data.draw(edits(project)))
        history.append((project, write_project(project)))
    for earlier, text in reversed(history):
        assert write_project(earlier) == text


@given(projects, st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_a_move_and_the_move_back_leave_the_project_as_it_was(project, data):
    top = [(position,) for position in range(len(project.network))]
    if not top:
        return
    path, to = data.draw(st.sampled_from(top)), data.draw(st.sampled_from([*top, (len(top),)]))
    there = edit.MoveLayers((path,), to)
    landed = edit.selection_after(project, there)[0]
    back = edit.MoveLayers((landed,), path if landed >= path else (path[0] + 1,))
    assert edit.apply(edit.apply(project, there), back) == project


@given(projects, st.data())
@settings(suppress_health_check=list(HealthCheck))
def test_an_edit_crosses_a_pipe_unchanged(project, data):
    change = data.draw(edits(project))
    fix = Fix("label", (change,))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(fix), type=Fix) == fix
    question = CheckProject(3, write_project(project))
    assert decode_question(encode(question)) == question


def test_a_layer_becomes_another_kind_and_keeps_what_that_takes():
    layer = Layer("Conv1d", {"out_channels": 4, "kernel_size": 5, "dim": 3}, name="first", disabled=True)
    project = Project(network=(layer,))
    changed = edit.apply(project, edit.ReplaceKind((0,), "Conv2d")).network[0]
    assert changed == Layer("Conv2d", {"out_channels": 4, "kernel_size": 5}, name="first", disabled=True)


@given(st.data())
@settings(suppress_health_check=list(HealthCheck), max_examples=40)
def test_where_a_layer_is_after_an_edit_is_known(data):
    """Layers are known again by names of their own."""
    project = data.draw(projects)
    for number, (path, layer) in enumerate(tree.walk(project.network)):
        named = msgspec.structs.replace(layer, name=f"n{number}")
        project = edit.apply(project, edit.ReplaceLayer(path, named))
    change = data.draw(edits(project))
    if isinstance(change, (edit.SetData, edit.SetRecipe, edit.RenameLayer, edit.MoveLayers, edit.DuplicateLayers)):
        return
    if isinstance(change, (edit.GroupLayers, edit.UngroupLayers)):
        return
    after = {layer.name: path for path, layer in tree.walk(edit.apply(project, change).network)}
    for path, layer in tree.walk(project.network):
        if layer.name in after:
            assert edit.path_after((change,), path) == after[layer.name]
            assert after[layer.name] == path or edit.first_changed(change) <= path[0]
