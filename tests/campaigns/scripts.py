"""Scripts of presets and of random networks, run alone: the same batches, weights, outputs and losses as the engine's.

    uv run python -m tests.campaigns.scripts [--count 300] [--seed 0] [--data FOLDER]

A process that cannot import this program runs each script as it is, up to its 20th step. `ruff check` and
`ruff format --check` must have nothing to say of any.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from hypothesis import HealthCheck, Phase, given, seed, settings

from playground.core.code import ANY, STYLES, Numerics
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.network import Network
from playground.core.problem import Problem
from playground.core.project import Project
from playground.disk import projects
from playground.engine import code
from playground.engine.check import check
from playground.engine.loader import prepare
from playground.engine.loop import Setup, Training
from tests.core.strategies import networks

STEPS = 20
HEAD = (Layer("Flatten"), Layer("Linear", {"out_features": 10}))

# What the clean process does: argv is a folder with *.py, which gets a .pt beside each, and the steps to take.
PROGRAM = """
import pathlib, sys, warnings
sys.modules["playground"] = None  # an import of it fails
import torch
warnings.simplefilter("ignore")
STEPS = int(sys.argv[2])

class Enough(Exception):
    pass

def run(path):
    script, seen = {"__name__": "__main__"}, {"losses": []}
    plain = torch.Tensor.backward
    def backward(loss, *more, **options):
        if not seen["losses"]:
            model = script["model"]
            parameters = script.get("parameters") or list(model.parameters())
            seen["threads"] = torch.get_num_threads()
            seen["x"], seen["y"] = script["x"].clone(), script["y"].clone()
            seen["last"] = any(not one.is_contiguous() for one in parameters)
            seen["weights"] = [one.detach().clone() for one in parameters]
            with torch.no_grad():
                if hasattr(model, "eval"):
                    model.eval()
                seen["outputs"] = model(script["x"]).clone()
                if hasattr(model, "train"):
                    model.train()
        seen["losses"].append(loss.item() / (script["scaler"].get_scale() if "scaler" in script else 1))
        if len(seen["losses"]) >= STEPS:
            raise Enough
        plain(loss, *more, **options)
    torch.Tensor.backward = backward
    torch.set_num_threads(1)
    try:
        exec(compile(path.read_text(), str(path), "exec"), script)
    except Enough:
        pass
    finally:
        torch.Tensor.backward = plain
    torch.save(seen, path.with_suffix(".pt"))

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    try:
        run(path)
    except BaseException as error:
        path.with_suffix(".txt").write_text(f"{type(error).__name__}: {error}")
"""


@dataclass
class Case:
    """A project, the styles in which it can be written, and the losses of each."""

    name: str
    project: Project
    styles: Sequence[str]
    numerics: Numerics = ANY


def case_of(name: str, project: Project, folder: Path, data: Path | None = None, numerics: Numerics = ANY) -> Case:
    """Writes its scripts into a folder."""
    styles = []
    for style in STYLES:
        try:
            script = code.write(project, style, data, numerics)
        except Problem:
            assert style == "scratch", f"{name} cannot be written as {style}"
            continue
        (folder / f"{name}-{style}.py").write_text(script.text, encoding="utf-8")
        styles.append(style)
    return Case(name, project, styles, numerics)


def run_all(folder: Path) -> None:
    """On the CPU, as the engine they are compared with."""
    subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, str(folder), str(STEPS)],
        cwd=folder,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": ""},
        check=True,
        timeout=3600,
        stdout=subprocess.DEVNULL,
    )


def ruff_is_content(folder: Path) -> None:
    for words in (("check",), ("format", "--check")):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--isolated", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"ruff {' '.join(words)}:\n{done.stdout[:4000]}"


def agrees(case: Case, folder: Path, data: Path | None = None) -> None:
    """What each script saw is what the engine trains on and computes, written out by the engine's plain parts."""
    prepared = prepare(case.project.data, case.project.recipe.seed, data)
    threads, layout = case.numerics.threads or 1, case.numerics.layout or "contiguous"
    training = Training(case.project, prepared, Setup(torch.device("cpu"), threads, layout))
    losses = {}
    for style in case.styles:
        seen = _seen(folder / f"{case.name}-{style}.py")
        losses[style] = seen["losses"]
        assert seen["threads"] == threads, f"{case.name}, {style}: {seen['threads']} threads"
        wanted = any(not one.is_contiguous() for one in training.model.parameters())
        assert seen["last"] is wanted, f"{case.name}, {style}: another layout"
        _compare(f"{case.name}, {style}", seen, training)
    expected = _losses(training)
    for style, found in losses.items():
        count = min(len(found), len(expected))
        assert count == len(expected), f"{case.name}, {style}: {len(found)} steps of {len(expected)}"
        torch.testing.assert_close(
            torch.tensor(found[:count]), torch.tensor(expected), rtol=1e-4, atol=1e-4,
            msg=lambda text, style=style: f"{case.name}, {style}, losses: {text}",
        )  # fmt: skip


