"""What a recipe adds to the plain loop, against the same training written out with plain torch."""

import copy
import math

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.recipe import Recipe
from playground.engine.build import build_network
from playground.engine.loader import order
from playground.engine.randomness import derived_seed
from tests.engine.trainings import CPU, pictures, project, to_the_end, training

PLAIN = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("Tanh"), Layer("Linear", {"out_features": 3}))
SGD = {"SGD": {"lr": 0.05, "momentum": 0.9}}


def written_out(schedule=None, each="epoch", l1=0.0, longest=None, half=False, epochs=3, by_hand=False, patience=0):
    """Losses of all steps, held-back loss of each epoch, and the weights at the end."""
    data, seed = pictures(), 7
    model = build_network(PLAIN, data.input_shape, seed=seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    scheduler = schedule(optimizer) if schedule else None
    torch.manual_seed(derived_seed(seed, "torch"))
    losses, tests, best = [], [], (math.inf, 0, None)
    for epoch in range(epochs):
        for chosen in order(len(data.train_inputs), seed, epoch).split(16):
            x, y = data.train_inputs[chosen], data.train_targets[chosen]
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                loss = nn.functional.cross_entropy(model(x), y)
            model.zero_grad()
            loss.backward()
            if l1:
                for one in model.parameters():
                    one.grad += l1 * one.detach().sign()
            if longest:
                nn.utils.clip_grad_norm_(model.parameters(), longest)
            if by_hand:
                with torch.no_grad():
                    for one in model.parameters():
                        one -= 0.05 * one.grad
            else:
                optimizer.step()
            if scheduler and each == "step":
                scheduler.step()
            losses.append(loss.item())
        with torch.no_grad():
            tests.append(nn.functional.cross_entropy(model(data.test_inputs), data.test_targets).item())
        if scheduler and each == "epoch":
            scheduler.step(*([tests[-1]] if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau) else []))
        if tests[-1] < best[0]:
            best = tests[-1], epoch, {name: value.clone() for name, value in model.state_dict().items()}
        elif patience and epoch - best[1] >= patience:
            break
    return losses, tests, best[2] if patience else model.state_dict()


def _recipe_only(case: dict) -> str:
    """A function has another address in every process, and all must collect the same tests."""
    return "" if any(callable(value) for value in case.values()) else str(case)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ({"l1": 0.01}, {"l1": 0.01}),
        ({"clip_norm": 0.3}, {"longest": 0.3}),
        ({"l1": 0.02, "clip_norm": 0.5}, {"l1": 0.02, "longest": 0.5}),
        ({"optimizer": {"GradientDescent": {"lr": 0.05}}}, {"by_hand": True}),
        ({"precision": "bfloat16"}, {"half": True}),
        (
            {"schedule": {"Step": {"step_size": 1, "gamma": 0.5}}},
            {"schedule": lambda one: torch.optim.lr_scheduler.StepLR(one, 1, 0.5)},
        ),
        (
            {"schedule": {"Cosine": {}}},
            {"schedule": lambda one: torch.optim.lr_scheduler.CosineAnnealingLR(one, 12), "each": "step"},
        ),
        (
            {"schedule": {"Plateau": {"patience": 0, "threshold": 0.5}}},
            {"schedule": lambda one: torch.optim.lr_scheduler.ReduceLROnPlateau(one, patience=0, threshold=0.5)},
        ),
    ],
    ids=_recipe_only,
)
def test_losses_and_weights_are_those_of_plain_torch(recipe, expected):
    losses, tests, weights = written_out(**expected)
    ours = to_the_end(training(network=PLAIN, **({"optimizer": SGD} | recipe)))
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-5)
    assert [one.test_loss for one in ours.epochs] == pytest.approx(tests, rel=1e-5)
    for name, value in weights.items():
        assert torch.allclose(ours.model.state_dict()[name], value, rtol=1e-5, atol=1e-6), name


def test_the_slopes_that_are_shown_are_those_before_the_penalties():
    plain, changed = training(network=PLAIN), training(network=PLAIN, l1=0.5, clip_norm=0.01)
    for one in (plain, changed):
        one.advance(observe=True)
    for name, slope in plain.observed.gradients.items():
        assert torch.equal(slope, changed.observed.gradients[name])


