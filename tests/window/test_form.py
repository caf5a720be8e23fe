"""The form: fields made from declarations, auto and pinned, and the help line with the learner's numbers."""

import html

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from playground.core.edit import InsertLayers
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.optimizers import OPTIMIZERS
from playground.core.spec import Argument
from playground.window.fields import parsed, range_sentence, range_text, stepped
from playground.window.form import Form
from playground.window.word_buttons import ChoiceButton
from tests.window.frame import lenet_report, show_report

# Qt's offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

KERNEL = LAYERS["Conv2d"].argument("kernel_size")
PADDING = LAYERS["Conv2d"].argument("padding")
CHANNELS = LAYERS["Conv2d"].argument("out_channels")
RATE = OPTIMIZERS["SGD"].arguments[0]


@pytest.fixture
def form(session, qtbot):
    made = Form(session)
    qtbot.addWidget(made)
    made.resize(380, 300)
    made.show()
    made.activateWindow()  # fields count as focused only in the active window
    qtbot.waitUntil(made.isActiveWindow, timeout=5_000)
    session.document.select(((0,),))
    show_report(session, lenet_report(session.document.project))
    QApplication.processEvents()  # new fields are shown when Qt comes to it
    return made


def conv(session):
    return session.document.project.network[0]


@pytest.mark.parametrize(
    ("argument", "text", "value"),
    [
        (KERNEL, "3", 3),
        (KERNEL, "3×5", [3, 5]),
        (KERNEL, " 3 x 5 ", [3, 5]),
        (KERNEL, "3, 5", [3, 5]),
        (KERNEL, "4×4", 4),
        (KERNEL, "3 px", 3),
        (KERNEL, "-1", -1),
        (PADDING, "same", "same"),
        (CHANNELS, "0", 0),
        (CHANNELS, "2.5", 2.5),
        (RATE, "1e-3", 0.001),
        (RATE, "−0,5", -0.5),
        (RATE, "2", 2.0),
    ],
)
def test_what_is_typed_means_a_value_in_its_range_or_not(argument, text, value):
    assert parsed(argument, text) == value
    assert type(parsed(argument, text)) is type(value)


@pytest.mark.parametrize(
    ("argument", "text"), [(KERNEL, ""), (KERNEL, "3×"), (KERNEL, "1×2×3"), (CHANNELS, "many"), (PADDING, "sam")]
)
def test_what_means_nothing_is_refused(argument, text):
    if text == "3×":
        assert parsed(argument, text) == 3
        return
    with pytest.raises(ValueError):  # noqa: PT011
        parsed(argument, text)


@pytest.mark.parametrize(
    ("argument", "value", "up", "expected"),
    [(CHANNELS, 6, True, 7), (CHANNELS, 1, False, None), (KERNEL, [3, 5], True, None), (RATE, 0.03, True, 0.04),
     (RATE, 0.01, False, None), (RATE, 1e-5, True, 2e-5), (RATE, float("nan"), True, None), (RATE, float("inf"), False, None)],
)  # fmt: skip
def test_an_arrow_key_goes_one_further_within_the_range(argument, value, up, expected):
    found = stepped(argument, value, up)
    assert found == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.parametrize(
    ("low", "high", "open_low", "expected"),
    [
        (1, 1024, False, "1 to 1024 px"),
        (0, 10, True, "more than 0, up to 10 px"),
        (1, None, False, "from 1 px"),
        (None, None, False, ""),
    ],
)
def test_a_range_is_said_with_its_unit(low, high, open_low, expected):
    argument = Argument(name="a", kind="int", default=1, help="", low=low, high=high, open_low=open_low, unit="px")
    assert range_text(argument) == expected


def test_every_argument_of_every_layer_has_a_field(form, session, qtbot):
    for position, layer in enumerate(session.document.project.network):
        session.document.select(((position,),))
        qtbot.waitUntil(lambda path=(position,): form.layer_page.path == path)
        spec = LAYERS[layer.layer]
        fields = form.layer_page.grid.fields if form.layer_page.grid else {}
        assert list(fields) == [argument.name for argument in spec.arguments]


