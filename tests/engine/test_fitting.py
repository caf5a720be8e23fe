"""The batch that fits, where memory was not enough."""

import copy

import pytest
import torch

from playground.core.problem import MEMORY, Problem
from playground.core.report import Report
from playground.engine import devices, fitting, launch, loader
from playground.engine.build import build_network
from playground.engine.check import check
from playground.engine.fitting import Needs
from playground.engine.metrics import Evaluation
from tests.engine.trainings import pictures, project, to_the_end, training

CPU = torch.device("cpu")
OUT = "[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory: you tried to allocate 99000000 bytes."


def needs(**changes) -> Needs:
    asked, data = project(**changes), pictures()
    return Needs(asked, data, build_network(asked.network, data.input_shape))


def told(room, monkeypatch, **changes):
    """The fault of a run that had no memory, where so many bytes can be had."""
    monkeypatch.setattr(fitting, "free_memory", lambda _device: room)
    return fitting.fault(RuntimeError(OUT), project(**changes), pictures(), CPU)


def test_it_grows_with_the_batch_and_with_what_the_optimizer_keeps():
    plain = needs(optimizer={"SGD": {}})
    assert plain.at(8) < plain.at(64) < plain.at(4096)
    assert needs(optimizer={"Adam": {}}).at(1) >= needs(optimizer={"SGD": {}}).at(1)
    assert needs(patience=3).at(64) > needs().at(64)


def test_the_network_that_is_looked_at_stays_as_it_is():
    asked, data = project(), pictures()
    model = build_network(asked.network, data.input_shape).train()
    before, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    Needs(asked, data, model)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)
    assert model.training
    assert all(one.grad is None for one in model.parameters())


@pytest.mark.parametrize("batch", [1, 2, 16, 256])
def test_the_largest_that_fits_is_named_in_the_sentence(batch, monkeypatch):
    room = needs().at(batch) + 1
    fault = told(room, monkeypatch, batch_size=100_000)
    assert fault.kind == MEMORY
    assert fault.batch_size == batch
    assert f"Set the batch size to {batch}, which takes about" in fault.fix
    assert "100,000 samples (tried to allocate 99 MB)" in fault.what
    assert needs().at(2 * batch) > room


def test_the_advice_is_always_less_than_what_failed(monkeypatch):
    assert told(10**12, monkeypatch, batch_size=16).batch_size == 8
    assert told(10**12, monkeypatch, batch_size=9).batch_size == 8
    assert told(10**12, monkeypatch, batch_size="all").batch_size == 32  # of fifty samples


def test_where_not_even_one_sample_fits_it_says_so(monkeypatch):
    fault = told(needs().at(1) - 1, monkeypatch, batch_size=16)
    assert fault.batch_size == 0
    assert "no batch size fits" in fault.what
    assert "batch" not in fault.fix


def test_weights_that_do_not_fit_are_not_built(monkeypatch):
    monkeypatch.setattr(fitting, "build_network", None)
    assert told(100, monkeypatch).batch_size == 0


def test_what_cannot_be_told_is_not_told(monkeypatch):
    monkeypatch.setattr(fitting, "Needs", None)
    fault = told(10**12, monkeypatch)
    assert fault.batch_size is None
    assert "smaller batch" in fault.fix


def test_what_a_training_holds_does_not_count_against_the_next(monkeypatch):
    seen = {}
    monkeypatch.setattr(launch.fitting, "fault", lambda *asked: seen.setdefault("asked", asked))
    one = training(optimizer={"Adam": {}})
    one.advance(observe=True)
    launch.fault_from(MemoryError(), one)
    held = seen["asked"][-1]
    weights = sum(value.nbytes for value in one.model.parameters())
    assert 3 * weights <= held <= 3 * weights + 20_000  # themselves, two figures each, and generators
    assert one.observed is None


@pytest.mark.parametrize(("left", "is_that"), [(1_000_000, True), (10**10, False)])
def test_a_library_that_gives_no_reason_had_no_memory_where_none_is_left(left, is_that, monkeypatch):
    monkeypatch.setattr(devices, "free_memory", lambda _device: left)
    assert devices.is_no_memory(RuntimeError("could not create a primitive")) is is_that
    assert not devices.is_no_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


def test_samples_that_do_not_fit_are_told_as_such(monkeypatch):
    def no_room(*_asked, **_more):
        raise MemoryError("Unable to allocate 5.00 GiB for an array")

    monkeypatch.setattr(loader, "prepare", no_room)
    monkeypatch.setattr(Report, "fault", None)
    with pytest.raises(Problem, match="samples of digits") as caught:
        launch.finish(launch.stages(launch.Wish(project())))
    assert (caught.value.fault.kind, caught.value.fault.batch_size) == (MEMORY, 0)


def test_a_run_that_the_system_would_end_is_not_begun(monkeypatch):
    report, room = check(project()), needs().at(8)
    monkeypatch.setattr(fitting, "left_before_the_end", lambda: room)
    fitting.refuse(project(batch_size=16), pictures(), report)
    with pytest.raises(Problem, match="not begun") as caught:
        fitting.refuse(project(batch_size=100_000), pictures(), report)
    assert caught.value.fault.batch_size == 8
    monkeypatch.setattr(fitting, "left_before_the_end", lambda: 10**9)
    monkeypatch.setattr(fitting, "Needs", None)  # where there is plenty nothing is looked at
    fitting.refuse(project(), pictures(), report)


def test_a_test_that_does_not_fit_takes_fewer_samples_at_a_time():
    one = to_the_end(training(epochs=1))
    sizes, forward = [], one.model.forward

    def scarce(inputs):
        if len(inputs) > 6:
            raise MemoryError
        sizes.append(len(inputs))
        return forward(inputs)

    one.model.forward = scarce
    labels = one.data.test_targets
    evaluation = Evaluation(one.model, one.loss, one.data.test_inputs, labels, labels)
    while not evaluation.done:
        evaluation.advance()
    assert sizes == [4, 4, 4, 4, 4]
    assert evaluation.accuracy == one.epochs[0].test_accuracy
    assert evaluation.mean_loss == pytest.approx(one.epochs[0].test_loss)
    torch.testing.assert_close(evaluation.outputs, one.results["test"].outputs)
    assert one.model.training
