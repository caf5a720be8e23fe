"""Each accelerator that this machine has, against plain torch. `tests/engine/accelerators.py` says how to name others."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from torch import nn

from playground.cli.main import run
from playground.core import messages as words
from playground.core.comparison import Contender
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import Project, write_project
from playground.core.recipe import Recipe
from playground.core.report import Report
from playground.disk import projects, runs
from playground.engine import batches, checkpoints, compare, loader, loop, memory, probes, randomness
from playground.engine.check import check
from playground.engine.devices import pick, wait_for
from playground.engine.loop import Setup, Training
from tests.engine.accelerators import (
    ACCELERATORS,
    FOUND,
    IN_FLIGHT,
    STEPS,
    STRAIGHT,
    TOO_FAST,
    lenet,
    numbers,
    on,
    on_each,
    preset,
    softmax,
    steps_of,
)  # fmt: skip
from tests.engine.test_runner import WATCHES, Driver
from tests.engine.trainings import pictures, project, to_the_end, training


def test_there_is_an_accelerator():
    if not ACCELERATORS:
        pytest.skip("no accelerator to test: " + "; ".join(f"{one.title}: {one.reason}" for one in FOUND))
    assert [str(pick(name)) for name in ACCELERATORS] == ACCELERATORS


# Against the CPU, and plain torch


@on_each
@pytest.mark.parametrize("name", ["lenet-digits", "softmax-iris"])
def test_a_seed_gives_the_weights_of_the_cpu_bit_for_bit(device, name):
    here, there = preset(name, "cpu").model.state_dict(), preset(name, device).model.state_dict()
    for key, value in here.items():
        assert there[key].device == torch.device(device)
        assert torch.equal(there[key].cpu(), value), key


@on_each
@pytest.mark.parametrize("steps", [({"normalize": "0..1"},), ({"normalize": "0..1"}, {"flip": 0.5}, {"shift": 2})])
def test_a_seed_gives_the_batches_of_the_cpu_bit_for_bit(device, steps):
    """Split, order and augmentation."""
    asked = Project(Data("digits", preparation=steps, validation_fraction=0.2), (Layer("Flatten"), Layer("Linear")))
    here, there = (Training(asked, loader.prepare(asked.data, 5), on(one)) for one in ("cpu", device))
    for epoch in (0, 3):
        for one in (here, there):
            one._batches.begin(loader.order(one.data.size("train"), 5, epoch), epoch)
        for position in range(here.steps_per_epoch):
            for mine, other in zip(here._batches.at(position), there._batches.at(position), strict=True):
                assert other.device == torch.device(device)
                assert torch.equal(mine, other.cpu())
    here.close(), there.close()


@on_each
def test_what_is_drawn_for_augmentation_is_what_the_cpu_draws(device):
    steps = ({"normalize": "0..1"}, {"flip": 0.5}, {"shift": 2}, {"rotate": 20.0}, {"noise": 0.1})
    data = loader.prepare(Data("digits", preparation=steps), 0)
    batch = data.train_inputs[:64]
    for step in data.pipeline.steps[1:]:
        mine, other = (step.drawn(one, randomness.generator(0, "augment")) for one in (batch, batch.to(device)))
        assert torch.equal(mine, other)
    late = data.late(batch.to(device), randomness.generator(0, "augment"))
    torch.testing.assert_close(late.cpu(), data.late(batch, randomness.generator(0, "augment")), rtol=1e-5, atol=1e-5)


@on_each
@pytest.mark.parametrize(("name", "made"), [("lenet-digits", lenet), ("softmax-iris", softmax)])
def test_the_first_losses_are_those_of_plain_torch_on_the_cpu(device, name, made):
    ours = preset(name, device)
    data, recipe = ours.data, ours.project.recipe
    model = made()
    model.load_state_dict(preset(name, "cpu").model.state_dict())
    optimizer = torch.optim.SGD(model.parameters(), **recipe.optimizer_arguments)
    expected: list[float] = []
    while len(expected) < STEPS:
        epoch = len(expected) // ours.steps_per_epoch
        for chosen in loader.order(data.size("train"), recipe.seed, epoch).split(ours.batch_size):
            loss = nn.functional.cross_entropy(model(data.train_inputs[chosen]), data.train_targets[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            expected.append(loss.item())
    assert steps_of(ours, STEPS) == pytest.approx(expected[:STEPS], rel=1e-3)


@on_each
def test_the_figures_of_an_epoch_are_those_of_plain_torch_on_the_device(device):
    ours = preset("lenet-digits", device)
    while not ours.epochs:
        ours.advance()
    model = lenet().to(device).eval()
    model.load_state_dict(ours.model.state_dict())
    with torch.no_grad():
        outputs = model(ours.data.test_inputs.to(device)).cpu()
    targets = ours.data.test_targets
    assert ours.epochs[0].test_loss == pytest.approx(nn.functional.cross_entropy(outputs, targets).item(), rel=1e-4)
    assert ours.epochs[0].test_accuracy == (outputs.argmax(1) == targets).double().mean().item()
    assert ours.epochs[0].train_loss == pytest.approx(np.mean(ours.losses), rel=1e-6)


@on_each
def test_probes_show_what_plain_torch_has_on_the_device(device):
    ours, plain = preset("lenet-digits", device), lenet().to(device)
    steps_of(ours, 5)
    plain.load_state_dict(ours.model.state_dict())
    ours.advance(observe=True)
    assert ours.observed is not None
    inputs, targets = ours.observed.batch
    nn.functional.cross_entropy(plain(inputs), targets).backward()
    context = ours.context()
    slopes = probes.read(words.Watch("slopes"), context)
    layers = [plain[0], plain[3], plain[7], plain[9], plain[11]]
    norms = [torch.cat([one.grad.flatten() for one in layer.parameters()]).norm().item() for layer in layers]
    np.testing.assert_allclose(numbers(slopes.arrays["gradient_norm"]), norms, rtol=1e-4)
    before = [torch.cat([one.detach().flatten() for one in layer.parameters()]) for layer in layers]
    plain.load_state_dict(ours.model.state_dict())
    after = [torch.cat([one.detach().flatten() for one in layer.parameters()]) for layer in layers]
    ratios = [((new - old).norm() / old.norm()).item() for new, old in zip(after, before, strict=True)]
    np.testing.assert_allclose(numbers(slopes.arrays["update_ratio"]), ratios, rtol=1e-3)
    filters = probes.read(words.Watch("filters", {"layer": [3]}), context)
    assert np.array_equal(numbers(filters.arrays["weight"]), plain[3].weight.detach().cpu().numpy())
    with torch.no_grad():
        sample = ours.data.test_inputs[7:8].to(device)
        maps, output = plain[:5](sample)[0].cpu(), plain(sample)[0].cpu()
    seen = probes.read(words.Watch("feature_maps", {"layer": [3], "sample": 7, "after": "activation"}), context)
    np.testing.assert_allclose(numbers(seen.arrays["maps"]), maps, rtol=1e-4, atol=1e-5)
    prediction = probes.read(words.Watch("prediction", {"sample": 7}), context)
    np.testing.assert_allclose(numbers(prediction.arrays["probabilities"]), output.softmax(0), rtol=1e-4, atol=1e-6)
    assert prediction.facts["prediction"] == int(output.argmax())
    assert prediction.facts["label"] == int(ours.data.test_targets[7])


# The same again


@on_each
@pytest.mark.parametrize("layout", loop.LAYOUTS)
def test_a_seed_gives_the_same_bits_again(device, layout):
    """Convolution, normalisation, pooling and dropout."""
    setup = Setup(torch.device(device), 1, layout)
    one, other = (to_the_end(training(setup=setup, epochs=10)) for _turn in range(2))
    assert one.losses.tobytes() == other.losses.tobytes()
    for name, value in one.model.state_dict().items():
        assert torch.equal(other.model.state_dict()[name], value), name


WIDE = (Layer("Conv2d", {"out_channels": 64, "padding": 1}), Layer("ReLU"), Layer("MaxPool2d"),
        Layer("Conv2d", {"out_channels": 128, "padding": 1}), Layer("ReLU"), Layer("Flatten"), Layer("Linear"))  # fmt: skip
ROWS = (Layer("Flatten", {"start_dim": 2}), Layer("LSTM", {"hidden_size": 64}), Layer("Linear", {"out_features": 10}))
LARGER = (
    Layer("Conv2d", {"out_channels": 8}),
    Layer("Upsample", {"mode": "bilinear"}),
    Layer("Flatten"),
    Layer("Linear"),
)


def fashion(network, device: str) -> Training:
    """On pictures as large as Fashion-MNIST's, of noise."""
    drawn = torch.Generator().manual_seed(1)
    inputs, labels = torch.randn(1024, 1, 28, 28, generator=drawn), torch.randint(0, 10, (1024,), generator=drawn)
    data = loader.Prepared(
        inputs, labels, inputs[:16], labels[:16], (1, 28, 28), tuple("0123456789"), "classification"
    )  # fmt: skip
    return training(
        setup=on(device), data=data, network=network, batch_size=64, epochs=9, optimizer={"SGD": {"lr": 0.01}}
    )


