"""Dead rectifiers in real runs: a healthy one is never called dead, one that a bad setting has killed is."""

import pytest
import torch

from playground.core.edit import SetRecipe, apply
from playground.core.messages import Frame
from playground.core.project import Project
from playground.disk import projects
from playground.engine import loader, probes
from playground.engine.loop import Setup, Training
from playground.session.history import History
from playground.session.rectifiers import watch_of
from playground.session.trouble import troubles

CPU = Setup(torch.device("cpu"), 1, "contiguous")
EVERY = 10  # steps between two looks


@pytest.fixture(scope="module")
def lenet() -> Project:
    return projects.load("preset:lenet-digits")


@pytest.fixture(scope="module")
def digits(lenet):
    return loader.prepare(lenet.data, lenet.recipe.seed)


def said(project: Project, digits, steps: int, low: str = "") -> list[set[str]]:
    """What is said of dead units after each look. low: a bias that is set far below zero"""
    one, history, watch = Training(project, digits, CPU), History(), watch_of(project)
    if low:
        with torch.no_grad():
            one.model.get_parameter(low).fill_(-100.0)
    found = []
    while one.step < steps:
        one.advance()
        if not one.evaluating and one.step % EVERY == 0:
            picture = probes.read(watch, one.context())
            history.append(Frame(state="running", step=one.step, pictures=(picture,)))
            texts = {trouble.text for trouble in troubles(project, history, 10, 3e-3)}
            found.append({text for text in texts if "dead" in text})
    one.close()
    return found


def test_a_healthy_run_is_never_said_to_have_dead_units(lenet, digits):
    assert set().union(*said(lenet, digits, 400)) == set()


def test_a_bias_far_below_zero_is_named(lenet, digits):
    found = said(lenet, digits, 90, low="9.bias")
    assert found[:3] == [set()] * 3  # too early to tell
    assert {text.partition(",")[0] for text in found[-1]} == {"11 ReLU: 84 of 84 units are dead"}


def test_a_learning_rate_that_is_far_too_large_kills_units(lenet, digits):
    fast = apply(lenet, SetRecipe({"optimizer": {"Adam": {"lr": 0.1}}}))
    assert any("units are dead" in text for text in said(fast, digits, 120)[-1])
