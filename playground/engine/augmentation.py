"""The random steps: each changes every training sample anew whenever it is seen, and no other sample.

What is random is drawn first, on the CPU, from the generator of the batch; then the whole batch is changed at once, on
its own device. What comes in from outside a picture is its darkest value, where that is known, else 0.
"""

import math
from abc import ABC, abstractmethod
from typing import Any

import torch
from torch.nn.functional import grid_sample, pad

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.steps import Sample, Step


class RandomStep(Step, ABC):
    """A step with `drawn`, what is random, and `moved`, what is done with it."""

    late = random = True

    @abstractmethod
    def drawn(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """What is random for a batch (n, *shape), one row a sample, on the CPU."""

    @abstractmethod
    def moved(self, batch: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        """The batch changed, (n, *shape) float32. drawn: on the CPU"""

    def changed(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """The batch, changed by what is drawn now. It may be changed in place."""
        return self.moved(batch, self.drawn(batch, generator))

    @property
    def outside(self) -> float:
        return self.comes.limits[0] if self.comes.limits else 0.0


class Flip(RandomStep):
    """Left and right exchanged, with the probability `value`."""

    def drawn(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """(n,) bool: which are flipped"""
        return torch.rand(len(batch), generator=generator) < self.value

    def moved(self, batch: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        return torch.where(drawn.to(batch.device)[:, None, None, None], batch.flip(-1), batch)


class Shift(RandomStep):
    """Moved down and right by whole pixels, each from −value to value."""

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        least = min(comes.shape[1:])
        if value >= least:
            raise Problem(
                where=where,
                what=_("a shift by {value} px can move pictures of {size} px out of sight").format(
                    value=value, size=least
                ),
                fix=_("Shift by {most} px at most").format(most=least - 1),
            )

    def drawn(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """(n, 2) int64: pixels down, pixels right"""
        return torch.randint(-self.value, self.value + 1, (len(batch), 2), generator=generator)

    def moved(self, batch: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        height, width = batch.shape[2:]
        wide = pad(batch, [self.value] * 4, value=self.outside)
        windows = wide.unfold(2, height, 1).unfold(3, width, 1)  # (n, channels, places down, places right, h, w)
        samples = torch.arange(len(batch), device=batch.device)
        down, right = (self.value - drawn).to(batch.device).unbind(1)
        return windows[samples, :, down, right]


class Rotate(RandomStep):
    """Turned about the middle by −value to value degrees, counter-clockwise, bilinear: torchvision's `rotate`, with
    a `fill` where the darkest value is not 0."""

    def drawn(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """(n,) float32: degrees"""
        return (torch.rand(len(batch), generator=generator) * 2 - 1) * self.value

    def moved(self, batch: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        height, width = batch.shape[2:]
        angles = drawn.double() * (math.pi / 180)
        cosines, sines = (one.float().to(batch.device)[:, None, None] for one in (angles.cos(), angles.sin()))
        right = _from_middle(width, batch.device)[None, None, :]
        down = _from_middle(height, batch.device)[None, :, None]
        # Where each pixel comes from; in the units of grid_sample a picture reaches from −1 to 1. Rounded where
        # torchvision rounds, so that the bits are its own.
        from_right = right * (cosines / (0.5 * width)) + down * (-sines / (0.5 * width))
        from_down = right * (sines / (0.5 * height)) + down * (cosines / (0.5 * height))
        grid = torch.stack([from_right, from_down], dim=-1)
        turned = _sampled(batch, grid)
        if self.outside:
            inside = _sampled(torch.ones_like(batch[:, :1]), grid)
            turned = turned.sub_(self.outside).mul_(inside).add_(self.outside)
        return turned


class Noise(RandomStep):
    """A normally distributed number of this deviation added to each value."""

    def __init__(self, value: Any, comes: Sample, where: str):
        super().__init__(value, comes, where)
        self.gives = Sample(comes.shape, None, comes.kind, comes.tokens)

    def drawn(self, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """(n, *shape) float32"""
        return torch.randn(batch.shape, generator=generator)

    def moved(self, batch: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        return batch.add_(drawn.to(batch.device), alpha=self.value)


def _from_middle(size: int, device: torch.device) -> torch.Tensor:
    """Places of the pixels along an axis, in pixels from its middle, float32."""
    return torch.arange(size, dtype=torch.float32, device=device) - (size - 1) / 2


def _sampled(batch: torch.Tensor, grid: torch.Tensor) -> torch.Tensor:
    return grid_sample(batch, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
