"""The checks that a step of a lesson may name: whether what was asked for has come about.

Each is a declaration, its fields are what a page may set, and it looks at `Known` alone. One class more here, with a name
(`tag`) of its own and a place in `Step`, is a check more.
"""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, get_args

import msgspec

from playground.core.kernels import KERNELS
from playground.core.lab import told
from playground.core.lab.topics import Autograd, Neuron, Slopes, Tensors
from playground.core.lessons.known import Kernel, Known, Run, numbers
from playground.core.network import Network, walk

LONGEST_SENTENCE = 200
_WRITES = re.compile(r"\s*(\w+)\s*\[.*\]\s*[-+*/]?=(?!=)")  # y[0, 1] = 5
_MOST = 20  # losses at either end of a run that are looked at
_ROSE = 1.2  # times the loss at the beginning

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Few = Annotated[int, msgspec.Meta(ge=1, le=1_000)]


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="check"):
    """say: what to do, a sentence that a learner reads"""

    say: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SENTENCE)]

    def holds(self, known: Known) -> bool:
        """Whether it has come about. Every check says so itself."""
        raise NotImplementedError


# The lab --------------------------------------------------------------------------------------------------------


class SharedNumberChanged(Check, frozen=True, tag="shared-number-changed"):
    """A number was set in a tensor that shares its memory with another."""

    def holds(self, known: Known) -> bool:
        bench, page = known.answer(told.Bench), known.page
        if bench is None or not isinstance(page, Tensors):
            return False
        refused = {one.line for one in bench.lines if one.fault is not None}
        sharing = {one.label for one in bench.values if one.shares}
        written = ((number, _WRITES.match(line)) for number, line in enumerate(page.lines, 1))
        return any(found and number not in refused and found[1] in sharing for number, found in written)


class ShapeMade(Check, frozen=True, tag="shape-made"):
    """There is a tensor of this shape. by: what the line that made it must have in it, such as "@" """

    shape: tuple[int, ...]
    by: str = ""

    def holds(self, known: Known) -> bool:
        bench, page = known.answer(told.Bench), known.page
        if bench is None or not isinstance(page, Tensors):
            return False
        made = [one.line for one in bench.values if one.kind == "tensor" and one.shape == self.shape]
        return any(self.by in line for number, line in enumerate(page.lines, 1) if number in made)


class SlopeIs(Check, frozen=True, tag="slope"):
    """The tangent lies where a function of the page has this slope. within: how far it may be off"""

    function: str
    slope: float
    within: Annotated[float, msgspec.Meta(gt=0)] = 0.05

    def holds(self, known: Known) -> bool:
        curves, page = known.answer(told.Curves), known.page
        if curves is None or not isinstance(page, Slopes) or curves.x != page.x:  # the tangent has moved on
            return False
        found = [one.at[1] for one in curves.curves if one.name == self.function and one.at]
        return any(abs(slope - self.slope) <= self.within for slope in found)


class Descends(Check, frozen=True, tag="verdict"):
    """What descent did, in the lab's own words. steps: it may take at most so many, where that matters"""

    verdict: told.Verdict
    steps: Few | None = None

    def holds(self, known: Known) -> bool:
        path = known.answer(told.Path)
        if path is None or path.verdict != self.verdict:
            return False
        return self.steps is None or len(path.steps) <= self.steps


class GradsAddedUp(Check, frozen=True, tag="grads-added-up"):
    """backward() was done several times without clearing, and a leaf's .grad is so many times too large."""

    def holds(self, known: Known) -> bool:
        return any(
            not cleared and count > 1 and _near(last, count * first) for cleared, count, first, last in _grads(known)
        )


class GradsCleared(Check, frozen=True, tag="grads-cleared"):
    """backward() was done several times with .grad cleared before each, and it is the same each time."""

    def holds(self, known: Known) -> bool:
        return any(cleared and count > 1 and _near(last, first) for cleared, count, first, last in _grads(known))


class NeuronFires(Check, frozen=True, tag="neuron-fires"):
    """A neuron gives so much behind its activation. kept: of the page, what must be as the lesson opened it"""

    at_least: float = 1.0
    kept: tuple[Literal["inputs", "weights", "biases", "activation"], ...] = ()

    def holds(self, known: Known) -> bool:
        neuron = known.answer(told.NeuronTold)
        if any(getattr(known.page, name, None) != getattr(known.opened, name, None) for name in self.kept):
            return False
        return neuron is not None and any(value >= self.at_least for value in numbers(neuron.a))


class SoftmaxShare(Check, frozen=True, tag="softmax-share"):
    """The right class has so much of the softmax."""

    at_least: Share = 0.9

    def holds(self, known: Known) -> bool:
        neuron, page = known.answer(told.NeuronTold), known.page
        shares = numbers(neuron.shares) if neuron is not None else ()
        return isinstance(page, Neuron) and page.target < len(shares) and shares[page.target] >= self.at_least


# A run ----------------------------------------------------------------------------------------------------------


class OfRun(Check, frozen=True, kw_only=True):
    """dataset: that it must learn from, where one is named"""

    dataset: str = ""

    def run(self, known: Known) -> Run | None:
        """The run, where it is on these data."""
        run = known.run
        return run if run is not None and self.dataset in ("", run.project.data.dataset) else None


