"""The canvas under a real mouse and a real keyboard: the network's answer follows the pen."""

from collections.abc import Iterator

import pytest

from tests.e2e.real_window import RealWindow, needs_a_display, opened
from tests.handwriting import DIGITS

pytestmark = needs_a_display


@pytest.fixture(scope="module")
def window(tmp_path_factory) -> Iterator[RealWindow]:
    with opened(tmp_path_factory.mktemp("home")) as made:
        made.mouse.click(made.facts()["tabs"]["draw"])
        made.wait("the canvas", lambda facts: facts["drawing"] is not None)
        yield made


def draw(window: RealWindow, digit: int) -> None:
    left, top, side = window.facts()["drawing"]["canvas"]
    for stroke in DIGITS[digit]:
        window.mouse.stroke([(round(left + x * side), round(top + y * side)) for x, y in stroke])


def answered(facts: dict, strokes: int) -> bool:
    drawing = facts["drawing"]
    return drawing["strokes"] == strokes and len(drawing["shares"]) == 10 and not drawing["busy"]


def test_probabilities_follow_the_mouse_while_a_run_trains_and_after_it(window: RealWindow):
    draw(window, 1)
    first = window.wait("the untrained network's answer", lambda facts: answered(facts, 1))["drawing"]
    assert sum(first["shares"]) == pytest.approx(1, abs=1e-3)
    assert first["sample"] == "drawing"
    window.mouse.click(window.facts()["main_button"])  # Train
    trained = window.wait("it reads a 1", lambda facts: facts["drawing"]["best"] == "1" and facts["losses"] > 500)
    assert trained["drawing"]["shares"] != first["shares"]
    window.mouse.click(tuple(trained["drawing"]["clear"]))
    window.wait("an empty canvas", lambda facts: facts["drawing"]["strokes"] == 0)
    draw(window, 0)
    round_one = window.wait("it reads a 0", lambda facts: answered(facts, 1) and facts["drawing"]["best"] == "0")
    assert round_one["drawing"]["shares"][0] > round_one["drawing"]["shares"][1]
    assert round_one["torch"] == []
    window.wait("the end of the run", lambda facts: facts["state"] == "finished")
    window.mouse.click(tuple(round_one["drawing"]["clear"]))
    draw(window, 1)
    window.wait("it reads a 1 again", lambda facts: answered(facts, 1) and facts["drawing"]["best"] == "1")
    window.wait("the drawing beside the name of the data set", lambda facts: facts["drawing"]["listed"])


def test_a_stroke_is_drawn_and_taken_back_by_the_keyboard(window: RealWindow):
    window.mouse.click(tuple(window.facts()["drawing"]["clear"]))
    window.wait("an empty canvas", lambda facts: facts["drawing"]["strokes"] == 0)
    left, top, side = window.facts()["drawing"]["canvas"]
    window.mouse.click((left + side // 2, top + side // 3))  # a dot; the keyboard is there now
    window.wait("a dot", lambda facts: facts["drawing"]["strokes"] == 1)
    for name in ("space", "Down", "Down", "Down", "space"):
        window.mouse.key(name)
    window.wait("a line", lambda facts: facts["drawing"]["strokes"] == 2 and facts["drawing"]["points"] == 4)
    window.mouse.key("ctrl+z")
    window.wait("it is taken back", lambda facts: facts["drawing"]["strokes"] == 1)
    assert window.facts()["layers"]  # and no edit of the network
    window.mouse.key("Delete")
    window.wait("an empty canvas", lambda facts: facts["drawing"]["strokes"] == 0)
