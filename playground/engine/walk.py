"""The step that comes next, taken on copies: what it will do can be seen before it is done, and nothing of the training
is touched. It can also be taken wrongly, to see what comes of it.
"""

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import torch
from torch import nn

from playground.core.project import Project
from playground.engine import optimizers
from playground.engine.losses import Loss
from playground.engine.optimizers import Optimizer
from playground.engine.penalties import Penalties
from playground.engine.precision import Precision
from playground.engine.randomness import device_state, set_device_state

Batch = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, eq=False)
class NextStep:
    """What the next step of a training begins with. All is the training's own: a step is taken on a `Copy`.

    epoch, position: from 0;  batch, lr: of the step that comes so many steps after it. Behind the end of the epoch its
    batches come once more, in the same order
    """

    project: Project
    model: nn.Sequential
    optimizer: Optimizer
    precision: Precision
    loss: Loss
    device: torch.device
    epoch: int
    position: int
    steps_per_epoch: int
    batch: Callable[[int], Batch]
    lr: Callable[[int], float]


@dataclass(frozen=True)
class Switches:
    """How a step is taken. zero_grad: forget the gradients of the step before;  add: them, instead of subtracting them
    evaluation: with a network in evaluation mode
    """

    zero_grad: bool = True
    add: bool = False
    evaluation: bool = False


RIGHT = Switches()


class Copy:
    """A network and its optimizer, apart from the training, that take steps with the loop's own arithmetic.

    kept: what `param.grad` holds, after the penalties; None where nothing is known of it
    """

    def __init__(self, begin: NextStep, switches: Switches = RIGHT, kept: Sequence[torch.Tensor] | None = None):
        recipe = begin.project.recipe
        self._begin, self._switches, self.kept = begin, switches, kept
        self.model = copy.deepcopy(begin.model)
        if switches.evaluation:
            self.model.eval()
        self.parameters = list(self.model.parameters())
        self.optimizer = optimizers.make(recipe, self.parameters)
        self.optimizer.load(copy.deepcopy(begin.optimizer.state()))  # some keep the tensors that they are given
        self._penalties = Penalties(recipe, self.parameters)
        self._precision = copy.copy(begin.precision)

    def forward(self, inputs: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs and loss."""
        with self.precision():
            outputs = self.model(inputs)
            return outputs, self._begin.loss(outputs, targets)

    def precision(self) -> AbstractContextManager[object]:
        """In which forward pass and loss are computed."""
        return self._precision.computing()

    def backward(self, loss: torch.Tensor) -> Sequence[torch.Tensor]:
        """The gradients of this loss alone."""
        return self._precision.gradients(loss, self.parameters)

    def accumulated(self, gradients: Sequence[torch.Tensor]) -> Sequence[torch.Tensor]:
        """What stands in `param.grad` after them."""
        if self._switches.zero_grad or self.kept is None:
            return gradients
        return torch._foreach_add(list(self.kept), list(gradients))

    def step(self, gradients: Sequence[torch.Tensor], ahead: int = 0) -> Sequence[torch.Tensor]:
        """Change the weights; gives what `param.grad` holds then. gradients: accumulated;  ahead: as for NextStep.lr"""
        self.optimizer.lr = self._begin.lr(ahead)
        self.kept = self._penalties(gradients) if self._penalties.any else gradients
        if self._precision.allows(gradients):
            # the sign is turned where `maximize` of torch.optim turns it: a weight decay still pulls towards zero
            self.optimizer.step(torch._foreach_neg(list(self.kept)) if self._switches.add else self.kept)
        return self.kept


@contextmanager
def random_state_kept(device: torch.device) -> Iterator[None]:
    """Draw what a training will draw next, and put its random numbers back."""
    state, on_device = torch.get_rng_state(), device_state(device)
    try:
        yield
    finally:
        torch.set_rng_state(state)
        set_device_state(device, on_device)


def consequence(
    begin: NextStep, switches: Switches, kept: Sequence[torch.Tensor] | None, steps: int, seconds: float
) -> tuple[list[float], list[float]]:
    """Losses of the next steps as they will be, and as they would be with these switches, on the same batches.

    steps: at most;  seconds: about, for both together. A loss that is not finite is the last
    """
    with random_state_kept(begin.device):
        right = _losses(Copy(begin), begin, steps, seconds / 2)
    with random_state_kept(begin.device):
        return right, _losses(Copy(begin, switches, kept), begin, len(right), math.inf)


def _losses(one: Copy, begin: NextStep, steps: int, seconds: float) -> list[float]:
    until, losses = time.perf_counter() + seconds, list[float]()
    for ahead in range(steps):
        loss = one.forward(*begin.batch(ahead))[1]
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            break
        one.step(one.accumulated(one.backward(loss)), ahead)
        if time.perf_counter() > until:
            break
    return losses