def test_training_stops_by_itself_and_the_best_weights_come_back():
    losses, tests, weights = written_out(epochs=60, patience=4)
    ours = to_the_end(training(network=PLAIN, optimizer=SGD, epochs=60, patience=4))
    assert len(tests) < 60
    assert ours.stopped_early
    assert (ours.epoch, ours.best_epoch) == (len(tests), tests.index(min(tests)) + 1)
    assert ours.epoch - ours.best_epoch == 4
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-4)
    for name, value in weights.items():
        assert torch.allclose(ours.model.state_dict()[name], value, rtol=1e-4, atol=1e-5), name


def test_without_patience_the_last_weights_stay():
    ours = to_the_end(training(network=PLAIN, optimizer=SGD, epochs=20))
    assert not ours.stopped_early
    assert ours.best_epoch < ours.epoch == 20
    assert not ours.state()["best"]


@pytest.mark.parametrize("at", [3, 9, 14, 22])
@pytest.mark.parametrize(
    "recipe",
    [
        {"schedule": {"OneCycle": {}}, "optimizer": {"AdamW": {"lr": 0.05}}},
        {"schedule": {"Plateau": {"patience": 0}}, "patience": 2, "optimizer": {"Adagrad": {"lr": 0.3}}},
        {"l1": 0.01, "clip_norm": 0.5, "precision": "bfloat16"},
    ],
    ids=str,
)
def test_a_restored_training_goes_on_with_equal_bits(recipe, at):
    whole = to_the_end(training(epochs=8, **recipe))
    parts = training(epochs=8, **recipe)
    for _number in range(at):
        parts.advance()
    state, kept, epochs = parts.state(), parts.losses[:], list(parts.epochs)
    again = training(epochs=8, **recipe)
    again.restore(state, kept, epochs)
    to_the_end(again)
    assert again.losses.tobytes() == whole.losses.tobytes()
    assert again.epoch == whole.epoch
    for name, value in whole.model.state_dict().items():
        assert torch.equal(again.model.state_dict()[name], value), name


def test_a_schedule_starts_from_the_rate_that_is_set_meanwhile():
    one = training(network=PLAIN, schedule={"Step": {"step_size": 1, "gamma": 0.5}}, optimizer={"SGD": {"lr": 0.1}})
    one.advance()
    one.steer(lr=0.4)
    while one.epoch < 1:
        one.advance()
    one.advance()
    assert one.lr == pytest.approx(0.2)


def test_an_older_checkpoint_goes_on_at_its_rate():
    one = training()
    one.advance()
    state = copy.deepcopy(one.state())  # its tensors are the training's own
    del state["base_lr"], state["best"]
    kept = one.losses[:]
    to_the_end(one)
    again = training()
    again.restore(state, kept, [])
    to_the_end(again)
    assert again.losses.tobytes() == one.losses.tobytes()


def test_a_recipe_without_any_of_it_is_written_as_before():
    assert project(network=PLAIN).recipe == Recipe(epochs=3, seed=7, optimizer=SGD)
    assert training(CPU, network=PLAIN).lr == 0.05


def test_a_rate_and_a_decay_that_are_changed_meanwhile_are_those_of_torch():
    data = pictures()
    model = build_network(PLAIN, data.input_shape, seed=7)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    ours, losses, step = training(network=PLAIN, optimizer=SGD), [], 0
    for epoch in range(3):
        for chosen in order(len(data.train_inputs), 7, epoch).split(16):
            if step == 5:
                optimizer.param_groups[0].update(lr=0.2, weight_decay=0.1)
                ours.steer(0.2, 0.1)
            loss = nn.functional.cross_entropy(model(data.train_inputs[chosen]), data.train_targets[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            step += 1
            while ours.step < step:
                ours.advance()
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-5)
    assert [(one.step, one.name, one.before, one.after) for one in ours.steered] == [
        (5, "lr", 0.05, 0.2), (5, "weight_decay", 0.0, 0.1),
    ]  # fmt: skip


def test_what_was_changed_meanwhile_holds_after_a_restore():
    one = training(network=PLAIN, optimizer=SGD)
    one.advance()
    one.steer(0.2, 0.1)
    state, kept = copy.deepcopy(one.state()), one.losses[:]
    to_the_end(one)
    again = training(network=PLAIN, optimizer=SGD)
    again.restore(state, kept, [])
    to_the_end(again)
    assert again.losses.tobytes() == one.losses.tobytes()
