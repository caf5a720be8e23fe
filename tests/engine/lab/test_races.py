"""Each racer against `torch.optim` itself."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression

from playground.core.datasets import DATASETS
from playground.core.lab.functions import SURFACES
from playground.core.lab.scripts import racer_line
from playground.core.lab.topics import Descent, Racer
from playground.core.problem import Problem
from playground.engine.lab.races import races
from playground.engine.lab.samples import income_samples, least_squares, line_samples
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
    return eval(racer_line(racer).replace("[w]", "weights"), {"torch": torch, "weights": weights})


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
        assert race.line == racer_line(racer)
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


def test_the_lowest_point_on_california_housing_is_ordinary_least_squares(real_data, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_DATA", str(real_data))
    income_samples.cache_clear()
    told = races(Descent(surface="california", steps=200, racers=(Racer("SGD", 0.3),)))
    x, y = (one.numpy() for one in income_samples())
    assert (x.mean(), x.std()) == (pytest.approx(0, abs=1e-5), pytest.approx(1, abs=1e-4))
    by_hand = LinearRegression().fit(x[:, None], y)
    expected = (by_hand.coef_[0], by_hand.intercept_)
    np.testing.assert_allclose(told.lowest[0], expected, rtol=1e-3)
    np.testing.assert_allclose(numbers(told.races[0].path)[-1], expected, rtol=1e-3)
    heights = numbers(told.heights)
    row, column = np.unravel_index(heights.argmin(), heights.shape)
    assert abs(numbers(told.x)[column] - expected[0]) <= numbers(told.x)[1] - numbers(told.x)[0]
    assert abs(numbers(told.y)[row] - expected[1]) <= numbers(told.y)[1] - numbers(told.y)[0]
    table = np.loadtxt(real_data / "california_housing.csv", delimiter=",", skiprows=1)
    slope = np.polyfit((table[:, 0] - table[:, 0].mean()) / table[:, 0].std(), table[:, -1], 1)[0]
    assert expected[0] == pytest.approx(slope, rel=0.03)  # of all districts, not the training part alone


def test_a_surface_of_data_that_are_not_here_is_refused_with_a_way_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    income_samples.cache_clear()
    with pytest.raises(Problem, match="California"):
        races(Descent(surface="california"))


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
    assert {name for name, one in SURFACES.items() if not one.samples} == set(BY_HAND)


def test_a_racer_may_have_a_batch_of_its_own():
    racers = tuple(Racer("SGD", 0.05, batch=size) for size in (None, 0, 16, 1))
    told = races(Descent(surface="regression", start=(-1.5, 5.0), steps=6, batch=16, racers=racers)).races
    assert [race.batch for race in told] == [16, 0, 16, 1]
    assert numbers(told[0].path) == pytest.approx(numbers(told[2].path), rel=1e-12)
    samples = line_samples(0)
    w, b = -1.5, 5.0
    for step in range(6):
        assert numbers(told[1].path)[step] == pytest.approx((w, b), rel=1e-9)
        misses = w * samples.x.numpy() + b - samples.y.numpy()
        w, b = w - 0.05 * 2 * (misses * samples.x.numpy()).mean(), b - 0.05 * 2 * misses.mean()
