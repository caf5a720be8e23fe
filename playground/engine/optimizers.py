"""Optimizers as the loop uses them: gradients are handed in, not read from `param.grad`.

All that are declared in `core/optimizers.py` are written with torch's list operations, the same arithmetic in the same order as in
`torch.optim`, so the same bits. They cost a fifth of it, and no seconds at the first start: the first
`torch.optim` object of a process loads the compiler (3 to 5 s, 100 MB). One that a plug-in declares is made from
`torch.optim` itself.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

import torch

from playground.core.arguments import did_you_mean, faults_of, in_effect
from playground.core.optimizers import OPTIMIZERS
from playground.core.problem import Problem
from playground.core.recipe import Recipe
from playground.core.text import _

Tensors = Sequence[torch.Tensor]


class Optimizer(Protocol):
    """lr, weight_decay: may be set between two steps."""

    lr: float
    weight_decay: float

    def step(self, gradients: Tensors) -> None:
        """Change the weights in place. gradients: one for each parameter, of its shape"""

    def state(self) -> dict[str, Any]:
        """Tensors and numbers from which `load` goes on with equal bits."""

    def load(self, state: dict[str, Any]) -> None: ...


def make(recipe: Recipe, parameters: Tensors) -> Optimizer:
    """The optimizer of a recipe for these parameters. raises Problem: unknown, or an argument out of range"""
    name = recipe.optimizer_name
    if name not in OPTIMIZERS:
        raise Problem(
            where=_("Optimizer"),
            what=_("there is no optimizer {name}").format(name=name) + did_you_mean(name, OPTIMIZERS),
            fix=_("Choose one of {names}").format(names=", ".join(OPTIMIZERS)),
        )
    spec = OPTIMIZERS[name]
    faults = faults_of(name, spec.arguments, recipe.optimizer_arguments)
    if faults:
        raise Problem(where=_("Optimizer"), what=faults[0][1], fix=_("Choose a value in its range"))
    arguments = in_effect(spec.arguments, recipe.optimizer_arguments, None)
    if arguments.get("nesterov") and not arguments.get("momentum"):
        raise Problem(
            where=_("Optimizer"),
            what=_("nesterov looks ahead along the momentum, but momentum is 0"),
            fix=_("Set momentum to 0.9, or switch nesterov off"),
        )
    if name in _WRITTEN_HERE:
        return _WRITTEN_HERE[name](parameters, **arguments)
    return _Torch(spec.torch_name, parameters, arguments)


class _Listed:
    """What the optimizers written here share: the weights as plain tensors, and states with one tensor for each."""

    def __init__(self, parameters: Tensors, lr: float, weight_decay: float):
        self.lr = lr
        self.weight_decay = weight_decay
        # the same memory without autograd, so that a step needs no no_grad
        self._weights = [parameter.detach() for parameter in parameters]
        self._lists: dict[str, list[torch.Tensor]] = {}
        self._steps = 0
        self._missed: list[int] = []  # of these, where some weights joined later, so many were without each

    def _decayed(self, gradients: Tensors) -> Tensors:
        if not self.weight_decay:
            return gradients
        return torch._foreach_add(gradients, self._weights, alpha=self.weight_decay)

    def _zeros(self) -> list[torch.Tensor]:
        return [torch.zeros_like(weight, memory_format=torch.preserve_format) for weight in self._weights]

    def _ages(self) -> list[int]:
        """Steps that each weight has taken part in, where they are not the same for all."""
        return [self._steps - missed for missed in self._missed]

    def state(self) -> dict[str, Any]:
        settings = {"lr": self.lr, "weight_decay": self.weight_decay, "steps": self._steps, "missed": self._missed}
        return {**settings, "lists": {name: list(one) for name, one in self._lists.items()}}

    def load(self, state: dict[str, Any]) -> None:
        self.lr, self._steps = float(state["lr"]), int(state["steps"])
        self._missed = list(state.get("missed", []))
        self.weight_decay = float(state.get("weight_decay", self.weight_decay))
        self._lists = {
            name: [
                torch.empty_like(weight, memory_format=torch.preserve_format).copy_(saved)
                for weight, saved in zip(self._weights, tensors, strict=True)
            ]
            for name, tensors in state["lists"].items()
        }


class SGD(_Listed):
    """source: torch.optim.sgd._single_tensor_sgd"""

    def __init__(self, parameters: Tensors, lr: float, momentum: float, nesterov: bool, weight_decay: float):
        super().__init__(parameters, lr, weight_decay)
        self._momentum, self._nesterov = momentum, nesterov

    def step(self, gradients: Tensors) -> None:
        gradients = self._decayed(gradients)
        if self._momentum:
            buffers = self._lists.get("momentum")
            if buffers is None:
                buffers = self._lists["momentum"] = [gradient.clone() for gradient in gradients]
            else:
                torch._foreach_mul_(buffers, self._momentum)
                torch._foreach_add_(buffers, gradients)
            gradients = torch._foreach_add(gradients, buffers, alpha=self._momentum) if self._nesterov else buffers
        torch._foreach_add_(self._weights, gradients, alpha=-self.lr)


class GradientDescent(_Listed):
    """w ← w − lr·dJ/dw"""

    def __init__(self, parameters: Tensors, lr: float):
        super().__init__(parameters, lr, weight_decay=0.0)

    def step(self, gradients: Tensors) -> None:
        torch._foreach_add_(self._weights, gradients, alpha=-self.lr)


class Adam(_Listed):
    """source: torch.optim.adam._single_tensor_adam"""

    def __init__(self, parameters: Tensors, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float):
        super().__init__(parameters, lr, weight_decay)
        self._beta1, self._beta2, self._eps = beta1, beta2, eps
        self._lists = {"mean": self._zeros(), "square": self._zeros()}

    def step(self, gradients: Tensors) -> None:
        gradients = self._decayed(gradients)
        mean, square = self._lists["mean"], self._lists["square"]
        self._steps += 1
        torch._foreach_lerp_(mean, gradients, 1 - self._beta1)
        torch._foreach_mul_(square, self._beta2)
        torch._foreach_addcmul_(square, gradients, gradients, value=1 - self._beta2)
        below = torch._foreach_sqrt(square)
        if self._missed:
            ages = self._ages()
            torch._foreach_div_(below, [(1 - self._beta2**age) ** 0.5 for age in ages])
            torch._foreach_add_(below, self._eps)
            rates = [-(self.lr / (1 - self._beta1**age)) for age in ages]
            torch._foreach_addcdiv_(self._weights, mean, below, rates)
            return
        correction1, correction2 = 1 - self._beta1**self._steps, 1 - self._beta2**self._steps
        torch._foreach_div_(below, correction2**0.5)
        torch._foreach_add_(below, self._eps)
        torch._foreach_addcdiv_(self._weights, mean, below, value=-(self.lr / correction1))


class AdamW(Adam):
    """source: torch.optim.adamw, https://arxiv.org/abs/1711.05101: the decay shrinks the weights, not the slopes"""

    def _decayed(self, gradients: Tensors) -> Tensors:
        if self.weight_decay:
            torch._foreach_mul_(self._weights, 1 - self.lr * self.weight_decay)
        return gradients


