"""Against torch.optim itself, on the same gradients."""

import pytest
import torch

from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.engine import optimizers

CASES = [
    ({"SGD": {"lr": 0.1}}, torch.optim.SGD, {"lr": 0.1}),
    ({"SGD": {"lr": 0.1, "momentum": 0.9}}, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    (
        {"SGD": {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}},
        torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
    ),
    ({"SGD": {"lr": 0.1, "weight_decay": 0.1}}, torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}),
    ({"Adam": {}}, torch.optim.Adam, {}),
    (
        {"Adam": {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-6, "weight_decay": 0.1}},
        torch.optim.Adam,
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1},
    ),
    ({"RMSprop": {}}, torch.optim.RMSprop, {}),
    (
        {"RMSprop": {"lr": 0.001, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1}},
        torch.optim.RMSprop,
        {"lr": 0.001, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1},
    ),
    ({"GradientDescent": {"lr": 0.2}}, torch.optim.SGD, {"lr": 0.2}),
    ({"AdamW": {}}, torch.optim.AdamW, {}),
    (
        {"AdamW": {"lr": 0.01, "beta1": 0.8, "weight_decay": 0.2}},
        torch.optim.AdamW,
        {"lr": 0.01, "betas": (0.8, 0.999), "weight_decay": 0.2},
    ),
    ({"Adagrad": {}}, torch.optim.Adagrad, {}),
    (
        {"Adagrad": {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1}},
        torch.optim.Adagrad,
        {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1},
    ),
]


def weights():
    drawn = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, generator=drawn)) for shape in ((5, 3), (5,), (2, 3, 3, 3))]


def gradients(step):
    drawn = torch.Generator().manual_seed(100 + step)
    return [torch.randn(one.shape, generator=drawn) for one in weights()]


@pytest.mark.parametrize(("recipe", "theirs", "arguments"), CASES, ids=lambda case: str(case))
def test_a_hundred_steps_give_the_bits_of_torch_optim(recipe, theirs, arguments):
    ours, reference = weights(), weights()
    optimizer, expected = optimizers.make(Recipe(optimizer=recipe), ours), theirs(reference, **arguments)
    for step in range(100):
        optimizer.step(gradients(step))
        for parameter, gradient in zip(reference, gradients(step), strict=True):
            parameter.grad = gradient
        expected.step()
    for one, other in zip(ours, reference, strict=True):
        assert torch.equal(one, other)


def test_every_optimizer_is_held_against_torch():
    assert {name for recipe, _theirs, _arguments in CASES for name in recipe} == set(OPTIMIZERS)


@pytest.mark.parametrize("recipe", [case[0] for case in CASES], ids=str)
def test_a_loaded_state_goes_on_with_equal_bits(recipe):
    straight, first = weights(), weights()
    optimizer = optimizers.make(Recipe(optimizer=recipe), straight)
    begun = optimizers.make(Recipe(optimizer=recipe), first)
    for step in range(4):
        optimizer.step(gradients(step))
        if step < 2:
            begun.step(gradients(step))
    resumed = optimizers.make(Recipe(optimizer=recipe), first)
    resumed.load(begun.state())
    for step in (2, 3):
        resumed.step(gradients(step))
    assert all(torch.equal(one, other) for one, other in zip(straight, first, strict=True))


def test_the_learning_rate_can_be_set_between_two_steps():
    ours, reference = weights(), weights()
    optimizer = optimizers.make(Recipe(optimizer={"SGD": {"lr": 0.1}}), ours)
    optimizer.lr = 0.3
    optimizer.step(gradients(0))
    for one, before, gradient in zip(ours, reference, gradients(0), strict=True):
        assert torch.allclose(one, before - 0.3 * gradient)


def test_another_optimizer_of_torch_that_is_declared_is_used_as_it_is():
    ours, reference = weights(), weights()
    optimizer = optimizers._Torch("torch.optim.Adamax", ours, {"lr": 0.1})
    optimizer.lr = 0.2
    expected = torch.optim.Adamax(reference, lr=0.2)
    optimizer.step(gradients(0))
    for parameter, gradient in zip(reference, gradients(0), strict=True):
        parameter.grad = gradient
    expected.step()
    assert all(torch.equal(one, other) for one, other in zip(ours, reference, strict=True))


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ({"SGB": {}}, "did you mean SGD"),
        ({"SGD": {"lr": -1}}, "lr is −1"),
        ({"SGD": {"nesterov": True}}, "momentum is 0"),
    ],
)
def test_a_wrong_optimizer_is_refused_with_a_sentence(recipe, said):
    with pytest.raises(Problem, match=said):
        optimizers.make(Recipe(optimizer=recipe), weights())
