"""The table of kept runs by itself: names that are typed meanwhile, and a selection of many."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from playground.disk import kept_runs, runs
from playground.window.panels._runs_table import NAME, RunsView
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def table(session, qtbot) -> RunsView:
    made = RunsView()
    qtbot.addWidget(made)
    made.resize(900, 300)
    for name in "abc":
        runs.new_run(session.document.project, name)
    made.show_runs(tuple(kept_runs.list_kept()))
    made.show()
    settle()
    return made


def come(table: RunsView, project) -> None:
    """Another run begins."""
    runs.new_run(project, "d")
    table.show_runs(tuple(kept_runs.list_kept()))
    settle()


def names(table: RunsView) -> set[str]:
    return {run.name for run in table.rows.runs}


def test_a_name_that_is_being_typed_outlives_frames_and_a_new_run(table, session):
    given = []
    table.rows.renamed.connect(lambda run, name: given.append((run.folder, name)))
    table.setCurrentIndex(table.rows.index(1, NAME))
    folder = table.rows.runs[1].folder
    table.begin_rename()
    editor = table.findChild(QLineEdit)
    editor.setText("half a na")
    table.rows.repaint()  # as with every frame: Qt put the old name back into the field
    come(table, session.document.project)
    assert table.findChildren(QLineEdit) == [editor]
    assert editor.text() == "half a na"
    assert names(table) == set("abc")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert given == [(folder, "half a na")]
    assert names(table) == set("abcd")


def test_many_runs_that_are_selected_are_asked_for_once(table, session):
    table.selectAll()
    before, changes = table.chosen(), []
    table.selection_changed.connect(lambda: changes.append(table.chosen()))
    come(table, session.document.project)
    assert {run.folder for run in table.chosen()} == {run.folder for run in before}
    assert len(table.rows.runs) == 4
    assert changes == [table.chosen()]
