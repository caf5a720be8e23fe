"""What is kept of a step for those who look at it."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, eq=False)
class Observation:
    """What the newest observed step left to look at.

    step: steps done after it;  batch, gradients, weights_before: as in ProbeContext
    seconds: what keeping it has cost
    """

    step: int
    batch: tuple[torch.Tensor, torch.Tensor]
    gradients: dict[str, torch.Tensor | None]
    weights_before: dict[str, torch.Tensor]
    seconds: float
