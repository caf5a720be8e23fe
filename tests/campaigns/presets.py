"""Trains every preset by the command line and writes what it cost to `resources/presets/measured.json`.

    uv run python -m tests.campaigns.presets [--data FOLDER] [--only NAME ...] [--epochs N] [--threads N] [--dry]

FOLDER holds the data sets that are not built in (`../shared/datasets/get FOLDER` lays them out). The cards of the
welcome page and `playground presets` say the parameters and the time of the whole recipe from that file, so let it run
alone on the machine that is to be told of. `--epochs` trains at most so many: the rest of the time is reckoned from
them, and the accuracy kept is that of the last of them. Where a data set is here only in part, its time is reckoned for
the whole, and no accuracy is kept. `--dry` prints, and writes nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from playground.core.datasets import DATASETS
from playground.core.project import Project
from playground.disk import presets, projects
from playground.disk.presets import Measure, Measures

FILE = Path(__file__).resolve().parents[2] / "resources" / "presets" / presets.MEASURED
LEAST_SHARE = 0.95  # of the samples that a data set declares; below, it is a part of it


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path)
    ask.add_argument("--only", nargs="*", choices=sorted(projects.presets()), default=[])
    ask.add_argument("--epochs", type=int)
    ask.add_argument("--threads", type=int)
    ask.add_argument("--dry", action="store_true")
    asked = ask.parse_args()
    kept = presets.measures()
    found = {name: one for name, one in kept.presets.items() if name in projects.presets()}
    for preset in presets.read():
        if asked.only and preset.name not in asked.only:
            continue
        project = preset.project
        epochs = min(project.recipe.epochs, asked.epochs or project.recipe.epochs)
        report = trained(preset.name, epochs, asked.data, asked.threads)
        measure = found[preset.name] = measured(project, report)
        print(f"{preset.name}: {msgspec.json.encode(measure).decode()}", flush=True)
        kept = Measures(report["device"], os.cpu_count() or 1, report["versions"]["torch"], dict(sorted(found.items())))
        if not asked.dry:  # after each, so that one that is interrupted has kept the others
            FILE.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    return 0


def trained(name: str, epochs: int, data: Path | None, threads: int | None) -> dict[str, Any]:
    """The report of one training in a process of its own, with folders of its own."""
    with tempfile.TemporaryDirectory(prefix="playground-presets-") as home:
        environment = {**os.environ, **{f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("DATA", "CACHE", "STATE")}}
        if data is not None:
            folder = Path(home) / "DATA" / "torch-playground"
            folder.mkdir(parents=True)
            (folder / "datasets").symlink_to(data.resolve())
        report = Path(home) / "report.json"
        command = [sys.executable, "-m", "playground", "train", f"{projects.PRESET}{name}", "--epochs", str(epochs)]
        command += ["--threads", str(threads)] if threads else []
        done = subprocess.run(
            [*command, "--report", str(report)], env=environment, capture_output=True, text=True, timeout=3600
        )
        if done.returncode != 0:
            raise SystemExit(f"{name}: {(done.stdout + done.stderr)[-600:]}")
        facts: dict[str, Any] = json.loads(report.read_text())
        return facts


def measured(project: Project, report: dict[str, Any]) -> Measure:
    """What a report says, reckoned for the whole data set where only a part of it was there."""
    batch = project.data.batch_size
    samples = None if isinstance(batch, str) else report["steps"] / report["epochs"] * batch
    spec = DATASETS[project.data.dataset]
    share = min(1.0, samples / spec.train) if samples and spec.test is not None else 1.0
    whole = share >= LEAST_SHARE
    accuracy = report["test_accuracy"][-1]
    return Measure(
        parameters=report["parameters"],
        epochs=report["epochs"],
        seconds=round(report["seconds"] / (1 if whole else share), 1),
        test_loss=round(report["test_loss"][-1], 4) if whole else None,
        test_accuracy=round(accuracy, 4) if whole and accuracy is not None else None,
    )


if __name__ == "__main__":
    sys.exit(main())
