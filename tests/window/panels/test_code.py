"""The panel that shows the project as a script: its workbench answers when a test says so."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from playground.core.code import Span
from playground.core.edit import InsertLayers, RemoveLayers, SetArgument, SetRecipe
from playground.core.layer import Layer
from playground.window.panels.code import CodePanel, innermost
from playground.window.theme import theme
from tests.session.desk import Desk
from tests.session.fake_engine import MISFIT, REFUSAL, script_of
from tests.window.panels.feed import feed, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

CONV, LAST = (0,), (11,)  # the first and the last layer of LeNet


@pytest.fixture
def desk(session) -> Desk:
    return Desk(session)


@pytest.fixture
def panel(session, desk, qtbot) -> CodePanel:
    """One that shows LeNet."""
    made = CodePanel(session)
    qtbot.addWidget(made)
    made.resize(720, 480)
    made.show()
    tell(desk)
    qtbot.waitUntil(lambda: made.view.colors.is_done)
    return made


def tell(desk: Desk) -> None:
    """Let the project be checked, and all questions be answered and drawn."""
    settle()
    desk.check()
    desk.answer_all()
    for _turn in range(20):
        settle()


def edit(panel: CodePanel, desk: Desk, *edits) -> None:
    panel.session.document.apply(*edits)
    tell(desk)


def rate(value: float) -> SetRecipe:
    return SetRecipe({"optimizer": {"SGD": {"lr": value}}})


def line_with(panel: CodePanel, words: str) -> int:
    """The first line, from 1, that holds some words."""
    lines = panel.view.toPlainText().split("\n")
    return next(number for number, line in enumerate(lines, 1) if words in line)


def lines_of(panel: CodePanel, *paths) -> set[int]:
    spans = panel.session.scripts.script.spans
    return {line for span in spans if span.path in paths for line in range(span.first, span.last + 1)}


def place_of(panel: CodePanel, line: int) -> QPoint:
    view = panel.view
    return next(place.center() for number, _block, place in view.blocks(view.viewport().rect()) if number == line)


def seen(panel: CodePanel) -> list[int]:
    view = panel.view
    return [number for number, _block, _place in view.blocks(view.viewport().rect().adjusted(0, 0, 0, -1))]


def click(panel: CodePanel, line: int) -> None:
    at = QPoint(120, place_of(panel, line).y())
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle()


def color_at(panel: CodePanel, line: int) -> str:
    """Of the ground behind a line, at its right end where there is no text."""
    picture, y = pixels(panel.view.viewport()), place_of(panel, line).y()
    return "#" + "".join(f"{part:02x}" for part in picture[y, -20, :3])


# What is shown -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_script_is_coloured_as_the_theme_says(panel, name):
    theme().set(name)
    for _turn in range(10):
        settle()
    assert panel.view.toPlainText() == panel.session.scripts.script.text
    found = {}
    for words, kind in (("import torch", "import"), ("Conv2d", "Conv2d"), ("kernel_size", "3"), ("print(", "'step'")):
        line = line_with(panel, words)
        block = panel.view.document().findBlockByNumber(line - 1)
        for one in block.layout().formats():
            part = block.text()[one.start : one.start + one.length]
            found.setdefault(part, one.format.foreground().color().name())
        assert kind in found
    token = {"import": "keyword", "Conv2d": "name", "3": "number", "'step'": "string"}
    for part, kind in token.items():
        assert found[part] == theme().color(f"code_{kind}").name()
    assert len(np.unique(np.ascontiguousarray(pixels(panel)).view(np.uint32))) > 5


def test_without_a_workbench_it_says_that_it_waits(session, qtbot):
    made = CodePanel(session)
    qtbot.addWidget(made)
    made.show()
    settle()
    assert made.view.toPlainText() == ""
    assert made.view.placeholderText() == "Writing the code …"
    assert not made.copy_button.isEnabled()
    assert made.note.isHidden()


def test_lines_are_numbered_and_counted(panel):
    lines = panel.session.scripts.script.text.count("\n")
    assert panel.subtitle == f"{lines} lines"
    assert panel.view.blockCount() == lines + 1
    before = pixels(panel.view.gutter)
    panel.view.verticalScrollBar().setValue(5)
    settle()
    assert (pixels(panel.view.gutter) != before).any()


def test_an_input_method_writes_nothing_into_it(panel, desk):
    text = panel.view.toPlainText()
    panel.view.selectAll()
    event = QInputMethodEvent()
    event.setCommitString("字")
    QApplication.sendEvent(panel.view, event)
    assert panel.view.toPlainText() == text


def test_frames_of_a_run_draw_nothing(panel):
    drawn = []
    panel.refresh = lambda: drawn.append(1)
    feed(panel.session, 20)
    assert drawn == []


def test_a_hidden_panel_asks_for_nothing(panel, desk):
    asked = len(desk.asked)
    panel.hide()
    edit(panel, desk, rate(0.5))
    assert len(desk.asked) == asked
    panel.show()
    tell(desk)
    assert len(desk.asked) == asked + 1
    assert "learning_rate = 0.5" in panel.view.toPlainText()
    assert panel.view.flashing == frozenset()  # nobody had seen the line that it replaced


# Changes -------------------------------------------------------------------------------------------------------------


def test_only_changed_lines_flash_and_the_flash_ends(panel, desk, qtbot):
    assert panel.view.flashing == frozenset()  # all of it is new
    line = line_with(panel, "learning_rate")
    panel.view.reveal([line])
    edit(panel, desk, rate(0.5))
    assert panel.view.flashing == {line}
    assert color_at(panel, line) == theme().color("code_changed").name()
    assert color_at(panel, line + 1) == theme().color("surface").name()
    qtbot.waitUntil(lambda: not panel.view.flashing, timeout=3_000)
    assert not panel.view._fade.isActive()
    assert color_at(panel, line) == theme().color("surface").name()


def test_a_new_layer_flashes_where_it_is_and_is_marked(panel, desk):
    edit(panel, desk, InsertLayers((2,), (Layer("Dropout"),)))
    line = line_with(panel, "nn.Dropout")
    assert panel.view.flashing == {line}
    assert panel.view.marked == {line}


def test_another_style_or_another_document_does_not_flash(panel, desk):
    panel.styles.button("class").click()
    tell(desk)
    assert "class Net" in panel.view.toPlainText()
    assert panel.view.flashing == frozenset()
    document = panel.session.document
    document.new(document.project, "other")
    tell(desk)
    edit(panel, desk, rate(0.7))
    assert len(panel.view.flashing) == 1


def test_what_is_read_stays_where_it_is(panel, desk):
    view, bar = panel.view, panel.view.verticalScrollBar()
    bar.setValue(30)
    top = view.firstVisibleBlock().text()
    edit(panel, desk, rate(0.5))
    assert bar.value() == 30
    lines = view.toPlainText().split("\n")
    view.show_code("\n".join(lines[:3] + lines[5:]), flash=True)  # two lines less above
    assert (view.firstVisibleBlock().text(), bar.value()) == (top, 28)
    view.show_code("\n".join(lines[:-9]), flash=True)  # two more above, some less below
    assert (view.firstVisibleBlock().text(), bar.value()) == (top, 30)
    bar.setValue(0)
    view.show_code("\n".join(["# new", *lines]), flash=True)
    assert bar.value() == 0


# Lines and layers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["sequential", "class"])
def test_a_click_on_a_line_selects_its_layer(panel, desk, style):
    panel.styles.button(style).click()
    tell(desk)
    (line, *_more) = sorted(lines_of(panel, (3,)))
    click(panel, line)
    assert panel.session.document.selection == ((3,),)
    assert panel.view.marked == lines_of(panel, (3,))
    assert color_at(panel, line) == theme().color("accent_tint").name()
    click(panel, 2)  # a line of no layer
    assert panel.session.document.selection == ((3,),)


def test_the_number_of_a_line_is_clicked_like_the_line(panel):
    line = min(lines_of(panel, (1,)))
    QTest.mouseClick(panel.view.gutter, Qt.MouseButton.LeftButton, pos=QPoint(8, place_of(panel, line).y()))
    assert panel.session.document.selection == ((1,),)


def test_a_click_moves_nothing(panel):
    (line,) = lines_of(panel, (3,))
    panel.view.verticalScrollBar().setValue(line - 1)
    click(panel, line)
    assert panel.view.verticalScrollBar().value() == line - 1


def test_a_stretch_that_is_drawn_with_the_mouse_selects_text_and_no_layer(panel):
    view, start, end = panel.view, place_of(panel, 6), place_of(panel, 8)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, start.y()))
    QTest.mouseMove(view.viewport(), QPoint(90, end.y()))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(90, end.y()))
    assert view.textCursor().hasSelection()
    assert panel.session.document.selection == ()


def test_the_keyboard_goes_from_layer_to_layer(panel):
    (line,) = lines_of(panel, CONV)
    click(panel, line)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.session.document.selection == ((1,),)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.session.document.selection == ((2,),)


def test_a_selection_from_elsewhere_is_marked_and_brought_into_sight(panel):
    panel.view.verticalScrollBar().setValue(40)
    panel.session.document.select([CONV, LAST])
    assert panel.view.marked == lines_of(panel, CONV, LAST)
    assert set(seen(panel)) & lines_of(panel, CONV)
    panel.view.verticalScrollBar().setValue(40)
    panel.session.document.select([])
    assert panel.view.marked == frozenset()
    assert panel.view.verticalScrollBar().value() == 40


def test_an_edit_elsewhere_does_not_scroll_back_to_the_selection_but_one_of_it_does(panel, desk):
    panel.session.document.select([CONV])
    panel.view.verticalScrollBar().setValue(40)
    edit(panel, desk, rate(0.5))
    assert panel.view.verticalScrollBar().value() == 40
    edit(panel, desk, SetArgument(CONV, "out_channels", 9))
    assert set(seen(panel)) & lines_of(panel, CONV)


def test_the_innermost_layer_of_a_line_is_the_smallest():
    spans = (Span((0,), 3, 9), Span((0, 1), 5, 7), Span((0, 1, 0), 5, 7), Span((2,), 5, 5))
    assert innermost(spans, 5).path == (2,)
    assert innermost(spans, 6).path == (0, 1, 0)
    assert innermost(spans, 9).path == (0,)
    assert innermost(spans, 10) is None


# Styles, and what cannot be written ----------------------------------------------------------------------------------


def test_a_refused_style_says_why_and_gives_way(panel, desk):
    assert [panel.styles.button(style).isEnabled() for style in ("sequential", "class", "scratch")] == [
        True,
        True,
        False,
    ]
    assert panel.styles.button("scratch").toolTip() == REFUSAL
    assert panel.note.isHidden()
    panel.session.scripts.choose("scratch")  # as the settings of an earlier session may say
    tell(desk)
    assert panel.styles.current == "sequential"
    assert panel.note.text() == REFUSAL
    assert panel.note.isVisible()
    edit(panel, desk, RemoveLayers(((0,), (3,))))
    assert panel.styles.current == "scratch"
    assert "# scratch" in panel.view.toPlainText()
    assert panel.note.isHidden()


def test_what_does_not_fit_leaves_the_last_script_in_grey(panel, desk):
    before = panel.view.toPlainText()
    edit(panel, desk, SetArgument(LAST, "in_features", 1))
    assert panel.view.toPlainText() == before
    assert str(MISFIT) in panel.note.text()
    assert panel.note.isVisible()
    grey = theme().color("text_quiet").name()
    blocks = [panel.view.document().findBlockByNumber(line) for line in range(panel.view.blockCount() - 1)]
    colors = {one.format.foreground().color().name() for block in blocks for one in block.layout().formats()}
    assert colors == {grey}
    assert not panel.copy_button.isEnabled()
    assert not panel.save_button.isEnabled()
    click(panel, min(lines_of(panel, CONV)))
    assert panel.session.document.selection == (CONV,)
    panel.session.document.undo_stack.undo()
    tell(desk)
    assert panel.note.isHidden()
    assert not panel.view.colors.quiet
    assert panel.copy_button.isEnabled()


# Copy and save -------------------------------------------------------------------------------------------------------


def test_copy_puts_the_script_on_the_clipboard_and_says_so(panel, qtbot):
    QGuiApplication.clipboard().setText("something else")
    width = panel.copy_button.sizeHint()
    panel.copy_button.click()
    assert QGuiApplication.clipboard().text() == panel.session.scripts.script.text
    assert panel.copy_button.text() == "Copied"
    assert panel.copy_button.sizeHint() == width
    qtbot.waitUntil(lambda: panel.copy_button.text() == "Copy", timeout=5_000)


def test_save_asks_for_a_place_and_writes_it(panel, tmp_path, qtbot):
    panel.save_button.click()
    dialog = panel.findChild(QFileDialog)
    assert [name.rpartition("/")[2] for name in dialog.selectedFiles()] == ["lenet-digits.py"]
    dialog.fileSelected.emit(str(tmp_path / "net.py"))
    dialog.close()
    qtbot.waitUntil(lambda: panel.save_button.text() == "Saved", timeout=5_000)
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == script_of(panel.session.document.project).text
    panel.save_button._rest.stop()


def test_where_there_is_little_room_names_are_short_and_then_buttons_are_icons(panel, qtbot):
    texts = {}
    for width in (900, 520, 380):
        panel.resize(width, 480)
        settle()
        texts[width] = [panel.styles.button("class").text(), panel.copy_button.text(), panel.save_button.text()]
        widgets = panel.header_widgets()
        assert sum(one.sizeHint().width() for one in widgets) + 8 * len(widgets) < width
    assert texts == {
        900: ["class Net(nn.Module)", "Copy", "Save …"],
        520: ["Module", "Copy", "Save …"],
        380: ["Module", "", ""],
    }
    assert (panel.copy_button.accessibleName(), panel.copy_button.toolTip()) == ("Copy", "Copy")
    panel.copy_button.click()
    assert panel.copy_button.is_done
    qtbot.waitUntil(lambda: not panel.copy_button.is_done, timeout=5_000)


def test_a_place_where_nothing_can_be_written_is_told(panel, tmp_path, qtbot):
    panel.save_button.click()
    dialog = panel.findChild(QFileDialog)
    with qtbot.waitSignal(panel.session.noticed, timeout=5_000) as told:
        dialog.fileSelected.emit(str(tmp_path / "missing" / "net.py"))
    dialog.close()
    assert "could not be saved" in str(told.args[0])
    assert panel.save_button.text() == "Save …"
