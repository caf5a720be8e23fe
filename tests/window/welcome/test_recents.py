"""Recent projects: when, how the last run ended, and files that are gone."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest

from playground.core.messages import EpochReport
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.disk import projects, runs
from playground.window.welcome.recents import Recent, RecentList, look_up, when_text

NOW = datetime(2026, 11, 26, 15, 0)  # a Thursday
SMALL = Project(recipe=Recipe(epochs=10))


@pytest.fixture
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (datetime(2026, 11, 26, 14, 2), "Today 14:02"),
        (datetime(2026, 11, 25, 23, 59), "Yesterday"),
        (datetime(2026, 11, 20, 9, 0), "Friday"),
        (datetime(2026, 11, 19, 9, 0), "19 November"),
        (datetime(2026, 3, 1), "1 March"),
        (datetime(2025, 11, 12), "12 November 2025"),
        (datetime(2026, 11, 27), "27 November"),  # a clock that was set back
    ],
)
def test_when_is_said_as_people_do(english, changed, said):
    assert when_text(changed, NOW) == said


def saved(folder: Path, name: str, project: Project = SMALL) -> Path:
    path = folder / f"{name}.playground"
    projects.save(project, path)
    return path


def run_of(project: Project, name: str, *accuracies: float | None, **changes) -> None:
    folder = runs.new_run(project, name)
    runs.change_run(folder, **changes)
    scalars = runs.Scalars(folder, 0, 0)
    epochs = [EpochReport(n, n * 9, 0.5, 0.0214, one, 1.0) for n, one in enumerate(accuracies, 1)]
    scalars.append([], epochs)
    scalars.close()


def test_the_last_run_of_the_very_project_is_told(session, tmp_path):
    one, other, plain = (saved(tmp_path, name) for name in ("one", "other", "plain"))
    run_of(SMALL, "one", 0.5, 0.7, 0.9614)
    run_of(SMALL, "other", *[None] * 10)
    run_of(Project(recipe=Recipe(epochs=3)), "plain", 0.5)  # it was another project then
    assert [recent.state for recent in look_up([one, other, plain])] == [
        "accuracy 0.961 · epoch 3 of 10",
        "loss 0.0214 · finished",
        "",
    ]


def test_of_a_run_whose_best_weights_came_back_that_epoch_is_told(session, tmp_path):
    one, other = saved(tmp_path, "one"), saved(tmp_path, "other")
    run_of(SMALL, "one", 0.5, 0.9, 0.7, weights_epoch=2)
    run_of(SMALL, "other", *[0.5] * 9, 0.9, weights_epoch=10)
    assert [recent.state for recent in look_up([one, other])] == [
        "accuracy 0.900 · best epoch 2 of 3",
        "accuracy 0.900 · finished",
    ]


def test_what_is_gone_or_broken_costs_only_its_own_row(session, tmp_path):
    broken = saved(tmp_path, "broken")
    broken.write_text("{")
    os.utime(broken, (NOW.timestamp(), NOW.timestamp()))
    run_of(SMALL, "broken", 0.5)
    assert look_up([tmp_path / "gone.playground", broken]) == [
        Recent(tmp_path / "gone.playground", None),
        Recent(broken, NOW),
    ]


@pytest.fixture
def rows(session, qtbot, tmp_path) -> RecentList:
    made = RecentList()
    qtbot.addWidget(made)
    made.show_paths([tmp_path / "here.playground", tmp_path / "gone.playground"])
    made.resize(280, 200)
    made.show()
    return made


def test_a_row_says_name_time_and_state_and_opens(rows, tmp_path, qtbot):
    here = tmp_path / "here.playground"
    assert rows.buttons[here].accessibleName() == f"here, {tmp_path.name}"
    rows.show_facts([Recent(here, datetime(2026, 11, 25), "accuracy 0.5 · finished")], NOW)
    assert rows.buttons[here].accessibleName() == "here, Yesterday, accuracy 0.5 · finished"
    with qtbot.waitSignal(rows.opened) as opened:
        QTest.mouseClick(rows.buttons[here], Qt.MouseButton.LeftButton)
    assert opened.args == [here]
    with qtbot.waitSignal(rows.opened):
        QTest.keyClick(rows.buttons[here], Qt.Key.Key_Return)


def test_a_file_that_is_gone_opens_nothing_and_can_be_removed(rows, tmp_path, qtbot):
    gone = tmp_path / "gone.playground"
    assert not rows.removers[gone].isVisible()
    rows.show_facts([Recent(gone, None)], NOW)
    assert rows.removers[gone].isVisible()
    assert not rows.removers[tmp_path / "here.playground"].isVisible()
    with qtbot.assertNotEmitted(rows.opened):
        QTest.mouseClick(rows.buttons[gone], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(rows.removed) as removed:
        QTest.mouseClick(rows.removers[gone], Qt.MouseButton.LeftButton)
    assert removed.args == [gone]
    with qtbot.waitSignal(rows.removed):
        QTest.keyClick(rows.buttons[gone], Qt.Key.Key_Delete)


def test_no_row_stays_that_is_not_asked_for(rows, tmp_path):
    rows.show_paths([tmp_path / "other.playground"])
    assert list(rows.buttons) == [tmp_path / "other.playground"]