@on_each
@pytest.mark.parametrize("network", ["lenet-fashion-mnist", "resnet-fashion-mnist", WIDE, ROWS],
                         ids=["lenet", "resnet", "wide", "recurrent"])  # fmt: skip
def test_what_cudnn_does_gives_the_same_bits_again(device, network):
    """It has algorithms that do not, which are not used."""
    layers = projects.load(f"preset:{network}").network if isinstance(network, str) else network
    steps = STEPS if device == "cpu" else 60
    assert steps_of(fashion(layers, device), steps) == steps_of(fashion(layers, device), steps)


@on_each
def test_bilinear_upsampling_gives_the_same_again_up_to_rounding(device):
    one, other = (steps_of(fashion(LARGER, device), STEPS) for _turn in range(2))
    assert one == pytest.approx(other, rel=1e-5)


@on_each
def test_watching_everything_at_every_step_changes_no_bit(device):
    unwatched, watched = to_the_end(training(setup=on(device))), training(setup=on(device))
    while not watched.finished:
        watched.advance(observe=True)
        context = watched.context()
        for watch in WATCHES:
            assert probes.read(watch, context).fault == ""
    assert watched.losses.tobytes() == unwatched.losses.tobytes()


@on_each
def test_a_watched_run_tells_every_loss_once(device, monkeypatch):
    monkeypatch.setattr(loader, "prepare", lambda *_, **_more: pictures())
    monkeypatch.setattr(Report, "fault", None)
    window = Driver(WATCHES)
    window.say(words.Start(write_project(project(epochs=30)), device=device, threads=1, layout="contiguous"))
    last = window.until("finished")
    assert window.losses.tobytes() == to_the_end(training(setup=on(device), epochs=30)).losses.tobytes()
    assert last.facts.device == device
    assert last.memory.device == device
    assert {one.watch.probe for frame in window.frames for one in frame.pictures if not one.fault} == {
        watch.probe for watch in WATCHES
    }


