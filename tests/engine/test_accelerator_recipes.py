"""What a recipe adds to the plain loop, on each accelerator that this machine has."""

import pytest
import torch

from playground.core.messages import Watch
from playground.engine import probes
from playground.engine.build import build_network
from playground.engine.loader import order
from tests.engine.accelerators import STRAIGHT, on, on_each, steps_of
from tests.engine.trainings import pictures, to_the_end, training

RECIPES = [
    {"loss_options": {"balance": True, "label_smoothing": 0.1}, "l1": 0.01, "clip_norm": 0.5},
    {"loss_options": {"weight": [1, 0.5, 3], "label_smoothing": 0.1}},
    {"loss": "BCEWithLogits", "loss_options": {"pos_weight": [1, 0.5, 3]}},
    {"optimizer": {"AdamW": {"lr": 0.01}}, "schedule": {"OneCycle": {}}},
    {"optimizer": {"Adagrad": {"lr": 0.1}}, "schedule": {"Plateau": {"patience": 0}}, "patience": 2, "epochs": 9},
    {"loss": "Huber", "loss_options": {"delta": 0.3}, "optimizer": {"GradientDescent": {"lr": 0.3}}},
]


@on_each
@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_every_part_of_a_recipe_learns_as_on_the_cpu(device, recipe):
    here = to_the_end(training(network=STRAIGHT, **recipe))
    there = to_the_end(training(setup=on(device), network=STRAIGHT, **recipe))
    assert there.losses.tolist() == pytest.approx(here.losses.tolist(), rel=1e-3)
    assert (there.epoch, there.best_epoch) == (here.epoch, here.best_epoch)
    assert there.results["test"].outputs.numpy() == pytest.approx(here.results["test"].outputs.numpy(), abs=1e-3)


@on_each
@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_fewer_digits_learn_about_as_float32(device, precision):
    whole, half = (
        to_the_end(training(setup=on(device), network=STRAIGHT, precision=one)) for one in ("float32", precision)
    )
    assert half.losses.tolist() == pytest.approx(whole.losses.tolist(), abs=0.05)
    assert half.losses != whole.losses


@on_each
def test_steps_that_a_scaler_leaves_out_are_those_of_torch(device):
    """Its factor is far too large at first, so that slopes are not finite; on a device whose losses come home late, too."""
    one, data, kind = (
        training(setup=on(device), network=STRAIGHT, precision="float16"),
        pictures(),
        device.split(":")[0],
    )
    model = build_network(STRAIGHT, data.input_shape, seed=7).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    scaler, losses = torch.amp.GradScaler(kind, init_scale=2.0**24), []
    one._precision.scale = 2.0**24
    for epoch in range(3):
        for chosen in order(50, 7, epoch).split(16):
            with torch.autocast(kind, torch.float16):
                x, y = data.train_inputs[chosen].to(device), data.train_targets[chosen].to(device)
                loss = torch.nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            losses.append(loss.item())
    to_the_end(one)
    assert one._precision.scale == scaler.get_scale() < 2.0**24
    assert one.losses.tolist() == pytest.approx(losses, rel=1e-3)


@on_each
def test_the_step_that_is_walked_through_is_the_one_that_is_taken(device):
    one = training(setup=on(device), network=STRAIGHT)
    steps_of(one, 6)
    walked = probes.read(Watch("one_step"), one.context())
    one.advance(observe=True)
    one.collect()
    assert walked.fault == ""
    assert walked.facts["loss"]["value"] == pytest.approx(one.losses[-1], rel=1e-6)
