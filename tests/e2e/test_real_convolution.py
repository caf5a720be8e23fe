"""The room of convolutions under a real mouse: the window is dragged, a pixel pointed at, a kernel painted."""

from collections.abc import Iterator

import pytest

from tests.e2e.real_window import RealWindow, needs_a_display, opened

pytestmark = needs_a_display


@pytest.fixture
def window(tmp_path) -> Iterator[RealWindow]:
    with opened(tmp_path) as made:
        made.mouse.click(made.facts()["tabs"]["convolution"])
        made.wait("the first map", lambda facts: facts["convolution"] is not None)
        yield made


def test_the_window_follows_the_mouse_and_the_keys(window: RealWindow):
    seen = window.facts()["convolution"]
    window.mouse.drag(tuple(seen["window"]), tuple(seen["pixel"]))
    window.wait("the window is there", lambda facts: facts["convolution"]["at"] == [3, 4])
    window.mouse.click(tuple(seen["map_pixel"]))
    window.wait("the pixel is told", lambda facts: facts["convolution"]["at"] == [20, 3])
    window.mouse.key("Right")
    window.wait("one place on", lambda facts: facts["convolution"]["at"] == [20, 4])
    window.mouse.click(tuple(window.facts()["convolution"]["slide"]))
    window.wait("it slides", lambda facts: facts["convolution"]["at"] > [20, 6])
    assert window.facts()["torch"] == []


def test_a_kernel_is_painted_with_the_mouse_and_by_typing(window: RealWindow):
    window.mouse.click(tuple(window.facts()["convolution"]["paint"]))
    painting = window.wait("the sample", lambda facts: (facts["convolution"] or {}).get("mode") == "paint")
    window.wait("its map", lambda facts: facts["convolution"]["asked_kernel"][4] == 8)
    left, top = painting["convolution"]["cell"]
    window.mouse.drag((left, top), (left, top - 60))
    # 0.02 for each px, from −1
    window.wait("a larger cell", lambda facts: facts["convolution"]["asked_kernel"][2] == pytest.approx(0.2, abs=0.05))
    window.mouse.key("minus")
    window.mouse.type("2.5")
    window.mouse.key("Return")
    window.wait("what was typed", lambda facts: facts["convolution"]["asked_kernel"][2] == -2.5)
