"""What is told of a run's figures, and what its ways out change."""

import msgspec
import numpy as np
import pytest

from playground.core import edit
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import Array, EpochReport, Frame, Picture, Steered, Watch
from playground.core.problem import DIVERGED, MEMORY, PRECISION, Fault
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.session.history import History
from playground.session.trouble import reason, short, troubles, ways_out
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


def with_looks(*fired: list[int], samples: int = 64) -> History:
    """A history with what each of four units of a ReLU did at each look."""
    history = History()
    facts = {"layers": [{"path": [2], "index": 3, "name": "ReLU"}], "samples": samples}
    for step, one in enumerate(fired, 1):
        picture = Picture(Watch("dead_units"), step, {"2": Array("uint8", (len(one),), bytes(one))}, facts)
        history.append(Frame(state="running", step=step, pictures=(picture,)))
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
    thrown = with_slopes(*[(0.0, 1e-3, 1.0)] * 20)
    assert told(thrown)[0].startswith("2 Linear: its slopes vanish, their norm is 0")
    assert troubles(relu, thrown, 10, 3e-3)[0].fixes[0].label == "Set lr to 0.01"


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
    history.append(Frame(state="finished", step=50, best_epoch=2, weights_epoch=2))
    assert told(history) == []  # it has the weights from before it


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


RECTIFIED = msgspec.structs.replace(
    PROJECT, network=(Layer("Flatten"), Layer("Linear"), Layer("ReLU"), Layer("Linear"), Layer("ReLU"), Layer("Linear"))
)


@pytest.mark.parametrize(
    "history",
    [
        with_looks(*[[0, 0, 0, 1]] * 3),  # too few looks
        with_looks(*[[0, 0, 0, 1]] * 4, samples=63),  # at too few samples
        with_looks(*[[0, 1, 1, 1]] * 8),  # a quarter
        with_looks(*[[0, 0, 0, 1]] * 7, [0, 1, 1, 1]),  # seldom, but alive
        with_looks(*[[0, 1]] * 8),  # one of two
    ],
)
def test_units_that_may_be_alive_are_no_trouble(history):
    assert told(history, RECTIFIED) == []


def test_dead_units_are_told_with_their_layer_and_share():
    history = with_looks([0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1])
    assert told(history, RECTIFIED) == ["3 ReLU: 2 of 4 units are dead, 0 for each of 256 samples"]
    assert fixed(history, 0, RECTIFIED).recipe.optimizer == {"SGD": {"lr": 0.01}}
    leaky = fixed(history, 1, RECTIFIED)
    assert [one.layer for one in leaky.network] == ["Flatten", "Linear", "LeakyReLU", "Linear", "LeakyReLU", "Linear"]
    drawn = fixed(history, 2, RECTIFIED)
    assert [place for place, one in enumerate(drawn.network) if one.arguments == {"init": "kaiming_normal"}] == [1, 3]
    assert len(troubles(drawn, history, 10, 3e-3)[0].fixes) == 2  # nothing is left to draw in that way


def test_what_was_dead_before_a_change_of_the_rate_is_looked_at_anew():
    history = with_looks(*[[0, 0, 0, 1]] * 4)
    assert told(history, RECTIFIED)
    history.append(Frame(state="running", step=4, steered=(Steered(4, "lr", 0.1, 0.01),)))
    assert told(history, RECTIFIED) == []


def test_looks_behind_a_checkpoint_are_forgotten_when_it_is_gone_back_to():
    history = with_looks(*[[0, 0, 0, 1]] * 6)
    losses = array([1.0, 1.0])
    history.append(Frame(state="running", step=6, losses=array([1.0] * 6)))
    history.append(Frame(state="running", step=4, first_step=2, losses=losses))
    assert [one.step for one in history.looks] == [1, 2, 3, 4]


def after(project: Project, fault: Fault) -> list[Project]:
    """The project after each way out of what ended a run."""
    return [edit.apply(project, fix.edits[0]) for fix in ways_out(project, fault)]


@pytest.mark.parametrize(
    ("batch", "fits", "set_to"),
    [
        (64, 16, [16]),
        ("all", 128, [128]),
        (64, 0, []),  # not even one sample fits
        (16, 16, []),  # it was set already
        (64, None, [32]),  # nobody knows
        (1, None, []),
        ("all", None, [64]),
    ],
)
def test_the_batch_that_fits_where_memory_was_not_enough(batch, fits, set_to):
    project = msgspec.structs.replace(PROJECT, data=Data(batch_size=batch))
    fault = Fault(where="Memory", what="there is not enough", fix="x", kind=MEMORY, batch_size=fits)
    assert [one.data.batch_size for one in after(project, fault)] == set_to


def test_a_lower_rate_or_clipped_slopes_where_the_loss_was_no_number():
    fault = Fault(where="Layer 2, Linear", what="the loss became nan", fix="x", kind=DIVERGED)
    first, second = after(PROJECT, fault)
    assert first.recipe.optimizer == {"SGD": {"lr": 0.01}}
    assert second.recipe.clip_norm == 1.0
    assert after(PROJECT, msgspec.structs.replace(fault, kind="")) == []
    assert reason(fault).startswith("Causes: a learning rate")
    assert reason(msgspec.structs.replace(fault, kind="")) == "x."


@pytest.mark.parametrize(
    ("kind", "fits", "said"),
    [
        (MEMORY, 1024, "Out of memory: batches of 1,024 would fit"),
        (MEMORY, 0, "Out of memory: no batch size fits"),
        (MEMORY, None, "Out of memory"),
        (DIVERGED, None, "Layer 2, Linear: the loss became nan at step 3"),
    ],
)
def test_the_short_form_keeps_what_matters(kind, fits, said):
    what = "the loss became nan at step 3; the parameter weight of this layer is the first that is not finite"
    assert short(Fault(where="Layer 2, Linear", what=what, fix="x", kind=kind, batch_size=fits)) == said


def test_a_precision_that_a_device_has_not_is_one_click_from_one_that_every_device_has():
    fault = Fault(where="Recipe, precision", what="mps cannot compute in bfloat16", fix="x", kind=PRECISION)
    half = msgspec.structs.replace(PROJECT, recipe=Recipe(precision="bfloat16"))
    assert [one.recipe.precision for one in after(half, fault)] == ["float32"]
    assert after(PROJECT, fault) == []