def test_auto_shows_what_is_worked_out_and_pinned_what_was_set(form):
    fields = form.layer_page.grid.fields
    assert (fields["in_channels"].editor.text(), fields["in_channels"].pinned) == ("1", False)
    assert (fields["out_channels"].editor.text(), fields["out_channels"].pinned) == ("6", True)
    assert fields["bias"].editor.text() == "on"


def test_typing_pins_and_the_pin_puts_it_back_on_auto(form, session, qtbot):
    field = form.layer_page.grid.fields["stride"]
    field.editor.setFocus()
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "2")
    assert conv(session).arguments["stride"] == 2
    assert field.pinned
    qtbot.mouseClick(field.toggle, Qt.MouseButton.LeftButton)
    assert "stride" not in conv(session).arguments
    assert field.editor.text() == "1"
    qtbot.mouseClick(field.toggle, Qt.MouseButton.LeftButton)
    assert conv(session).arguments["stride"] == 1


def test_a_number_out_of_its_range_is_taken_and_called_wrong(form, session, qtbot):
    field = form.layer_page.grid.fields["kernel_size"]
    field.editor.setFocus()
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "0")
    assert conv(session).arguments["kernel_size"] == 0
    assert field.property("wrong") == "true"
    assert "at least 1" in form._help.text()


def test_text_that_means_nothing_changes_nothing_and_is_put_right_on_leaving(form, session, qtbot):
    field = form.layer_page.grid.fields["kernel_size"]
    before = session.document.project
    field.editor.setFocus()
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "abc")
    assert session.document.project is before
    assert field.property("wrong") == "true"
    form.layer_page.grid.fields["stride"].editor.setFocus()
    assert field.editor.text() == "3"
    assert field.property("wrong") == "false"


def test_arrow_keys_step_a_number(form, session, qtbot):
    field = form.layer_page.grid.fields["out_channels"]
    qtbot.keyClick(field.editor, Qt.Key.Key_Up)
    assert conv(session).arguments["out_channels"] == 7


def test_a_word_is_chosen_from_a_menu(form, session):
    editor = form.layer_page.grid.fields["padding_mode"].editor
    assert isinstance(editor, ChoiceButton)
    next(action for action in editor.menu().actions() if action.data() == "reflect").trigger()
    assert conv(session).arguments["padding_mode"] == "reflect"
    assert editor.text() == "reflect"


def test_the_help_line_computes_with_the_numbers_of_the_row(form):
    form.layer_page.grid.fields["kernel_size"].editor.setFocus()
    assert "<b>kernel_size</b> is the side of the window" in form._help.text()
    assert "32 − 3 + 1 = 30 px" in form._help.text()


def test_the_range_is_in_the_tool_tip_always_and_in_the_help_where_there_is_room(form):
    field = form.layer_page.grid.fields["out_channels"]
    bounds = range_sentence(field.argument)
    assert bounds.startswith("Range: ")
    assert field.toolTip().endswith(bounds)
    assert field.editor.accessibleDescription() == bounds
    for name, one in form.layer_page.grid.fields.items():
        assert range_sentence(one.argument) in one.toolTip(), name
        assert one.argument.help in html.unescape(one.toolTip()), name
    form.resize(1000, 300)
    form.layer_page.grid.fields["kernel_size"].editor.setFocus()
    assert form._help.text().endswith(range_sentence(KERNEL))
    assert "32 − 3 + 1 = 30 px" in form._help.text()


def test_tab_leads_from_the_last_field_to_the_page_of_the_layer(form, session, qtbot, opened_pages):
    link = form._help.link
    last = [one for one in form._fields() if one.isVisible()][-1]
    last.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(last, Qt.Key.Key_Tab)
    assert link.hasFocus()
    qtbot.keyClick(link, Qt.Key.Key_Return)
    assert opened_pages == [LAYERS["Conv2d"].docs_url]
    form.show_page("recipe")
    assert not link.isVisible()
    session.document.select(((1,),))
    qtbot.waitUntil(lambda: form.layer_page.spec is LAYERS["ReLU"])
    assert link.isVisible()
    assert link.url == LAYERS["ReLU"].docs_url


