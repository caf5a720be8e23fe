"""Where and how a training runs, and what is kept of a step to look at."""

from dataclasses import dataclass

import torch

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


@dataclass(frozen=True)
class Setup:
    """Where and how a training runs. layout: a key of LAYOUTS"""

    device: torch.device
    threads: int
    layout: str


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
