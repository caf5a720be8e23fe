"""Which edits a run follows without a new beginning."""

import msgspec
import pytest

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.session.steering import steering

RUN = Project(network=(Layer("Flatten"),), recipe=Recipe(optimizer={"SGD": {"lr": 0.1, "momentum": 0.9}}))


def with_sgd(**arguments) -> Project:
    recipe = msgspec.structs.replace(RUN.recipe, optimizer={"SGD": arguments})
    return msgspec.structs.replace(RUN, recipe=recipe)


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        (with_sgd(lr=0.02, momentum=0.9), {"lr": 0.02}),
        (with_sgd(lr=0.1, momentum=0.9, weight_decay=0.01), {"weight_decay": 0.01}),
        (with_sgd(lr=0.5, momentum=0.9, weight_decay=0.01), {"lr": 0.5, "weight_decay": 0.01}),
        (with_sgd(momentum=0.9), {"lr": 0.01}),  # back on auto
        (RUN, {}),
        (with_sgd(lr=0.1, momentum=0.5), {}),
        (with_sgd(lr=0.2, momentum=0.5), {}),
        (with_sgd(lr=-1, momentum=0.9), {}),
        (with_sgd(lr="x", momentum=0.9), {}),
        (msgspec.structs.replace(with_sgd(lr=0.2, momentum=0.9), data=Data(batch_size=7)), {}),
        (msgspec.structs.replace(with_sgd(lr=0.2, momentum=0.9), network=()), {}),
        (msgspec.structs.replace(RUN, recipe=Recipe(optimizer={"Adam": {"lr": 0.1}})), {}),
    ],
    ids=lambda case: str(case)[-60:],
)
def test_only_rates_are_followed(edited, changed):
    assert steering(RUN, edited) == changed
