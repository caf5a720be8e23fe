"""Losses as the loop uses them. A loss declared in `core/losses.py` works here without an entry of its own.

Targets are brought into the form that the loss wants once, for the whole data set, never batch by batch.
"""

import copy
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from playground.core.arguments import did_you_mean, in_effect
from playground.core.class_weights import faults_of_options, names_of_weights
from playground.core.losses import LOSSES
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.core.spec import LossSpec
from playground.core.text import _


class Loss:
    """A loss and the form of its targets.

    classes: number of classes; 0 for regression
    class_weights: (classes,) float32, how much a sample of each class counts; None where all count alike
    options: of its module, where what is said of each class is a tensor: "weight" is `class_weights`
    """

    def __init__(self, spec: LossSpec, classes: int, options: Mapping[str, Any] = {}):
        self.spec = spec
        self.classes = classes
        self.class_weights: torch.Tensor | None = options.get("weight")
        package, _dot, name = spec.torch_name.rpartition(".")
        module: nn.Module = getattr(import_module(package), name)(**options)
        self._module = module
        tensors = [one for one in options.values() if isinstance(one, torch.Tensor)]
        self._device = tensors[0].device if tensors else None  # where they lie

    def __call__(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The mean loss of a batch, () float32. targets: some rows of what `targets` made"""
        if self._device is not None and self._device != outputs.device:
            self._device, self._module = outputs.device, self._module.to(outputs.device)
            if self.class_weights is not None:
                self.class_weights = self.class_weights.to(outputs.device)
        value: torch.Tensor = self._module(outputs, targets)
        return value

    def each(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The loss of each sample, times what its class weighs, (N,); empty where the loss knows only the mean."""
        module: Any = copy.copy(self._module)
        module.reduction = "none"
        values: torch.Tensor = module(outputs, targets)
        return values.reshape(len(values), -1).mean(1) if values.dim() else values.new_empty(0)

    def share(self, targets: torch.Tensor) -> float:
        """What the mean of a batch is a mean over: its samples, or what these weigh."""
        if self.class_weights is None:
            return float(len(targets))
        return float(self.class_weights.to(targets.device)[targets].sum())

    def total(self, outputs: torch.Tensor, targets: torch.Tensor) -> float:
        """The mean of a batch times its share. A batch of classes that weigh nothing has no mean, but may add to the sum:
        smoothed, its targets are of other classes, too."""
        share = self.share(targets)
        return self(outputs, targets).item() * share if share else float(self.each(outputs, targets).sum())

    def targets(self, targets: torch.Tensor) -> torch.Tensor:
        """Targets as the loss wants them: (N,) int64 labels, else (N, classes) or (N, values) float32."""
        if self.spec.targets == "index":
            return targets
        if self.classes:
            return functional.one_hot(targets, self.classes).to(torch.float32)
        return targets.to(torch.float32).reshape(len(targets), -1)

    def probabilities(self, outputs: torch.Tensor) -> torch.Tensor:
        """What outputs (..., classes) say of each class, between 0 and 1, in the sense of this loss.

        The largest output stays the largest probability. Losses that compare with rows of 0 and 1 as plain numbers (MSE,
        L1, Huber) draw the outputs towards those rows: an output is itself an estimate of its class's probability, by
        MSE its mean, and no logit. A softmax of it would call a perfect answer among ten classes 23 %.
        """
        if self.spec.targets == "value":
            return nearest_shares(outputs)
        if self.spec.targets == "one_hot":
            return outputs.sigmoid()
        return outputs.exp() if self.spec.name == "NLL" else outputs.softmax(-1)


def nearest_shares(estimates: torch.Tensor) -> torch.Tensor:
    """The shares, 0 or more with the sum 1, that are nearest to estimates (..., classes) of them by squared distance.

    They lie nearer than the estimates to every row of one 1, whichever class is right, keep the order, and are there
    also where no estimate is above 0. To divide by the sum would make a single 0.1 beside zeros quite sure; to cut at 1
    first would make equal what is not. source: Duchi et al., "Efficient projections onto the l1-ball", ICML 2008
    """
    shifted = estimates - estimates.amax(-1, keepdim=True)  # changes no share, and keeps the digits of large ones
    falling = shifted.sort(-1, descending=True).values
    counts = torch.arange(1, falling.shape[-1] + 1, device=falling.device)
    excess = falling.cumsum(-1) - 1  # of the largest few over a sum of 1
    kept = (counts * falling > excess).sum(-1, keepdim=True).clamp(min=1)
    return (shifted - excess.gather(-1, kept - 1) / kept).clamp(min=0)


def make(recipe: Recipe, task: str, classes: int, labels: torch.Tensor | None = None) -> Loss:
    """The loss of a recipe for data of this task.

    labels: of the training part, (N,) int64, by which classes are balanced; None where they are not known
    raises Problem: unknown, made for another task, or an argument out of range
    """
    name = recipe.loss
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
    faults = faults_of_options(spec, recipe.loss_options, classes)
    if faults:
        raise Problem(where=_("Loss"), what=faults[0][1], fix=_("Choose a value in its range"))
    options = in_effect(spec.arguments, recipe.loss_options, None)
    if options.pop("balance", False) and classes and labels is not None:
        options["weight"] = balanced(labels, classes)
    for weights in names_of_weights(spec):
        if isinstance(options[weights], (list, tuple)):
            options[weights] = torch.tensor(options[weights], dtype=torch.float32)
    return Loss(spec, classes, options)


def balanced(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """What a sample of each class weighs so that all classes together weigh the same, (classes,) float32; the mean over
    the samples is 1. source: sklearn.utils.class_weight.compute_class_weight, "balanced". A class that has no sample
    weighs nothing."""
    counts = torch.bincount(labels, minlength=classes)[:classes].to(torch.float32)
    return torch.where(counts > 0, len(labels) / ((counts > 0).sum() * counts.clamp(min=1)), 0.0)
