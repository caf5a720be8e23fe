"""The runner shows what a kept run came to: no step is taken, and nothing is written. And it tests a run that was stopped."""

import os

import msgspec
import numpy as np
import psutil
import pytest
import torch

from playground.core import messages as words
from playground.core.problem import Problem
from playground.disk import runs, slopes
from playground.engine import loader
from playground.engine.books import Books
from playground.session.history import numbers
from tests.engine.test_carrying import LINEAR
from tests.engine.test_runner import WATCHES, Driver, small_data as small_data, start
from tests.engine.test_runner_slopes import slopes_of
from tests.engine.trainings import project, to_the_end, training

WATCH = words.Watch("evaluation")


def look(folder, **changes):
    return msgspec.structs.replace(start(folder, resume=True, **changes), look=True)


def when_tested(window):
    """Nothing is being tested any more."""
    while window.runner._is_testing or not window.inbox.messages.empty():
        window.runner.turn()
    window.frames += window.inbox.sent


def told(window):
    """The newest picture of the evaluation."""
    when_tested(window)
    found = [one for frame in window.frames for one in frame.pictures if one.watch.key == WATCH.key and not one.fault]
    return found[-1]


def content(folder):
    """Every file of a run, and when it was last written."""
    return {one: (one.stat().st_mtime_ns, one.read_bytes()) for one in folder.rglob("*") if one.is_file()}


def same_result(one, other):
    assert one.facts == other.facts  # loss, accuracy, recall and precision of each class, epoch and step
    assert one.arrays.keys() == other.arrays.keys()
    assert all(one.arrays[name].data == other.arrays[name].data for name in one.arrays)  # confusion, mistakes, ...


def stopped(folder, window, steps):
    """A run that was stopped after so many steps."""
    window.say(start(folder, paused=True))
    window.until("paused")
    for step in range(1, steps + 1):
        window.say(words.StepOnce())
        window.until("paused", steps=step)
    window.say(words.Stop())
    return window.until("idle")


@pytest.mark.parametrize(
    "recipe", [{}, {"epochs": 40, "patience": 4, "network": LINEAR}], ids=["newest", "best is back"]
)
def test_a_finished_run_is_shown_with_the_very_figures_it_had(recipe):
    folder = runs.new_run(project(**recipe), "kept")
    first = Driver((WATCH,))
    first.say(start(folder, **recipe))
    ended = first.until("finished")
    before, its = content(folder), told(first)
    again = Driver((WATCH,))
    again.say(look(folder, **recipe))
    shown = again.until("finished")
    assert shown.testing
    same_result(told(again), its)
    assert not again.frames[-1].testing
    assert again.losses.tobytes() == to_the_end(training(**recipe)).losses.tobytes()
    assert [one for frame in again.frames for one in frame.epochs] == runs.read_epochs(folder)
    assert (shown.step, shown.best_epoch, shown.weights_epoch) == (ended.step, ended.best_epoch, ended.weights_epoch)
    assert content(folder) == before


def test_a_run_that_was_stopped_in_an_epoch_is_shown_as_it_was_left():
    folder = runs.new_run(project(), "kept")
    stopped(folder, Driver(), 6)
    before = content(folder)
    again = Driver((WATCH,))
    again.say(look(folder))
    shown = again.until("idle")
    assert (shown.step, shown.fault) == (6, None)
    found = told(again)
    assert (found.facts["epoch"], found.facts["step"]) == (1, 6)
    plain = training()
    while plain.step < 6:
        plain.advance()
    plain.model.eval()
    with torch.no_grad():
        outputs = plain.model(plain.data.test_inputs)
    assert found.facts["accuracy"] == (outputs.argmax(1) == plain.data.test_targets).double().mean().item()
    assert content(folder) == before


