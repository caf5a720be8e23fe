"""What a recipe does to the slopes before the optimizer gets them: a pull towards zero, and a longest length."""

from collections.abc import Sequence

import torch

from playground.core.recipe import Recipe

Tensors = Sequence[torch.Tensor]


class Penalties:
    """Changes no slope in place: the probes show them as autograd gave them."""

    def __init__(self, recipe: Recipe, parameters: Tensors):
        self._l1, self._longest = recipe.l1, recipe.clip_norm
        self._weights = [parameter.detach() for parameter in parameters]

    @property
    def any(self) -> bool:
        """Whether slopes are changed at all."""
        return bool(self._l1) or self._longest is not None

    def __call__(self, gradients: Tensors) -> Tensors:
        """L1 first, as it is a part of what is made smaller; then the length of all of them is held.

        source: torch.nn.utils.clip_grad_norm_
        """
        changed = list(gradients)
        if self._l1:
            changed = list(torch._foreach_add(changed, torch._foreach_sign(self._weights), alpha=self._l1))
        if self._longest is not None:
            length = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(changed)))
            changed = list(torch._foreach_mul(changed, (self._longest / (length + 1e-6)).clamp(max=1.0)))
        return changed
