"""Trains the presets by the command line over many seeds and holds their test accuracy against what must be reached.

    uv run python -m tests.campaigns.accuracy [--only NAME] [--count SEEDS]

`--count` takes fewer seeds. Fashion-MNIST must be on this machine (`playground data list` says where it is looked for).
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Goal(NamedTuple):
    """accuracies of all seeds are made one figure by `figure`, which must reach `least`."""

    preset: str
    seeds: int
    arguments: Sequence[str]
    figure: Callable[[list[float]], float]
    least: float


GOALS = (
    Goal("lenet-digits", 5, ("--epochs", "10"), min, 0.95),
    Goal("softmax-iris", 10, (), statistics.median, 0.93),
    Goal("lenet-fashion-mnist", 1, ("--epochs", "1"), min, 0.78),
)


def trained(preset: str, seed: int, arguments: Sequence[str]) -> dict:
    """The report of one run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "playground", "train", f"preset:{preset}", "--seed", str(seed)]
        done = subprocess.run([*command, *arguments, "--report", str(report)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{preset}, seed {seed}: {(done.stdout + done.stderr)[-400:]}")
        return json.loads(report.read_text())


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", choices=[goal.preset for goal in GOALS])
    ask.add_argument("--count", type=int, default=10)
    asked = ask.parse_args()
    missed = 0
    for goal in GOALS:
        if asked.only not in (None, goal.preset):
            continue
        reached = [
            trained(goal.preset, seed, goal.arguments)["test_accuracy"][-1]
            for seed in range(min(goal.seeds, asked.count))
        ]
        figure = goal.figure(reached)
        missed += figure < goal.least
        seen = " ".join(f"{accuracy:.3f}" for accuracy in reached)
        verdict = "reached" if figure >= goal.least else "MISSED"
        print(f"{verdict}  {goal.preset}: {figure:.3f} of {goal.least} ({goal.figure.__name__} of {seen})", flush=True)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