def test_the_field_that_is_edited_keeps_its_text_while_answers_come(form, session, qtbot):
    field = form.layer_page.grid.fields["kernel_size"]
    field.editor.setFocus()
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "5×5")
    show_report(session, lenet_report(session.document.project))
    assert field.editor.text() == "5×5"
    assert conv(session).arguments["kernel_size"] == 5


def test_no_selection_shows_the_data(form, session, qtbot):
    session.document.select(())
    qtbot.waitUntil(lambda: form.page == "data")
    assert form.data_page.isVisible()
    assert not form.layer_page.isVisible()


def test_the_batch_size_and_the_preparation_are_edited(form, session, qtbot):
    session.document.select(())
    field = form.data_page.grid.fields["batch_size"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "50")
    assert session.document.project.data.batch_size == 50
    form.data_page._on_step_removed("resize")
    assert session.document.project.data.preparation == ({"standardize": True},)
    form.data_page._on_step_added("resize", 16)
    assert session.document.project.data.preparation[-1] == {"resize": 16}


def test_a_value_that_the_project_cannot_hold_is_explained(form, session, qtbot):
    session.document.select(())
    qtbot.waitUntil(lambda: form.page == "data")
    before = session.document.project
    field = form.data_page.grid.fields["batch_size"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "0")
    assert session.document.project == before
    assert form._help.text() != ""
    assert "1" in form._help.text()


def test_another_data_set_has_the_fields_it_needs(form, session):
    session.document.select(())
    assert "test_fraction" in form.data_page.grid.fields
    form.data_page.grid.set_requested.emit("dataset", "fashion-mnist")
    assert session.document.project.data.dataset == "fashion-mnist"
    assert "test_fraction" not in form.data_page.grid.fields


def test_another_optimizer_brings_its_own_arguments(form, session, qtbot):
    form.show_page("recipe")
    page = form.recipe_page
    assert page.settings.fields["lr"].editor.text() == "0.01"
    page.grid.set_requested.emit("optimizer", "Adam")
    assert session.document.project.recipe.optimizer == {"Adam": {"weight_decay": 0.002}}  # both have it
    assert list(page.settings.fields) == [argument.name for argument in OPTIMIZERS["Adam"].arguments]
    field = page.settings.fields["lr"]
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "0.002")
    assert session.document.project.recipe.optimizer == {"Adam": {"weight_decay": 0.002, "lr": 0.002}}
    page.settings.release_requested.emit("lr")
    assert session.document.project.recipe.optimizer == {"Adam": {"weight_decay": 0.002}}  # both have it
    assert field.editor.text() == "0.001"


def test_what_is_on_auto_makes_room_while_a_row_does_not_fit(form, session):
    session.document.select(((3,),))
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    fields = form.layer_page.grid.fields
    assert [name for name, field in fields.items() if not field.isHidden()] == ["out_channels", "kernel_size"]
    assert form._unfold.text() == "8 on auto"
    form._unfold.click()
    assert form.layer_page.hidden == 0
    hidden = {name for name, field in fields.items() if field.isHidden()}
    assert hidden == {"init_mean", "init_std"}  # they matter for one way to draw the weights only


def test_another_kind_of_layer_at_the_chosen_place_brings_its_own_fields(form, session):
    before = form.layer_page.grid
    session.document.apply(InsertLayers((0,), (Layer("Linear", {"out_features": 5}),)))  # the first row stays selected
    assert session.document.selection == ((0,),)
    assert form.layer_page.grid is not before
    assert form.layer_page.grid.fields["out_features"].isVisible()
    assert not before.isVisible()
    assert form.layer_page.grid.fields["out_features"].editor.text() == "5"
    session.document.apply(InsertLayers((0,), (Layer("Flatten", {}),)))
    assert form.layer_page.spec is LAYERS["Flatten"]
    session.document.undo_stack.undo()
    session.document.undo_stack.undo()
    assert form.layer_page.spec is LAYERS["Conv2d"]
    assert form.layer_page.grid is before
    assert before.isVisible()
