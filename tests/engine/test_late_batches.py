"""What is prepared batch by batch: the same numbers as what is prepared at once, and for one seed always the same."""

import threading

import pytest
import torch

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine import late_batches, loader
from playground.engine.loop import Setup, Training
from playground.engine.randomness import generator
from tests.engine import idx_files
from tests.engine.trainings import CPU, to_the_end

NETWORK = (
    Layer("Conv2d", {"out_channels": 4, "kernel_size": 3}),
    Layer("ReLU"),
    Layer("MaxPool2d"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 10}),
)
PLAIN = ({"resize": 12}, {"normalize": "-1..1"}, {"standardize": True})
RANDOM = ({"normalize": "0..1"}, {"flip": 0.5}, {"shift": 2}, {"rotate": 20.0}, {"noise": 0.1})


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


def project(preparation, batch_size=50, epochs=2, **more):
    return Project(
        Data("digits", preparation=preparation, batch_size=batch_size, **more), NETWORK, Recipe(epochs=epochs)
    )


def training(of, setup=CPU):
    return Training(of, loader.prepare(of.data, of.recipe.seed), setup)


def small_groups(monkeypatch, values=4):
    """A few batches are made together, so that an epoch has many groups."""
    monkeypatch.setattr("playground.engine.batches._BATCHES", values)


def figures(one):
    return [(e.train_loss, e.test_loss, e.test_accuracy, e.validation_loss, e.validation_accuracy) for e in one.epochs]


@pytest.mark.parametrize("preparation", [PLAIN, (), ({"normalize": "0..1"}, {"resize": 20})])
@pytest.mark.parametrize("batch_size", [1, 7, 64, "all"])
def test_streamed_losses_are_those_of_what_is_prepared_at_once_bit_for_bit(monkeypatch, preparation, batch_size):
    small_groups(monkeypatch)
    asked = project(preparation, batch_size, epochs=1 if batch_size == 1 else 2, validation_fraction=0.2, subset=300)
    at_once = training(asked)
    monkeypatch.setattr(loader, "STREAMED_BYTES", 1)
    streamed = training(asked)
    assert (at_once.data.pipeline.streamed, streamed.data.pipeline.streamed) == (False, True)
    assert streamed.data.train_inputs.dtype == torch.uint8
    to_the_end(at_once), to_the_end(streamed)
    assert at_once.losses.tobytes() == streamed.losses.tobytes()
    assert figures(at_once) == figures(streamed)


def test_many_samples_whose_steps_are_light_are_prepared_batch_by_batch(monkeypatch):
    light = project(({"normalize": "-1..1"}, {"standardize": True}), 64)
    at_once = to_the_end(training(light))
    monkeypatch.setattr(loader, "STREAMED_LIGHT_BYTES", 1)
    streamed = to_the_end(training(light))
    assert (at_once.data.pipeline.streamed, streamed.data.pipeline.streamed) == (False, True)
    assert at_once.losses.tobytes() == streamed.losses.tobytes()
    assert figures(at_once) == figures(streamed)
    assert not training(project(PLAIN)).data.pipeline.streamed


@pytest.mark.parametrize(
    ("preparation", "cores", "expected"),
    [(RANDOM, 2, True), (RANDOM[:1], 2, False), (RANDOM[:1], 3, True), (PLAIN, 2, True)],
)
def test_light_steps_take_no_processor_that_the_window_needs(monkeypatch, preparation, cores, expected):
    small_groups(monkeypatch, 2)
    monkeypatch.setattr(loader, "STREAMED_BYTES", 1)
    monkeypatch.setattr(late_batches, "available_cores", lambda: cores)
    one = training(project(preparation))
    one.advance()
    assert (one._batches._ahead is not None) is expected
    one.close()


def test_streamed_samples_are_those_of_what_is_prepared_at_once(monkeypatch):
    data = Data("digits", preparation=PLAIN)
    at_once = loader.prepare(data, 0)
    monkeypatch.setattr(loader, "STREAMED_BYTES", 1)
    streamed = loader.prepare(data, 0)
    for part in ("train", "test"):
        for chosen in ([3], [0, 9, 2], range(300)):
            assert torch.equal(at_once.samples(part, chosen), streamed.samples(part, chosen))
            assert torch.equal(at_once.stored(part, chosen), streamed.stored(part, chosen))


def test_each_batch_is_changed_by_the_generator_of_its_epoch_and_its_first_sample():
    asked = project(RANDOM)
    data = loader.prepare(asked.data, 5)
    batches = late_batches.LateBatches(data, data.train_targets, 50, torch.device("cpu"), torch.contiguous_format, 5)
    for epoch in (0, 1):
        order = loader.order(data.size("train"), 5, epoch)
        batches.begin(order, epoch)
        for position in (0, 3, 28):
            inputs, targets = batches.at(position)
            chosen = order[position * 50 : position * 50 + 50]
            drawn = generator(5, "augment", epoch, position * 50)
            expected = data.train_inputs[chosen].clone()
            for step in data.pipeline.steps[1:]:
                expected = step.moved(expected, step.drawn(expected, drawn))
            assert torch.equal(inputs, expected)
            assert torch.equal(targets, data.train_targets[chosen])
    batches.close()


