"""In which numbers forward pass and loss are computed. Weights and slopes stay float32.

float16 knows nothing below 6·10⁻⁸: so the loss is multiplied before the way back, and the slopes are divided by the
same. Where one of them is not finite then, the step is left out and the factor is halved; after many steps that went
well it is doubled. A power of two rounds nothing. The same arithmetic as torch.amp.GradScaler's, without `param.grad`;
and like it, each step waits for the device to know whether it is to be taken.

source: torch.amp.GradScaler, https://docs.pytorch.org/docs/stable/amp.html
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import msgspec
import torch

from playground.core.problem import PRECISION, Fault, Problem
from playground.core.recipe import Recipe
from playground.core.text import _

Tensors = Sequence[torch.Tensor]

DTYPES = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}
_REFUSED: dict[torch.device, dict[str, str]] = {}  # device -> what was found out of it
FIRST_SCALE, GROWTH_STEPS = 2.0**16, 2_000  # GradScaler's own
LARGEST_SCALE, LEAST_SCALE = 2.0**127, 2.0**-14  # of float32;  below it no step was taken for 31 times


class Precision:
    """scale: what the loss is multiplied with before the way back; 1 where nothing is

    raises Problem: the device cannot compute in these numbers
    """

    def __init__(self, recipe: Recipe, device: torch.device):
        self._name, self._device = recipe.precision, device
        self._dtype = DTYPES[recipe.precision]
        self._scales = self._dtype is torch.float16
        self.scale, self._taken = FIRST_SCALE if self._scales else 1.0, 0
        if self._dtype is not None and (fault := _fault_of(device, self._dtype)):
            raise _problem(_("{device} cannot compute in {precision} ({message})"), device, self._name, fault)

    def computing(self) -> AbstractContextManager[object]:
        """Forward pass and loss belong inside. raises Problem: a layer cannot be computed so"""
        return nullcontext() if self._dtype is None else self._autocast()

    def gradients(self, loss: torch.Tensor, parameters: Tensors) -> Tensors:
        """Of the loss, as if it had not been multiplied."""
        if not self._scales:
            return torch.autograd.grad(loss, parameters)
        with self._told():
            scaled = torch.autograd.grad(loss.float() * self.scale, parameters)
        slopes: Tensors = torch._foreach_mul(scaled, 1 / self.scale)
        return slopes

    def allows(self, gradients: Tensors) -> bool:
        """Whether a step is taken with these gradients; the next loss may be multiplied with another factor.

        raises Problem: none was taken for long
        """
        if not self._scales:
            return True
        if torch.stack(torch._foreach_norm(list(gradients), math.inf)).isfinite().all():
            self._taken += 1
            if self._taken == GROWTH_STEPS:
                self.scale, self._taken = min(2 * self.scale, LARGEST_SCALE), 0
            return True
        self.scale, self._taken = self.scale / 2, 0
        if self.scale < LEAST_SCALE:
            raise Problem(
                where=_("Recipe, precision"),
                what=_("in float16 the slopes are not finite, however small the loss is made before the way back"),
                fix=_("Set precision to bfloat16 or float32, or lower the learning rate"),
                kind=PRECISION,
            )
        return False

    def state(self) -> dict[str, Any]:
        """Numbers from which `load` goes on with equal bits."""
        return {"scale": self.scale, "taken": self._taken} if self._scales else {}

    def load(self, state: dict[str, Any]) -> None:
        """Of another precision nothing is taken over."""
        if self._scales and state:
            self.scale, self._taken = float(state["scale"]), int(state["taken"])

    def explained(self, fault: Fault) -> Fault:
        """Why a loss is not finite, with what these numbers may have to do with it."""
        if not self._scales:
            return fault
        fix = _("{fix}. Or set precision to bfloat16 or float32: float16 holds no number above 65,504")
        return msgspec.structs.replace(fault, fix=fix.format(fix=fault.fix))

    @contextmanager
    def _autocast(self) -> Iterator[None]:
        with self._told(), torch.autocast(self._device.type, self._dtype):
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        """PyTorch says of some operations that they are not there in these numbers."""
        try:
            yield
        except RuntimeError as error:
            if "not implemented for" not in str(error):
                raise
            raise self._refusal(str(error)) from error

    def _refusal(self, message: str) -> Problem:
        text = _("{device} cannot compute this network in {precision} ({message})")
        return _problem(text, self._device, self._name, _one_line(message))


def refused_precisions(device: torch.device) -> dict[str, str]:
    """Those of a recipe that a device cannot compute in, each with the reason, without full stop. It is tried once."""
    if device not in _REFUSED:
        tried = {name: _fault_of(device, dtype) for name, dtype in DTYPES.items() if dtype is not None}
        _REFUSED[device] = {name: fault for name, fault in tried.items() if fault}
    return _REFUSED[device]


def _fault_of(device: torch.device, dtype: torch.dtype) -> str:
    """Multiply two matrices: some devices refuse, and some only warn and go on in float32. "" where it went well"""
    try:
        weights = torch.ones(2, 2, device=device, requires_grad=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with torch.autocast(device.type, dtype):
                made = weights @ weights
            torch.autograd.grad(made.float().sum(), weights)
    except (RuntimeError, AssertionError) as error:
        return _one_line(str(error))
    return "" if made.dtype == dtype else _("it gives {dtype}").format(dtype=made.dtype)


def _one_line(message: str) -> str:
    first = next((line for line in message.splitlines() if line.strip()), "")
    return first.strip().rstrip(".")[:200]


def _problem(text: str, device: torch.device, precision: str, message: str) -> Problem:
    refused = (precision, *_REFUSED.get(device, {}))
    others = [name for name in DTYPES if name not in refused]
    return Problem(
        where=_("Recipe, precision"),
        what=text.format(device=device, precision=precision, message=message),
        fix=_("Set precision to {names}").format(names=_(" or ").join(others)),
        kind=PRECISION,
    )
