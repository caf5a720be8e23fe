"""The time of an epoch on a device: our loop against a plain one, LeNet and softmax on 60,000 made-up pictures.

    python -m tests.benchmarks.accelerator [--device cuda] [--rounds 5]

The plain loop is what a good engineer writes: the samples on the device, a batch by `index_select`, `nn` and
`optim.SGD`, no wait for the loss. Rounds are interleaved, and the figures are medians; the null pair is ours against
ours. It knows no Qt, so it runs where there is only a GPU.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import torch
from torch import nn

from playground.core.data import Data
from playground.core.project import Project
from playground.disk import projects
from playground.engine.devices import pick, wait_for
from playground.engine.loader import Prepared
from playground.engine.loop import Setup, Training
from tests.benchmarks.measure import interleaved, ratio
from tests.benchmarks.plain import LEARNING_RATE, made

SAMPLES = 60_000
BATCHES = (64, 1024)
NETWORKS = {"softmax": "linear", "LeNet": "lenet"}  # as `made` calls them


def made_up() -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures as large as Fashion-MNIST's, (60000, 1, 28, 28) of [-1, 1], and labels 0 to 9."""
    drawn = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (SAMPLES, 1, 28, 28), dtype=torch.uint8, generator=drawn)
    return pictures.float().div_(127.5).sub_(1), torch.randint(0, 10, (SAMPLES,), generator=drawn)


def ours(network: str, batch: int, device: torch.device, inputs: torch.Tensor, labels: torch.Tensor) -> Training:
    """Our loop on the preset of this network."""
    preset = projects.load(f"preset:{'softmax' if network == 'linear' else 'lenet'}-fashion-mnist")
    recipe = type(preset.recipe)(optimizer={"SGD": {"lr": LEARNING_RATE}}, epochs=1_000)
    project = Project(Data(batch_size=batch), preset.network, recipe)
    few = slice(0, 10)  # an epoch ends with its evaluation, which the plain loop has none of
    data = Prepared(
        inputs, labels, inputs[few], labels[few], (1, 28, 28), tuple("0123456789"), "classification"
    )  # fmt: skip
    return Training(project, data, Setup(device, 1, "contiguous"))


def our_epoch(training: Training) -> float:
    """Seconds of the next epoch, with the order of the next one and the evaluation on ten pictures that ends it."""
    began, done = time.perf_counter(), len(training.epochs)
    while len(training.epochs) == done:
        training.advance()
    wait_for(training.setup.device)
    return time.perf_counter() - began


def plain_epoch(network: str, batch: int, device: torch.device, inputs: torch.Tensor, labels: torch.Tensor) -> Callable:
    """The plain loop, ready for its first epoch; each call takes one, and gives its seconds."""
    model = made(network).to(device)
    optimizer, criterion = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE), nn.CrossEntropyLoss()
    there, answers = inputs.to(device), labels.to(device)

    def epoch() -> float:
        wait_for(device)
        began = time.perf_counter()
        losses = []
        for chosen in torch.randperm(SAMPLES).to(device).split(batch):
            loss = criterion(model(there.index_select(0, chosen)), answers.index_select(0, chosen))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        torch.stack(losses).mean().item()
        return time.perf_counter() - began

    return epoch


def measure(device: torch.device, rounds: int) -> None:
    inputs, labels = made_up()
    print(f"{'network':8} {'batch':>6} {'ours, s':>9} {'plain, s':>9} {'ours ÷ plain':>13} {'null':>6}")
    for name, network in NETWORKS.items():
        for batch in BATCHES:
            training = ours(network, batch, device, inputs, labels)
            plain = plain_epoch(network, batch, device, inputs, labels)
            our_epoch(training), plain()  # the first ones load code, and choose algorithms
            measures = {"ours": lambda one=training: our_epoch(one), "plain": plain}
            values, null = interleaved(measures, "ours", rounds)
            mine, other = median(values["ours"]), median(values["plain"])
            share = ratio(values["ours"], values["plain"])
            print(f"{name:8} {batch:6} {mine:9.3f} {other:9.3f} {share:13.2f} {null:6.2f}", flush=True)
            training.close()


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--device", default="auto")
    ask.add_argument("--rounds", type=int, default=5)
    asked = ask.parse_args()
    measure(pick(asked.device), asked.rounds)


if __name__ == "__main__":
    main()
