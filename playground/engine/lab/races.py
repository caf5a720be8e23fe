"""Optimizers that race down a surface from one start, with the same number of steps.

They are the program's own (`engine/optimizers.py`), which take the same steps as `torch.optim`, bit for bit, and do not
cost the seconds that its first object costs a process.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch

from playground.core.arguments import did_you_mean
from playground.core.lab.functions import SURFACES, Surface
from playground.core.lab.told import Race, Races
from playground.core.lab.topics import Descent, Racer
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.core.text import _
from playground.engine import optimizers
from playground.engine.lab.bench import array
from playground.engine.randomness import generator

GRID = 61
MOST_STEPS = 2_000  # of all racers together
_FAR = 1e6

Height = Callable[[torch.Tensor], torch.Tensor]


class _Samples(NamedTuple):
    """x, y: (samples,) float64"""

    x: torch.Tensor
    y: torch.Tensor


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
    samples = line_samples(state.seed)
    x = torch.linspace(surface.low[0], surface.high[0], GRID, dtype=torch.float64)
    y = torch.linspace(surface.low[1], surface.high[1], GRID, dtype=torch.float64)
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    heights = height(surface, samples)(torch.stack([columns, rows]))
    start = state.start if len(state.start) == 2 else surface.start
    run = tuple(_race(one, surface, samples, start, state) for one in racers)
    lowest = surface.lowest if surface.name != "regression" else (least_squares(samples),)
    return Races(array(x), array(y), array(heights), run, lowest)


def line_samples(seed: int) -> _Samples:
    """The samples of the data set "line", as far as it is settled by its declaration."""
    from playground.core.datasets import DATASETS
    from playground.engine.datasets.curves import load

    spec = DATASETS["line"]
    raw = load(spec, options={one.name: one.default for one in spec.arguments}, seed=seed)
    inputs, targets = torch.as_tensor(raw.train_inputs), torch.as_tensor(raw.train_targets)
    return _Samples(inputs.double().reshape(-1), targets.double().reshape(-1))


def least_squares(samples: _Samples) -> tuple[float, float]:
    """w and b of the lowest point of the loss of Linear(1, 1), by ordinary least squares."""
    columns = torch.stack([samples.x, torch.ones_like(samples.x)], 1)
    w, b = torch.linalg.lstsq(columns, samples.y[:, None]).solution.reshape(-1).tolist()
    return w, b


def height(surface: Surface, samples: _Samples) -> Height:
    """The function of a point, (2, ...) float64, as PyTorch computes it."""

    def regression(point: torch.Tensor) -> torch.Tensor:
        w, b = point[0], point[1]
        misses = w[..., None] * samples.x + b[..., None] - samples.y
        return (misses**2).mean(-1)

    return {
        "bowl": lambda at: at[0] ** 2 + at[1] ** 2,
        "valley": lambda at: at[0] ** 2 + 20 * at[1] ** 2,
        "saddle": lambda at: at[0] ** 2 - at[1] ** 2,
        "Rosenbrock": lambda at: (1 - at[0]) ** 2 + 100 * (at[1] - at[0] ** 2) ** 2,
        "Himmelblau": lambda at: (at[0] ** 2 + at[1] - 11) ** 2 + (at[0] + at[1] ** 2 - 7) ** 2,
        "regression": regression,
    }[surface.name]


def _race(racer: Racer, surface: Surface, samples: _Samples, start: tuple[float, ...], state: Descent) -> Race:
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = optimizers.make(Recipe(optimizer=_arguments(racer)), [point])
    whole = height(surface, samples)
    sign = -1.0 if state.ascend else 1.0
    path, losses, seconds = [point.detach().clone()], [whole(point.detach())], 0.0
    batches = _batches(surface, samples, state)
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
    return Race(racer.name, line_of(racer), array(torch.stack(path)), array(torch.stack(losses)), seconds)


def _batches(surface: Surface, samples: _Samples, state: Descent) -> Iterator[Height]:
    """The height that each step sees: of all samples, or of the next few in an order from the seed."""
    count = len(samples.x)
    if surface.name != "regression" or not 0 < state.batch < count:
        while True:
            yield height(surface, samples)
    draws = generator(state.seed, "shuffle")
    while True:
        order = torch.randperm(count, generator=draws)
        for few in order.split(state.batch):
            yield height(surface, _Samples(samples.x[few], samples.y[few]))


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


def line_of(racer: Racer) -> str:
    """Its line of PyTorch."""
    kind = racer.name if racer.name in ("Adam", "RMSprop") else "SGD"
    more = {
        "SGD": "",
        "momentum": f", momentum={racer.momentum}",
        "Nesterov": f", momentum={racer.momentum}, nesterov=True",
        "Adam": f", betas=({racer.beta1}, {racer.beta2})",
        "RMSprop": f", alpha={racer.alpha}",
    }[racer.name]
    return f"torch.optim.{kind}([w], lr={racer.lr}{more})"
