"""The panel of kept runs: real folders, read by the session; nothing is trained."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from playground.core.edit import RemoveLayers, SetData, SetRecipe, apply
from playground.core.messages import EpochReport, Steered
from playground.disk import runs
from playground.window.dialogs import DeleteRunsSheet, SaveSheet
from playground.window.main_window import MainWindow
from playground.window.panels import _run_styles as styles
from playground.window.panels._runs_panel import RunsPanel
from playground.window.theme import theme
from tests.window.panels.feed import feed, losses, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

STEPS, EPOCHS = 338, 2


@pytest.fixture
def panel(session, qtbot) -> RunsPanel:
    """With three runs of the document's project, the newest first: c with another rate and batch, b, a."""
    project = session.document.project
    other = apply(apply(project, SetRecipe({"optimizer": {"SGD": {"lr": 0.2}}})), SetData({"batch_size": 32}))
    for number, (name, trained) in enumerate((("a", project), ("b", project), ("c", other))):
        run_of(trained, name, started=float(number + 1))
    made = RunsPanel(session)
    qtbot.addWidget(made)
    made.resize(1010, 760)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: len(made.table.rows.runs) == 3, timeout=5_000)
    settle()
    return made


def run_of(project, name, **changes):
    folder = runs.new_run(project, name)
    scalars = runs.Scalars(folder, 0, 0)
    reports = [EpochReport(n, n * 169, 1 / n, 1.5 / n, 0.9, 1.0) for n in range(1, EPOCHS + 1)]
    scalars.append(losses(STEPS) * (1 + changes.get("started", 1)), reports)
    scalars.close()
    for step in (0, 169, 200, 338):
        runs.checkpoint_path(folder, step).touch()
    runs.change_run(folder, state="stopped", device="cpu", threads=1, layout="contiguous", **changes)
    return folder


def cell(panel, row, title):
    titles = [panel.table.rows.headerData(place, Qt.Orientation.Horizontal) for place in range(15)]
    return panel.table.rows.index(row, titles.index(title)).data()


def choose(panel, *rows):
    panel.table.clearSelection()
    folders = [panel.table.rows.runs[row].folder for row in rows]
    panel.table.select(folders, folders[0] if folders else None)
    panel.table.setFocus()
    settle()


