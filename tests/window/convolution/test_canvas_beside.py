"""A canvas to draw the input of a convolution on."""

from playground.core.drawing import DRAWING
from tests.window.panels.feed import settle


def test_the_switch_shows_a_canvas_and_watches_the_drawing(room):
    document = room.session.document
    document.set_sample(5)
    room.panel.canvas.click()
    settle()
    assert document.sample == DRAWING
    assert room.canvas.canvas.isVisible()
    assert {watch.options["sample"] for watch in room.watches()} == {DRAWING}
    assert room.panel.subtitle.startswith("your drawing")
    room.panel.canvas.click()
    settle()
    assert document.sample == 5
    assert not room.canvas.isVisible()


def test_a_number_in_the_field_leads_back_to_a_sample(room):
    room.panel.sample.set_total(100)
    room.panel.canvas.click()
    settle()
    room.panel.sample._field.setText("0")
    room.panel.sample._on_typed()
    settle()
    assert room.session.document.sample == 0
    assert not room.panel.canvas.isChecked()


def test_strokes_there_are_those_of_the_one_drawing(room):
    room.panel.canvas.click()
    settle()
    room.session.drawing.begin(0.5, 0.5, 0.1)
    room.session.drawing.end()
    settle()
    assert "strokes: 1" in room.canvas.canvas.accessibleName()
    room.canvas.tools.clear.click()
    assert room.session.drawing.is_empty


def test_in_a_low_window_the_canvas_leaves_room_for_the_arithmetic(room):
    room.panel.canvas.click()
    sides = []
    for height in (900, 500):
        room.resize(1000, height)
        settle()
        sides.append(room.canvas.canvas.width())
    assert sides[0] > sides[1]
