"""A data set as the network gets it: three parts, and what is done to each batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from playground.core.messages import Part
from playground.core.spec import DatasetSpec, Shape
from playground.engine.preparation import Pipeline

Numbers = torch.Tensor | Sequence[int]

_UNKNOWN = DatasetSpec(name="", title="", summary="", task="classification", sample_shape=(), train=0)


@dataclass(frozen=True)
class Stored:
    """Samples of one part as they are stored. inputs: of the whole file;  rows: of the part in it, None for all"""

    inputs: torch.Tensor
    rows: torch.Tensor | None = None

    def __len__(self) -> int:
        return len(self.inputs if self.rows is None else self.rows)

    def at(self, numbers: torch.Tensor) -> torch.Tensor:
        """(n, *sample shape), a copy. numbers: (n,) int64"""
        return self.inputs[numbers if self.rows is None else self.rows[numbers]]

    def all(self) -> torch.Tensor:
        """Every sample of the part; no copy where it is the whole file."""
        return self.inputs if self.rows is None else self.inputs[self.rows]

    @property
    def nbytes(self) -> int:
        """Memory that `all` takes: a view of windows over one text takes no more than the text."""
        one = self.inputs[:1].numel() * self.inputs.element_size()
        return (
            len(self) * one if self.rows is not None else min(len(self) * one, self.inputs.untyped_storage().nbytes())
        )


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set as the network gets it.

    train_inputs, validation_inputs, test_inputs: (N, *input_shape) float32, contiguous, on the CPU. Where something is
        late they are what `late` makes a batch of: (N, *shape) float32, or as stored. Who shows or feeds samples takes
        `samples`, or `late` of some rows
    train_targets and so on: (N,) int64 labels; for regression float32, (N,) or (N, values)
    classes: names in the order of the labels; empty for regression
    validation_inputs: 0 samples where nothing is held back
    dataset: the declaration in effect;  pipeline: the steps that are done to each batch
    """

    train_inputs: torch.Tensor
    train_targets: torch.Tensor
    test_inputs: torch.Tensor
    test_targets: torch.Tensor
    input_shape: Shape
    classes: tuple[str, ...]
    task: str
    validation_inputs: torch.Tensor = field(default_factory=lambda: torch.empty(0))
    validation_targets: torch.Tensor = field(default_factory=lambda: torch.empty(0))
    dataset: DatasetSpec = _UNKNOWN
    pipeline: Pipeline = field(default_factory=Pipeline)
    originals: dict[Part, Stored] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """How many different ones a sample is made of, as the network gets it; 0 where it is numbers."""
        steps = self.pipeline.steps
        return steps[-1].gives.tokens if steps else self.dataset.tokens

    def late(self, batch: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """What is done to a batch of inputs: (n, *as in train_inputs) to (n, *input_shape); the batch is not changed.

        generator: of the random steps; None does none of them, as for every sample that is not trained on
        """
        return self.pipeline.late(batch, generator)

    def samples(self, part: Part, numbers: Numbers) -> torch.Tensor:
        """(n, *input_shape): samples of a part as the network gets them, without random steps. numbers: from 0"""
        return self.late(self.inputs(part)[torch.as_tensor(numbers, dtype=torch.int64)])

    def stored(self, part: Part, numbers: Numbers) -> torch.Tensor:
        """(n, *sample shape): the same samples as they are stored.

        raises KeyError: `prepare` was told not to keep them
        """
        return self.originals[part].at(torch.as_tensor(numbers, dtype=torch.int64))

    def inputs(self, part: Part) -> torch.Tensor:
        """What `late` is done to."""
        return {"train": self.train_inputs, "validation": self.validation_inputs, "test": self.test_inputs}[part]

    def targets(self, part: Part) -> torch.Tensor:
        """(N,) or (N, values): labels or numbers to predict of a part."""
        return {"train": self.train_targets, "validation": self.validation_targets, "test": self.test_targets}[part]

    def size(self, part: Part) -> int:
        """How many samples a part has."""
        return len(self.targets(part))
