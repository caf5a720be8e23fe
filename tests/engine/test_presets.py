"""Every example fits, and learns: on its own data where they come with the program, else on noise of their shape."""

import math

import pytest
import torch

from playground.core.datasets import DATASETS
from playground.core.project import Project
from playground.core.report import Report
from playground.disk import presets, projects
from playground.engine import loader
from playground.engine.check import check
from playground.engine.loader import Prepared
from playground.engine.loop import Training
from tests.engine.trainings import CPU

STEPS = 3


def data_of(project: Project, report: Report) -> Prepared:
    """Those of the project, or as much noise as a few steps take."""
    spec = DATASETS[project.data.dataset]
    if not spec.bytes:
        return loader.prepare(project.data, project.recipe.seed)
    count = STEPS * project.data.batch_of(64)
    inputs = torch.randn(count, *report.input_shape, generator=torch.Generator().manual_seed(0))
    targets = torch.arange(count) % len(spec.classes) if spec.classes else torch.rand(count, 1)
    return Prepared(inputs, targets, inputs, targets, tuple(report.input_shape), spec.classes, spec.task)


@pytest.mark.parametrize("name", projects.presets())
def test_every_example_fits_and_makes_steps(name):
    project = projects.load(f"preset:{name}")
    report = check(project)
    assert not [str(row.error) for row in report.rows if row.error]
    assert not report.faults
    training = Training(project, data_of(project, report), CPU)
    before = [parameter.detach().clone() for parameter in training.model.parameters()]
    for _step in range(min(STEPS, training.steps_per_epoch)):
        training.advance()
    losses = training.losses.tolist()
    training.close()
    assert losses
    assert all(math.isfinite(loss) for loss in losses)
    # at an ordinary beginning the loss of n classes is about ln n: a network that begins far from it learns badly
    if training.data.classes:
        assert losses[0] < 2 * math.log(len(training.data.classes)) + 0.5
    moved = [bool((now != then).any()) for now, then in zip(training.model.parameters(), before, strict=True)]
    assert all(moved)


def test_the_cards_say_the_parameters_that_the_check_finds():
    for preset in presets.read():
        assert preset.parameters == check(preset.project).parameters, preset.name
        assert preset.seconds
