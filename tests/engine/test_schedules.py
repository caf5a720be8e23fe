"""Schedules against torch.optim.lr_scheduler."""

import pytest
import torch
from torch.optim import lr_scheduler

from playground.core.recipe import Recipe
from playground.core.schedules import SCHEDULES, rate_of
from playground.core.spec import Place

EACH, EPOCHS, LR = 8, 13, 0.4
STEPS = EACH * EPOCHS  # more than a hundred
HELD_BACK = [5.0, 4.0, 4.0, 3.9999, 4.1, 4.0, 3.0, 3.0, 3.1, 3.2, 3.3, 2.0, 2.5]


def warm(one, length=3 * EACH, start=0.2):
    return lr_scheduler.LinearLR(one, start_factor=start, total_iters=length)


CASES = [
    ("Step", {}, lambda one: lr_scheduler.StepLR(one, step_size=3, gamma=0.5)),
    ("Step", {"step_size": 2, "gamma": 0.3}, lambda one: lr_scheduler.StepLR(one, step_size=2, gamma=0.3)),
    ("Exponential", {"gamma": 0.8}, lambda one: lr_scheduler.ExponentialLR(one, gamma=0.8)),
    ("Cosine", {}, lambda one: lr_scheduler.CosineAnnealingLR(one, T_max=STEPS)),
    ("Cosine", {"eta_min": 0.05}, lambda one: lr_scheduler.CosineAnnealingLR(one, T_max=STEPS, eta_min=0.05)),
    ("OneCycle", {}, lambda one: lr_scheduler.OneCycleLR(one, LR, total_steps=STEPS, cycle_momentum=False)),
    (
        "OneCycle",
        {"pct_start": 0.5, "div_factor": 4.0, "final_div_factor": 10.0},
        lambda one: lr_scheduler.OneCycleLR(
            one, LR, total_steps=STEPS, pct_start=0.5, div_factor=4, final_div_factor=10, cycle_momentum=False
        ),
    ),
    ("WarmUp", {"warm_epochs": 3.0, "start_factor": 0.2}, warm),
    (
        "WarmUpCosine",
        {"warm_epochs": 3.0, "start_factor": 0.2, "eta_min": 0.01},
        lambda one: lr_scheduler.SequentialLR(
            one,
            [warm(one), lr_scheduler.CosineAnnealingLR(one, T_max=STEPS - 3 * EACH, eta_min=0.01)],
            milestones=[3 * EACH],
        ),
    ),
    ("Plateau", {}, lambda one: lr_scheduler.ReduceLROnPlateau(one, factor=0.1, patience=2)),
    (
        "Plateau",
        {"factor": 0.5, "patience": 0, "threshold": 0.01, "min_lr": 0.1},
        lambda one: lr_scheduler.ReduceLROnPlateau(one, factor=0.5, patience=0, threshold=0.01, min_lr=0.1),
    ),
]


@pytest.mark.parametrize(
    ("name", "arguments", "theirs"), CASES, ids=lambda case: "" if callable(case) else str(case)[:40]
)
@pytest.mark.filterwarnings("ignore")  # torch's own: a scheduler that calls another's step with an epoch
def test_a_hundred_steps_have_the_rates_of_torch(name, arguments, theirs):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR)
    scheduler, rate = theirs(optimizer), rate_of(Recipe(schedule={name: arguments}))
    for step in range(STEPS):
        place = Place(step, EACH, EPOCHS, HELD_BACK[: step // EACH])
        assert rate(LR, place) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9, abs=1e-12), step
        optimizer.step()
        if SCHEDULES[name].each == "step":
            scheduler.step()
        elif (step + 1) % EACH == 0:
            scheduler.step(*([HELD_BACK[step // EACH]] if name == "Plateau" else []))


def test_every_schedule_is_held_against_torch():
    assert {name for name, _arguments, _theirs in CASES} == set(SCHEDULES)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize(("each", "epochs"), [(1, 1), (1, 2), (3, 1), (2, 2)])
def test_the_shortest_runs_have_a_rate_at_every_step(name, each, epochs):
    rate = rate_of(Recipe(schedule={name: {}}))
    rates = [rate(LR, Place(step, each, epochs, [1.0] * (step // each))) for step in range(each * epochs)]
    assert all(0 <= one <= LR for one in rates)


def test_without_a_schedule_there_is_nothing_to_ask():
    assert rate_of(Recipe()) is None
