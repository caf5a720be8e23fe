"""The samples whose loss of Linear(1, 1) is a surface over w and b."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import torch

from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.engine.datasets.california_housing import COLUMNS

HOUSING = Data(dataset="california-housing", preparation=({"standardize": True},))
INCOME = COLUMNS.index("MedInc")


class Samples(NamedTuple):
    """x, y: (samples,) float64"""

    x: torch.Tensor
    y: torch.Tensor


@lru_cache(maxsize=8)
def line_samples(seed: int) -> Samples:
    """The samples of the data set "line", as far as it is settled by its declaration."""
    from playground.engine.datasets.curves import load

    spec = DATASETS["line"]
    raw = load(spec, options={one.name: one.default for one in spec.arguments}, seed=seed)
    inputs, targets = torch.as_tensor(raw.train_inputs), torch.as_tensor(raw.train_targets)
    return Samples(inputs.double().reshape(-1), targets.double().reshape(-1))


@lru_cache(maxsize=1)
def income_samples(_seed: int = 0) -> Samples:
    """Districts of the training part of California housing: x the standardized median income, y the median house value in
    100,000 $, as in the preset `linear-california`. raises Problem: the data are not on this machine
    """
    from playground.engine.loader import prepare

    data = prepare(HOUSING, 0)
    everything = range(len(data.targets("train")))
    x = data.samples("train", everything)[:, INCOME]
    return Samples(x.double(), data.targets("train").double().reshape(-1))


# `Surface.samples` -> makes them from a seed
OF: dict[str, Callable[[int], Samples]] = {"line": line_samples, "california": income_samples}


def least_squares(samples: Samples) -> tuple[float, float]:
    """w and b of the lowest point of the loss of Linear(1, 1), by ordinary least squares."""
    columns = torch.stack([samples.x, torch.ones_like(samples.x)], 1)
    w, b = torch.linalg.lstsq(columns, samples.y[:, None]).solution.reshape(-1).tolist()
    return w, b
