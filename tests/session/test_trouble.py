"""What is told of a run's figures, and what its ways out change."""

import msgspec
import numpy as np
import pytest

from playground.core import edit
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import EpochReport, Frame, Picture, Steered, Watch
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.session.history import History
from playground.session.trouble import no_memory, troubles
from tests.window.frame import array

NETWORK = (Layer("Flatten"), Layer("Linear"), Layer("Sigmoid"), Layer("Linear"), Layer("Tanh"), Layer("Linear"))
PROJECT = Project(network=NETWORK, recipe=Recipe(optimizer={"SGD": {"lr": 0.1}}))
LAYERS = [{"path": [n], "index": n + 1, "name": "Linear"} for n in (1, 3, 5)]


def with_slopes(*norms: tuple[float, float, float], ratio: float = 1e-3) -> History:
    """A history with the gradient norms of three layers at each look."""
    history = History()
    for step, one in enumerate(norms, 1):
        figures = {"gradient_norm": array(one), "update_ratio": array([ratio] * 3)}
        picture = Picture(Watch("slopes"), step, figures, {"layers": LAYERS})
        history.append(Frame(state="running", step=step, pictures=(picture,)))
    return history


def with_epochs(*losses: tuple[float, float], accuracy: float | None = 0.1) -> History:
    """A history with the train loss and the test loss of each epoch."""
    history = History()
    reports = tuple(EpochReport(n, 10 * n, train, test, accuracy, 1.0) for n, (train, test) in enumerate(losses, 1))
    history.append(Frame(state="running", step=10 * len(losses), epochs=reports))
    return history


def told(history: History, project: Project = PROJECT, classes: int = 10) -> list[str]:
    return [one.text for one in troubles(project, history, classes, 3e-3)]


def fixed(history: History, number: int = 0, project: Project = PROJECT) -> Project:
    """The project after a way out of the first trouble."""
    for one in troubles(project, history, 10, 3e-3)[0].fixes[number].edits:
        project = edit.apply(project, one)
    return project


@pytest.mark.parametrize(
    "history",
    [
        History(),
        with_slopes(*[(1.0, 0.5, 0.2)] * 20),
        with_slopes(*[(50.0, 60.0, 20.0)] * 20),  # large from the beginning, as with targets in thousands
        with_slopes((1e-4, 1e-3, 1.0)),
        with_epochs((2.3, 2.3)),
        with_epochs((2.3, 2.2), (1.5, 1.4), (0.9, 1.0), (0.5, 1.02), (0.3, 1.03)),  # hardly worse
        with_epochs(*[(0.01, 0.02)] * 5, accuracy=0.99),  # at its end
        with_epochs((1.0, 1.0), (0.5, 0.5), (0.4, 0.9)),  # one bad epoch
    ],
)
def test_a_healthy_run_has_no_trouble(history):
    assert told(history) == []


@pytest.mark.parametrize("norms", [[(1.0, 1.0, 5e3)] * 3, [(1.0, 1.0, 0.5)] * 20 + [(1.0, 1.0, 80.0)] * 16])
def test_slopes_that_explode(norms):
    history = with_slopes(*norms)
    assert told(history)[0].startswith("6 Linear: its slopes explode")
    assert fixed(history).recipe.clip_norm == 1.0
    assert fixed(history, 1).recipe.optimizer == {"SGD": {"lr": 0.01}}


def test_slopes_that_vanish_and_the_flat_activations_above_them():
    history = with_slopes(*[(1e-7, 1e-3, 1.0)] * 20)
    assert told(history)[0].startswith("2 Linear: its slopes vanish, their norm is 1·10⁻⁷")
    assert [layer.layer for layer in fixed(history).network] == [
        "Flatten", "Linear", "ReLU", "Linear", "ReLU", "Linear",
    ]  # fmt: skip
    relu = msgspec.structs.replace(PROJECT, network=(Layer("ReLU"),))
    assert troubles(relu, history, 10, 3e-3)[0].fixes == ()


def test_a_loss_that_does_not_move():
    history = with_epochs((2.303, 2.303), (2.302, 2.303), (2.303, 2.302))
    assert told(history) == ["The loss does not move: 2.3 after 3 epochs"]
    assert fixed(history).recipe.optimizer == {"SGD": {"lr": 1.0}}
    assert fixed(history, 1).recipe.optimizer == {"SGD": {"lr": 0.01}}
    assert told(with_epochs((5.0, 5.0), (5.0, 5.0), accuracy=None), classes=0)


def test_overfitting_names_its_first_epoch():
    history = with_epochs((2.0, 2.0), (1.0, 1.0), (0.5, 1.1), (0.3, 1.3), (0.1, 1.5))
    assert told(history) == ["Overfitting since epoch 2: the train loss falls, the held-out loss rises"]
    assert fixed(history).recipe.patience == 3
    assert fixed(history, 1).recipe.optimizer == {"SGD": {"lr": 0.1, "weight_decay": 0.01}}
    held = msgspec.structs.replace(PROJECT, recipe=Recipe(patience=2, optimizer={"GradientDescent": {}}))
    assert troubles(held, history, 10, 3e-3)[0].fixes == ()


def test_a_layer_that_learns_too_fast():
    history = with_slopes(*[(1.0, 0.5, 0.2)] * 4, ratio=6e-3)
    assert told(history) == ["2 Linear: update ratio 6·10⁻³ is above the healthy band"]
    assert fixed(history).recipe.optimizer == {"SGD": {"lr": 0.03}}


def test_what_was_mended_by_another_rate_is_not_told_any_longer():
    history = with_slopes(*[(1.0, 0.5, 0.2)] * 4, ratio=6e-3)
    history.append(Frame(state="running", step=4, steered=(Steered(4, "lr", 0.1, 0.01),)))
    assert told(history) == []
    figures = {"gradient_norm": array([1.0, 0.5, 0.2]), "update_ratio": array([7e-3] * 3)}
    picture = Picture(Watch("slopes"), 5, figures, {"layers": LAYERS})
    history.append(Frame(state="running", step=5, pictures=(picture,)))
    assert "update ratio 7·10⁻³" in told(history)[0]


def test_slopes_that_are_no_numbers_explode():
    assert "explode" in told(with_slopes(*[(1.0, np.nan, 1.0)] * 3))[0]


@pytest.mark.parametrize(("batch", "smaller"), [(64, [32]), (2, [1]), (1, []), ("all", [64])])
def test_a_smaller_batch_where_memory_was_not_enough(batch, smaller):
    project = msgspec.structs.replace(PROJECT, data=Data(batch_size=batch))
    after = [edit.apply(project, fix.edits[0]).data.batch_size for fix in no_memory(project)]
    assert after == smaller