def tick(panel, qtbot, *rows):
    """As a click on the boxes of these rows does."""
    for row in rows:
        panel.table.rows.setData(panel.table.rows.index(row, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    qtbot.waitUntil(lambda: len(panel._shown()) == len(panel.slots), timeout=5_000)
    settle()


def test_where_the_best_weights_came_back_the_row_has_their_figures(panel, session, qtbot):
    folder = panel.table.rows.runs[0].folder
    runs.change_run(folder, weights_epoch=1)
    session.run_list.refresh()
    qtbot.waitUntil(lambda: panel.table.rows.runs[0].best_is_back, timeout=5_000)
    assert [cell(panel, 0, title) for title in ("Test loss", "Epochs")] == ["1.5000", "2, best 1"]
    tip = panel.table.rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Its weights and figures are those of epoch 1, the best of 2" in tip
    assert [cell(panel, 1, title) for title in ("Test loss", "Epochs")] == ["0.7500", "2"]


def test_the_table_says_what_every_run_came_to(panel):
    assert [cell(panel, row, "Name") for row in range(3)] == ["c", "b", "a"]
    figures = [cell(panel, 0, title) for title in ("State", "Test loss", "Accuracy", "Epochs", "Steps", "Time")]
    assert figures == ["stopped", "0.7500", "0.9000", "2", "338", "2.0 s"]
    assert [cell(panel, 0, title) for title in ("Device", "Threads", "Checkpoints", "Forked at")] == [
        "cpu",
        "1",
        "4",
        "",
    ]
    assert panel.table.isColumnHidden(4)  # nobody has held back a validation part
    assert panel.subtitle == "3 runs"


def test_ticked_runs_lie_over_each_other_each_in_colour_and_dashes_of_its_own(panel, qtbot):
    tick(panel, qtbot, 2, 0)
    assert panel.chart.empty.isHidden()
    curves = [panel.chart.curves[folder] for folder in panel.slots]
    assert len(curves) == 2
    pens = [train.opts["pen"] for train, _held_out, _marks in curves]
    assert pens[0].color() != pens[1].color()
    assert pens[0].dashPattern() != pens[1].dashPattern()
    assert curves[0][2].opts["symbol"] != curves[1][2].opts["symbol"]
    x, y = curves[0][1].getData()
    np.testing.assert_allclose((x, 10**y), [[169, 338], [1.5, 0.75]], rtol=1e-6)
    assert {label.text for label in panel.chart.labels._labels} == {"○ a", "□ c"}
    looks = [(styles.pen(n).color().name(), tuple(styles.pen(n).dashPattern())) for n in range(styles.MOST)]
    assert len(set(looks)) == styles.MOST


def test_the_curve_is_the_moving_average_of_every_step(panel, qtbot):
    tick(panel, qtbot, 2)
    panel._set_factor(0.0)
    settle()
    (trace,) = panel.chart._traces.values()
    np.testing.assert_array_equal(trace._averages.values, losses(STEPS) * 2)
    heading, lines = panel.chart._read(99.0)[1:]
    assert heading == "step 100"
    assert lines[0][:2] == ("○ a", f"{losses(STEPS)[99] * 2:.3f}, held out 1.500")


def test_settings_that_differ_are_listed_and_the_equal_ones_folded_away(panel, qtbot):
    assert panel.settings.heading.text() == "Tick two runs to see what differs."
    tick(panel, qtbot, 2, 0)
    rows = [one for one in panel.settings.model.rows if not isinstance(one, str)]
    assert {one.name: one.values for one in rows} == {
        "batch_size": ("8", "32"), "lr": ("0.01", "0.2"), "momentum": ("0.9", "0"), "weight_decay": ("0.002", "0"),
    }  # fmt: skip
    assert panel.settings.heading.text().startswith("4 settings differ, ")
    panel.settings.all.click()
    settle()
    model = panel.settings.model
    backgrounds = {
        row.name: model.index(place, 1).data(Qt.ItemDataRole.BackgroundRole)
        for place, row in enumerate(model.rows)
        if not isinstance(row, str)
    }
    assert backgrounds["lr"] == theme().color("accent_tint")
    assert backgrounds["epochs"] is None


def test_a_rate_that_was_changed_during_a_run_is_in_its_settings_and_on_its_curve(panel, qtbot):
    steered = (Steered(100, "lr", 0.01, 0.004), Steered(200, "lr", 0.004, 0.001))
    run_of(panel.session.document.project, "steered", started=9.0, steered=steered)
    panel.session.run_list.refresh()
    qtbot.waitUntil(lambda: len(panel.table.rows.runs) == 4, timeout=5_000)
    tick(panel, qtbot, 3, 0)
    rows = {one.name: one.values for one in panel.settings.model.rows if not isinstance(one, str)}
    assert rows == {"lr": ("0.01", "0.01, then 0.004 from step 100, then 0.001 from step 200")}
    x, y = panel.chart.steered.getData()
    assert list(x) == [100, 200]
    trace = panel.chart._traces[panel.table.rows.runs[0].folder]
    assert y == pytest.approx(np.log10([trace.at(99), trace.at(199)]), rel=1e-5)
    assert panel.chart._read(200.0)[2][1][1].endswith(", lr 0.001")
    assert panel.chart._read(150.0)[2][1][1].endswith("held out 1.500")
    tick_off = panel.table.rows.runs[0]
    panel.show_run(tick_off, False)
    settle()
    assert len(panel.chart.steered.getData()[0]) == 0


def test_no_more_runs_than_can_be_told_apart(panel, qtbot):
    for number in range(styles.MOST):
        run_of(panel.session.document.project, f"more {number}")
    panel.session.run_list.refresh()
    qtbot.waitUntil(lambda: len(panel.table.rows.runs) == styles.MOST + 3, timeout=5_000)
    with qtbot.waitSignal(panel.session.noticed) as blocker:
        for run in panel.table.rows.runs[: styles.MOST + 1]:
            panel.show_run(run, True)
    assert len(panel.slots) == styles.MOST
    assert "8 runs lie over each other already" in str(blocker.args[0])


def test_the_space_bar_ticks_what_is_selected_and_again_unticks_it(panel):
    choose(panel, 0, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    assert list(panel.slots.values()) == [0, 1]
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    assert panel.slots == {}


def test_f2_gives_a_run_a_name_and_the_selection_stays(panel, qtbot):
    choose(panel, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.findChild(QLineEdit)
    assert editor.text() == "b"
    panel.table.begin_rename()  # once more, by the key or the menu: Qt warned that it failed
    assert panel.table.findChildren(QLineEdit) == [editor]
    editor.setText("with momentum")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cell(panel, 1, "Name") == "with momentum", timeout=5_000)
    assert [run.name for run in panel.table.chosen()] == ["with momentum"]


def test_del_asks_and_deletes_several(panel, qtbot):
    tick(panel, qtbot, 0, 1)
    choose(panel, 0, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    sheet = panel.findChild(DeleteRunsSheet)
    sheet.cancel_button.click()
    settle()
    assert len(runs.list_runs()) == 3
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete of the sheet
    panel.delete.trigger()
    panel.findChildren(DeleteRunsSheet)[-1].delete_button.click()
    qtbot.waitUntil(lambda: [run.name for run in panel.table.rows.runs] == ["a"], timeout=5_000)
    settle()
    assert panel.slots == {}
    assert panel.chart.curves == {}


def test_the_one_that_goes_on_is_not_deleted(panel, qtbot):
    folder = panel.table.rows.runs[0].folder
    runs.change_run(folder, state="running", **runs.own_process())
    panel.session.run_list.refresh()
    qtbot.waitUntil(lambda: cell(panel, 0, "State") == "running", timeout=5_000)
    choose(panel, 0)
    assert not panel.delete.isEnabled()
    choose(panel, 0, 1)
    panel.delete.trigger()
    panel.findChild(DeleteRunsSheet).delete_button.click()
    qtbot.waitUntil(lambda: [run.name for run in panel.table.rows.runs] == ["c", "a"], timeout=5_000)


def test_open_asks_the_window_for_the_run(panel, qtbot):
    choose(panel, 0)
    with qtbot.waitSignal(panel.run_requested) as blocker:
        QTest.keyClick(panel.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert blocker.args == [panel.table.rows.runs[0]]


def test_what_is_unsaved_is_asked_about_before_another_project_is_opened(panel, session, qtbot, monkeypatch):
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    window.show()
    window.enter("runs")
    inside = window.rooms.area("runs").docks[0].panel
    qtbot.waitUntil(lambda: len(inside.table.rows.runs) == 3, timeout=5_000)
    choose(inside, 0)
    session.document.apply(SetRecipe({"epochs": 77}))
    inside.open.trigger()
    (sheet,) = window.findChildren(SaveSheet)
    sheet.cancel_button.click()
    assert session.document.project.recipe.epochs == 77
    session.document.undo_stack.undo()
    looked = []
    monkeypatch.setattr(session.training, "look_at", looked.append)
    inside.open.trigger()
    assert session.document.project == inside.table.rows.runs[0].project
    assert (session.document.name, session.document.is_modified) == ("c", False)
    assert [(one.folder, one.step) for one in looked] == [(str(inside.table.rows.runs[0].folder), 338)]


def test_f5_finds_what_another_program_has_trained(panel, session, qtbot):
    run_of(session.document.project, "of the command line")
    choose(panel, 0)
    QTest.keyClick(panel.table, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: cell(panel, 0, "Name") == "of the command line", timeout=5_000)
    assert [run.name for run in panel.table.chosen()] == ["c"]


def test_orders_are_for_the_runs_that_are_selected(panel):
    choose(panel)
    assert not any(one.isEnabled() for one in (panel.fork, panel.open, panel.rename, panel.delete))
    choose(panel, 0, 1)
    assert [one.isEnabled() for one in (panel.fork, panel.open, panel.rename, panel.delete)] == [
        False,
        False,
        False,
        True,
    ]


# Forks -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def strip(panel, monkeypatch):
    """Of the oldest run, opened by the keyboard; what it begins is only noted."""
    panel.forked = []
    monkeypatch.setattr(panel.session.training, "fork", lambda run, step: panel.forked.append((run.name, step)))
    choose(panel, 2)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(panel.table, Qt.Key.Key_F, modifiers)
    settle()
    assert panel.strip.isVisible()
    return panel.strip


def test_a_fork_names_its_parent_its_checkpoints_and_what_is_changed(panel, strip):
    assert strip.title.text() == "Fork a from"
    offered = [strip.checkpoints.itemText(place) for place in range(strip.checkpoints.count())]
    assert offered == [
        "step 338, end of epoch 2",
        "step 200, in epoch 2",
        "step 169, end of epoch 1",
        "step 0, untrained",
    ]
    assert strip.said.text().startswith("Nothing is changed yet")
    panel.session.document.apply(SetData({"batch_size": 32}))
    assert strip.said.text() == "Changed: batch_size 8 → 32."
    strip.checkpoints.setCurrentIndex(1)
    assert "begun again" in strip.said.text()
    strip.train.click()
    assert panel.forked == [("a", 200)]
    assert strip.isHidden()


def test_a_fork_is_shown_beside_its_parent_once_it_has_a_folder(panel, strip, qtbot):
    strip.train.click()
    child = run_of(
        panel.session.document.project, "child", parent=panel.table.rows.runs[2].folder.name, parent_step=338
    )
    panel.session.training._on_kept(str(child))
    panel.session.run_list.changed.emit()  # of something else, before the list is read again
    settle()
    qtbot.waitUntil(lambda: len(panel._shown()) == 2, timeout=5_000)
    settle()
    assert list(panel.slots) == [panel.table.rows.runs[3].folder, child]
    assert [line.value() for line, _text in panel.chart.forks] == [338]
    assert cell(panel, 0, "Forked at") == "step 338"
    assert "A fork of a, from step 338" in panel.table.rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_what_cannot_be_forked_says_why(panel, strip):
    panel.session.document.apply(SetRecipe({"epochs": 2}))
    assert "ask for more epochs" in strip.said.text()
    strip.checkpoints.setCurrentIndex(2)
    assert strip.train.isEnabled()
    panel.session.training._set_state("running")
    assert "A run is active" in strip.said.text()
    panel.session.training._set_state("idle")


def test_a_network_of_other_layers_takes_over_what_is_unchanged(panel, strip):
    panel.session.document.apply(RemoveLayers(((1,),)))
    assert "Layers that are unchanged keep their weights" in strip.said.text()
    strip.train.click()
    assert panel.forked == [("a", 338)]


def test_a_run_that_goes_on_with_a_changed_network_is_shown_beside_the_one_it_comes_from(panel):
    before = panel.table.rows.runs[2].folder
    panel.session.carrying.begun.emit(str(before))
    child = run_of(panel.session.document.project, "child", parent=before.name, parent_step=338, carried=(4, 5))
    panel.session.training._on_kept(str(child))
    assert list(panel.slots) == [before, child]


def test_esc_closes_it_and_the_keyboard_is_back_in_the_table(panel, strip):
    QTest.keyClick(strip.checkpoints, Qt.Key.Key_Escape)
    assert strip.isHidden()
    assert panel.table.hasFocus()


def test_a_run_of_this_window_is_drawn_as_its_frames_come(panel, qtbot):
    run = panel.table.rows.runs[0]
    panel.session.training.folder = str(run.folder)
    tick(panel, qtbot, 0)
    feed(panel.session, 50)
    assert len(panel.chart._traces[run.folder]) == 50
    feed(panel.session, 60)
    assert len(panel.chart._traces[run.folder]) == 60
    panel.session.training._set_state("idle")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_drawn_in_the_colours_of_the_theme(panel, qtbot, name):
    tick(panel, qtbot, 0)
    theme().set("dark" if name == "light" else "light")
    settle()
    theme().set(name)
    settle()
    (curve, _held_out, _marks) = next(iter(panel.chart.curves.values()))
    assert curve.opts["pen"].color() == theme().layer_lines()[0]
    assert tuple(pixels(panel)[-2, 1, :3]) == theme().color("surface").getRgb()[:3]