@on_each
@pytest.mark.parametrize("optimizer", [{"SGD": {"lr": 0.05, "momentum": 0.9}}, {"Adam": {}}, {"RMSprop": {}}], ids=str)
@pytest.mark.parametrize("advances", [7, 23], ids="after {} advances".format)
def test_a_run_that_is_stopped_goes_on_with_equal_bits(device, advances, optimizer):
    folder = runs.new_run(project(), "test")
    changes = {"setup": on(device), "optimizer": optimizer, "epochs": 6}
    straight, begun = to_the_end(training(**changes)), training(**changes)
    keeper = checkpoints.Keeper(folder, begun)
    for _ in range(advances):
        begun.advance()
    keeper.save()
    keeper.close("stopped")
    torch.manual_seed(12345)  # another process has other random states, on the device as well
    torch.rand(100, device=device)
    resumed = training(**changes)
    resumed.restore(checkpoints.load(folder), runs.read_losses(folder), runs.read_epochs(folder))
    to_the_end(resumed)
    assert resumed.losses.tobytes() == straight.losses.tobytes()
    assert [one.test_loss for one in resumed.epochs] == [one.test_loss for one in straight.epochs]


@on_each
def test_data_that_do_not_fit_are_brought_batch_by_batch_and_give_the_same_bits(device, monkeypatch):
    there = to_the_end(training(setup=on(device)))
    monkeypatch.setattr(batches, "_fits", lambda _inputs, _device: False)
    streamed = training(setup=on(device))
    assert streamed._batches._inputs.device.type == "cpu"
    assert to_the_end(streamed).losses.tobytes() == there.losses.tobytes()


# What goes wrong


@on_each
def test_a_loss_that_is_not_finite_is_told_as_on_the_cpu(device):
    here, there = training(**TOO_FAST), training(setup=on(device), **TOO_FAST)
    with pytest.raises(Problem) as expected:
        to_the_end(here)
    with pytest.raises(Problem) as told:
        to_the_end(there)
    assert told.value.fault == expected.value.fault
    assert there.step == here.step == len(there.losses)
    assert all(torch.isfinite(value).all() for value in there.model.state_dict().values())


@on_each
@pytest.mark.parametrize(
    ("broken", "where"), [("1.weight", "Layer 2, Linear"), ("3.bias", "Layer 4, Linear")], ids="{0}".format
)
def test_the_layer_that_broke_is_named_within_the_steps_in_flight(device, broken, where):
    one = training(setup=on(device), network=STRAIGHT, batch_size=1, epochs=3)  # 50 steps an epoch
    steps_of(one, 20)
    with torch.no_grad():
        one.model.get_parameter(broken).view(-1)[0] = float("nan")
    for _ in range(IN_FLIGHT - 1):
        one._at_once or one.advance()
    with pytest.raises(Problem, match="step 21") as told:
        one.advance()
    assert told.value.fault.where == where
    assert f"parameter {broken[2:]}" in told.value.fault.what
    assert len(one.losses) == one.step == 20