def test_augmented_losses_depend_on_the_seed_alone(monkeypatch):
    one = to_the_end(training(project(RANDOM)))
    small_groups(monkeypatch, 2)
    setups = [Setup(torch.device("cpu"), 2, "contiguous")]
    before = torch.get_num_threads()
    try:
        other = to_the_end(training(project(RANDOM), setups[0]))
    finally:
        torch.set_num_threads(before)
    assert one.losses[0] == other.losses[0]
    assert other.losses.tolist() == pytest.approx(one.losses.tolist(), rel=1e-4)
    assert to_the_end(training(project(RANDOM))).losses.tobytes() == one.losses.tobytes()


def test_batches_have_the_same_bits_on_every_number_of_threads():
    data = loader.prepare(project(RANDOM).data, 0)
    before, outcomes = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 4):
            torch.set_num_threads(threads)
            outcomes.append(data.late(data.train_inputs[:500], generator(0, "augment", 0, 0)))
    finally:
        torch.set_num_threads(before)
    assert all(torch.equal(outcomes[0], other) for other in outcomes)


def test_augmentation_goes_on_after_a_resume_as_if_nothing_had_happened(monkeypatch):
    small_groups(monkeypatch, 3)
    whole = to_the_end(training(project(RANDOM)))
    first = training(project(RANDOM))
    for _ in range(35):
        first.advance()
    state = first.state()
    first.close()
    second = training(project(RANDOM))
    second.restore(state, first.losses, first.epochs)
    assert to_the_end(second).losses.tobytes() == whole.losses.tobytes()


def test_the_test_part_is_never_augmented():
    plain, augmented = (
        loader.prepare(Data("digits", preparation=steps, validation_fraction=0.1), 0) for steps in (RANDOM[:1], RANDOM)
    )
    for part in ("train", "validation", "test"):
        assert torch.equal(plain.samples(part, range(50)), augmented.samples(part, range(50)))


def test_a_run_that_ends_in_the_middle_of_an_epoch_leaves_no_thread(monkeypatch):
    small_groups(monkeypatch, 2)
    one = training(project(RANDOM))
    for _ in range(5):
        one.advance()
    one.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "batches ahead"]
    one.advance()  # and it can go on
    one.close()


def test_what_goes_wrong_in_the_background_is_told_by_the_step_that_needs_it(monkeypatch):
    small_groups(monkeypatch, 2)
    one = training(project(RANDOM))
    one.advance()
    one.close()
    monkeypatch.setattr(late_batches.LateBatches, "_drawn", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        to_the_end(one)


def test_the_number_of_threads_of_the_training_stays_what_it_was(monkeypatch):
    small_groups(monkeypatch, 2)
    before = torch.get_num_threads()
    try:
        one = training(project(RANDOM), Setup(torch.device("cpu"), 2, "contiguous"))
        for _ in range(6):
            one.advance()
            assert torch.get_num_threads() == 2
        one.close()
    finally:
        torch.set_num_threads(before)


def test_what_is_drawn_does_not_depend_on_the_device():
    """The meta device stands for any other: it has no numbers, and refuses tensors of two devices in one operation."""
    data = loader.prepare(project(({"crop": 7}, *RANDOM, {"standardize": True}, {"resize": 9})).data, 0)
    batch = data.train_inputs[:20]
    elsewhere = data.late(batch.to("meta"), generator(0, "augment", 0, 0))
    assert elsewhere.device.type == "meta"
    assert elsewhere.shape == data.late(batch).shape == (20, 1, 9, 9)
    for step in data.pipeline.steps:
        if step.random:
            here, there = (step.drawn(one, generator(0, "augment")) for one in (batch, batch.to("meta")))
            assert there.device.type == "cpu"
            assert torch.equal(here, there)


@pytest.mark.skipif(
    not torch.cuda.is_available(),
    reason="compares the batches on a CUDA device with the CPU's, and there is no such device here",
)
@pytest.mark.parametrize("limit", [1, 300_000_000])
def test_batches_on_a_gpu_are_those_of_the_cpu(monkeypatch, limit):
    monkeypatch.setattr(loader, "STREAMED_BYTES", limit)
    data = loader.prepare(project((*RANDOM, {"standardize": True}, {"resize": 12})).data, 0)
    made = []
    for device in ("cpu", "cuda"):
        plain = torch.contiguous_format
        batches = late_batches.LateBatches(data, data.train_targets, 50, torch.device(device), plain, 3)
        batches.begin(loader.order(data.size("train"), 3, 1), 1)
        made.append([batches.at(position) for position in (0, 28)])
        batches.close()
    for (inputs, targets), (there, targets_there) in zip(*made, strict=True):
        torch.testing.assert_close(there.cpu(), inputs, rtol=1e-5, atol=1e-5)
        assert torch.equal(targets, targets_there.cpu())
