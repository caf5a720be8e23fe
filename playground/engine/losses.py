"""Losses as the loop uses them. A loss declared in `core/losses.py` works here without an entry of its own.

Targets are brought into the form that the loss wants once, for the whole data set, never batch by batch.
"""

from importlib import import_module

import torch
from torch import nn
from torch.nn import functional

from playground.core.arguments import did_you_mean
from playground.core.losses import LOSSES
from playground.core.problem import Problem
from playground.core.spec import LossSpec
from playground.core.text import _


class Loss:
    """A loss and the form of its targets.

    classes: number of classes; 0 for regression
    """

    def __init__(self, spec: LossSpec, classes: int):
        self.spec = spec
        self.classes = classes
        package, _dot, name = spec.torch_name.rpartition(".")
        module: nn.Module = getattr(import_module(package), name)()
        self._module = module

    def __call__(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The mean loss of a batch, () float32. targets: some rows of what `targets` made"""
        value: torch.Tensor = self._module(outputs, targets)
        return value

    def targets(self, targets: torch.Tensor) -> torch.Tensor:
        """Targets as the loss wants them: (N,) int64 labels, else (N, classes) or (N, values) float32."""
        if self.spec.targets == "index":
            return targets
        if self.classes:
            return functional.one_hot(targets, self.classes).to(torch.float32)
        return targets.to(torch.float32).reshape(len(targets), -1)

    def probabilities(self, outputs: torch.Tensor) -> torch.Tensor:
        """What outputs (..., classes) say of each class, between 0 and 1, in the sense of this loss."""
        if self.spec.targets == "one_hot":
            return outputs.sigmoid()
        return outputs.exp() if self.spec.name == "NLL" else outputs.softmax(-1)


def make(name: str, task: str, classes: int) -> Loss:
    """The loss of a recipe for data of this task. raises Problem: unknown, or made for another task"""
    if name not in LOSSES:
        raise Problem(
            where=_("Loss"),
            what=_("there is no loss {name}").format(name=name) + did_you_mean(name, LOSSES),
            fix=_("Choose one of {names}").format(names=", ".join(LOSSES)),
        )
    spec = LOSSES[name]
    if task not in spec.tasks:
        raise Problem(
            where=_("Loss"),
            what=_("{loss} is made for classes, but the data set has numbers to predict").format(loss=name),
            fix=_("Choose one of {names}").format(
                names=", ".join(one.name for one in LOSSES.values() if task in one.tasks)
            ),
        )
    return Loss(spec, classes)
