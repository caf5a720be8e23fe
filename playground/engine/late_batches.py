"""Batches that are prepared when they are due: random steps, tokens, many samples with light steps, and data that would
not fit prepared.

On the CPU the next few are made by a thread while the network learns from these, unless the steps are so light that it
would take more from the window than it gives. It works for one group of batches and ends; what it makes is a function of
seed, epoch and place alone, so it changes no number.
"""

import threading

import torch

from playground.engine.batches import Batches, Views, in_layout
from playground.engine.devices import available_cores
from playground.engine.losses import Loss
from playground.engine.prepared import Prepared
from playground.engine.randomness import generator


class LateBatches(Batches):
    """The training part of a data set, batch by batch, each with its late steps done.

    targets: (N, ...), in the form of the loss;  seed: of the recipe;  the others as for Batches
    """

    def __init__(
        self,
        data: Prepared,
        targets: torch.Tensor,
        batch_size: int,
        device: torch.device,
        layout: torch.memory_format,
        seed: int,
    ):
        super().__init__(data.train_inputs, targets, batch_size, device, layout)
        self._data, self._seed = data, seed
        self._limit_memory(data.late(data.train_inputs[:1]))
        self._ahead: _Ahead | None = None
        spare = available_cores() > torch.get_num_threads() + 1  # one is the window's
        # other devices work behind our back anyway
        self._in_background = device.type == "cpu" and (spare or not data.pipeline.is_light)

    def begin(self, order: torch.Tensor, epoch: int = 0) -> None:
        self.close()
        super().begin(order, epoch)

    def close(self) -> None:
        """Wait for what is being prepared, and forget it. More can be asked for afterwards."""
        super().close()
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.join()

    def _copied(self, first: int) -> Views:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.first == first:
            views = ahead.result()
        else:
            if ahead is not None:
                ahead.join()
            views = self.made(first)
        following = first + self._together
        if self._in_background and following < len(self):
            self._ahead = _Ahead(self, following)
            self._ahead.start()
        return views

    def made(self, first: int) -> Views:
        """The batches of the group that begins with this one."""
        chosen = self._chosen(first)
        inputs = self._inputs.index_select(0, chosen).to(self._device)
        targets = self._targets.index_select(0, chosen).to(self._device)
        if not self._data.pipeline.is_random:
            batches = list(in_layout(self._data.late(inputs), self._layout).split(self._batch))
        else:
            batches = [
                in_layout(self._data.late(batch, self._drawn((first + count) * self._batch)), self._layout)
                for count, batch in enumerate(inputs.split(self._batch))
            ]
        return list(zip(batches, targets.split(self._batch), strict=True))

    def _drawn(self, sample: int) -> torch.Generator:
        """For the random steps of one batch. sample: the place in the epoch of its first one"""
        return generator(self._seed, "augment", self._epoch, sample)


class _Ahead(threading.Thread):
    """Makes one group of batches, and ends."""

    def __init__(self, batches: LateBatches, first: int):
        super().__init__(name="batches ahead")
        self.first = first
        self._batches = batches
        self._views: Views = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            torch.set_num_threads(1)  # of this thread: the others are busy with the network
            with torch.no_grad():
                self._views = self._batches.made(self.first)
        except BaseException as error:  # it belongs to the run, which asks for the result
            self._error = error

    def result(self) -> Views:
        """What it has made. raises what it met"""
        self.join()
        if self._error is not None:
            raise self._error
        return self._views


def batches_of(
    data: Prepared, loss: Loss, batch_size: int, device: torch.device, layout: torch.memory_format, seed: int
) -> Batches:
    """The training part of a data set, prepared at once or batch by batch. seed: of the recipe"""
    targets = loss.targets(data.train_targets)
    if data.pipeline.is_late:
        return LateBatches(data, targets, batch_size, device, layout, seed)
    return Batches(data.train_inputs, targets, batch_size, device, layout)