@on_each
def test_no_memory_is_one_sentence_and_the_next_run_trains(device):
    if device == "cpu":
        pytest.skip("to use up the memory of the machine would stop other programs")
    network = (Layer("Upsample", {"scale_factor": 64}), Layer("Linear", {"out_features": 1}),
               Layer("Linear", {"out_features": 1_000_000}), Layer("AdaptiveAvgPool2d", {"output_size": 1}),
               Layer("Flatten"), Layer("Linear"))  # fmt: skip
    asked = Project(Data("digits", batch_size="all"), network, Recipe(epochs=1))  # 512 million values a picture
    window = Driver()
    window.say(words.Start(write_project(asked), device=device))
    fault = window.until("failed").fault
    assert fault.where == "Memory"
    assert "\n" not in fault.what
    assert ". " not in fault.what
    assert "allocate" in fault.what
    window.say(words.Start(write_project(projects.load("preset:softmax-iris")), device=device))
    assert window.until("finished").step == 500


# Figures, and the command line


@on_each
def test_memory_is_that_of_the_device(device):
    one = training(setup=on(device))
    one.advance()
    told = memory.MemoryMeter(one.setup.device).read()
    assert told.device == device
    assert sum(value.nbytes for value in one.model.state_dict().values()) < told.used < told.total
    assert told.total == next((found.memory for found in FOUND if found.name == device), told.total)
    assert 0 < memory.free_memory(one.setup.device) <= told.total


@on_each
def test_what_torch_holds_back_counts_as_free(device):
    if device == "cpu":
        pytest.skip("torch holds no memory back on the CPU, and all programs share what is free")
    where, size = torch.device(device), 500_000_000
    before = memory.free_memory(where)
    held = torch.ones(size // 4, device=where)
    wait_for(where)
    during = memory.free_memory(where)
    del held
    assert before - during > 0.5 * size
    assert memory.free_memory(where) > during + 0.5 * size


@on_each
def test_a_step_that_is_timed_has_ended(device):
    """Against plain torch: what was only handed over would take a tenth of it."""
    wide = (Layer("Flatten"), *(Layer("Linear", {"out_features": 4096}) for _ in range(3)), Layer("Linear"))
    asked = Project(Data("digits"), wide, Recipe(optimizer={"SGD": {"lr": 0.1}}))
    batch = 4096 if device != "cpu" else 64
    bench = compare.Bench(asked, check(asked))
    ours = compare.timed(bench.make(Contender(device, 1, device, device), 1.0, batch), 0.25)
    made = [nn.Linear(64, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 10)]
    model = nn.Sequential(*made).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    inputs, targets = torch.randn(batch, 64, device=device), torch.randint(0, 10, (batch,), device=device)
    times = []
    for _turn in range(5):
        began = time.perf_counter()
        for _step in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs), targets).backward()
            optimizer.step()
        wait_for(torch.device(device))
        times.append((time.perf_counter() - began) / 3)
    assert ours == pytest.approx(min(times), rel=0.5)


@on_each
def test_the_command_line_trains_on_it_and_says_so(device, tmp_path):
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "playground", "train", "preset:lenet-digits", "--device", device]
    done = subprocess.run(
        [*command, "--epochs", "2", "--report", str(report)], capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(report.read_text())
    assert facts["device"] == device
    assert (facts["steps"], facts["epochs"], len(facts["train_loss"])) == (360, 2, 360)
    assert facts["test_accuracy"][-1] > 0.7
    assert facts["train_loss"][:STEPS] == pytest.approx(steps_of(preset("lenet-digits", device), STEPS), rel=1e-6)


@on_each
def test_info_and_the_comparison_have_it(device, capsys):
    assert run(["info", "--json"]) == 0
    known = {one["name"]: one for one in json.loads(capsys.readouterr().out)["devices"]}
    assert known[device]["usable"]
    assert known[device]["memory"] > 0
    assert run(["devices", "--compare", "preset:lenet-digits", "--seconds", "6", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    timings = {(one["width"], one["batch"]): one for one in found["timings"] if one["device"] == device}
    assert timings[1.0, found["batch"]]["seconds"] > 0
    assert {one["reason"] for one in timings.values()} <= {"", "it would take too long"}
    assert found["sentences"]["batch"]
