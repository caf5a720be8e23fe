"""The loops that the program is held against, in plain PyTorch; prints a line of JSON with the seconds of each epoch.

tutorial: a torchvision data set whose samples are transformed one by one, a DataLoader, the loss read at each step
plain: the samples as one tensor on which each batch is an index, and no wait for the loss
`speed.py` starts it, for the process of the window knows no torch.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn

BATCH = 64
LEARNING_RATE = 0.05


def made(network: str) -> nn.Sequential:
    """The networks of the presets softmax-fashion-mnist and lenet-fashion-mnist."""
    if network == "linear":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    convolutions = [nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2)]
    head = [nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)]
    return nn.Sequential(*convolutions, nn.Flatten(), *head)


def idx(path: Path, header: int) -> torch.Tensor:
    return torch.from_numpy(np.fromfile(path, np.uint8)[header:])


class PlainBatches:
    """Every sample in one float32 tensor (60000, 1, 28, 28) of [-1, 1]."""

    def __init__(self, folder: Path, layout: torch.memory_format) -> None:
        raw = folder / "FashionMNIST" / "raw"
        pictures = idx(raw / "train-images-idx3-ubyte", 16).view(-1, 1, 28, 28)
        self.inputs = ((pictures.float() / 255 - 0.5) / 0.5).contiguous(memory_format=layout)
        self.targets = idx(raw / "train-labels-idx1-ubyte", 8).long()

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for chosen in torch.randperm(len(self.targets)).split(BATCH):
            yield self.inputs.index_select(0, chosen), self.targets.index_select(0, chosen)


def tutorial_batches(folder: Path) -> torch.utils.data.DataLoader:
    from torchvision.datasets import FashionMNIST
    from torchvision.transforms import Compose, Normalize, ToTensor

    samples = FashionMNIST(str(folder), train=True, transform=Compose([ToTensor(), Normalize(0.5, 0.5)]))
    return torch.utils.data.DataLoader(samples, batch_size=BATCH, shuffle=True)


def epoch(model: nn.Module, batches: object, optimizer: torch.optim.Optimizer, read_each: bool) -> float:
    """One pass over the samples; gives its mean loss."""
    criterion = nn.CrossEntropyLoss()
    losses = []
    for inputs, targets in batches:  # type: ignore[attr-defined]
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item() if read_each else loss.detach())
    return float(torch.as_tensor(losses).mean()) if read_each else torch.stack(losses).mean().item()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--loop", choices=("plain", "tutorial"), required=True)
    ask.add_argument("--network", choices=("linear", "lenet"), required=True)
    ask.add_argument("--layout", choices=("contiguous", "channels_last"), default="contiguous")
    ask.add_argument("--threads", type=int, default=1)
    ask.add_argument("--epochs", type=int, default=1)
    ask.add_argument("--data", type=Path, required=True)
    asked = ask.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    layout = torch.channels_last if asked.layout == "channels_last" else torch.contiguous_format
    model = made(asked.network).to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    batches = PlainBatches(asked.data, layout) if asked.loop == "plain" else tutorial_batches(asked.data)
    for _ in range(asked.epochs):
        began = time.perf_counter()
        mean = epoch(model, batches, optimizer, asked.loop == "tutorial")
        print(json.dumps({"seconds": time.perf_counter() - began, "loss": mean}), flush=True)


if __name__ == "__main__":
    main()
