"""The best epoch of a training so far: what early stopping waits for, and what it goes back to."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from playground.core.messages import EpochReport, Part
from playground.engine.evaluation import Result

Weights = dict[str, torch.Tensor]


class Best:
    """patience: epochs without a better one after which training is over; 0 never ends it, and keeps no weights

    losses: on the part to choose by (validation, else test), one an epoch;  epoch: with the lowest, from 1; 0 before
    the first has ended
    weights: of that epoch, where they are kept; {} where not
    since: epochs that were done before the network was what it is now; none of them is the best
    held: report of the best epoch from when the network has its weights again; None before
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self.losses = list[float]()
        self.epoch = 0
        self.weights = Weights()
        self.since = 0
        self.held: EpochReport | None = None
        self._report: EpochReport | None = None
        self._results: dict[Part, Result] = {}
        self._newest = Weights()  # of the last step, from when the network has others

    @property
    def is_over(self) -> bool:
        """Whether the loss has not fallen for as many epochs as training waits."""
        return 0 < self._patience <= len(self.losses) - self.epoch

    def state(self, model: nn.Module) -> dict[str, Any]:
        """What a checkpoint keeps. Its model is that of the last step, also where the best weights are back: from there
        a run goes on as if it had never ended.

        ended: whether they are back
        """
        newest = self._newest or model.state_dict()
        return {"model": newest, "best": self.weights, "best_since": self.since, "ended": self.held is not None}

    def restore(self, epochs: Sequence[EpochReport], weights: Weights, since: int = 0) -> None:
        """Go on behind these epochs. since: so many of them were another network's"""
        self.losses, self.epoch, self.since = [math.inf] * since, since, since
        self.weights = dict(weights) if self._patience else {}
        self.held, self._report, self._results, self._newest = None, None, {}, {}
        for report in epochs[since:]:
            self._note(report)

    def take(self, report: EpochReport, model: nn.Module, results: dict[Part, Result]) -> None:
        """An epoch has ended. Of the best so far the weights are copied, and what they reach is remembered."""
        if self._note(report) and self._patience:
            self.weights, self._results = _copy(model), results

    def _note(self, report: EpochReport) -> bool:
        """Whether it is the best so far; a loss that is not a number never is."""
        loss = report.held_out_loss if math.isfinite(report.held_out_loss) else math.inf
        is_best = not self.losses or loss < self.losses[self.epoch - 1]
        self.losses.append(loss)
        if is_best:
            self.epoch, self._report = len(self.losses), report
        return is_best

    def put_back(self, model: nn.Module, results: dict[Part, Result]) -> dict[Part, Result]:
        """Training has ended: give the model its best weights again, where they are kept.

        results: of the weights that it has;  returns: of those that it has then, {} where nobody knows them
        """
        if not self.weights or self._report is None:
            return results
        self._newest, self.held = _copy(model), self._report
        model.load_state_dict(self.weights)
        return self._results


def _copy(model: nn.Module) -> Weights:
    return {name: one.detach().clone() for name, one in model.state_dict().items()}
