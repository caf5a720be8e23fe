"""Warms a runner: the first pass, the first gradient, the first save of a process load much that later ones find
there. Done before anybody waits for it, so that Train shows its first loss within a second."""

import tempfile
from pathlib import Path

import torch

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import Frame, Watch, encode
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.disk import runs
from playground.engine import checkpoints, probes
from playground.engine.check import check
from playground.engine.devices import pick
from playground.engine.loader import Prepared
from playground.engine.loop import LAYOUTS, Setup, Training

_NETWORK = (
    Layer("Conv2d", {"out_channels": 6}),
    Layer("ReLU"),
    Layer("MaxPool2d"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 10}),
)


def warm_up() -> None:
    """Train a tiny network for a few steps, look at it with every probe, and save it. Touches no lasting state."""
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    project = Project(Data(batch_size=8), _NETWORK, Recipe(epochs=1, optimizer={"SGD": {"momentum": 0.9}}))
    check(project)
    pick("cpu")
    inputs, labels = torch.zeros(24, 1, 8, 8), torch.zeros(24, dtype=torch.int64)
    data = Prepared(inputs, labels, inputs, labels, (1, 8, 8), tuple("0123456789"), "classification")
    for layout in LAYOUTS:
        training = Training(project, data, Setup(torch.device("cpu"), 1, layout))
        training.advance(observe=True)
        encode(Frame(state="idle", pictures=tuple(_looked_at(training))))
        while not training.finished:
            training.advance()
    with tempfile.TemporaryDirectory() as folder:
        checkpoints.save(Path(folder), training.state(), training.step)
        checkpoints.load(Path(folder))
        runs.read_losses(Path(folder))
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


def _looked_at(training: Training) -> list:
    context = training.context()
    return [probes.read(Watch(name, {"layer": [0], "sample": 0}), context) for name in probes.PROBES]
