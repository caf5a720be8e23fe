"""The slopes of a run that is over before a frame is due."""

import numpy as np
import pytest
import torch

from playground.engine.books import Books
from playground.session.history import numbers
from tests.engine.test_runner import WATCHES, Driver, small_data as small_data, start
from tests.engine.trainings import training


def slopes_of(window):
    return [one for frame in window.frames for one in frame.pictures if one.watch.probe == "slopes" and not one.fault]


def test_a_run_that_is_over_before_a_frame_is_due_has_the_slopes_of_its_last_step(monkeypatch):
    monkeypatch.setattr(Books, "due", lambda _books: False)
    window = Driver(WATCHES)
    window.say(start())
    last = window.until("finished")
    assert [one.step for one in slopes_of(window)] == [last.step]
    expected = training()
    while expected.step < last.step - 1 or expected.evaluating:
        expected.advance()
    expected.advance(observe=True)
    norms = numbers(slopes_of(window)[0].arrays["gradient_norm"])
    gradients = [one for one in expected.observed.gradients.values() if one is not None]
    assert np.hypot.reduce(norms) == pytest.approx(
        float(torch.cat([one.flatten() for one in gradients]).norm()), rel=1e-5
    )


def test_early_stopping_has_no_slopes_of_a_last_step_whose_weights_are_not_kept(monkeypatch):
    monkeypatch.setattr(Books, "due", lambda _books: False)
    window = Driver(WATCHES)
    window.say(start(patience=2))
    window.until("finished")
    assert slopes_of(window) == []
