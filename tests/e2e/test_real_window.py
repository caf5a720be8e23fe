"""The window as a person uses it: an X display, a mouse, a press on Train."""

import time

import psutil
import pytest

from tests.e2e.real_window import RealWindow, lives, needs_a_display, opened

pytestmark = needs_a_display


@pytest.fixture
def window(tmp_path):
    with opened(tmp_path) as made:
        yield made


def test_a_layer_is_dragged_in_and_the_network_is_trained_by_a_press(window: RealWindow):
    before = window.facts()
    assert before["layers"][:2] == ["Conv2d", "ReLU"]
    assert before["torch"] == []

    # from the palette onto the upper edge of the second row: it lands before it
    window.mouse.drag(before["palette"]["Conv2d"], before["rows"][1])
    dropped = window.wait("a layer more", lambda facts: len(facts["layers"]) == 13)
    assert dropped["layers"] == ["Conv2d", "Conv2d", *before["layers"][1:]]
    window.wait("the edit is checked", lambda facts: facts["checked"] == dropped["layers"])

    window.mouse.click(window.facts()["main_button"])
    running = window.wait("the loss curve moves", lambda facts: facts["losses"] > 30)
    later = window.wait("it moves on", lambda facts: facts["losses"] > running["losses"])
    assert later["state"] in ("running", "finished")
    assert later["torch"] == []


def test_the_keyboard_takes_the_drop_back(window: RealWindow):
    before = window.facts()
    window.mouse.drag(before["palette"]["ReLU"], before["rows"][3])
    window.wait("a layer more", lambda facts: len(facts["layers"]) == 13)
    window.mouse.key("ctrl+z")
    after = window.wait("the drop is undone", lambda facts: len(facts["layers"]) == 12)
    assert after["layers"] == before["layers"]


def test_a_killed_window_takes_its_engine_with_it(window: RealWindow):
    window.mouse.click(window.facts()["main_button"])
    window.wait("it trains", lambda facts: facts["losses"] > 0)
    children = psutil.Process(window.process.pid).children(recursive=True)
    assert len(children) >= 2  # workbench and runner

    window.process.kill()

    deadline = time.monotonic() + 2
    while any(map(lives, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if lives(child)]
