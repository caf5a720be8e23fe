"""The scroll position of a long layer list survives edits, undo, redo and checks. The engine is not started."""

import random

import pytest
from PySide6.QtWidgets import QApplication

from playground.core import network as tree
from playground.core.edit import (
    DuplicateLayers,
    GroupLayers,
    InsertLayers,
    MoveLayers,
    RemoveLayers,
    SetArgument,
    SetDisabled,
    SetRecipe,
)
from playground.core.layer import Layer
from playground.core.project import Project, write_project
from playground.core.report import Report, Row
from playground.session.session import Session
from playground.window.layer_list.panel import LayerListPanel
from tests.window.frame import relu, show_report

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ROWS = 150


@pytest.fixture
def panel(session, qtbot) -> LayerListPanel:
    layers = tuple(Layer("Conv2d", {"out_channels": 4 + n % 3}) if n % 3 == 0 else relu() for n in range(ROWS))
    session.document.new(Project(network=layers), "long")
    made = LayerListPanel(session)
    qtbot.addWidget(made)
    made.resize(380, 640)
    made.show()
    QApplication.processEvents()
    return made


def top_of(panel: LayerListPanel, path: tree.Path) -> int:
    QApplication.processEvents()
    return panel.view.visualRect(panel.view.layers.index_of(path)).top()


def in_sight(panel: LayerListPanel, path: tree.Path) -> bool:
    QApplication.processEvents()
    rect = panel.view.visualRect(panel.view.layers.index_of(path))
    return rect.height() > 0 and rect.top() >= 0 and rect.bottom() < panel.view.viewport().height()


def scroll_to(panel: LayerListPanel, path: tree.Path, top: int = 100) -> None:
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.value() + top_of(panel, path) - top)
    assert top_of(panel, path) == top


def long_report(session: Session) -> Report:
    """As the workbench would answer: convolutions have maps, so their rows are higher."""
    rows = tuple(
        Row(
            index=number,
            path=path,
            layer=layer.layer,
            input_shape=(4, 9, 9),
            output_shape=(4, 9, 9) if layer.layer == "Conv2d" else (4, 81),
        )
        for number, (path, layer) in enumerate(tree.walk(session.document.project.network), 1)
    )
    return Report(input_shape=(1, 9, 9), rows=rows)


@pytest.mark.parametrize(
    "change",
    [
        SetArgument((90,), "kernel_size", 5),
        InsertLayers((91,), (relu(),)),
        RemoveLayers(((91,), (92,))),
        DuplicateLayers(((90,),)),
        SetDisabled(((90,), (91,)), True),
        GroupLayers(((90,), (91,), (92,))),
        MoveLayers(((90,),), (94,)),
    ],
    ids=lambda change: type(change).__name__,
)
def test_an_edit_of_a_row_in_sight_its_undo_and_redo_leave_the_list_where_it_is(panel, session, change):
    show_report(session, long_report(session))
    scroll_to(panel, (88,), 8)
    session.document.select([(90,)])
    places = [top_of(panel, (88,))]
    session.document.apply(change)
    places.append(top_of(panel, (88,)))
    show_report(session, long_report(session))
    places.append(top_of(panel, (88,)))
    session.document.undo_stack.undo()
    places.append(top_of(panel, (88,)))
    session.document.undo_stack.redo()
    places.append(top_of(panel, (88,)))
    assert places == [8] * 5


def test_undo_brings_the_edited_row_into_sight_from_far_away(panel, session):
    scroll_to(panel, (90,))
    session.document.select([(90,)])
    session.document.apply(SetArgument((90,), "kernel_size", 5))
    panel.view.verticalScrollBar().setValue(0)
    session.document.undo_stack.undo()
    assert in_sight(panel, (90,))
    panel.view.verticalScrollBar().setValue(0)
    session.document.undo_stack.redo()
    assert in_sight(panel, (90,))


