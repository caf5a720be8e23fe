"""Where and how a training runs."""

from dataclasses import dataclass

import torch

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


@dataclass(frozen=True)
class Setup:
    """Where and how a training runs. layout: a key of LAYOUTS"""

    device: torch.device
    threads: int
    layout: str
