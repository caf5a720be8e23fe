"""What a device that works behind our back asks of the loop and its owners, tried on the CPU: losses come home late,
several at once, and one of them may not be finite."""

import time
from types import SimpleNamespace

import pytest
import torch

from playground.core import messages as words
from playground.core.problem import Problem
from playground.core.project import write_project
from playground.core.report import Report
from playground.disk import runs
from playground.engine import checkpoints, launch, loader, randomness
from playground.engine.books import Books
from playground.engine.devices import wait_for
from playground.engine.loop import Training
from tests.engine.accelerators import TOO_FAST, steps_of
from tests.engine.test_runner import WATCHES, Driver
from tests.engine.trainings import NETWORK, pictures, project, to_the_end, training


@pytest.fixture
def late(monkeypatch):
    """Trainings on the CPU that look at their losses as on a GPU."""
    begin = Training.__init__

    def begin_late(self, *arguments):
        begin(self, *arguments)
        self._at_once = False

    monkeypatch.setattr(Training, "__init__", begin_late)


def test_the_seconds_of_an_epoch_hold_the_wait_for_its_last_steps(late, monkeypatch):
    one = training()
    collect, waits = one.collect, []

    def slow() -> None:
        if one._in_flight:
            waits.append(len(one._in_flight))
            time.sleep(0.5)
        collect()

    monkeypatch.setattr(one, "collect", slow)
    while not one.epochs:
        one.advance()
    assert waits == [4]
    assert one.epochs[0].seconds > 0.5


@pytest.mark.parametrize("optimizer", [{"SGD": {"momentum": 0.9}}, {"Adam": {}}, {"RMSprop": {}}], ids=str)
def test_a_late_loss_is_met_again_where_it_arose(optimizer):
    """Also where dropout and running figures have changed since. Against a run that looks at each loss."""
    outcomes = []
    for at_once in (True, False):
        one = training(network=NETWORK, optimizer=optimizer, batch_size=4, epochs=9)
        one._at_once = at_once
        steps_of(one, 18)
        one.steer(lr=1e38)
        with pytest.raises(Problem) as told:
            to_the_end(one)
        outcomes.append((told.value.fault, one.step, one.losses.tobytes(), one.model.state_dict()))
    (fault, step, losses, weights), late_one = outcomes[0], outcomes[1]
    assert late_one[:3] == (fault, step, losses)
    assert step > 18
    for name, value in weights.items():
        torch.testing.assert_close(late_one[3][name], value, rtol=0, atol=0, equal_nan=True)


def test_without_room_for_the_way_back_the_step_is_still_told(late, monkeypatch):
    monkeypatch.setattr("playground.engine.rewind.free_memory", lambda _device: 100)
    one, other = training(**TOO_FAST), training(**TOO_FAST)
    other._at_once = True
    steps = []
    for each in (one, other):
        with pytest.raises(Problem) as told:
            to_the_end(each)
        steps.append(told.value.fault.what.partition(";")[0])
    assert steps[0] == steps[1]


def test_a_failure_among_the_steps_in_flight_answers_the_pull_that_met_it(late, monkeypatch):
    monkeypatch.setattr(loader, "prepare", lambda *_, **_more: pictures())
    monkeypatch.setattr(Report, "fault", None)
    window = Driver(WATCHES)
    window.say(words.Start(write_project(project(**TOO_FAST)), threads=1, layout="contiguous", paused=True))
    window.until("paused")
    window.runner._books.due = lambda: True  # a frame at every step
    window.say(words.Resume())
    failed = window.until("failed")
    assert f"step {failed.step + 1}" in failed.fault.what


def test_a_wait_for_steps_in_flight_is_no_cost_of_watching(late, monkeypatch):
    monkeypatch.setattr(loader, "prepare", lambda *_, **_more: pictures())
    monkeypatch.setattr(Report, "fault", None)
    collect = Training.collect

    def slow(self) -> None:
        if self._in_flight:
            time.sleep(0.02)
        collect(self)

    monkeypatch.setattr(Training, "collect", slow)
    charge, costs = Books.charge, []
    monkeypatch.setattr(Books, "charge", lambda self, cost, **more: costs.append(cost) or charge(self, cost, **more))
    window = Driver()
    window.say(words.Start(write_project(project(epochs=6, batch_size=1)), threads=1, layout="contiguous"))
    assert window.until("finished").step == 300
    assert costs
    assert sorted(costs)[len(costs) // 2] < 0.02


def test_a_checkpoint_never_knows_more_steps_than_the_column_of_losses(late):
    folder = runs.new_run(project(), "test")
    one = training()
    keeper = checkpoints.Keeper(folder, one)
    one.advance(), one.advance()
    keeper.save()
    assert len(runs.read_losses(folder)) == checkpoints.load(folder)["step"] == 2
    keeper.close("stopped")


@pytest.mark.parametrize("kind", ["cuda", "xpu"])
def test_of_several_gpus_it_is_the_one_of_the_run_that_is_asked(monkeypatch, kind):
    device, asked = torch.device(f"{kind}:1"), []
    module = SimpleNamespace(
        get_rng_state=lambda of: asked.append(("get", of)) or torch.zeros(16, dtype=torch.uint8),
        set_rng_state=lambda _state, of: asked.append(("set", of)),
        synchronize=lambda of: asked.append(("wait", of)),
    )
    monkeypatch.setattr(torch, "get_device_module", lambda of: {kind: module}[torch.device(of).type])
    randomness.set_device_state(device, randomness.device_state(device))
    wait_for(device)
    assert asked == [("get", device), ("set", device), ("wait", device)]


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 1.20 GiB is "
         "free. Including non-PyTorch memory, this process has 77.90 GiB memory in use.", "20.00 GiB"),
        ("[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
         "allocate 21474836480 bytes. Error code 12 (Cannot allocate memory)", "21.5 GB"),
    ],
)  # fmt: skip
def test_no_memory_is_one_sentence_with_what_was_asked_for(said, size):
    fault = launch.fault_from(torch.OutOfMemoryError(said))
    assert fault.where == "Memory"
    assert fault.what.lower().endswith(f"(tried to allocate {size.lower()})")


def test_a_library_that_gets_no_memory_is_out_of_memory():
    said = "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"
    assert launch.fault_from(RuntimeError(said)).where == "Memory"
