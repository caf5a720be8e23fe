"""Small trainings for the tests of the engine."""

import torch

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine.loader import Prepared
from playground.engine.loop import Setup, Training

NETWORK = (
    Layer("Conv2d", {"out_channels": 4}),
    Layer("BatchNorm2d"),
    Layer("ReLU"),
    Layer("MaxPool2d"),
    Layer("Flatten"),
    Layer("Dropout", {"p": 0.3}),
    Layer("Linear", {"out_features": 3}),
)
CPU = Setup(torch.device("cpu"), 1, "contiguous")


def pictures(train=50, test=20) -> Prepared:
    """Noise in three classes, 2×8×8."""
    drawn = torch.Generator().manual_seed(5)
    inputs = torch.randn(train + test, 2, 8, 8, generator=drawn)
    labels = torch.randint(0, 3, (train + test,), generator=drawn)
    return Prepared(
        inputs[:train], labels[:train], inputs[train:], labels[train:], (2, 8, 8), ("a", "b", "c"), "classification"
    )


def project(network=NETWORK, batch_size=16, **recipe) -> Project:
    defaults = {"epochs": 3, "seed": 7, "optimizer": {"SGD": {"lr": 0.05, "momentum": 0.9}}}
    return Project(Data(batch_size=batch_size), tuple(network), Recipe(**(defaults | recipe)))


def training(setup=CPU, data=None, **changes) -> Training:
    return Training(project(**changes), data or pictures(), setup)


def to_the_end(one: Training, observe=False) -> Training:
    while not one.finished:
        one.advance(observe)
    return one
