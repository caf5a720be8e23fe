"""The column of lessons in the window: ways into it, what it shows, and the keyboard."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from playground.core.edit import InsertLayers
from playground.core.lab.topics import Descent
from playground.core.lessons.lesson import ROOMS as ROOMS_OF_LESSONS
from playground.core.messages import DatasetState
from playground.disk import folders
from playground.window.command_finder import commands_of
from playground.window.dialogs import SaveSheet
from playground.window.lessons.card import LessonCard
from playground.window.lessons.column import FOLDED, NARROW, WIDTH
from playground.window.rooms import ALONE, ROOMS
from playground.window.theme import theme
from tests.window.frame import relu
from tests.window.lessons.learner import finish, opened, rest, step_states
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", "Mouse event", extend=True)
OWN = """+++
title = "Our class"
summary = "What we did on Monday"
preset = "lenet-digits"

[[steps]]
say = "Add a Dropout."
check = "network-has"
layer = "Dropout"
+++
# Monday

See [the lab](lab:slopes) and ![a picture](file:///etc/hostname).
"""


def test_nothing_is_made_before_a_lesson_is_wanted(window):
    assert window.lessons.column is None
    assert window.lessons.taken == 0


def test_the_rooms_of_lessons_are_those_of_the_window():
    assert set(ROOMS_OF_LESSONS) == set(ROOMS) - set(ALONE)


def test_every_lesson_can_be_opened_and_has_its_room_and_no_scroll_bar_in_a_usual_window(window):
    assert len(window.session.lessons.all) == 10
    for lesson in window.session.lessons.all:
        column = opened(window, lesson.name)
        assert window.session.lessons.current == lesson
        QApplication.processEvents()
        room = "lab" if lesson.page else lesson.room or ("code" if "scratch" in lesson.preset else "training")
        assert window.rooms.name == room
        assert column.isVisible()
        assert column.text.toPlainText().startswith(lesson.title)
        assert step_states(column) == [("○", "now"), ("○", "then")]
        assert column.steps.count.text() == "0 of 2 done"
        assert not column.finish.isVisible()
        for state in ("begun", "finished"):
            hidden = column.text.verticalScrollBar().maximum()
            assert hidden == 0, f"{hidden} px of {lesson.name}, {state}, are out of sight"
            finish(window)


def test_in_a_small_window_a_lesson_begins_at_its_beginning(window):
    window.resize(1024, 700)
    settle()
    column = opened(window, window.session.lessons.all[0].name)
    rest(window)
    settle()
    bar = column.text.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == 0


def test_a_step_that_is_done_is_marked_in_words(window):
    column = opened(window, "descent")
    lab = window.session.lab
    lab.change(Descent(lr=1.5), "lr")
    rest(window)
    assert step_states(column) == [("✓", "done"), ("○", "now")]
    assert column.steps.rows[0][1].accessibleName().startswith("done: Make the loss rise")
    lab.change(Descent(lr=0.1, steps=200), "lr")
    rest(window)
    assert step_states(column) == [("✓", "done"), ("○", "now")]  # it arrives, but not in 20
    lab.change(Descent(lr=0.5), "lr")
    rest(window)
    assert step_states(column) == [("✓", "done"), ("✓", "done")]
    assert column.steps.count.text() == "all done"
    column.show_list()
    assert column.list.cards[2].accessibleName().endswith("done")
    assert "1 done" in column.list.count.text()


def test_start_again_brings_back_the_page_and_the_steps(window):
    column = opened(window, "descent")
    lab = window.session.lab
    lab.change(Descent(lr=1.5), "lr")
    rest(window)
    assert step_states(column)[0] == ("✓", "done")
    column.again.click()
    assert lab.page.state.lr == 0.1
    assert step_states(column) == [("○", "now"), ("○", "then")]
    lab.undo_stack.undo()
    assert lab.page.state.lr == 1.5


def test_previous_and_next_lead_through_all(window):
    column = opened(window, "tensors")
    assert not column.before.isEnabled()
    assert column.place.text() == "1 of 10"
    for lesson in window.session.lessons.all[1:]:
        column.next.click()
        settle()
        assert window.session.lessons.current == lesson
    assert not column.next.isEnabled()
    column.before.click()
    assert column.place.text() == "9 of 10"


def test_what_is_unsaved_is_asked_about_before_an_example_takes_its_place(window):
    document = window.session.document
    document.apply(InsertLayers((0,), (relu(),)))
    column = opened(window, "tensors")  # a page of the lab takes nothing away
    assert document.project.network[0] == relu()
    window.lessons.open_name("lenet")
    sheet = next(one for one in window.findChildren(SaveSheet) if one.isVisible())
    sheet.cancel_button.click()
    assert document.project.network[0] == relu()
    assert window.session.lessons.current.name == "01-tensors"
    assert column.place.text() == "1 of 10"
    window.lessons.open_name("lenet")
    sheet = next(one for one in window.findChildren(SaveSheet) if one.isVisible())
    sheet.discard_button.click()
    assert window.session.lessons.current.name == "09-lenet"
    assert document.name == "lenet-digits"


def test_the_column_folds_closes_and_is_narrow_in_a_narrow_window(window):
    column = opened(window, "slopes")
    assert column.width() == WIDTH
    assert window.palette_panel.folded
    column.fold_button.click()
    settle()
    assert column.width() == FOLDED
    assert not column.text.isVisible()
    assert column.fold_button.accessibleName() == "Unfold the lesson"
    column.fold_button.click()
    assert column.text.isVisible()
    window.resize(1024, 700)
    settle()
    assert column.width() == NARROW
    column.close_button.click()
    settle()
    assert not column.isVisible()
    assert window.session.lessons.current is None
    assert window.lessons.taken == 0
    window.resize(1440, 900)
    window.enter("training")
    settle()
    assert not window.palette_panel.folded  # as before


def test_the_keyboard_reaches_all_of_it(window, qtbot):
    window.list_panel.view.setFocus()
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    column = window.lessons.column
    assert column.is_list
    assert column.list.cards[0].hasFocus()
    QTest.keyClick(column.list.cards[0], Qt.Key.Key_Down)
    assert column.list.cards[1].hasFocus()
    QTest.keyClick(column.list.cards[1], Qt.Key.Key_Return)
    settle()
    assert window.session.lessons.current.name == "02-slopes"
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert column.text.hasFocus()
    reached = set()
    for _turn in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {column.before, column.again, column.next} - {column.before} <= reached
    column.next.setFocus()
    QTest.keyClick(column.next, Qt.Key.Key_Return)
    settle()
    assert window.session.lessons.current.name == "03-descent"
    column.take_keyboard()
    QTest.keyClick(column.text, Qt.Key.Key_Escape)
    assert not column.isAncestorOf(QApplication.focusWidget())


def test_menu_and_finder_have_every_lesson(window):
    found = {one.text: one for one in commands_of(window.actions_.menu) if one.group == "Lessons"}
    assert {"Show the lessons", "Slopes", "LeNet"} <= set(found)
    assert len(found) == 11
    found["Slopes"].action.trigger()
    assert window.session.lessons.current.name == "02-slopes"


def test_the_welcome_page_shows_the_lessons_that_come_next(window):
    window.session.settings.set("lessons/01-tensors", 2)
    window.front.open()
    settle()
    row = window.front.page.lessons
    shown = [card for card in row.cards if card.isVisible()]
    assert shown[0].lesson.name == "02-slopes"
    assert len(shown) >= 3
    assert row.said.text() == "1 of 10 lessons done"
    QTest.mouseClick(shown[0], Qt.MouseButton.LeftButton)
    settle()
    assert not window.front.is_open
    assert window.session.lessons.current.name == "02-slopes"
    window.front.open()
    row.all.click()
    assert window.lessons.column.is_list
    assert not window.front.is_open


def test_a_teacher_adds_a_page_by_adding_a_file_and_a_broken_one_is_told(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "data", lambda: tmp_path)
    window.lessons.show_list()
    column, lessons = window.lessons.column, window.session.lessons
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "11-ours.md").write_text(OWN, encoding="utf-8")
    (tmp_path / "lessons" / "12-broken.md").write_text("# Tuesday")
    with qtbot.waitSignal(lessons.loaded, timeout=10_000):
        window.lessons.show_list()
    assert column.list.cards[-1].lesson.title == "Our class"
    assert "12-broken.md: it has no head" in column.list.faults[0].text()
    assert str(tmp_path) in column.list.own.text()
    column.list.cards[-1].click()
    settle()
    assert window.session.document.name == "lenet-digits"
    assert step_states(column) == [("○", "now")]
    from playground.core.layer import Layer

    window.session.document.apply(InsertLayers((0,), (Layer("Dropout"),)))
    assert step_states(column) == [("✓", "done")]


def test_the_text_reads_no_file_and_its_links_lead_only_where_they_may(window, opened_pages):
    column = opened(window, "tensors")
    follow = window.lessons.follow
    for link in ("file:///etc/passwd", "javascript:1", "preset:nothing", "lab:nothing", "room:nothing", "http://x.org"):
        follow(link)
    assert window.session.document.name == "lenet-digits"
    assert window.session.lab.page.topic == "tensors"
    assert opened_pages == []
    follow("lab:slopes")
    assert window.session.lab.page.topic == "slopes"
    follow("room:data")
    assert window.rooms.name == "data"
    follow("lesson:lenet")
    assert window.session.lessons.current.name == "09-lenet"
    follow("preset:lenet-cifar10")
    assert window.session.document.name == "lenet-cifar10"
    assert window.session.lessons.current.name == "09-lenet"
    follow("https://pytorch.org")
    assert opened_pages == ["https://pytorch.org"]
    from PySide6.QtCore import QUrl

    assert column.text.loadResource(2, QUrl.fromLocalFile("/etc/hostname")) is None


def test_a_link_in_the_text_is_followed_by_a_click(window):
    column = opened(window, "lenet")
    text = column.text
    found = text.document().find("Open LeNet on CIFAR10")
    place = text.cursorRect(found).center()
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place - QPoint(20, 0))
    assert window.session.document.name == "lenet-cifar10"


def test_data_that_are_not_here_are_named_and_fetched_only_by_a_press(window):
    client = window.session.client
    fetched = []
    client.fetch = lambda name: fetched.append(name)
    column = opened(window, "linear-regression")
    assert not column.data.isVisible()  # nobody knows yet
    client.datasets = (DatasetState("california-housing", False, "", 441_963),)
    client.datasets_changed.emit()
    assert column.data.isVisible()
    assert column.data.said.text() == "California housing is not on this machine yet."
    assert fetched == []
    column.data.button.click()
    assert fetched == ["california-housing"]
    assert column.data.button.text() == "Cancel"
    client.datasets = (DatasetState("california-housing", True, "here"),)
    client.fetched.emit("california-housing")
    client.datasets_changed.emit()
    assert not column.data.isVisible()
    opened(window, "slopes")
    client.datasets = (DatasetState("california-housing", False, "", 441_963),)
    client.datasets_changed.emit()
    assert not column.data.isVisible()  # a lesson of the lab needs none


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_text_takes_colours_and_fonts_of_the_theme(window, choice):
    column = opened(window, "autograd")
    theme().set(choice)
    document = column.text.document()
    body = document.find("PyTorch writes down").charFormat()
    assert body.foreground().color() == theme().color("text")
    code = document.find("out.backward()").charFormat()
    assert code.font().families() == theme().font("small", mono=True).families()
    heading = document.find("Autograd").charFormat()
    assert heading.font().pixelSize() == theme().font("heading").pixelSize()
    theme().set("light")


def test_no_label_of_the_column_is_cut_off(window):
    for size in ((1440, 900), (1024, 700)):
        window.resize(*size)
        column = opened(window, "cpu-and-gpu")
        for label in column.steps.findChildren(QLabel):
            if label.isVisible():
                needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
                assert label.height() >= needed, label.text()


def test_every_lesson_of_the_list_says_its_sentence_whole(window):
    window.lessons.open_name("")
    for size in ((1440, 900), (1024, 700), (1440, 900)):
        window.resize(*size)
        settle()
        cards = [card for card in window.findChildren(LessonCard) if card.isVisible()]
        assert len(cards) == len(window.session.lessons.all)
        metrics = QFontMetrics(theme().font("small"))
        lines = {}
        for card in cards:
            room = QRect(0, 0, card.width() - 24, 1000)
            needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, card.lesson.summary).height()
            title = theme().font("base").pixelSize() * 1.5
            assert card.height() >= needed + title + 16, card.lesson.summary
            lines[round(needed / metrics.height())] = card.height()
        assert set(lines) <= {1, 2}
        assert len(set(lines.values())) == len(lines)  # a short one takes no room for a line that it does not have
    window.lessons.close()


def test_in_a_narrow_window_the_lesson_takes_the_place_of_the_list_and_a_button_leads_back(window):
    column = opened(window, "lenet")
    assert column.text.hasFocus()
    assert window.list_panel.isVisible()
    assert not column.way.isVisible()
    window.resize(1024, 700)
    settle()
    assert not window.list_panel.isVisible()
    assert not window.palette_panel.isVisible()
    assert column.way.isVisible()
    column.way.click()
    settle()
    assert window.list_panel.isVisible()
    assert window.palette_panel.isVisible()
    assert column.marks.text() == "○\n○"
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    settle()
    assert not window.list_panel.isVisible()
    assert column.text.hasFocus()
    QTest.keyClick(column.text, Qt.Key.Key_Escape)
    settle()
    assert window.list_panel.isVisible()
    window.enter("lab")
    column.take_keyboard()
    settle()
    assert not column.way.isVisible()  # there is no list in the lab
    column.close_button.click()
    window.enter("training")
    settle()
    assert window.list_panel.isVisible()


def test_what_is_done_while_it_is_folded_is_marked_in_the_strip(window):
    column = opened(window, "descent")
    column.fold_button.click()
    window.session.lab.change(Descent(lr=1.5), "lr")
    rest(window)
    assert column.marks.isVisible()
    assert column.marks.text() == "✓\n○"
    assert column.marks.accessibleName() == "Descent, 1 of 2 done"


def test_with_large_text_there_is_less_room_for_both(window):
    opened(window, "lenet")
    assert window.list_panel.isVisible()
    theme().set_text_scale(1.5)
    settle()
    assert not window.list_panel.isVisible()
