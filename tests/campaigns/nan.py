"""Breaks a training in twenty places with NaN or infinity, and reads what is told of it.

    uv run python -m tests.campaigns.nan [--count 20] [--seed 0] [--verbose]

Weights of each kind of layer, samples, targets, the loss, what comes back through the network, the optimizer's figures,
running figures, the learning rate. The run must stop at the very step whose loss is the first that is no number (of
running figures: at the test that is the first to use them), and the sentence must name that step, the layer, and the
tensor. Step, number and layer are drawn from the seed; more than twenty go round again.
"""

import argparse
import copy
import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.engine.loader import Prepared, order
from playground.engine.loop import Training
from tests.engine.trainings import pictures, project, training

DEEP = (
    Layer("Conv2d", {"out_channels": 4}),
    Layer("BatchNorm2d"),
    Layer("ReLU"),
    Layer("Residual", {}, (Layer("Conv2d", {"out_channels": 6, "padding": 1}), Layer("ReLU"))),
    Layer("MaxPool2d"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 12}),
    Layer("Tanh"),
    Layer("Linear", {"out_features": 3}),
)  # rows 1 to 11: those inside the block are 5 and 6
FLAT = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("ReLU"), Layer("Linear", {"out_features": 3}))
SEQUENCE = (Layer("LSTM", {"hidden_size": 5}), Layer("Flatten"), Layer("Linear", {"out_features": 3}))
NORMAL = (Layer("Flatten"), Layer("LayerNorm"), Layer("Linear", {"out_features": 3}))
MOST_STEPS = 200


class Expected(NamedTuple):
    """where: of the sentence;  tensor: words in it;  step: that it must name, from 1; None: the one after the last loss,
    and the layer is then the first that is broken on the way of its batch
    """

    where: str
    tensor: str
    step: int | None


@dataclass
class Outcome:
    """name: of the place, with its number;  said: the sentence;  faults: what must not be"""

    name: str
    said: str = ""
    faults: list[str] = field(default_factory=list)


Break = Callable[[random.Random], tuple[Training, Expected]]


def _stepped(one: Training, draw: random.Random, most: int = 6) -> int:
    """Take some steps first, an epoch at most. Returns the number of the next."""
    for _step in range(draw.randint(0, min(most, one.steps_per_epoch - 1))):
        one.advance()
    return one.step + 1


def _bad(draw: random.Random) -> float:
    return draw.choice([math.nan, math.inf])


def _put(tensor: torch.Tensor, draw: random.Random, value: float = math.nan) -> None:
    with torch.no_grad():
        tensor.view(-1)[draw.randrange(tensor.numel())] = value


def weight(network: tuple[Layer, ...], name: str, where: str, data: Callable[[], Prepared] = pictures) -> Break:
    """One number of a parameter."""

    def make(draw: random.Random) -> tuple[Training, Expected]:
        one = training(network=network, data=data(), batch_size=8)
        step = _stepped(one, draw)
        before_tanh = network is DEEP and name == "6.weight"  # which makes ±1 of infinity: see `squeezed`
        _put(one.model.get_parameter(name), draw, _bad(draw) if "weight" in name and not before_tanh else math.nan)
        return one, Expected(where, f"the parameter {name.rpartition('.')[2]} of this layer", step)

    return make


def squeezed(draw: random.Random) -> tuple[Training, Expected]:
    """An infinite weight in front of a Tanh: the loss is a number still, what comes back is none."""
    one = training(network=DEEP, batch_size=8)
    step = _stepped(one, draw, most=5)
    _put(one.model.get_parameter("6.weight"), draw, math.inf)
    with torch.random.fork_rng(devices=[]):
        outputs = copy.deepcopy(one.model)(one._batches.at(one._position)[0])
    if not torch.isfinite(outputs).all():  # it met a 0
        return one, Expected("Layer 9, Linear", "the parameter weight of this layer", step)
    return one, Expected("Layer 9, Linear", "the gradient came to this one first", step + 1)


def sample(draw: random.Random) -> tuple[Training, Expected]:
    """A pixel of one training sample."""
    data, number = pictures(), draw.randrange(50)
    one = training(network=DEEP, data=data, batch_size=8)
    _put(data.train_inputs[number], draw, _bad(draw))
    return one, Expected("Data", f"the inputs of sample {number} of the training part", _step_of(number, 8))


