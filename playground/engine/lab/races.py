"""Optimizers that race down a surface from one start, with the same number of steps.

They are the program's own (`engine/optimizers.py`), which take the same steps as `torch.optim`, bit for bit, and do not
cost the seconds that its first object costs a process.
"""

import time
from collections.abc import Callable, Iterator
from functools import lru_cache

import torch

from playground.core.arguments import did_you_mean
from playground.core.carried import Array
from playground.core.lab.functions import SURFACES, Surface
from playground.core.lab.scripts import racer_line
from playground.core.lab.told import Race, Races
from playground.core.lab.topics import Descent, Racer
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.core.text import _
from playground.engine import optimizers
from playground.engine.lab.bench import array
from playground.engine.lab.samples import OF, Samples, least_squares
from playground.engine.randomness import generator

GRID = 61
MOST_STEPS = 2_000  # of all racers together
_FAR = 1e6

Height = Callable[[torch.Tensor], torch.Tensor]


def races(state: Descent) -> Races:
    """Every racer's way over the surface. raises Problem: there is no such surface, or too many steps"""
    surface = SURFACES.get(state.surface)
    if surface is None:
        raise Problem(
            where=_("Descent"),
            what=_("there is no surface {name}").format(name=state.surface) + did_you_mean(state.surface, SURFACES),
            fix=_("Choose one of {names}").format(names=", ".join(SURFACES)),
        )
    racers = state.racers or (Racer(lr=state.lr),)
    if state.steps * len(racers) > MOST_STEPS:
        raise Problem(
            where=_("Descent"),
            what=_("{n:,} steps in all are more than the {most:,} that are taken at once").format(
                n=state.steps * len(racers), most=MOST_STEPS
            ),
            fix=_("Take fewer steps, or fewer optimizers"),
        )
    samples = _samples(surface, state.seed)
    start = state.start if len(state.start) == 2 else surface.start
    run = tuple(_race(one, surface, samples, start, state) for one in racers)
    lowest = surface.lowest if samples is None else (least_squares(samples),)
    return Races(*_grid(surface.name, state.seed), run, lowest)


@lru_cache(maxsize=8)  # the start is dragged over a surface that stays
def _grid(name: str, seed: int) -> tuple[Array, Array, Array]:
    """x, y, and the heights above them."""
    surface = SURFACES[name]
    x = torch.linspace(surface.low[0], surface.high[0], GRID, dtype=torch.float64)
    y = torch.linspace(surface.low[1], surface.high[1], GRID, dtype=torch.float64)
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    heights = height(surface, _samples(surface, seed))
    return array(x), array(y), array(torch.stack([heights(row) for row in torch.stack([columns, rows], 1)]))


def _samples(surface: Surface, seed: int) -> Samples | None:
    """None for a function without."""
    return OF[surface.samples](seed) if surface.samples else None


def height(surface: Surface, samples: Samples | None) -> Height:
    """The function of a point, (2, ...) float64, as PyTorch computes it."""

    def loss(point: torch.Tensor) -> torch.Tensor:
        assert samples is not None
        w, b = point[0], point[1]
        misses = w[..., None] * samples.x + b[..., None] - samples.y
        return (misses**2).mean(-1)

    if samples is not None:
        return loss
    return {
        "bowl": lambda at: at[0] ** 2 + at[1] ** 2,
        "valley": lambda at: at[0] ** 2 + 20 * at[1] ** 2,
        "saddle": lambda at: at[0] ** 2 - at[1] ** 2,
        "Rosenbrock": lambda at: (1 - at[0]) ** 2 + 100 * (at[1] - at[0] ** 2) ** 2,
        "Himmelblau": lambda at: (at[0] ** 2 + at[1] - 11) ** 2 + (at[0] + at[1] ** 2 - 7) ** 2,
    }[surface.name]


def _race(racer: Racer, surface: Surface, samples: Samples | None, start: tuple[float, ...], state: Descent) -> Race:
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = optimizers.make(Recipe(optimizer=_arguments(racer)), [point])
    whole = height(surface, samples)
    sign = -1.0 if state.ascend else 1.0
    path, losses, seconds = [point.detach().clone()], [whole(point.detach())], 0.0
    batch = state.batch if racer.batch is None else racer.batch
    batches = _batches(surface, samples, batch, state.seed)
    for _step in range(state.steps):
        began = time.perf_counter()
        loss = next(batches)(point)
        (slope,) = torch.autograd.grad(loss, [point])
        optimizer.step([sign * slope])
        seconds += time.perf_counter() - began
        if not bool(torch.isfinite(point.detach()).all()) or float(point.detach().abs().max()) > _FAR:
            break
        path.append(point.detach().clone())
        losses.append(whole(point.detach()))
    return Race(racer.name, racer_line(racer), array(torch.stack(path)), array(torch.stack(losses)), seconds, batch)


def _batches(surface: Surface, samples: Samples | None, batch: int, seed: int) -> Iterator[Height]:
    """The height that each step sees: of all samples, or of the next few in an order from the seed."""
    if samples is None or not 0 < batch < len(samples.x):
        while True:
            yield height(surface, samples)
    draws = generator(seed, "shuffle")
    while True:
        order = torch.randperm(len(samples.x), generator=draws)
        for few in order.split(batch):
            yield height(surface, Samples(samples.x[few], samples.y[few]))


def _arguments(racer: Racer) -> dict[str, dict[str, object]]:
    """As a recipe names them."""
    lr: dict[str, object] = {"lr": racer.lr}
    return {
        "SGD": {"SGD": lr},
        "momentum": {"SGD": {**lr, "momentum": racer.momentum}},
        "Nesterov": {"SGD": {**lr, "momentum": racer.momentum, "nesterov": racer.momentum > 0}},
        "Adam": {"Adam": {**lr, "beta1": racer.beta1, "beta2": racer.beta2}},
        "RMSprop": {"RMSprop": {**lr, "alpha": racer.alpha}},
    }[racer.name]