def test_undo_of_what_was_removed_far_away_brings_it_back_into_sight(panel, session):
    session.document.select([(140,)])
    session.document.apply(RemoveLayers(((140,),)))
    panel.view.verticalScrollBar().setValue(0)
    session.document.undo_stack.undo()
    assert in_sight(panel, (140,))
    assert panel.view.selected_paths() == ((140,),)


def test_one_of_several_selected_rows_in_sight_is_enough(panel, session):
    scroll_to(panel, (90,))
    session.document.select([(90,), (3,), (148,)])
    before = top_of(panel, (90,))
    session.document.apply(SetDisabled(((3,), (90,), (148,)), True))
    assert top_of(panel, (90,)) == before


def test_edits_of_the_recipe_and_the_data_move_nothing(panel, session):
    session.document.select([(2,)])
    scroll_to(panel, (90,))
    session.document.apply(SetRecipe({"epochs": 3}))
    assert top_of(panel, (90,)) == 100
    session.document.undo_stack.undo()
    assert top_of(panel, (90,)) == 100


def test_rows_above_that_grow_when_the_check_answers_push_nothing_down(panel, session):
    scroll_to(panel, (90,), 0)
    heights = panel.view.verticalScrollBar().maximum()
    show_report(session, long_report(session))
    assert top_of(panel, (90,)) == 0
    assert panel.view.verticalScrollBar().maximum() > heights + 30 * 40  # the rows above did grow


def test_what_is_selected_at_the_lower_edge_stays_in_sight_when_rows_grow(panel, session):
    scroll_to(panel, (90,), 0)
    session.document.select([(105,)])
    assert in_sight(panel, (105,))
    show_report(session, long_report(session))
    assert in_sight(panel, (105,))


def test_layers_dropped_in_above_push_nothing_down(panel, session):
    scroll_to(panel, (90,))
    session.document.select([(90,)])
    session.document.apply(InsertLayers((2,), (relu(),)), SetArgument((91,), "kernel_size", 5))
    assert top_of(panel, (91,)) == 100


def test_another_project_begins_at_its_top(panel, session):
    scroll_to(panel, (90,))
    session.document.new(Project(network=(relu(),) * ROWS), "another")
    QApplication.processEvents()
    assert panel.view.verticalScrollBar().value() == 0


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_undone_and_redone_keep_selection_and_sight(panel, session, seed):
    chance, document = random.Random(seed), session.document
    edits = [_random_edit(chance, document) for _edit in range(12)]
    states = [(write_project(document.project), document.selection)]
    stack = document.undo_stack
    for change in edits:
        show_report(session, long_report(session))
        document.apply(change(document.project.network))
        if stack.count() == len(states):
            states.append((write_project(document.project), document.selection))
    for state in reversed(states[:-1]):
        panel.view.verticalScrollBar().setValue(chance.randint(0, panel.view.verticalScrollBar().maximum()))
        stack.undo()
        _same(panel, session, state)
    for state in states[1:]:
        stack.redo()
        _same(panel, session, state)


def _random_edit(chance: random.Random, document):
    """A function of the network as it is then."""
    kind, place, length = chance.randrange(6), chance.random(), chance.randint(1, 4)

    def change(network: tree.Network):
        first = int(place * (len(network) - length))
        paths = tuple((first + n,) for n in range(length))
        return [
            InsertLayers(paths[0], (Layer("Tanh"),) * length),
            RemoveLayers(paths),
            DuplicateLayers(paths),
            MoveLayers(paths, ((first + 70) % len(network),) if length == 1 else (0,)),
            SetDisabled(paths, True),
            GroupLayers(paths),
        ][kind]

    return change


def _same(panel: LayerListPanel, session: Session, state: tuple) -> None:
    document = session.document
    assert (write_project(document.project), document.selection) == state
    QApplication.processEvents()
    assert panel.view.selected_paths() == tuple(sorted(document.selection))
    assert not document.selection or any(in_sight(panel, path) for path in document.selection)
