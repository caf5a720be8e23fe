"""A page copied as code computes what the page shows."""

import ast
import contextlib
import io

import pytest

from playground.core.lab.functions import FUNCTIONS, SURFACES
from playground.core.lab.graph_examples import EXAMPLES
from playground.core.lab.messages import ShowNetwork, ShowPage
from playground.core.lab.scripts import autograd_script, descent_script, slopes_script
from playground.core.lab.topics import Autograd, Descent, Racer, Slopes
from playground.core.problem import Problem
from playground.core.project import write_project
from playground.disk import projects
from playground.engine.lab.graphs import graph
from playground.engine.lab.network_graphs import network_graph
from playground.engine.lab.races import races
from playground.engine.lab.scripts import script
from playground.engine.lab.slopes import curves, descend
from playground.engine.loader import prepare
from playground.session.history import numbers


def printed(text: str) -> list[str]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(text, "script", "exec"), {})
    return out.getvalue().splitlines()


def alone(of) -> str:
    """A script with samples or a network, which needs nothing of this program."""
    text = script(of)
    named = [
        one.module if isinstance(one, ast.ImportFrom) else one.names[0].name
        for one in ast.walk(ast.parse(text))
        if isinstance(one, (ast.Import, ast.ImportFrom))
    ]
    assert not any(one.startswith("playground") for one in named)
    return text


def test_slopes_are_those_of_the_page():
    state = Slopes(functions=(*list(FUNCTIONS)[:11], "math.pi * x**2"), x=0.7, width=0.01)
    lines, told = printed(slopes_script(state)), curves(state).curves
    assert len(lines) == len(told) == 12
    for line, curve in zip(lines, told, strict=True):
        y, slope, quotient = (float(one) for one in line.split()[-3:])
        assert (y, slope) == pytest.approx(curve.at, rel=1e-12)
        assert quotient == pytest.approx(curve.quotients[0].value, rel=1e-9)


def test_a_line_that_is_no_expression_is_left_out():
    assert len(printed(slopes_script(Slopes(functions=("x**2", "x +", "import os"))))) == 1


@pytest.mark.parametrize("ascend", [False, True])
def test_a_path_is_that_of_the_page(ascend):
    state = Descent(function="(2*x - 3)**2", start=(0.5,), lr=0.1, steps=6, ascend=ascend)
    told = descend(state).steps
    for line, step in zip(printed(descent_script(state)), told, strict=True):
        assert [float(one) for one in line.split()[1:]] == pytest.approx(
            [step.loss, step.slope, step.w_after], rel=1e-12
        )


@pytest.mark.usefixtures("found_data")
@pytest.mark.parametrize("surface", SURFACES)
def test_a_race_is_that_of_the_page(surface):
    racers = (
        Racer("SGD", 0.0005),
        Racer("momentum", 0.0005),
        Racer("Nesterov", 0.0005),
        Racer("Adam"),
        Racer("RMSprop"),
    )
    state = Descent(surface=surface, start=SURFACES[surface].start, steps=8, racers=racers)
    text = alone(ShowPage(descent=state)) if SURFACES[surface].samples else descent_script(state)
    for line, race in zip(printed(text), races(state).races, strict=True):
        assert float(line.split()[-1]) == pytest.approx(numbers(race.losses)[-1], rel=1e-6)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
def test_a_graph_leaves_the_slopes_of_the_page(example):
    lines = printed(autograd_script(example.state))
    told = [
        (f"{place + 1} {leaf.label}.grad", numbers(leaf.rounds[place]).tolist())
        for place in range(example.state.rounds)
        for leaf in graph(example.state).grads
    ]
    assert [line.partition(".grad")[0] + ".grad" for line in lines] == [head for head, _values in told]
    for line, (_head, values) in zip(lines, told, strict=True):
        assert flat(ast.literal_eval(line.partition(".grad ")[2])) == pytest.approx(flat(values), rel=1e-6)


def flat(values) -> list[float]:
    return [one for inner in values for one in flat(inner)] if isinstance(values, list) else [values]


@pytest.mark.parametrize(
    ("preset", "zero_grad"),
    [("lenet-digits", True), ("lenet-digits", False), ("softmax-iris", True), ("logistic-breast-cancer", True)],
)
def test_a_network_leaves_the_slopes_of_the_page(preset, zero_grad):
    page = Autograd(source="network", rounds=2, zero_grad=zero_grad)
    project = projects.load(f"preset:{preset}")
    lines = printed(alone(ShowNetwork(write_project(project), page)))
    grads = network_graph(project, page, prepare(project.data, project.recipe.seed)).grads
    assert [line.split()[1] for line in lines] == 2 * [f"{leaf.label}.grad" for leaf in grads]
    expected = [leaf.norms[place] for place in range(2) for leaf in grads]
    assert [float(line.split()[-1]) for line in lines] == pytest.approx(expected, rel=1e-5)


def test_a_page_without_lines_has_no_script():
    assert autograd_script(Autograd()) == ""


def test_a_page_without_samples_is_none_that_the_engine_writes():
    for state in (Descent(), Descent(surface="bowl")):
        assert descent_script(state)
    with pytest.raises(Problem, match="no script"):
        script(ShowPage(slopes=Slopes()))
