"""Trains the same projects on an accelerator and on the CPU, and prints accuracies and seconds side by side; then the
time of an epoch on the accelerator, our loop against a plain one.

    uv run python -m tests.campaigns.accelerators [--device cuda] [--count SEEDS] [--rounds 5]

Projects: the presets lenet-digits (10 epochs) and softmax-iris, and the network of lenet-fashion-mnist for one epoch on
as many made-up pictures, each class a pattern of its own under noise. A seed gives both devices the same weights and the
same batches; what differs is the order in which a device adds up. Exit 1 where the accuracies of a project are further
apart than `APART`, or one is below what it must reach.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import numpy as np
import torch

from playground.core.project import Project
from playground.disk import projects
from playground.engine import launch
from playground.engine.devices import list_devices, pick, wait_for
from tests.benchmarks import accelerator
from tests.benchmarks.fashion import PARTS
from tests.engine import idx_files

APART = 0.02  # on average over the seeds: two to seven pictures of the test parts


class Work(NamedTuple):
    """seeds: how many at most;  least: what every accuracy must reach;  data: a folder with the files of its data set"""

    name: str
    project: Project
    seeds: int
    least: float
    data: Path | None = None


class Done(NamedTuple):
    """accuracy: on the test part;  seconds: of training, preparation left out;  steps: how many were taken"""

    accuracy: float
    seconds: float
    steps: int


def work_in(folder: Path) -> tuple[Work, ...]:
    """What is trained. folder: gets the made-up pictures"""
    idx_files.write(folder / "FashionMNIST" / "raw", made_up())
    return (
        Work("lenet-digits", for_epochs("lenet-digits", 10), 3, 0.9),
        Work("softmax-iris", projects.load("preset:softmax-iris"), 3, 0.9),
        Work("lenet, 60,000 made-up", for_epochs("lenet-fashion-mnist", 1), 1, 0.9, folder),
    )


def made_up() -> dict[str, np.ndarray]:
    """Pictures by the name of their file: each class has a pattern of 7×7 squares of its own, under stronger noise."""
    random = np.random.default_rng(0)
    patterns = random.integers(0, 100, (10, 7, 7), dtype=np.uint8).repeat(4, axis=1).repeat(4, axis=2)
    made = {}
    for part, count in PARTS.items():
        labels = random.integers(0, 10, count, dtype=np.uint8)
        made[f"{part}-images-idx3-ubyte"] = patterns[labels] + random.integers(0, 156, (count, 28, 28), dtype=np.uint8)
        made[f"{part}-labels-idx1-ubyte"] = labels
    return made


def for_epochs(preset: str, epochs: int) -> Project:
    project = projects.load(f"preset:{preset}")
    return msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, epochs=epochs))


def shortened(work: Work) -> Work:
    """Its first epoch."""
    return work._replace(
        project=msgspec.structs.replace(work.project, recipe=msgspec.structs.replace(work.project.recipe, epochs=1))
    )


def trained(work: Work, seed: int, device: str) -> Done:
    """One run, as the command line would do it."""
    recipe = msgspec.structs.replace(work.project.recipe, seed=seed)
    wish = launch.Wish(msgspec.structs.replace(work.project, recipe=recipe), device=device, data=work.data)
    training = launch.finish(launch.stages(wish))
    wait_for(training.setup.device)
    began = time.perf_counter()
    while not training.finished:
        training.advance()
    wait_for(training.setup.device)
    seconds = time.perf_counter() - began
    training.close()
    accuracy = training.epochs[-1].test_accuracy
    assert accuracy is not None
    return Done(accuracy, seconds, training.step)


def side_by_side(device: str, count: int) -> bool:
    """Train all there is on both; whether every project came out well."""
    good = True
    print(f"{'project':24} {'seed':>4} {device:>9} {'CPU':>7} {device + ', s':>12} {'CPU, s':>8} {'steps':>6}")
    with TemporaryDirectory() as folder:
        for work in work_in(Path(folder)):
            trained(shortened(work), 0, device)  # loads code, and chooses threads
            trained(shortened(work), 0, "cpu")
            pairs = []
            for seed in range(min(work.seeds, count)):
                there, here = trained(work, seed, device), trained(work, seed, "cpu")
                pairs.append((there, here))
                print(
                    f"{work.name:24} {seed:4} {there.accuracy:9.4f} {here.accuracy:7.4f} {there.seconds:12.2f} "
                    f"{here.seconds:8.2f} {here.steps:6}",
                    flush=True,
                )
            apart = abs(sum(there.accuracy - here.accuracy for there, here in pairs)) / len(pairs)
            least = min(one.accuracy for pair in pairs for one in pair)
            well = apart <= APART and least >= work.least
            good &= well
            print(
                f"{'reached' if well else 'MISSED'}  {work.name}: {apart:.4f} apart, least {least:.3f} of {work.least}"
            )
    return good


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--device", default="auto")
    ask.add_argument("--count", type=int, default=3)
    ask.add_argument("--rounds", type=int, default=5)
    asked = ask.parse_args()
    device = pick(asked.device)
    title = next(one.title for one in list_devices() if one.name == str(device))
    print(f"{device}: {title}, torch {torch.__version__}")
    good = side_by_side(str(device), asked.count)
    accelerator.measure(device, asked.rounds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