def _seen(path: Path) -> dict[str, Any]:
    fault = path.with_suffix(".txt")
    assert not fault.exists(), f"{path.name}: {fault.read_text()}"
    seen: dict[str, Any] = torch.load(path.with_suffix(".pt"), weights_only=True)
    return seen


def _compare(name: str, seen: dict[str, Any], training: Training) -> None:
    inputs, targets = training._batches.at(0)
    close = {"rtol": 1e-5, "atol": 1e-5 if inputs.dtype == torch.float32 else 0}
    torch.testing.assert_close(seen["x"].float(), inputs.float(), **close, msg=lambda text: f"{name}, batch: {text}")
    assert torch.equal(seen["y"], targets), f"{name}: other targets"
    parameters = list(training.model.parameters())
    assert [tuple(one.shape) for one in seen["weights"]] == [tuple(one.shape) for one in parameters], name
    for ours, theirs in zip(parameters, seen["weights"], strict=True):
        torch.testing.assert_close(theirs, ours.detach(), rtol=1e-6, atol=1e-6, msg=lambda text: f"{name}, {text}")
    model = deepcopy(training.model)
    with torch.no_grad():
        for ours, theirs in zip(model.parameters(), seen["weights"], strict=True):
            ours.copy_(theirs)
        model(seen["x"])  # as the script has done by then: it moves the figures that BatchNorm keeps
        outputs = model.eval()(seen["x"])
    torch.testing.assert_close(
        seen["outputs"], outputs, rtol=1e-5, atol=1e-6, equal_nan=True, msg=lambda text: f"{name}, outputs: {text}"
    )


def _losses(training: Training) -> list[float]:
    """Of the engine's first steps, in one epoch."""
    torch.manual_seed(_seed_of(training))
    try:
        while len(training.losses) < min(STEPS, training.steps_per_epoch * training.project.recipe.epochs):
            training.advance()
    except Problem:  # it diverged, which the script would go on with
        pass
    return list(training.losses)


def _seed_of(training: Training) -> int:
    from playground.engine.randomness import derived_seed

    return derived_seed(training.project.recipe.seed, "torch")


def random_projects(count: int, number: int) -> Iterator[Project]:
    """Valid ones: their output is brought to ten classes."""
    found: list[Project] = []

    def keep(network: Network) -> None:
        project = Project(Data(batch_size=32), (*network, *HEAD))
        report = check(project)
        if not report.faults and all(row.error is None for row in report.rows) and report.parameters < 2_000_000:
            found.append(project)

    while len(found) < count:
        many = settings(
            max_examples=4 * count, deadline=None, suppress_health_check=list(HealthCheck), database=None,
            phases=[Phase.generate],
        )  # fmt: skip
        seed(number)(many(given(networks)(keep)))()
        number += 1
    yield from found[:count]


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=300)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--data", type=Path, default=None, help="a folder with the files of the data sets")
    asked = ask.parse_args()
    torch.set_num_threads(1)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = [
            case_of(name, projects.load(f"preset:{name}"), folder, asked.data) for name in projects.presets()
        ]  # fmt: skip
        cases += [
            case_of(f"random-{number}", project, folder)
            for number, project in enumerate(random_projects(asked.count, asked.seed))
        ]
        ruff_is_content(folder)
        run_all(folder)
        for case in cases:
            agrees(case, folder, asked.data)
    scripts = sum(len(case.styles) for case in cases)
    print(f"{len(cases)} projects, {scripts} scripts well, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