class Adagrad(_Listed):
    """source: torch.optim.adagrad._single_tensor_adagrad"""

    def __init__(self, parameters: Tensors, lr: float, lr_decay: float, eps: float, weight_decay: float):
        super().__init__(parameters, lr, weight_decay)
        self._lr_decay, self._eps = lr_decay, eps
        self._lists = {"square": self._zeros()}

    def step(self, gradients: Tensors) -> None:
        gradients = self._decayed(gradients)
        square = self._lists["square"]
        rate, ages = self.lr / (1 + self._steps * self._lr_decay), self._ages()
        self._steps += 1
        torch._foreach_addcmul_(square, gradients, gradients, value=1)
        below = torch._foreach_sqrt(square)
        torch._foreach_add_(below, self._eps)
        if ages:
            rates = [-(self.lr / (1 + age * self._lr_decay)) for age in ages]
            torch._foreach_addcdiv_(self._weights, gradients, below, rates)
        else:
            torch._foreach_addcdiv_(self._weights, gradients, below, value=-rate)


class RMSprop(_Listed):
    """source: torch.optim.rmsprop._single_tensor_rmsprop"""

    def __init__(self, parameters: Tensors, lr: float, alpha: float, eps: float, momentum: float, weight_decay: float):
        super().__init__(parameters, lr, weight_decay)
        self._alpha, self._eps, self._momentum = alpha, eps, momentum
        self._lists = {"square": self._zeros()} | ({"momentum": self._zeros()} if momentum else {})

    def step(self, gradients: Tensors) -> None:
        gradients = self._decayed(gradients)
        square = self._lists["square"]
        torch._foreach_mul_(square, self._alpha)
        torch._foreach_addcmul_(square, gradients, gradients, value=1 - self._alpha)
        below = torch._foreach_sqrt(square)
        torch._foreach_add_(below, self._eps)
        if self._momentum:
            buffers = self._lists["momentum"]
            torch._foreach_mul_(buffers, self._momentum)
            torch._foreach_addcdiv_(buffers, gradients, below)
            torch._foreach_add_(self._weights, buffers, alpha=-self.lr)
        else:
            torch._foreach_addcdiv_(self._weights, gradients, below, value=-self.lr)


class _Torch:
    """Any optimizer of `torch.optim` whose keyword arguments are the declared ones."""

    def __init__(self, torch_name: str, parameters: Tensors, arguments: dict[str, Any]):
        package, _dot, name = torch_name.rpartition(".")
        self._parameters = list(parameters)
        self._optimizer: torch.optim.Optimizer = getattr(import_module(package), name)(parameters, **arguments)

    @property
    def lr(self) -> float:
        return float(self._optimizer.param_groups[0]["lr"])

    @lr.setter
    def lr(self, lr: float) -> None:
        self._set("lr", lr)

    @property
    def weight_decay(self) -> float:
        return float(self._optimizer.param_groups[0].get("weight_decay", 0.0))

    @weight_decay.setter
    def weight_decay(self, weight_decay: float) -> None:
        self._set("weight_decay", weight_decay)

    def _set(self, name: str, value: float) -> None:
        for group in self._optimizer.param_groups:
            group[name] = value

    def step(self, gradients: Tensors) -> None:
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            parameter.grad = gradient
        self._optimizer.step()

    def state(self) -> dict[str, Any]:
        return self._optimizer.state_dict()

    def load(self, state: dict[str, Any]) -> None:
        self._optimizer.load_state_dict(state)


_WRITTEN_HERE: dict[str, Callable[..., Optimizer]] = {
    "GradientDescent": GradientDescent, "SGD": SGD, "Adam": Adam, "AdamW": AdamW, "Adagrad": Adagrad, "RMSprop": RMSprop,
}  # fmt: skip
