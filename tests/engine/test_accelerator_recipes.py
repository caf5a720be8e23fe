"""What a recipe adds to the plain loop, on each accelerator that this machine has."""

import pytest

from playground.core.messages import Watch
from playground.engine import probes
from tests.engine.accelerators import STRAIGHT, on, on_each, steps_of
from tests.engine.trainings import to_the_end, training

RECIPES = [
    {"loss_options": {"balance": True, "label_smoothing": 0.1}, "l1": 0.01, "clip_norm": 0.5},
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
def test_bfloat16_learns_about_as_float32(device):
    whole, half = (
        to_the_end(training(setup=on(device), network=STRAIGHT, precision=one)) for one in ("float32", "bfloat16")
    )
    assert half.losses.tolist() == pytest.approx(whole.losses.tolist(), abs=0.05)
    assert half.losses != whole.losses


@on_each
def test_the_step_that_is_walked_through_is_the_one_that_is_taken(device):
    one = training(setup=on(device), network=STRAIGHT)
    steps_of(one, 6)
    walked = probes.read(Watch("one_step"), one.context())
    one.advance(observe=True)
    one.collect()
    assert walked.fault == ""
    assert walked.facts["loss"]["value"] == pytest.approx(one.losses[-1], rel=1e-6)
