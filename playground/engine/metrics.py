"""How good a network is on samples that it does not learn from."""

import traceback
from collections.abc import Callable

import torch
from torch import nn

from playground.engine.batches import in_layout
from playground.engine.devices import is_no_memory
from playground.engine.losses import Loss

_MAX_SAMPLES = 250  # of LeNet 15 MB of activations; a thousand took no less time, and stayed in the process for good
_SMALL_VALUES = 1 << 18  # 1 MB: samples of a few numbers each are taken more than a thousand at a time
_MAX_VALUES = 4_000_000  # 16 MB of inputs at once
MOST_KEPT = 25_000_000  # 100 MB of outputs that are kept to be looked at


def correct(outputs: torch.Tensor, labels: torch.Tensor) -> int:
    """How many samples have their largest output at their label. outputs: (N, classes);  labels: (N,) int64"""
    return int((outputs.argmax(1) == labels).sum())


class Evaluation:
    """Loss and accuracy over a part of the data, a batch at each `advance`, so that a caller can do things between.

    inputs: (N, *shape);  targets: as the loss wants them;  labels: (N,) int64, None for regression
    late: what is still to be done to a batch of inputs
    """

    def __init__(
        self,
        model: nn.Module,
        loss: Loss,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        labels: torch.Tensor | None,
        layout: torch.memory_format = torch.contiguous_format,
        late: Callable[[torch.Tensor], torch.Tensor] = lambda batch: batch,
    ):
        self._model, self._loss, self._layout = model, loss, layout
        self._inputs, self._targets, self._labels = inputs, targets, labels
        self._late = late
        values = max(1, late(inputs[:1]).numel())
        self._batch = max(1, min(max(_MAX_SAMPLES, _SMALL_VALUES // values), _MAX_VALUES // values))
        self._seen, self._correct = 0, 0
        self._outputs: list[torch.Tensor] = []
        self._total = self._share = 0.0

    @property
    def done(self) -> bool:
        return self._seen >= len(self._inputs)

    def advance(self) -> None:
        """One batch, in evaluation mode, without gradients; the mode is put back. Of fewer samples where memory is not
        enough: what a run learns with small batches may be tested with small ones, too."""
        while True:
            try:
                self._take(slice(self._seen, self._seen + self._batch))
                return
            except Exception as error:
                if self._batch == 1 or not is_no_memory(error):
                    raise
                traceback.clear_frames(error.__traceback__)  # they hold what did not fit
            self._batch = -(-self._batch // 2)

    def _take(self, chosen: slice) -> None:
        device = next(self._model.parameters()).device
        inputs = in_layout(self._late(self._inputs[chosen].to(device)), self._layout)
        targets = self._targets[chosen].to(device)
        self._model.eval()
        try:
            with torch.no_grad():
                outputs = self._model(inputs)
                share, total = self._loss.share(targets), self._loss.total(outputs, targets)
                found = correct(outputs, self._labels[chosen].to(device)) if self._labels is not None else 0
                is_kept = len(self._inputs) * outputs[:1].numel() <= MOST_KEPT
                kept = [outputs.to("cpu", torch.float32)] if is_kept else []
        finally:
            self._model.train()
        self._outputs += kept
        self._total, self._share, self._correct = self._total + total, self._share + share, self._correct + found
        self._seen += len(inputs)

    @property
    def outputs(self) -> torch.Tensor | None:
        """What the network made of every sample, (N, ...) float32 on the CPU; None where that is too much to keep."""
        return torch.cat(self._outputs) if self._outputs else None

    @property
    def mean_loss(self) -> float:
        """Mean over the samples seen, or over what they weigh."""
        return self._total / self._share if self._share else 0.0

    @property
    def accuracy(self) -> float | None:
        """Share of the samples seen whose class was found; None for regression."""
        return None if self._labels is None else self._correct / max(1, self._seen)
