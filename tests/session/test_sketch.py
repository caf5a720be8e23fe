"""Strokes: drawn, told piece by piece, taken back."""

import pytest

from playground.session.sketch import Sketch


@pytest.fixture
def drawing(qapp) -> Sketch:
    return Sketch()


def test_strokes_are_kept_and_taken_back_one_by_one(drawing):
    drawing.begin(0.1, 0.2, 0.08)
    drawing.move(0.5, 0.5)
    drawing.move(0.5, 0.5)  # the hand rests
    drawing.move(2.0, -1.0)  # outside is at the rim
    drawing.end()
    drawing.move(0.7, 0.7)  # the pen is up
    drawing.begin(0.9, 0.9, 0.1, erases=True)
    drawing.end()
    first, second = drawing.strokes
    assert first.points == ((0.1, 0.2), (0.5, 0.5), (1.0, 0.0))
    assert (second.points, second.erases) == (((0.9, 0.9),), True)
    drawing.undo()
    assert drawing.strokes == (first,)
    drawing.clear()
    assert drawing.is_empty
    drawing.undo()
    assert drawing.strokes == (first,)
    drawing.undo()
    assert drawing.is_empty
    assert not drawing.can_undo
    drawing.undo()


def test_each_new_piece_is_told_while_the_pen_is_down(drawing):
    pieces = []
    drawing.extended.connect(pieces.append)
    drawing.begin(0.0, 0.0, 0.1)
    drawing.move(0.5, 0.0)
    drawing.move(0.5, 0.5)
    assert [piece.points for piece in pieces] == [((0.0, 0.0),), ((0.0, 0.0), (0.5, 0.0)), ((0.5, 0.0), (0.5, 0.5))]
