"""The accelerators of this machine, and what the tests on them share.

PLAYGROUND_ACCELERATORS names the devices instead ("cuda:1 mps"); "cpu" tries the tests themselves where there is none.
"""

import os

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.messages import Array
from playground.disk import projects
from playground.engine import loader
from playground.engine.devices import is_usable, list_devices
from playground.engine.loop import Setup, Training

FOUND = [one for one in list_devices(tried=True) if one.name != "cpu"]
ACCELERATORS = os.environ.get("PLAYGROUND_ACCELERATORS", "").split() or [one.name for one in FOUND if is_usable(one)]
STEPS = 20
IN_FLIGHT = 16  # losses that come home together, at most
STRAIGHT = (
    Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("ReLU"), Layer("Linear", {"out_features": 3}),
)  # fmt: skip
TOO_FAST = {"network": STRAIGHT, "optimizer": {"SGD": {"lr": 1e6}}, "epochs": 50}


def on_each(test):
    """A test of every accelerator; none where there is none: `test_there_is_an_accelerator` says that once."""
    return pytest.mark.parametrize("device", ACCELERATORS)(test) if ACCELERATORS else None


def on(device: str) -> Setup:
    return Setup(torch.device(device), 1, "contiguous")


def lenet() -> nn.Sequential:
    """The preset lenet-digits, from torch's own classes."""
    convolutions = [nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2)]
    head = [nn.Linear(576, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)]
    return nn.Sequential(*convolutions, nn.Flatten(), *head)


def softmax() -> nn.Sequential:
    """The preset softmax-iris."""
    return nn.Sequential(nn.Linear(4, 3))


def preset(name: str, device: str) -> Training:
    asked = projects.load(f"preset:{name}")
    return Training(asked, loader.prepare(asked.data, asked.recipe.seed), on(device))


def steps_of(one: Training, steps: int) -> list[float]:
    while one.step < steps:
        one.advance()
    one.collect()
    return one.losses[:steps].tolist()


def numbers(array: Array) -> np.ndarray:
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)