class Trained(OfRun, frozen=True, tag="trained"):
    """A run has so many epochs behind it."""

    epochs: Few = 1

    def holds(self, known: Known) -> bool:
        run = self.run(known)
        return run is not None and len(run.epochs) >= self.epochs


class LossRose(OfRun, frozen=True, tag="loss-rose"):
    """The training loss of a run rises, or is no number any more."""

    def holds(self, known: Known) -> bool:
        run = self.run(known)
        if run is None or run.diverged:
            return run is not None
        count = min(_MOST, len(run.losses) // 4)
        first, last = _known(run.losses[:count]), _known(run.losses[len(run.losses) - count :])
        return bool(first and last) and _mean(last) > _ROSE * _mean(first)


class LossAtMost(OfRun, frozen=True, tag="test-loss"):
    """The test loss of the newest epoch is at most this."""

    at_most: float

    def holds(self, known: Known) -> bool:
        run = self.run(known)
        return run is not None and bool(run.epochs) and run.epochs[-1].test_loss <= self.at_most


class AccuracyAtLeast(OfRun, frozen=True, tag="test-accuracy"):
    """The test accuracy of the newest epoch is at least this."""

    at_least: Share

    def holds(self, known: Known) -> bool:
        run = self.run(known)
        return run is not None and bool(run.epochs) and (run.epochs[-1].test_accuracy or 0.0) >= self.at_least


class NetworkHas(Check, frozen=True, tag="network-has"):
    """The network has so many layers of a kind, blocks looked into. layer: its name, such as "Dropout" """

    layer: str
    count: Few = 1

    def holds(self, known: Known) -> bool:
        network = known.project.network if known.project is not None else ()
        return sum(one.layer == self.layer and not one.disabled for _path, one in walk(network)) >= self.count


class MistakeChosen(Check, frozen=True, tag="mistake-chosen"):
    """A cell beside the diagonal of the confusion matrix is looked at."""

    def holds(self, known: Known) -> bool:
        return known.run is not None and known.cell is not None and known.cell[0] != known.cell[1]


class KernelPainted(Check, frozen=True, tag="kernel-painted"):
    """A kernel is on the sample that is none of those with a name. sum: of its numbers, where that matters"""

    sum: float | None = None
    within: Annotated[float, msgspec.Meta(gt=0)] = 0.01

    def holds(self, known: Known) -> bool:
        kernel = known.kernel
        if kernel is None or any(_equal(kernel, one) for one in KERNELS.values()):
            return False
        return self.sum is None or abs(sum(map(sum, kernel)) - self.sum) <= self.within


class DevicesMeasured(Check, frozen=True, tag="devices-measured"):
    """Devices were compared to the end. What counts is the network that was measured, whatever became of it since.

    changed: whether it is another than the one that the lesson opened, where that matters
    layer, arguments: its first layer of this kind has these, such as "Conv2d" and {out_channels = 32}
    """

    changed: bool | None = None
    layer: str = ""
    arguments: dict[str, bool | int | float | str] = {}

    def holds(self, known: Known) -> bool:
        measured, begun = known.measured, known.begun
        if measured is None:
            return False
        if self.changed is not None and (begun is None or (measured.network != begun.network) is not self.changed):
            return False
        return not self.layer or self._has(measured.network)

    def _has(self, network: Network) -> bool:
        first = next((one for _path, one in walk(network) if one.layer == self.layer and not one.disabled), None)
        return first is not None and self.arguments.items() <= first.arguments.items()


Step = (
    SharedNumberChanged | ShapeMade | SlopeIs | Descends | GradsAddedUp | GradsCleared | NeuronFires | SoftmaxShare
    | Trained | LossRose | LossAtMost | AccuracyAtLeast | NetworkHas | MistakeChosen | KernelPainted | DevicesMeasured
)  # fmt: skip
CHECKS: dict[str, type[Check]] = {str(one.__struct_config__.tag): one for one in get_args(Step)}


def _grads(known: Known) -> Iterator[tuple[bool, int, float, float]]:
    """Of each leaf with slopes: whether they are cleared, how many rounds, the first number after the first and the last."""
    graph, page = known.answer(told.Graph), known.page
    if graph is None or not isinstance(page, Autograd):
        return
    for leaf in graph.grads:
        first, last = (numbers(one) for one in (leaf.rounds[0], leaf.rounds[-1])) if leaf.rounds else ((), ())
        place = next((place for place, value in enumerate(first) if value), None)
        if place is not None:
            yield page.zero_grad, len(leaf.rounds), first[place], last[place]


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-4)


def _known(losses: Iterable[float]) -> list[float]:
    """Those that are known to this window; one that is infinite counts."""
    return [float(one) for one in losses if one == one]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _equal(one: Kernel, other: Kernel) -> bool:
    """Of the same size, and the same numbers as far as anybody can see."""
    if [len(row) for row in one] != [len(row) for row in other]:
        return False
    pairs = zip((value for row in one for value in row), (value for row in other for value in row), strict=True)
    return all(abs(first - second) < 1e-3 for first, second in pairs)