def test_an_epoch_whose_evaluation_was_cut_off_is_tested():
    folder = runs.new_run(project(), "kept")
    window = Driver((WATCH,))
    stopped(folder, window, 3)
    window.say(start(folder, resume=True, paused=True), words.StepOnce())
    while not (window.runner._training is not None and window.runner._training.evaluating):
        window.runner.turn()
    window.say(words.Stop())
    window.until("idle")
    assert (runs.read_run(folder).step, runs.read_run(folder).epochs) == (4, 0)
    window.say(look(folder))
    window.until("idle")
    found = told(window)
    whole = to_the_end(training(epochs=1))
    assert (found.facts["loss"], found.facts["accuracy"]) == (whole.epochs[0].test_loss, whole.epochs[0].test_accuracy)
    assert runs.read_run(folder).epochs == 0


def test_a_run_that_was_stopped_here_can_be_tested():
    folder = runs.new_run(project(), "kept")
    window = Driver((WATCH,))
    stopped(folder, window, 6)
    before = content(folder)
    window.say(words.Evaluate())
    found = told(window)
    assert found.facts["step"] == 6
    window.say(look(folder))
    window.until("idle")
    same_result(told(window), found)
    assert content(folder) == before


def test_what_cannot_be_shown_leaves_the_run_as_it_is(monkeypatch):
    folder = runs.new_run(project(), "kept")
    window = Driver()
    stopped(folder, window, 5)
    before = content(folder)

    def gone(*_some, **_more):
        raise Problem(where="Data", what="the files are gone", fix="Find them")

    monkeypatch.setattr(loader, "prepare", gone)
    window.say(look(folder))
    assert window.until("failed").fault.what == "the files are gone"
    assert content(folder) == before


def test_weights_that_are_no_numbers_any_more_fail_a_test_and_not_the_run():
    folder = runs.new_run(project(), "kept")
    window = Driver()
    stopped(folder, window, 5)
    before = content(folder)
    with torch.no_grad():
        next(window.runner._training.model.parameters()).fill_(float("nan"))
    window.say(words.Evaluate())
    when_tested(window)
    assert (window.frames[-1].state, window.frames[-1].fault.where) == ("failed", "Layer 1, Conv2d")
    assert content(folder) == before


def test_a_run_that_goes_on_elsewhere_is_not_gone_on_with_here():
    folder = runs.new_run(project(), "kept")
    window = Driver()
    stopped(folder, window, 5)
    other = psutil.Process(os.getppid())
    runs.change_run(folder, state="running", pid=other.pid, process_started=other.create_time())
    before = content(folder)
    window.say(start(folder, resume=True))
    assert "in another window" in window.until("failed").fault.what
    assert content(folder) == before
    window.say(look(folder))  # to look at it does no harm
    assert window.until("idle").step == 5


def test_the_slopes_that_were_seen_are_kept_and_shown_again():
    folder = runs.new_run(project(), "kept")
    window = Driver(WATCHES)
    stopped(folder, window, 7)
    its = [*{one.step: one for one in slopes_of(window)}.values()]  # a pause tells them again
    assert [one.step for one in its] == [1, 2, 3, 4, 5, 6, 7]
    again = Driver()
    again.say(look(folder))
    again.until("idle")
    shown = slopes_of(again)
    assert [(one.step, one.facts) for one in shown] == [(one.step, one.facts) for one in its]
    for one, other in zip(shown, its, strict=True):
        for name, array in one.arrays.items():
            np.testing.assert_allclose(numbers(array), numbers(other.arrays[name]), rtol=1e-4)
    window.say(start(folder, resume=True))  # from there on others are seen
    window.until("finished")
    again.say(look(folder))
    again.until("finished")
    steps = [one.step for one in slopes_of(again)[len(shown) :]]
    assert (steps[:7], steps[-1]) == ([1, 2, 3, 4, 5, 6, 7], 12)


def test_a_run_that_was_over_at_once_has_the_slopes_of_its_last_step(monkeypatch):
    monkeypatch.setattr(Books, "due", lambda _books: False)
    folder = runs.new_run(project(), "kept")
    window = Driver(WATCHES)
    window.say(start(folder))
    window.until("finished")
    assert [one.step for one in slopes.pictures(folder, 100)] == [12]
