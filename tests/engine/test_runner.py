"""The runner turned by hand, with an inbox of lists; and once as the process that it is."""

import subprocess
import sys
import time
from array import array
from multiprocessing import Pipe
from queue import SimpleQueue

import msgspec
import pytest
import torch

from playground.core import messages as words
from playground.core.layer import Layer
from playground.core.project import write_project
from playground.core.report import Report
from playground.disk import runs
from playground.engine import loader
from playground.engine.runner import Runner
from tests.engine.test_carrying import LINEAR
from tests.engine.trainings import pictures, project, to_the_end, training

WATCHES = (
    words.Watch("slopes"),
    words.Watch("filters", {"layer": [0]}),
    words.Watch("feature_maps", {"layer": [0], "sample": 1}),
    words.Watch("rows", {"sample": 1}),
    words.Watch("prediction", {"sample": 1}),
)


class Inbox:
    def __init__(self):
        self.messages, self.sent = SimpleQueue(), []

    def send(self, message):
        self.sent.append(words.decode_frame(words.encode(message)))


class Driver:
    """A window that pulls again as soon as it has got a frame."""

    def __init__(self, watches=()):
        self.inbox, self.watches = Inbox(), watches
        self.runner = Runner(self.inbox)
        self.frames = []
        self._put(words.Pull(watches))

    def _put(self, command):
        self.inbox.messages.put(command)

    def say(self, *commands):
        for command in commands:
            self._put(command)

    def until(self, *states, steps=None):
        """Turn until one of these states is told; gives the frame that tells it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.runner._state in ("idle", "paused", "finished", "failed") and self.inbox.messages.empty():
                self._put(words.SetSpeed(None))  # harmless, so that turn() does not wait for ever
            self.runner.turn()
            while self.inbox.sent:
                frame = self.inbox.sent.pop(0)
                self.frames.append(frame)
                self._put(words.Pull(self.watches))
                if frame.state in states and (steps is None or frame.step >= steps):
                    return frame
        raise AssertionError(f"{states} not reached: {self.runner._state}, {self.frames[-1:]}")

    @property
    def losses(self):
        values = array("f")
        for frame in self.frames:
            assert frame.first_step == len(values) or not frame.losses.shape[0]
            values.frombytes(frame.losses.data)
        return values


@pytest.fixture(autouse=True)
def small_data(monkeypatch):
    """Noise instead of digits; no check, which asks the declarations of digits."""
    monkeypatch.setattr(loader, "prepare", lambda *_, **_more: pictures())
    monkeypatch.setattr(Report, "fault", None)


def start(folder="", paused=False, resume=False, speed=None, **changes):
    return words.Start(
        write_project(project(**changes)),
        threads=1,
        layout="contiguous",
        folder=str(folder),
        paused=paused,
        resume=resume,
        steps_per_second=speed,
    )


def test_a_watched_run_tells_every_loss_once_and_they_are_those_of_the_loop():
    window = Driver(WATCHES)
    window.say(start(speed=40.0))  # slow enough for a frame in the middle of the run
    last = window.until("finished")
    expected = to_the_end(training())
    assert window.losses.tobytes() == expected.losses.tobytes()
    assert [one.epoch for frame in window.frames for one in frame.epochs] == [1, 2, 3]
    assert last.step == 12
    assert last.facts == expected.facts()
    seen = {picture.watch.probe for frame in window.frames for picture in frame.pictures if not picture.fault}
    assert seen == {watch.probe for watch in WATCHES}
    states = list(dict.fromkeys(frame.state for frame in window.frames))
    assert states == ["preparing", "running", "finished"]


def test_there_is_one_frame_for_each_pull():
    window = Driver()
    pulls = 5
    for _ in range(pulls - 1):  # the window pulls again and again without waiting
        window.say(words.Pull(WATCHES))
    window.say(start(epochs=200))
    runner = window.runner
    for _ in range(100):
        runner.turn()
    assert len(window.inbox.sent) == pulls
    runner._stop()


def test_without_news_a_pull_waits():
    window = Driver(WATCHES)
    window.say(words.SetSpeed(10.0))
    window.runner.turn() if not window.inbox.messages.empty() else None
    assert window.inbox.sent == []


def test_pause_step_epoch_resume_and_stop():
    window = Driver(WATCHES)
    window.say(start(paused=True))
    assert window.until("paused").step == 0
    window.say(words.StepOnce())
    window.until("running")
    stepped = window.until("paused")
    assert stepped.step == 1
    window.say(words.StepEpoch())
    assert window.until("paused", steps=4).step == 4
    assert [one.epoch for frame in window.frames for one in frame.epochs] == [1]
    window.say(words.StepOnce(), words.Stop())
    assert window.until("idle").state == "idle"
    window.say(start(epochs=1))
    assert window.until("finished").step == 4  # the process is warm for the next


@pytest.mark.parametrize(("order", "step"), [(words.StepOnce(), 1), (words.StepEpoch(), 4)])
def test_a_step_that_is_ordered_while_the_run_is_prepared_is_taken_when_it_can_be(order, step):
    window = Driver(WATCHES)
    window.say(start(paused=True), order)
    assert window.until("paused").step == step


def test_a_single_step_brings_its_slopes():
    window = Driver(WATCHES)
    window.say(start(paused=True))
    window.until("paused")
    window.say(words.StepOnce())
    window.until("paused", steps=1)
    slopes = [one for frame in window.frames for one in frame.pictures if one.watch.probe == "slopes"]
    assert slopes[-1].step == 1
    assert not slopes[-1].fault


def test_while_it_is_paused_a_new_wish_to_see_is_answered_at_once():
    window = Driver()
    window.say(start(paused=True))
    window.until("paused")
    window.say(words.Pull((words.Watch("filters", {"layer": [0]}),)))
    for _ in range(3):
        window.say(words.SetSpeed(None))
        window.runner.turn()
    pictures_seen = [one for frame in window.inbox.sent for one in frame.pictures]
    assert [one.watch.probe for one in pictures_seen] == ["filters"]


def test_speed_is_kept_and_commands_are_answered_while_it_waits():
    window = Driver()
    window.say(start(speed=20.0, epochs=50))
    window.until("running")
    began, step = time.perf_counter(), window.runner._training.step
    window.until("running", steps=step + 4)
    assert time.perf_counter() - began >= 3 / 20
    window.say(words.SetSpeed(0.001), words.Stop())  # `until` gives up long before a thousand seconds
    window.until("idle")


def test_the_learning_rate_reaches_the_training():
    window = Driver()
    window.say(start(paused=True))
    window.until("paused")
    window.say(words.Steer(0.125))
    while not window.inbox.messages.empty():
        window.runner.turn()
    assert window.runner._training.lr == 0.125


def test_stop_while_it_prepares():
    window = Driver()
    window.say(start())
    window.runner.turn()
    window.say(words.Stop())
    assert window.until("idle").step == 0


def test_a_loss_that_is_not_finite_ends_the_run_with_its_layer_and_step():
    window = Driver()
    network = (Layer("Flatten"), Layer("Linear"), Layer("ReLU"), Layer("Linear", {"out_features": 3}))
    window.say(start(network=network, optimizer={"SGD": {"lr": 1e6}}, epochs=50))
    failed = window.until("failed")
    assert "Linear" in failed.fault.where
    assert f"step {failed.step + 1}" in failed.fault.what
    window.say(start(epochs=1))
    assert window.until("finished").fault is None


@pytest.mark.parametrize(
    ("error", "where"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), "Memory"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), "Memory"),
        (RuntimeError("CUDA error: device-side assert triggered"), "Device"),
        (ValueError("Expected more than 1 value per channel when training"), "Training"),
    ],
)
def test_what_torch_raises_is_a_fault_and_no_crash(monkeypatch, error, where):
    def prepare(*_, **_more):
        raise error

    monkeypatch.setattr(loader, "prepare", prepare)
    window = Driver()
    window.say(start())
    assert window.until("failed").fault.where == where


def test_a_text_that_is_no_project_fails_with_a_sentence():
    window = Driver()
    window.say(words.Start("{"))
    assert "JSON" in window.until("failed").fault.what


def test_a_run_is_kept_and_goes_on_where_it_was_stopped():
    folder = runs.new_run(project(), "kept")
    window = Driver()
    window.say(start(folder, paused=True))
    window.until("paused")
    for step in range(1, 7):
        window.say(words.StepOnce())
        window.until("paused", steps=step)
    window.say(words.Stop())
    assert window.until("idle").checkpoint == 6
    assert runs.read_run(folder).state == "stopped"
    again = Driver()
    again.say(start(folder, resume=True))
    again.until("finished")
    assert again.losses.tobytes() == to_the_end(training()).losses.tobytes()  # told from the first step on
    assert runs.read_losses(folder) == again.losses
    record = runs.read_run(folder)
    assert (record.state, record.step, record.epochs, record.threads) == ("finished", 12, 3, 1)


def test_a_run_that_is_resumed_at_its_end_is_tested_with_the_weights_that_came_back():
    recipe = {"epochs": 40, "patience": 4, "network": LINEAR}
    whole = to_the_end(training(**recipe))
    assert whole.weights_epoch < whole.epoch
    folder, watch = runs.new_run(project(**recipe), "kept"), words.Watch("evaluation")
    first = Driver()
    first.say(start(folder, **recipe))
    ended = first.until("finished")
    assert (ended.best_epoch, ended.weights_epoch, ended.stopped_early) == (whole.best_epoch, whole.best_epoch, True)
    assert runs.read_run(folder).weights_epoch == whole.best_epoch
    again = Driver((watch,))
    again.say(start(folder, resume=True, **recipe))
    again.until("finished")
    assert again.runner._is_testing
    while again.runner._is_testing:  # the pull that waits is answered when it is done
        again.runner.turn()
    facts = again.inbox.sent[-1].pictures[0].facts
    assert (facts["epoch"], facts["step"]) == (whole.held.epoch, whole.held.step)
    assert (facts["loss"], facts["accuracy"]) == (whole.held.test_loss, whole.held.test_accuracy)


def test_a_fork_tells_its_parents_losses_and_goes_on_from_there():
    parent, child = (runs.new_run(project(), name) for name in ("parent", "child"))
    first = Driver()
    first.say(start(parent, paused=True))
    first.until("paused")
    first.say(words.StepEpoch())
    first.until("paused", steps=4)
    first.say(words.StepOnce())
    first.until("paused", steps=5)
    first.say(words.Stop())
    first.until("idle")
    fork = Driver()
    changed = {"optimizer": {"SGD": {"lr": 0.5, "momentum": 0.9}}}
    fork.say(msgspec.structs.replace(start(child, **changed), fork_of=str(parent), fork_step=4))
    fork.until("finished")
    straight = to_the_end(training()).losses
    assert (fork.losses[:5], len(fork.losses)) == (straight[:5], 12)
    assert fork.losses[5] != straight[5]
    assert [one.epoch for frame in fork.frames for one in frame.epochs] == [1, 2, 3]
    assert (runs.read_run(child).parent, runs.read_run(child).parent_step) == (parent.name, 4)
    fork.say(msgspec.structs.replace(start(child), fork_of=str(parent), fork_step=99))
    assert "no checkpoint of step 99" in str(fork.until("failed").fault)


def test_a_second_run_that_fails_at_once_is_told_though_the_first_one_failed_too():
    window = Driver()
    window.say(words.Start("not a project"))
    first = window.until("failed")
    while not window.inbox.messages.empty():
        window.runner.turn()
    window.runner._pull = None  # the window draws, and pulls only after the second run has failed
    window.say(words.Start('{"format": "another"}'))
    window.runner.turn()
    assert window.runner._state == "failed"
    window.say(words.Pull(()))
    window.runner.turn()
    assert [frame.state for frame in window.inbox.sent] == ["failed"]
    assert window.inbox.sent[0].fault not in (None, first.fault)


def test_a_run_that_fails_while_it_prepares_says_so_in_its_folder(monkeypatch):
    folder = runs.new_run(project(), "fails")
    window = Driver()
    window.say(start(folder, resume=True))
    assert "no checkpoint" in window.until("failed").fault.what
    assert runs.read_run(folder).state == "failed"


@pytest.mark.timeout(120)
def test_the_process_says_ready_trains_and_goes_when_the_pipe_closes():
    ours, theirs = Pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "playground.engine", "runner", str(theirs.fileno())], pass_fds=[theirs.fileno()]
    )
    theirs.close()
    try:
        ready = words.decode_frame(ours.recv_bytes())
        assert ready.id == 0
        assert "torch" in ready.versions
        iris = '{"format": "torch-playground", "version": 1, "data": {"dataset": "iris", "batch_size": 30},' \
            ' "network": [{"layer": "Linear", "out_features": 3}], "recipe": {"epochs": 5}}'  # fmt: skip
        ours.send_bytes(words.encode(words.Start(iris, threads=1)))
        while True:
            ours.send_bytes(words.encode(words.Pull()))
            frame = words.decode_frame(ours.recv_bytes())
            assert frame.state in ("preparing", "running", "finished"), frame.fault
            if frame.state == "finished":
                break
        assert frame.step == 20
    finally:
        ours.close()
        assert process.wait(10) == 0
