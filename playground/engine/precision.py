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

from playground.core.problem import Fault, Problem
from playground.core.recipe import Recipe
from playground.core.text import _

Tensors = Sequence[torch.Tensor]

DTYPES = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}
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
        if self._dtype is not None:
            self._try()

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

    def _try(self) -> None:
        """Multiply two matrices: some devices refuse, and some only warn and go on in float32."""
        weights = torch.ones(2, 2, device=self._device, requires_grad=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with torch.autocast(self._device.type, self._dtype):
                    made = weights @ weights
                torch.autograd.grad(made.float().sum(), weights)
        except (RuntimeError, AssertionError) as error:
            raise self._refusal(str(error)) from error
        if made.dtype != self._dtype:
            raise self._refusal(_("it gives {dtype}").format(dtype=made.dtype))

    def _refusal(self, message: str) -> Problem:
        text = _("{device} cannot compute this network in {precision} ({message})")
        first = next((line for line in message.splitlines() if line.strip()), "")
        others = [name for name in DTYPES if name != self._name]
        return Problem(
            where=_("Recipe, precision"),
            what=text.format(device=self._device, precision=self._name, message=first.strip().rstrip(".")[:200]),
            fix=_("Set precision to {names}").format(names=_(" or ").join(others)),
        )
