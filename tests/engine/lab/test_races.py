"""Each racer against `torch.optim` itself."""

import numpy as np
import pytest
import torch

from playground.core.datasets import DATASETS
from playground.core.lab.functions import SURFACES
from playground.core.lab.topics import Descent, Racer
from playground.core.problem import Problem
from playground.engine.lab.races import least_squares, line_of, line_samples, races
from playground.session.history import numbers

RACERS = (
    Racer("SGD", 0.002), Racer("momentum", 0.001), Racer("Nesterov", 0.001, 0.8), Racer("Adam", 0.1, beta1=0.8),
    Racer("RMSprop", 0.02, alpha=0.9),
)  # fmt: skip
BY_HAND = {
    "bowl": lambda x, y: x**2 + y**2,
    "valley": lambda x, y: x**2 + 20 * y**2,
    "saddle": lambda x, y: x**2 - y**2,
    "Rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "Himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
}


def optimizer(racer, weights):
    return eval(line_of(racer).replace("[w]", "weights"), {"torch": torch, "weights": weights})


@pytest.mark.parametrize("surface", BY_HAND)
def test_every_racer_takes_the_steps_of_torch_optim(surface):
    told = races(Descent(surface=surface, start=(-1.2, 1.0), steps=25, racers=RACERS))
    for racer, race in zip(RACERS, told.races, strict=True):
        point = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
        made, path = optimizer(racer, [point]), [[-1.2, 1.0]]
        for _step in range(25):
            made.zero_grad()
            BY_HAND[surface](point[0], point[1]).backward()
            made.step()
            path.append(point.tolist())
        np.testing.assert_allclose(numbers(race.path), path, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(numbers(race.losses), [BY_HAND[surface](*at) for at in path], rtol=1e-8, atol=1e-12)
        assert race.line == line_of(racer)
        assert race.seconds > 0


@pytest.mark.parametrize("surface", BY_HAND)
def test_heights_lie_over_the_grid(surface):
    told = races(Descent(surface=surface, steps=0))
    x, y = np.meshgrid(numbers(told.x), numbers(told.y))
    np.testing.assert_allclose(numbers(told.heights), BY_HAND[surface](x, y), rtol=1e-12, atol=1e-12)
    for point in told.lowest:
        assert BY_HAND[surface](*point) < 1e-9


def test_the_lowest_point_of_a_loss_is_that_of_least_squares():
    samples = line_samples(3)
    told = races(Descent(surface="regression", start=(-1.0, 3.0), steps=400, racers=(Racer("SGD", 0.2),), seed=3))
    w, b = np.polyfit(samples.x.numpy(), samples.y.numpy(), 1)
    np.testing.assert_allclose(told.lowest[0], (w, b), rtol=1e-9)
    np.testing.assert_allclose(numbers(told.races[0].path)[-1], (w, b), rtol=1e-3)
    np.testing.assert_allclose(least_squares(samples), (w, b), rtol=1e-9)


def test_the_surface_of_a_loss_is_the_loss_of_linear_1_1():
    samples = line_samples(0)
    told = races(Descent(surface="regression", steps=0))
    model = torch.nn.Linear(1, 1).double()
    for row, column in ((0, 0), (20, 40), (60, 60)):
        with torch.no_grad():
            model.weight.fill_(numbers(told.x)[column])
            model.bias.fill_(numbers(told.y)[row])
        loss = torch.nn.functional.mse_loss(model(samples.x[:, None])[:, 0], samples.y)
        assert numbers(told.heights)[row, column] == pytest.approx(loss.item(), rel=1e-12)


def test_samples_are_those_of_the_data_set():
    assert len(line_samples(0).x) == DATASETS["line"].train


def test_a_mini_batch_takes_other_steps_than_all_samples():
    asked = {"surface": "regression", "start": (0.0, 0.0), "steps": 40, "racers": (Racer("SGD", 0.02),)}
    whole, few, single = (numbers(races(Descent(**asked, batch=batch)).races[0].path) for batch in (0, 16, 1))
    assert len(whole) == len(few) == len(single) == 41
    assert not np.allclose(whole, few)
    again = numbers(races(Descent(**asked, batch=1)).races[0].path)
    np.testing.assert_array_equal(single, again)


def test_a_race_that_runs_away_ends_and_one_that_climbs_goes_up():
    (race,) = races(Descent(surface="bowl", start=(1.0, 1.0), steps=100, racers=(Racer("SGD", 5.0),))).races
    assert len(numbers(race.path)) < 100
    (race,) = races(Descent(surface="bowl", start=(1.0, 1.0), steps=5, racers=(Racer("SGD", 0.1),), ascend=True)).races
    assert numbers(race.losses)[-1] > numbers(race.losses)[0]


def test_what_is_no_surface_or_too_much_is_refused():
    with pytest.raises(Problem, match="did you mean"):
        races(Descent(surface="bowll"))
    with pytest.raises(Problem, match="taken at once"):
        races(Descent(surface="bowl", steps=10_000))
    assert set(SURFACES) == {*BY_HAND, "regression"}
