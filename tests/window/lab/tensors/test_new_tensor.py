"""The form for a new tensor, driven by hand; the workbench's own functions answer it."""

from collections.abc import Iterator

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from playground.core.lab.new_tensors.makers import MAKERS
from playground.engine.lab.language import Language
from playground.window.lab.tensors.new_tensor import NewTensor, Place
from playground.window.theme import theme
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)
LINES = ("x = torch.arange(6).reshape(2, 3)", "w = torch.zeros(3)")


@pytest.fixture
def parent(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


@pytest.fixture
def form(told, parent, qtbot) -> Iterator[NewTensor]:
    made = NewTensor(told.lab.ask, parent)
    made.begin(place())
    qtbot.waitExposed(made)
    settle()
    yield made
    made.close()  # else it would lie over the windows of the tests to come


def place(*more: str, **fields) -> Place:
    lines = (*LINES, *more)
    return Place(lines, lines, taken=("x", "w"), **{"name": "a", "tensor": "x", **fields})


def type_into(form, qtbot, name: str, text: str) -> None:
    editor = form.name.editor if name == "name" else form.page.fields[name].editor
    editor.setFocus(Qt.FocusReason.TabFocusReason)
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.keyClicks(editor, text)
    settle()


def focus(form) -> QWidget:
    return form.focusWidget()


def stops(form) -> list[QWidget]:
    """Of the fields that are shown, what takes the keyboard."""
    return [one for field in form.page.fields.values() for one in (field.editor, field.toggle) if one is not None]


def marked(form) -> list[str]:
    """Names of the fields that are marked as wrong."""
    fields = {"name": form.name, **form.page.fields}
    return [name for name, field in fields.items() if field.property("wrong") == "true"]


def test_it_begins_with_a_line_that_can_be_made_and_says_what_that_makes(form):
    assert form.preview.text() == form.line == "a = torch.zeros(2, 3)"
    assert form.outcome.text() == "Makes 2 × 3 numbers of float32: 0, 0, 0, 0, 0, 0"
    assert form.make.isEnabled()
    assert focus(form) is form.kinds


def test_enter_makes_the_tensor_wherever_the_keyboard_is(form, qtbot):
    form.choose("arange")
    for one in (form.kinds, form.name.editor, *stops(form)):
        form.begin(place())
        one.setFocus(Qt.FocusReason.TabFocusReason)
        with qtbot.waitSignal(form.line_wanted) as wanted:
            qtbot.keyClick(one, Qt.Key.Key_Return)
        assert wanted.args == ["a = torch.arange(0, 12, 3)"]
        assert not form.isVisible()


def test_escape_closes_it_and_makes_nothing(form, qtbot):
    with qtbot.assertNotEmitted(form.line_wanted):
        type_into(form, qtbot, "size", "7")
        qtbot.keyClick(form.page.fields["size"].editor, Qt.Key.Key_Escape)
    assert not form.isVisible()
    form.begin(place())
    assert form.line == "a = torch.zeros(7)"  # what was typed is still there


@pytest.mark.parametrize(
    ("title", "name", "text", "said"),
    [
        ("zeros", "size", "2, y", "size: write whole numbers"),
        ("full", "fill_value", "seven", "fill_value is “seven”"),
        ("arange", "step", "0", "step is 0, and would never arrive."),
        ("randint", "high", "0", "high is 0, but must be more than low, which is 0."),
        ("tensor", "data", "1, 2; 3", "row 2 has the length 1"),
        ("zeros", "name", "x", "“x” is there already: choose another name."),
        ("zeros", "name", "torch", "“torch” is a word of the language"),
        ("zeros", "name", "", "begins with a letter"),
    ],
)
def test_what_is_wrong_is_marked_and_said_and_nothing_is_made(form, qtbot, title, name, text, said):
    form.choose(title)
    type_into(form, qtbot, name, text)
    assert said in form.outcome.text()
    assert form.outcome.property("role") == "error"
    assert marked(form) == [name]
    assert not form.make.isEnabled()
    assert form.line == ""
    with qtbot.assertNotEmitted(form.line_wanted):
        qtbot.keyClick(focus(form), Qt.Key.Key_Return)
    assert form.isVisible()
    type_into(form, qtbot, name, "b" if name == "name" else "4")
    assert marked(form) == []
    assert form.make.isEnabled()
    assert form.outcome.property("role") == "small"


def test_what_the_workbench_refuses_cannot_be_made(form):
    full = tuple(f"t{number} = torch.zeros(1000000, dtype=torch.float64)" for number in range(8))
    form.begin(Place(full, full, name="a"))
    settle()
    assert "bytes more" in form.outcome.text()
    assert form.outcome.property("role") == "error"
    assert not form.make.isEnabled()


def test_each_way_shows_the_fields_of_its_word_and_explains_the_one_in_hand(form, qtbot):
    for title, maker in MAKERS.items():
        form.choose(title)
        form.kinds.setFocus()
        settle()
        shown = [name for name, field in form.page.fields.items() if field.isVisible()]
        assert shown == [entry.name for entry in maker.fields]
        assert form.help.text() == f"{maker.word} {maker.help}."
        assert form.line, title
        for entry in maker.fields:
            form.page.fields[entry.name].editor.setFocus(Qt.FocusReason.TabFocusReason)
            assert form.help.text().startswith(f"{entry.name} {entry.help}.")
    assert sum(page.isVisible() for page in form.pages.values()) == 1


def test_a_field_says_its_range(form):
    form.choose("linspace")
    form.page.fields["steps"].editor.setFocus(Qt.FocusReason.TabFocusReason)
    assert form.help.text().endswith("Range: 0 to 1000000.")
    form.page.fields["start"].editor.setFocus(Qt.FocusReason.TabFocusReason)
    assert "Range" not in form.help.text()  # it is too far away to matter


def test_tab_goes_through_everything_in_reading_order_and_round(form, qtbot):
    for title in ("logspace", "zeros", "logspace"):  # pages that are made later come before the buttons, too
        form.choose(title)
        form.kinds.setFocus(Qt.FocusReason.TabFocusReason)
        way = [focus(form)]
        for _press in range(40):
            qtbot.keyClick(focus(form), Qt.Key.Key_Tab)
            if focus(form) is form.kinds:
                break
            way.append(focus(form))
        assert way == [
            form.kinds, form.name.editor, *stops(form), form.link, form.offers, form.cancel, form.make
        ]  # fmt: skip


def test_the_arrows_choose_a_way_and_change_a_number(form, qtbot):
    qtbot.keyClick(form.kinds, Qt.Key.Key_Down)
    assert form.line == "a = torch.ones(2, 3)"
    form.choose("arange")
    for key, line in ((Qt.Key.Key_Up, "a = torch.arange(0, 13, 3)"), (Qt.Key.Key_Down, "a = torch.arange(0, 12, 3)")):
        qtbot.keyClick(form.page.fields["end"].editor, key)
        assert form.line == line
    form.choose("normal")
    qtbot.keyClick(form.page.fields["std"].editor, Qt.Key.Key_Up)
    assert form.line == "a = torch.normal(0., 2., (2, 3))"
    form.choose("eye")
    type_into(form, qtbot, "n", "0")
    qtbot.keyClick(form.page.fields["n"].editor, Qt.Key.Key_Down)
    assert form.line == "a = torch.eye(0)"  # there is nothing below


def test_the_dtype_on_auto_follows_the_numbers_and_a_pinned_one_is_written(form, qtbot):
    form.choose("full")
    dtype = form.page.fields["dtype"]
    assert (dtype.value, dtype.pinned) == ("float32", False)
    type_into(form, qtbot, "fill_value", "7")
    assert (dtype.value, dtype.pinned) == ("int64", False)
    assert form.outcome.text() == "Makes 2 × 3 numbers of int64: 7, 7, 7, 7, 7, 7"
    next(one for one in dtype.editor.menu().actions() if one.data() == "float64").trigger()
    assert form.line == "a = torch.full((2, 3), 7, dtype=torch.float64)"
    assert dtype.pinned
    grad = form.page.fields["requires_grad"]
    next(one for one in grad.editor.menu().actions() if one.data() is True).trigger()
    assert form.line.endswith("dtype=torch.float64, requires_grad=True)")
    qtbot.mouseClick(dtype.toggle, Qt.MouseButton.LeftButton)  # back to auto
    assert marked(form) == ["requires_grad"]
    assert "int64: choose float32" in form.outcome.text()


def test_a_field_that_is_emptied_is_on_auto_again_once_it_is_left(form, qtbot):
    form.choose("eye")
    m = form.page.fields["m"]
    type_into(form, qtbot, "m", "5")
    assert (form.line, m.pinned) == ("a = torch.eye(3, 5)", True)
    type_into(form, qtbot, "m", "")
    assert (form.line, m.editor.text()) == ("a = torch.eye(3)", "")
    form.kinds.setFocus()
    assert (m.editor.text(), m.pinned) == ("3", False)


def test_what_was_given_stays_from_one_way_to_the_next_where_it_is_taken(form, qtbot):
    type_into(form, qtbot, "size", "5")
    dtype = form.page.fields["dtype"]
    next(one for one in dtype.editor.menu().actions() if one.data() == "int8").trigger()
    assert form.line == "a = torch.zeros(5, dtype=torch.int8)"
    form.choose("rand")
    assert form.line == "a = torch.rand(5)"  # it is never int8
    form.choose("ones")
    assert form.line == "a = torch.ones(5, dtype=torch.int8)"


def test_numbers_that_are_drawn_are_those_that_the_line_will_draw(form):
    form.choose("randperm")
    settle()
    torch.manual_seed(0)
    drawn = torch.randperm(10).tolist()
    assert form.outcome.text() == f"Makes 10 numbers of int64: {', '.join(map(str, drawn[:8]))}, …"


def test_examples_are_offered_that_are_accepted_and_no_others(form, qtbot):
    offered = [one.text() for one in form.offers.menu().actions()]
    assert {"torch.arange(0, 12, 3)", "torch.full((), 3.14)", "torch.zeros_like(x)", "torch.tril(x)"} <= set(offered)
    language = Language()
    for line in LINES:
        language.run(line)
    for line in offered:
        assert isinstance(language.run(f"a = {line}")[1], torch.Tensor)
    # x holds whole numbers, which are not drawn evenly; there is no array; the last makes no tensor
    for line in ("torch.rand_like(x)", "torch.from_numpy(n)", "torch.manual_seed(7)"):
        assert line not in offered
    form.begin(place("n = np.array([1, 2])", "y = x.float()", tensor="y", array="n"))
    offered = [one.text() for one in form.offers.menu().actions()]
    assert {"torch.rand_like(y)", "torch.from_numpy(n)"} <= set(offered)
    with qtbot.waitSignal(form.line_wanted) as wanted:
        next(one for one in form.offers.menu().actions() if one.text() == "torch.triu(y, 1)").trigger()
    assert wanted.args == ["a = torch.triu(y, 1)"]
    assert not form.isVisible()


def test_without_a_workbench_a_line_can_be_made_all_the_same(parent, session):
    made = NewTensor(session.lab.ask, parent)  # its engine was not started
    made.begin(place())
    assert made.line == "a = torch.zeros(2, 3)"
    assert made.make.isEnabled()
    assert made.outcome.text() == ""
    assert not made.offers.isEnabled()
    made.close()


def test_it_has_room_with_large_text_too(form):
    theme().set_text_scale(1.5)
    settle()
    form.begin(place())
    settle()
    height = form.height()
    assert height <= 640
    for title in MAKERS:
        form.choose(title)
        settle()
        fields = [form.name, *form.page.fields.values()]
        bottoms = [one.mapTo(form, one.rect().bottomLeft()).y() for one in fields]
        assert bottoms == sorted(bottoms)
        assert bottoms[-1] < form.help.mapTo(form, form.help.rect().topLeft()).y()
        assert not form.kinds.verticalScrollBar().isVisible()
        assert form.height() == height
