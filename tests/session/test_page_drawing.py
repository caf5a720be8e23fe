"""What is drawn on a page of the lab is a part of the page."""

import math

import msgspec
import pytest

from playground.core.carried import Array
from playground.core.drawing import MOST_STROKES, Stroke
from playground.core.lab.page import MAX_BYTES, LabPage, read_page, write_page
from playground.core.lab.topics import Convolution
from playground.session.lab import Lab
from playground.session.page_drawing import MOST_KEPT, PageDrawing


@pytest.fixture
def lab(session) -> Lab:
    session.client.ask = lambda _make, _take: None
    session.lab.choose("convolution")
    return session.lab


@pytest.fixture
def drawing(lab) -> PageDrawing:
    made = PageDrawing(lab)
    lab.page_changed.connect(lambda page: made.follow(page.state.strokes))
    return made


def draw(drawing: PageDrawing, *points: tuple[float, float], erases: bool = False) -> None:
    drawing.begin(*points[0], 0.1, erases=erases)
    for point in points[1:]:
        drawing.move(*point)
    drawing.end()


def test_a_stroke_is_one_step_of_undo_once_the_pen_is_lifted(lab, drawing):
    steps = lab.undo_stack.count()
    drawing.begin(0.1, 0.2, 0.1)
    drawing.move(0.5, 0.2)
    assert lab.page.state.strokes == ()
    drawing.move(0.9, 0.2)
    drawing.end()
    assert lab.page.state.strokes == (Stroke(((0.1, 0.2), (0.5, 0.2), (0.9, 0.2)), 0.1),)
    draw(drawing, (0.5, 0.5), erases=True)
    assert lab.undo_stack.count() == steps + 2
    lab.undo_stack.undo()
    assert len(drawing.strokes) == 1
    lab.undo_stack.undo()
    assert drawing.is_empty
    lab.undo_stack.redo()
    assert drawing.strokes == lab.page.state.strokes != ()


def test_the_last_stroke_is_taken_back_also_where_the_page_came_from_a_file(lab, drawing):
    strokes = tuple(Stroke(((place, 0.5),), 0.1) for place in (0.2, 0.4, 0.6))
    lab.begin(LabPage(Convolution(strokes=strokes)), "open", run=True)
    assert drawing.can_undo
    drawing.undo()
    assert lab.page.state.strokes == strokes[:2]
    drawing.clear()
    assert lab.page.state.strokes == ()
    drawing.undo()
    assert lab.page.state.strokes == strokes[:2]
    lab.undo_stack.undo()
    assert lab.page.state.strokes == ()
    assert not drawing.can_undo


def test_what_is_looked_at_meanwhile_leaves_the_stroke_under_way(lab, drawing):
    draw(drawing, (0.1, 0.1))
    drawing.begin(0.5, 0.5, 0.1)
    lab.look(msgspec.structs.replace(lab.page.state, place=(3, 4)))
    drawing.move(0.7, 0.5)
    drawing.end()
    assert lab.page.state.strokes[1].points == ((0.5, 0.5), (0.7, 0.5))
    assert lab.page.state.place == (3, 4)


def test_undo_below_a_pen_that_is_down_lifts_it(lab, drawing):
    draw(drawing, (0.1, 0.1))
    drawing.begin(0.5, 0.5, 0.1)
    lab.undo_stack.undo()
    assert drawing.is_empty
    drawing.move(0.7, 0.5)
    drawing.end()
    assert drawing.is_empty


def test_ink_is_of_the_strokes_that_are_there(lab, drawing):
    news = []
    drawing.inked.connect(lambda: news.append(drawing.ink))
    ink = Array("uint8", (1, 1, 1), b"\x01")
    drawing.show(ink)
    drawing.show(ink)
    assert news == [ink]
    draw(drawing, (0.1, 0.1))
    lab.undo_stack.undo()
    assert drawing.ink is None


def test_the_longest_drawing_fits_into_a_file(lab, drawing):
    while True:  # a hand that never rests
        before = sum(len(stroke.points) for stroke in drawing.strokes)
        around = [number / 7 for number in range(7_000)]
        draw(drawing, *((0.5 + math.sin(turn) / 2.1, 0.5 + math.cos(turn) / 2.3) for turn in around))
        after = sum(len(stroke.points) for stroke in drawing.strokes)
        if after == before:
            break
    assert after == MOST_KEPT
    text = write_page(lab.page)
    assert len(text) < MAX_BYTES
    assert read_page(text, "page") == lab.page
    assert MOST_STROKES * len('[[[0.123, 0.456]], 0.08, "", false],') < MAX_BYTES / 4  # or as many dots


def test_a_hand_that_trembles_leaves_few_points(drawing):
    draw(drawing, *((0.5 + number / 5_000, 0.5) for number in range(1_000)))
    (stroke,) = drawing.strokes
    assert stroke.points[-1][0] == pytest.approx(0.7, abs=0.006)
    assert len(stroke.points) < 60
