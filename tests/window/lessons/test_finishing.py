"""A lesson that is done, one that is started again, and what becomes of the example that a lesson told people to change."""

import pytest

from playground.core.edit import SetRecipe
from playground.window.dialogs import SaveSheet
from playground.window.main_window import MainWindow
from tests.window.lessons.learner import finish, opened, step_states
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)


def test_a_finished_lesson_says_so_and_leads_on(window):
    column = opened(window, "slopes")
    assert column.next.property("kind") == ""
    finish(window, 1)
    assert not column.finish.isVisible()
    finish(window)
    assert column.finish.text() == "All done. Next comes “Descent”."
    assert column.finish.isVisible()
    assert column.next.property("kind") == "main"
    window.session.lessons.forget(window.session.lessons.current)
    assert not column.finish.isVisible()
    assert column.next.property("kind") == ""
    opened(window, "cpu-and-gpu")
    assert not column.finish.isVisible()
    finish(window)
    assert column.finish.text().startswith("This was the last lesson.")
    assert column.next.property("kind") == ""
    assert not column.next.isEnabled()


def test_a_lesson_that_is_started_again_stays_done_in_the_list(window):
    column = opened(window, "descent")
    finish(window)
    column.again.click()
    settle()
    assert step_states(column) == [("○", "now"), ("○", "then")]
    column.show_list()
    assert column.list.cards[2].accessibleName().endswith("done")
    assert "1 done" in column.list.count.text()


def sheets(window: MainWindow) -> list[SaveSheet]:
    return [one for one in window.findChildren(SaveSheet) if one.isVisible()]


def test_nobody_is_asked_to_save_what_a_lesson_told_them_to_change(window, tmp_path):
    column, document = opened(window, "linear-regression"), window.session.document
    document.apply(SetRecipe({"epochs": 7}))
    column.next.click()
    settle()
    assert not sheets(window)
    assert window.session.lessons.current.name == "07-softmax-regression"
    column.before.click()
    settle()
    assert document.project.recipe.epochs == 7
    column.again.click()
    settle()
    assert not sheets(window)
    assert document.project.recipe.epochs == 1000
    document.undo_stack.undo()
    assert document.project.recipe.epochs == 7
    document.save(tmp_path / "mine.playground")  # it has a file now
    document.apply(SetRecipe({"epochs": 8}))
    column.next.click()
    settle()
    assert document.project.recipe.epochs == 8
    sheets(window)[0].cancel_button.click()
    document.new(document.project, "nothing to save")
