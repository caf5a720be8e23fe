"""Typing lines: completion, underlines, and what is given to the page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from playground.core.lab.told import LineFault
from playground.window.lab.tensors.editor import PAUSE_MS, LineEditor
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)


@pytest.fixture
def editor(session, qtbot) -> LineEditor:
    made = LineEditor("Lines")
    qtbot.addWidget(made)
    made.resize(500, 140)
    made.show()
    made.setFocus()
    settle()
    return made


def offered(editor: LineEditor) -> list[str]:
    model = editor.completer.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_what_is_typed_is_given_after_a_moment_and_at_once_by_enter(editor, qtbot):
    with qtbot.waitSignal(editor.edited, timeout=5_000) as blocker:
        qtbot.keyClicks(editor, "a = 5")
    assert blocker.args == [("a = 5",)]
    with qtbot.waitSignal(editor.edited, timeout=0):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.lines == ("a = 5",)  # an empty line at the end is none


def test_words_and_names_are_offered_and_taken_by_enter(editor, qtbot):
    editor.show_faults({}, {"alpha": "Tensor"})
    qtbot.keyClicks(editor, "al")
    assert "alpha" in offered(editor)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "alpha"
    qtbot.keyClicks(editor, ".resh")
    assert offered(editor)[0].startswith("reshape(")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "alpha.reshape()"
    qtbot.keyClicks(editor, "-1")
    assert editor.lines == ("alpha.reshape(-1)",)


def test_a_word_of_torch_is_completed_with_its_brackets(editor, qtbot):
    qtbot.keyClicks(editor, "x = torch.ara")
    assert offered(editor)[0].startswith("torch.arange(")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "x = torch.arange()"


def test_one_letter_behind_a_point_is_enough_and_nothing_is_given_while_words_are_offered(editor, qtbot):
    editor.show_faults({}, {"alpha": "Tensor"})
    with qtbot.assertNotEmitted(editor.edited, wait=2 * PAUSE_MS):
        qtbot.keyClicks(editor, "alpha.s")
    assert editor.completer.popup().isVisible()
    assert {text[0] for text in offered(editor)} == {"s"}
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    editor._commit()


def test_escape_closes_the_offer_and_keeps_the_text(editor, qtbot):
    qtbot.keyClicks(editor, "torch.ze")
    assert editor.completer.popup().isVisible()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.completer.popup().isVisible()
    assert editor.toPlainText() == "torch.ze"


def test_a_refused_line_is_underlined_where_it_is_refused(editor):
    editor.show_lines(("a = 1", "b = a @ a"))
    editor.show_faults({2: LineFault(sentence="no", line=2, column=4, end=9)}, {})
    (mark,) = editor.extraSelections()
    assert mark.cursor.selectedText() == "a @ a"
    assert mark.cursor.blockNumber() == 1


def test_a_fault_beyond_the_line_underlines_its_last_letter(editor):
    editor.show_lines(("a = (",))
    editor.show_faults({1: LineFault(sentence="no", line=1, column=40, end=41)}, {})
    assert editor.extraSelections()[0].cursor.selectedText() == "("


def test_a_line_that_is_being_typed_is_not_scolded_for(editor, qtbot):
    editor.show_lines(("a = x",))
    editor.show_faults({1: LineFault(sentence="no", line=1, column=4, end=5)}, {})
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(editor, "1")
    assert editor.extraSelections() == []
    editor._commit()


def test_new_lines_from_outside_leave_the_caret_where_it_is(editor):
    editor.show_lines(("abc", "defghi"))
    cursor = editor.textCursor()
    cursor.setPosition(4 + 3)
    editor.setTextCursor(cursor)
    editor.show_lines(("abc", "defghi", "new"))
    assert (editor.textCursor().blockNumber(), editor.textCursor().positionInBlock()) == (1, 3)


def test_no_more_and_no_longer_lines_than_a_page_can_hold(editor):
    editor.setPlainText("\n".join(["x" * 400] * 150))
    assert len(editor.lines) == 100
    assert {len(line) for line in editor.lines} == {300}
    editor._commit()
