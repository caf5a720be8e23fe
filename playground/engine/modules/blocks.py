"""Blocks of layers that plain torch.nn has no module for."""

import torch
from torch import nn


class Residual(nn.Module):
    """Adds what comes in to what the layers make of it. Source: He et al. 2016, https://arxiv.org/abs/1512.03385"""

    def __init__(self, layers: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x) + self.shortcut(x)


class Parallel(nn.Module):
    """Gives what comes in to every branch, and joins what they make of it, or adds it up.

    Source: Szegedy et al. 2015, https://arxiv.org/abs/1409.4842
    """

    def __init__(
        self,
        *branches: nn.Module,
        merge: str = "concatenate",
        dim: int = 1,
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(branches)
        self.merge = merge
        self.dim = dim

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs = [branch(x) for branch in self.layers]
        if self.merge == "add":
            return torch.stack(outputs).sum(0)
        return torch.cat(outputs, self.dim)
