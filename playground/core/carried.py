"""What the messages carry: arrays, pictures, facts. `core.messages` says who sends them, and gives these names, too."""

from functools import cached_property
from typing import Any

import msgspec

from playground.core.problem import Fault


class Array(msgspec.Struct, frozen=True):
    """An array as bytes. dtype: numpy's name;  data: C order, this machine's byte order."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Watch(msgspec.Struct, frozen=True, dict=True):
    """What a panel wants to see: a probe (module of `engine/probes`) and its options.

    Options that the probes of the program know: layer (path as a list), sample (index in the test part, or DRAWING).
    """

    probe: str
    options: dict[str, Any] = {}

    @cached_property  # asked many times a frame
    def key(self) -> str:
        """The same for equal watches."""
        return msgspec.json.encode([self.probe, self.options], order="deterministic").decode()


class Picture(msgspec.Struct, frozen=True):
    """What a probe saw at one step (steps done when it looked). arrays, facts: as the probe's docstring says."""

    watch: Watch
    step: int
    arrays: dict[str, Array] = {}
    facts: dict[str, Any] = {}
    fault: str = ""


class Device(msgspec.Struct, frozen=True):
    """name: PyTorch's, "cuda:0";  title: for people;  reason: why it cannot be used, empty where it can
    refused: precision of a recipe -> why it cannot compute in it, without full stop
    """

    name: str
    title: str
    memory: int = 0
    reason: str = ""
    refused: dict[str, str] = {}


class DatasetState(msgspec.Struct, frozen=True):
    """Whether a data set can be read now. where: its place for people;  fault: why not, and what to do."""

    name: str
    available: bool
    where: str
    bytes: int = 0
    fault: Fault | None = None


class Histogram(msgspec.Struct, frozen=True):
    """counts[i] values lie from edges[i] to edges[i + 1], the last edge included."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Column(msgspec.Struct, frozen=True):
    """A column of a table, or the target, over the training part as stored. categories: of one that holds words."""

    name: str
    low: float
    high: float
    mean: float
    std: float
    histogram: Histogram
    categories: tuple[str, ...] = ()


class EpochReport(msgspec.Struct, frozen=True):
    """epoch: from 1;  step: steps done at its end;  test_accuracy: None for regression;  seconds: training only
    validation_loss: None where nothing is held back to choose by;  validation_accuracy: for regression, too
    """

    epoch: int
    step: int
    train_loss: float
    test_loss: float
    test_accuracy: float | None
    seconds: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None

    @property
    def held_out_loss(self) -> float:
        """Of the part to choose an epoch by: the validation part, the test part where there is none."""
        return self.test_loss if self.validation_loss is None else self.validation_loss


class Steered(msgspec.Struct, frozen=True):
    """A setting that was changed while the network learnt. step: done before the first that was taken with it
    name: "lr" or "weight_decay";  before, after: its values
    """

    step: int
    name: str
    before: float
    after: float


class RunFacts(msgspec.Struct, frozen=True):
    """What was chosen when the run started, kept with it so that it can be repeated bit for bit.

    steps: of the whole run; a fork with other batches has not the same number in each epoch. 0 where nobody said
    """

    device: str
    threads: int
    layout: str
    train_samples: int
    test_samples: int
    steps_per_epoch: int
    epochs: int
    validation_samples: int = 0
    steps: int = 0

    @property
    def whole(self) -> int:
        """Steps of the whole run."""
        return self.steps or self.steps_per_epoch * self.epochs

    @property
    def is_even(self) -> bool:
        """Whether every epoch has the same number of steps, so that steps can be counted in epochs."""
        return self.whole == self.steps_per_epoch * self.epochs

    def counted(self, step: int) -> int:
        """A step as if all epochs so far had been as long as those to come: divided by their length it is the epoch."""
        return step - self.whole + self.steps_per_epoch * self.epochs


class Memory(msgspec.Struct, frozen=True):
    """Bytes that a run takes of so many. device: PyTorch's name; of "cpu" it is the process, else its tensors there."""

    device: str
    used: int
    total: int
