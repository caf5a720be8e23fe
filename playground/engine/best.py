"""The best epoch of a training so far: what early stopping waits for, and what it goes back to."""

import math
from collections.abc import Sequence

import torch
from torch import nn

from playground.core.messages import EpochReport, Part
from playground.engine.evaluation import Result


class Best:
    """losses: on the part to choose by (validation, else test), one an epoch;  epoch: with the lowest, from 1; 0 before
    the first has ended
    weights: of that epoch, where they are kept; {} where not
    last: those at the end, once the best have taken their place: a longer run goes on from them; {} before
    since: epochs that were done before the network was what it is now; none of them is the best
    """

    def __init__(self) -> None:
        self.losses = list[float]()
        self.epoch = 0
        self.weights: dict[str, torch.Tensor] = {}
        self.last: dict[str, torch.Tensor] = {}
        self.since = 0
        self._results: dict[Part, Result] = {}

    def restore(self, epochs: Sequence[EpochReport], weights: dict[str, torch.Tensor], since: int = 0) -> None:
        """Go on behind these epochs. since: so many of them were another network's"""
        self.losses, self.epoch, self.weights, self.since = [math.inf] * since, since, dict(weights), since
        for report in epochs[since:]:
            self.take(report)

    def take(self, report: EpochReport) -> bool:
        """An epoch has ended. Whether it is the best so far; a loss that is not a number never is."""
        loss = report.held_out_loss if math.isfinite(report.held_out_loss) else math.inf
        is_best = not self.losses or loss < self.losses[self.epoch - 1]
        self.losses.append(loss)
        if is_best:
            self.epoch = len(self.losses)
        return is_best

    def keep(self, model: nn.Module, results: dict[Part, Result]) -> None:
        """Copy the weights, and remember what they reach."""
        self.weights = _copied(model)
        self._results = results

    def put_back(self, model: nn.Module, results: dict[Part, Result]) -> dict[Part, Result]:
        """Give the model its best weights again, where they are kept. Returns what they reach."""
        if not self.weights:
            return results
        self.last = _copied(model)
        model.load_state_dict(self.weights)
        return self._results or results


def _copied(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: one.detach().clone() for name, one in model.state_dict().items()}
