"""The room of convolutions: what it asks, what it shows of the answer, what a hand can do."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from playground.core.edit import SetArgument
from playground.session.history import numbers
from playground.window.panels.convolution import ConvolutionPanel
from playground.window.theme import theme
from tests.window.convolution.hands import click, drag, lines, newest, type_into
from tests.window.panels.feed import feed, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


# What is asked, and what is shown -----------------------------------------------------------------------------------


def test_the_first_convolution_is_asked_about_with_the_weights_of_the_run(room, bench):
    (watch,) = room.watches()
    assert (watch.probe, watch.options) == ("window", {"layer": [0], "sample": 0, "first": 0})
    asked, picture = newest(bench), room.session.training.picture(watch)
    assert numbers(asked.input).tolist() == numbers(picture.arrays["input"]).tolist()
    assert numbers(asked.stages[0].weight).tolist() == numbers(picture.arrays["weight"])[0].tolist()
    assert asked.stages[0].bias == pytest.approx(float(numbers(picture.arrays["bias"])[0]))
    assert asked.stages[0].layer.arguments["stride"] == 1
    assert asked.after.layer == "ReLU"


def test_a_place_is_written_out_and_adds_up(room):
    slid, told = room.sliding.answer, lines(room)
    assert list(told) == ["9 products", "+ bias", "= output [0, 15, 15]", "after ReLU"]
    total = float(told["9 products"].replace("−", "-")) + float(told["+ bias"].replace("−", "-"))
    assert total == pytest.approx(slid.value, abs=0.002)
    assert room.player.label.text() == "place <b>466</b> of 900"
    facts = [text for _role, text in room.stage._facts]
    assert "32 − 3 + 1 = 30" in facts
    assert "6 filters × 900 places × 9 products" in facts
    assert "48,600 multiply-adds" in facts
    assert "this layer has only 60 parameters" in room.tail.said.text()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_both_themes_draw_another_picture_for_another_place(room, name):
    theme().set(name)
    settle()
    before = pixels(room)
    QTest.keyClick(room.stage, Qt.Key.Key_Right)
    settle()
    assert (pixels(room) != before).any()


def test_a_screen_reader_hears_where_the_window_is_and_what_comes_of_it(room):
    text = room.stage.accessibleName()
    assert "window at row 15, column 15; output at row 15, column 15 is" in text
    assert "[0, 0]" in room.arithmetic.accessibleName()
    assert "9 products" in room.arithmetic.accessibleDescription()
    named = (
        room.player.slider,
        room.head.filters,
        room.head.layers,
        room.player.before,
        room.what_if.field("stride").editor,
    )
    assert all(widget.accessibleName() for widget in named)


def test_a_run_that_learns_is_followed_and_another_layer_is_asked_of_it(room, bench):
    before = newest(bench)
    room._asked_at = 0.0
    feed(room.session, 240)
    assert newest(bench).stages[0].weight != before.stages[0].weight
    room.session.document.select(((3,),))
    settle()
    feed(room.session, 250)
    assert numbers(newest(bench).input).shape == (6, 15, 15)
    assert room.watches()[0].options["layer"] == [3]
    assert not room.strip.isHidden()


def test_a_network_without_a_window_says_so(session, bench, qtbot):
    session.document.new(session.document.project.__class__(network=()), "empty")
    panel = ConvolutionPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    settle()
    assert "No layer of this network has a window" in panel.room.message.text()
    assert panel.room.stage.isHidden()


# Moving the window --------------------------------------------------------------------------------------------------


def test_a_click_on_the_map_and_one_on_the_input_move_the_window(room, bench):
    click(room.stage, room.stage.pixel_rect(1, 4, 20).center())
    assert newest(bench).at == (4, 20)
    click(room.stage, room.stage.pixel_rect(0, 10, 12).center())
    assert newest(bench).at == (9, 11)  # the middle of a window of three lies one further
    click(room.stage, room.stage.pixel_rect(0, 31, 31).center())
    assert newest(bench).at == (29, 29)


def test_the_window_is_dragged_and_stays_inside(room, bench):
    click(room.stage, room.stage.pixel_rect(1, 10, 10).center())
    start = room.stage.window_rect().center()
    drag(room.stage, start, room.stage.pixel_rect(0, 21, 5).center())
    assert newest(bench).at == (20, 4)
    drag(room.stage, room.stage.window_rect().center(), QPointF(1, 1))
    assert newest(bench).at == (0, 0)


def test_the_arrow_keys_go_a_place_on_and_with_shift_five(room, bench):
    click(room.stage, room.stage.pixel_rect(1, 10, 10).center())
    for key, modifier in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier),
    ):
        QTest.keyClick(room.stage, key, modifier)
        settle()
    assert newest(bench).at == (15, 11)
    for _press in range(3):
        QTest.keyClick(room.stage, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        settle()
    QTest.keyClick(room.stage, Qt.Key.Key_Up)
    settle()
    assert newest(bench).at == (0, 11)


def test_the_slider_and_its_arrows_choose_a_place_row_by_row(room, bench):
    room.player.slider.setValue(31)
    settle()
    assert newest(bench).at == (1, 1)
    room.player.after.click()
    settle()
    assert newest(bench).at == (1, 2)
    room.player.slider.setValue(0)
    settle()
    assert not room.player.before.isEnabled()


def test_it_slides_by_itself_paler_where_it_has_not_been_and_rests_when_it_is_hidden(room, bench, qtbot):
    room.player.speed.button("40").click()
    room.player.slider.setValue(895)
    settle()
    room.player.button.click()
    assert room.player.is_playing
    qtbot.waitUntil(lambda: newest(bench).at == (29, 29))
    qtbot.waitUntil(lambda: not room.player.is_playing)
    room.player.button.click()
    assert newest(bench).at == (0, 0)  # it begins anew
    assert room.stage._fresh_until is not None
    room.panel.hide()
    assert not room.player.is_playing
    room.panel.show()
    settle()
    click(room.stage, room.stage.pixel_rect(1, 3, 3).center())
    assert room.stage._fresh_until is None


def test_a_filter_is_chosen_by_hand_and_by_key(room, bench):
    tile = room.head.filters.tile(2).center()
    click(room.head.filters, tile)
    assert newest(bench).stages[0].filter == 2
    QTest.keyClick(room.head.filters, Qt.Key.Key_End)
    settle()
    assert newest(bench).stages[0].filter == 5
    assert "= output [5, 15, 15]" in lines(room)


def test_channels_are_added_up_one_by_one(room, bench, qtbot):
    room.session.document.select(((3,),))
    settle()
    feed(room.session, 220)
    sums = numbers(room.sliding.answer.sums)
    QTest.keyClick(room.channels, Qt.Key.Key_Right)
    settle()
    told = lines(room)
    assert float(told["channel 1: 9 products"].replace("−", "-")) == pytest.approx(sums[1], abs=0.001)
    assert float(told["channels 0 to 1, so far"].replace("−", "-")) == pytest.approx(sums[:2].sum(), abs=0.002)
    assert float(told["all 6 channels"].replace("−", "-")) == pytest.approx(sums.sum(), abs=0.002)
    room.adder._timer.setInterval(5)
    room.adder.click()
    assert room.scene.channel == 0
    qtbot.waitUntil(lambda: room.scene.channel == 5)
    qtbot.waitUntil(lambda: not room.adder._timer.isActive())


# What if --------------------------------------------------------------------------------------------------------------


def test_another_stride_is_seen_and_the_project_stays_until_it_is_used(room, bench):
    project = room.session.document.project
    type_into(room.what_if.field("stride"), "2")
    assert newest(bench).stages[0].layer.arguments["stride"] == 2
    assert room.sliding.answer.maps[0].shape == (15, 15)
    assert "⌊(32 − 3) / 2⌋ + 1 = 15" in [text for _role, text in room.stage._facts]
    assert room.session.document.project is project
    room.what_if.back.click()
    settle()
    assert newest(bench).stages[0].layer.arguments["stride"] == 1
    type_into(room.what_if.field("padding"), "1")
    assert room.what_if.use.text() == "Use it in row 1"
    room.what_if.use.click()
    settle()
    assert room.session.document.project.network[0].arguments["padding"] == 1
    assert room.what_if.values == {}
    room.session.document.undo_stack.undo()
    assert room.session.document.project == project


def test_all_nine_arguments_are_there_when_they_are_asked_for(room):
    shown = [name for name, field in room.what_if._fields.items() if not field.parentWidget().isHidden()]
    assert shown == ["stride", "padding", "dilation"]
    room.what_if._all.click()
    shown = {name for name, field in room.what_if._fields.items() if not field.parentWidget().isHidden()}
    assert shown == {
        "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias", "padding_mode",
    }  # fmt: skip


def test_weights_that_do_not_fit_are_said_to_be_drawn_anew(room):
    room.what_if._all.click()
    type_into(room.what_if.field("kernel_size"), "5")
    assert room.sliding.answer.places.shape == (5, 5)
    assert "drawn anew" in room.tail.said.text()


def test_what_pytorch_refuses_is_told_and_the_last_picture_stays(room, bench):
    bench.fault = "padding='same' is not supported for strided convolutions"
    type_into(room.what_if.field("stride"), "3")
    assert room.fault.text() == "PyTorch says: padding='same' is not supported for strided convolutions"
    assert not room.stage.isHidden()
    bench.fault = ""
    room.what_if.back.click()
    settle()
    assert room.fault.isHidden()


def test_an_edit_of_the_project_is_followed(room, bench):
    room.session.document.apply(SetArgument((0,), "padding", 2))
    settle()
    assert newest(bench).stages[0].layer.arguments["padding"] == 2


@pytest.mark.parametrize("width", [596, 1000])
def test_nothing_is_wider_than_the_room(room, width):
    for mode in ("layer", "paint"):
        room.head.modes.button(mode).click()
        settle()
        feed(room.session, 215)
        room.panel.resize(width, 540)
        settle()
        assert room.panel.width() == width
        for widget in (room.head, room.what_if, room.arithmetic, room.player, room.tail):
            right = widget.mapTo(room.panel, QPoint(widget.width(), 0)).x()
            assert right <= width
