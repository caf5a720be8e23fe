"""A drawing beside a run: the runner looks at it, and its run does not notice."""

import time
from array import array

import torch

from playground.core import messages as words
from tests.engine.test_runner import WATCHES, Driver, small_data as small_data, start
from tests.engine.trainings import to_the_end, training


def drawn(level: float) -> words.Draw:
    values = array("f", [level] * 128)
    return words.Draw(words.Array("float32", (2, 8, 8), values.tobytes()))


OF_DRAWING = (
    words.Watch("prediction", {"sample": "drawing"}),
    words.Watch("rows", {"sample": "drawing"}),
    words.Watch("feature_maps", {"layer": [0], "sample": "drawing"}),
)


def test_a_run_beside_somebody_who_draws_gives_the_same_bits():
    window = Driver((*WATCHES, *OF_DRAWING))
    window.say(drawn(0.0), start(speed=40.0))
    first = window.until("running", steps=1)
    window.say(drawn(1.0))
    window.until("running", steps=first.step + 1)
    window.say(drawn(2.0))
    window.until("finished")
    expected = to_the_end(training())
    assert window.losses.tobytes() == expected.losses.tobytes()
    for name, value in expected.model.state_dict().items():
        assert torch.equal(window.runner._training.model.state_dict()[name], value)
    seen = {(one.watch.key, one.arrays["input"].data[:4]) for frame in window.frames for one in frame.pictures if "input" in one.arrays}  # fmt: skip
    for level in (1.0, 2.0):
        assert (OF_DRAWING[0].key, array("f", [level]).tobytes()) in seen


def test_another_drawing_is_looked_at_where_the_run_rests_and_nothing_else_is():
    window = Driver((*WATCHES, *OF_DRAWING))
    window.say(drawn(0.0), start(paused=True))
    window.until("paused")
    window.say(drawn(1.0))
    frame = window.until("paused")
    assert [picture.watch for picture in frame.pictures] == list(OF_DRAWING)
    assert not any(picture.fault for picture in frame.pictures)
    window.say(words.Stop())
    window.until("idle")


def test_a_hand_is_answered_before_the_books_allow_the_next_frame():
    window = Driver(OF_DRAWING)
    window.say(start(speed=20.0))
    window.until("running", steps=1)
    window.runner._books._next = time.perf_counter() + 60  # no ordinary frame for a minute
    window.say(drawn(1.0))
    frame = window.until("running")
    assert [picture.watch.probe for picture in frame.pictures] == ["prediction"]  # maps can wait
    window.say(words.Stop())
    window.until("idle")


def test_the_drawing_stays_for_the_next_run():
    window = Driver(OF_DRAWING)
    window.say(drawn(1.0), start())
    window.until("finished")
    window.frames.clear()
    window.say(start(seed=8))
    frame = window.until("finished")
    assert all(not picture.fault for frame in window.frames for picture in frame.pictures)
    assert frame.pictures