def cell(draw: random.Random) -> tuple[Training, Expected]:
    """A number of a table: the column is named, too."""
    data, number, column = table(), draw.randrange(40), draw.randrange(3)
    one = training(network=(Layer("Linear", {"out_features": 2}),), data=data, batch_size=8)
    data.train_inputs[number, column] = _bad(draw)
    return one, Expected("Data", f"{'abc'[column]} of sample {number}", _step_of(number, 8, size=40))


def target(draw: random.Random) -> tuple[Training, Expected]:
    """A number to be predicted."""
    data, number = table(numbers=True), draw.randrange(40)
    data.train_targets[number] = _bad(draw)
    one = training(network=(Layer("Linear", {"out_features": 1}),), data=data, batch_size=8, loss="MSE")
    return one, Expected("Data", f"the target of sample {number}", _step_of(number, 8, size=40))


def late(draw: random.Random) -> tuple[Training, Expected]:
    """A preparation that is done to each batch, and makes of one sample what is no number."""
    data, number = pictures(), draw.randrange(50)
    one = training(network=FLAT, data=data, batch_size=8)
    mark, copied = data.train_inputs[number, 0, 0, 0].item(), one._batches._copied

    def broken(first: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
        views = copied(first)
        for inputs, _targets in views:
            inputs[inputs[:, 0, 0, 0] == mark] = math.nan
        return views

    one._batches._copied = broken  # type: ignore[method-assign]
    return one, Expected("Data", f"sample {number} of the training part", _step_of(number, 8))


def loss_itself(draw: random.Random) -> tuple[Training, Expected]:
    """A loss that makes NaN of finite outputs."""
    one = training(network=DEEP, batch_size=8)
    step, module = _stepped(one, draw), one.loss._module
    one.loss._module = _Broken(module)
    return one, Expected("Loss", "outputs of every layer are finite, the loss of them is not", step)


def class_weights(draw: random.Random) -> tuple[Training, Expected]:
    """What a class weighs in the loss."""
    one = training(network=FLAT, batch_size=25, loss_options={"balance": True})
    step = _stepped(one, draw, most=1)
    assert one.loss.class_weights is not None
    _put(one.loss.class_weights, draw)
    return one, Expected("Loss", "the weights of its classes are not finite", step)


def rate(draw: random.Random) -> tuple[Training, Expected]:
    """A learning rate with which a step throws the weights so far that the next loss is none."""
    one = training(network=FLAT, batch_size=8, optimizer={"SGD": {"lr": 10.0 ** draw.randint(4, 6)}}, epochs=30)
    return one, Expected("", "of this layer is the first", None)


def returned(draw: random.Random) -> tuple[Training, Expected]:
    """A slope that is NaN on its way back, below a finite loss: the square root at 0 gives such."""
    one = training(network=DEEP, batch_size=8)
    step, place = _stepped(one, draw, most=5), draw.choice([6, 8])
    # 0 is added, whose slope is 0/0: what comes back to the layers before this one is no number
    one.model[place].register_forward_pre_hook(lambda _module, inputs: (inputs[0] + (inputs[0] * 0).sqrt(),))
    where = {6: "Layer 5, Conv2d", 8: "Layer 9, Linear"}[place]
    return one, Expected(where, "the gradient came to this one first", step + 1)


def optimizer_state(draw: random.Random) -> tuple[Training, Expected]:
    """The momentum of one layer's weights."""
    one = training(network=FLAT, batch_size=8)
    one.advance()
    step, place = one.step, draw.choice([0, 2])
    _put(one._optimizer.state()["lists"]["momentum"][place], draw)
    where = {0: "Layer 2, Linear", 2: "Layer 4, Linear"}[place]
    return one, Expected(where, "the parameter weight of this layer", step + 2)


def running(name: str) -> Break:
    """The figures of a normalisation, that only a test uses."""

    def make(draw: random.Random) -> tuple[Training, Expected]:
        one = training(network=DEEP, batch_size=8)
        _stepped(one, draw)
        _put(one.model.get_buffer(f"1.{name}"), draw)
        return one, Expected("Layer 2, BatchNorm2d", f"the running figure {name}", one.steps_per_epoch)

    return make


class _Broken(nn.Module):
    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self._module = module

    def forward(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return self._module(outputs, targets) * math.nan


def sequences() -> Prepared:
    drawn = torch.Generator().manual_seed(3)
    inputs, labels = torch.randn(60, 6, 4, generator=drawn), torch.randint(0, 3, (60,), generator=drawn)
    return Prepared(inputs[:48], labels[:48], inputs[48:], labels[48:], (6, 4), ("a", "b", "c"), "classification")


def table(numbers: bool = False) -> Prepared:
    drawn = torch.Generator().manual_seed(4)
    inputs = torch.randn(50, 3, generator=drawn)
    targets = inputs @ torch.tensor([1.0, -2.0, 0.5]) if numbers else (inputs.sum(1) > 0).long()
    classes, task = ((), "regression") if numbers else (("no", "yes"), "classification")
    spec = DatasetSpec(
        name="t", title="T", summary="", task=task, sample_shape=(3,), train=50, features=("a", "b", "c")
    )
    return Prepared(inputs[:40], targets[:40], inputs[40:], targets[40:], (3,), classes, task, dataset=spec)


def _step_of(number: int, batch: int, size: int = 50) -> int:
    """Which step of the first epoch holds this sample."""
    places = order(size, project().recipe.seed, 0).tolist()
    return places.index(number) // batch + 1


PLACES: dict[str, Break] = {
    "convolution's weight": weight(DEEP, "0.weight", "Layer 1, Conv2d"),
    "infinite weight before Tanh": squeezed,
    "normalisation's weight": weight(DEEP, "1.weight", "Layer 2, BatchNorm2d"),
    "normalisation's bias": weight(DEEP, "1.bias", "Layer 2, BatchNorm2d"),
    "weight inside a block": weight(DEEP, "3.layers.0.weight", "Layer 5, Conv2d"),
    "hidden layer's weight": weight(DEEP, "6.weight", "Layer 9, Linear"),
    "last layer's weight": weight(FLAT, "3.weight", "Layer 4, Linear"),
    "last layer's bias": weight(FLAT, "3.bias", "Layer 4, Linear"),
    "recurrent weight": weight(SEQUENCE, "0.recurrent.weight_hh_l0", "Layer 1, LSTM", sequences),
    "layer normalisation's weight": weight(NORMAL, "1.weight", "Layer 2, LayerNorm"),
    "sample": sample,
    "cell of a table": cell,
    "target": target,
    "preparation of a batch": late,
    "loss": loss_itself,
    "weights of the classes": class_weights,
    "learning rate": rate,
    "slope on its way back": returned,
    "momentum": optimizer_state,
    "running mean": running("running_mean"),
}


def attempt(name: str, broken: Break, draw: random.Random) -> Outcome:
    outcome = Outcome(name)
    one, expected = broken(draw)
    try:
        while one.step < MOST_STEPS and not one.finished:
            one.advance()
        outcome.faults.append(f"it went on to step {one.step}")
        return outcome
    except Problem as problem:
        outcome.said, fault = str(problem), problem.fault
    finally:
        one.close()
    where, step = expected.where, expected.step
    if step is None:
        where, step = _first_broken(one), one.step + 1
    if fault.where != where:
        outcome.faults.append(f"it names {fault.where!r}, and not {where!r}")
    if expected.tensor not in fault.what:
        outcome.faults.append(f"{expected.tensor!r} is not named: {fault.what!r}")
    if f"step {step}" not in fault.what.partition(";")[0]:
        outcome.faults.append(f"step {step} is not named: {fault.what!r}")
    if not all(map(math.isfinite, one.losses)):
        outcome.faults.append("a loss before it was no number")
    return outcome


def _first_broken(one: Training) -> str:
    """In a network without blocks, gone through by hand."""
    values = one.data.train_inputs[order(50, one.project.recipe.seed, one.epoch)[one._position * 8 :][:8]]
    with torch.no_grad():
        for number, module in enumerate(one.model, 1):
            values = module(values)
            if not all(torch.isfinite(one).all() for one in (*module.parameters(), values)):
                return f"Layer {number}, {type(module).__name__}"
    return f"Layer {len(one.model)}, {type(one.model[-1]).__name__}"  # the loss of its output is too large


def run(count: int, seed: int) -> Iterator[Outcome]:
    """Each place in turn, each time drawn anew."""
    places = list(PLACES.items())
    for number in range(count):
        name, broken = places[number % len(places)]
        yield attempt(f"{number + 1} {name}", broken, random.Random(f"{seed} {number}"))


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=20)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--verbose", action="store_true")
    asked = ask.parse_args()
    bad = 0
    for outcome in run(asked.count, asked.seed):
        bad += bool(outcome.faults)
        for fault in outcome.faults:
            print(f"BAD  {outcome.name}: {fault}", flush=True)
        if asked.verbose:
            print(f"{outcome.name}: {outcome.said}", flush=True)
    print(f"{asked.count - bad} of {asked.count} named right, seed {asked.seed}")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
