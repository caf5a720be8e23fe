"""The way back to before the steps that a device still works on.

Their losses come home together. Where one is not finite, the weights have been changed with it since, and tell nothing
any more: so what the first of those steps began with is kept, and the steps can be taken again.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from playground.engine.memory import free_memory
from playground.engine.optimizers import Optimizer
from playground.engine.precision import Precision
from playground.engine.randomness import device_state, set_device_state

_TENSORS_A_WEIGHT = 3  # itself, and two figures that an optimizer keeps
_SHARE = 0.1  # of what is free on the device, at most


class Rewind:
    """Keeps one state of a training, on its device: weights, running figures, optimizer and random numbers."""

    def __init__(self, model: nn.Module, optimizer: Optimizer, precision: Precision, device: torch.device):
        self._optimizer, self._precision, self._device = optimizer, precision, device
        self._tensors = [one.detach() for one in (*model.parameters(), *model.buffers())]
        self._copies: list[torch.Tensor] = []  # of those, then of the optimizer's
        self._state: dict[str, Any] = {}
        self._fits: bool | None = None  # asked for when it is needed, which on the CPU is never

    def mark(self) -> None:
        """Keep the state as it is now; nothing, where that would take much of the device's memory."""
        if self._fits is None:
            self._fits = self._is_small()
        if not self._fits:
            return
        tensors, state = list(self._tensors), self._optimizer.state()
        _with_each(state, tensors.append)
        if len(tensors) != len(self._copies):  # an optimizer has some from its first step on
            self._copies = [torch.empty_like(one) for one in tensors]
        _copy(tensors, self._copies)
        self._state = {
            "optimizer": state,
            "precision": self._precision.state(),
            "rng": torch.get_rng_state(),
            "device_rng": device_state(self._device),
        }

    def back(self) -> bool:
        """Put the kept state back; False where there is none."""
        if not self._state:
            return False
        count = len(self._tensors)
        _copy(self._copies[:count], self._tensors)
        copies = iter(self._copies[count:])
        self._optimizer.load(_with_each(self._state["optimizer"], lambda _changed: next(copies)))
        self._precision.load(self._state["precision"])
        torch.set_rng_state(self._state["rng"])
        set_device_state(self._device, self._state["device_rng"])
        return True

    def _is_small(self) -> bool:
        needed = _TENSORS_A_WEIGHT * sum(one.numel() * one.element_size() for one in self._tensors)
        try:
            return needed < _SHARE * free_memory(self._device)
        except RuntimeError:  # it does not say what is free
            return False


def _copy(tensors: list[torch.Tensor], to: list[torch.Tensor]) -> None:
    """One call for all of a kind: a call each would take as long as a step."""
    kinds: dict[Any, tuple[list[torch.Tensor], list[torch.Tensor]]] = defaultdict(lambda: ([], []))
    for one, other in zip(tensors, to, strict=True):
        of_kind = kinds[one.dtype, one.device]
        of_kind[0].append(one)
        of_kind[1].append(other)
    for sources, targets in kinds.values():
        torch._foreach_copy_(targets, sources)


def _with_each(state: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    """The state of an optimizer with what `change` gives in place of each tensor, in one order."""
    match state:
        case torch.Tensor():
            return change(state)
        case dict():
            return {key: _with_each(value, change) for key, value in state.items()}
        case list() | tuple():
            return [_with_each(value, change) for value in state]
    return state
