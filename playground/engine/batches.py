"""Batches of an epoch as views of permuted copies.

One `index_select` makes many batches at a time; each batch is a view of that copy, so a step pays nothing for it.
The copies are small, so memory stays near that of the data. Where they begin depends on the epoch alone, so a
training that goes on in the middle of an epoch sees the same batches at the same places in memory.
"""

import torch

_BATCHES = 64
_BYTES = 16_000_000

Views = list[tuple[torch.Tensor, torch.Tensor]]  # (inputs, targets) of each batch


class Batches:
    """The training part of a data set, batch by batch.

    inputs: (N, *shape) float32;  targets: (N, ...), in the form of the loss
    layout: memory format of pictures;  device: where the batches are to be; the data move there if they fit
    """

    def __init__(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        batch_size: int,
        device: torch.device,
        layout: torch.memory_format = torch.contiguous_format,
    ):
        if _fits(inputs, device):
            inputs, targets = inputs.to(device), targets.to(device)
        self._inputs, self._targets = inputs, targets
        self._batch, self._device, self._layout = batch_size, device, layout
        self._limit_memory(inputs[:1])
        self._order, self._epoch = torch.empty(0, dtype=torch.int64), 0
        self._views: Views = []
        self._first = -1

    def __len__(self) -> int:
        """Batches in an epoch; the last may be smaller."""
        return -(-len(self._inputs) // self._batch)

    def begin(self, order: torch.Tensor, epoch: int = 0) -> None:
        """Begin an epoch. order: (N,) int64"""
        self._order = order.to(self._inputs.device)  # at once: each copy to a GPU waits for what is under way there
        self._epoch, self._first, self._views = epoch, -1, []

    def at(self, position: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs and targets of one batch of the epoch. position: from 0"""
        first = position - position % self._together
        if first != self._first:
            self._views = []  # given back before the next copy is made
            self._views, self._first = self._copied(first), first
        return self._views[position - first]

    def close(self) -> None:
        """Let go of the batches at hand, and end what works behind the training's back: here nothing does."""
        self._first, self._views = -1, []

    def _limit_memory(self, sample: torch.Tensor) -> None:
        """Set how many batches are made together. sample: (1, *shape), as the network gets it"""
        batch_bytes = max(1, sample.numel() * sample.element_size() * self._batch)
        self._together = max(1, min(_BATCHES, _BYTES // batch_bytes))

    def _chosen(self, first: int) -> torch.Tensor:
        """Numbers of the samples of the batches that are made together, from this one on."""
        return self._order[first * self._batch : (first + self._together) * self._batch]

    def _copied(self, first: int) -> Views:
        chosen = self._chosen(first)
        inputs = in_layout(self._inputs.index_select(0, chosen).to(self._device), self._layout)
        targets = self._targets.index_select(0, chosen).to(self._device)
        return list(zip(inputs.split(self._batch), targets.split(self._batch), strict=True))


def in_layout(inputs: torch.Tensor, layout: torch.memory_format) -> torch.Tensor:
    """Pictures in a memory format; anything else as it is."""
    if inputs.dim() != 4 or layout is torch.contiguous_format:
        return inputs
    if inputs.shape[1] == 1 and inputs.is_contiguous():
        # of one channel the order in memory is the same, and PyTorch would copy for nothing
        height, width = inputs.shape[2:]
        return inputs.as_strided(inputs.shape, (height * width, 1, width, 1))
    return inputs.to(memory_format=layout)


def _fits(inputs: torch.Tensor, device: torch.device) -> bool:
    if device.type not in ("cuda", "xpu"):
        return device.type == "mps"  # its memory is the machine's
    free, _total = torch.get_device_module(device).mem_get_info(device)
    return inputs.numel() * inputs.element_size() < free // 2
