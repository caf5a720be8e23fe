"""Drags with a real mouse: within the list, into a block and out, several rows at once, from the palette, from outside."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project
from playground.disk import projects
from tests.e2e.drag_source import SIZE
from tests.e2e.real_window import ROOT, RealWindow, needs_a_display, opened

pytestmark = needs_a_display

PADDED = {"out_channels": 6, "padding": 1}
NETWORK = (
    Layer("Conv2d", PADDED),
    Layer("ReLU"),
    Layer("Residual", {}, (Layer("Conv2d", PADDED), Layer("Tanh"))),
    Layer("MaxPool2d"),
    Layer("Dropout"),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 10}),
)
TOP, IN_BLOCK = [layer.layer for layer in NETWORK], ["Conv2d", "Tanh"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealWindow]:
    home = tmp_path_factory.mktemp("drags")
    project = home / "residual.playground"
    projects.save(Project(data=Data(batch_size=8), network=NETWORK), project)
    with opened(home, project) as window:
        yield window


@pytest.fixture
def window(shared: RealWindow) -> Iterator[RealWindow]:
    """The one window, with the network as it was in its file."""
    facts = shared.settled()
    assert top(facts) == TOP
    yield shared
    while shared.facts()["modified"]:
        shared.mouse.key("ctrl+z")
        shared.settled()


def top(facts: dict) -> list[str]:
    """The layers that lie in no block."""
    return [layer for path, layer in facts["tree"].items() if "." not in path]


def block(facts: dict) -> list[str]:
    """The layers in the Residual, wherever that stands."""
    (holder,) = [path for path, layer in facts["tree"].items() if layer == "Residual"]
    return [layer for path, layer in facts["tree"].items() if path.startswith(f"{holder}.")]


def name_of(facts: dict, path: str) -> tuple[int, int]:
    """Where a row is taken: its name, in its first line."""
    left, row_top, _height = facts["boxes"][path]
    return left, row_top + 14


def gap_above(facts: dict, path: str, below: int = 0) -> tuple[int, int]:
    """The gap above a row. below: px below the line where two rows meet"""
    left, row_top, _height = facts["boxes"][path]
    return left - 50, row_top + below


def middle_of(facts: dict, path: str) -> tuple[int, int]:
    left, row_top, height = facts["boxes"][path]
    return left, row_top + height // 2


def test_a_row_is_dragged_into_a_residual_block_and_out_again(window: RealWindow):
    facts = window.facts()
    window.mouse.drag(name_of(facts, "1"), middle_of(facts, "2"))  # ReLU onto the Residual
    window.wait("ReLU lies in the block", lambda facts: block(facts) == ["ReLU", *IN_BLOCK])
    inside = window.settled()
    assert top(inside) == ["Conv2d", *TOP[2:]]
    assert inside["selection"] == ["1.0"]

    window.mouse.drag(name_of(inside, "1.2"), gap_above(inside, "0"))  # Tanh to the very beginning
    window.wait("Tanh lies before all", lambda facts: top(facts) == ["Tanh", "Conv2d", *TOP[2:]])
    assert block(window.settled()) == ["ReLU", "Conv2d"]


def test_a_row_is_dragged_within_a_block(window: RealWindow):
    facts = window.facts()
    window.mouse.drag(name_of(facts, "2.1"), gap_above(facts, "2.0", below=2))
    after = window.wait("Tanh comes first", lambda facts: block(facts) == ["Tanh", "Conv2d"])
    assert top(after) == TOP


def test_three_selected_rows_are_dragged_together(window: RealWindow):
    facts = window.facts()
    window.mouse.click(name_of(facts, "3"))
    window.mouse.click(name_of(facts, "5"), hold="shift")
    window.wait("three are selected", lambda facts: facts["selection"] == ["3", "4", "5"])
    window.mouse.drag(name_of(facts, "4"), gap_above(facts, "1"))
    moved = ["Conv2d", "MaxPool2d", "Dropout", "Flatten", "ReLU", "Residual", "Linear"]
    after = window.wait("they moved in their order", lambda facts: top(facts) == moved)
    assert after["selection"] == ["1", "2", "3"]
    assert block(after) == IN_BLOCK
    window.mouse.key("ctrl+z")
    window.wait("one undo takes them all back", lambda facts: top(facts) == TOP)


@pytest.mark.parametrize("below", [-1, 0])
def test_a_layer_from_the_palette_falls_into_the_gap_between_two_rows(window: RealWindow, below: int):
    """Whichever side of the line where two rows meet is hit."""
    facts = window.facts()
    window.mouse.drag(facts["palette"]["ELU"], gap_above(facts, "4", below))
    window.wait("it lies between", lambda facts: top(facts) == [*TOP[:4], "ELU", *TOP[4:]])


def test_project_files_are_dropped_on_the_window_from_another_program(window: RealWindow, tmp_path: Path):
    """On the list, then on a plot, which opens the first one again."""
    facts, file = window.facts(), tmp_path / "dropped.playground"
    before = facts["file"]
    projects.save(projects.load("preset:mlp-spirals"), file)
    drop_from_outside(window, file, middle_of(facts, "6"))
    after = window.wait("the file is open", lambda facts: facts["file"] == str(file))
    assert top(after) == [layer.layer for layer in projects.read_file(file).network]
    assert not after["modified"]
    window.settled()
    drop_from_outside(window, Path(before), after["plot"])
    window.wait("the first file is open again", lambda facts: facts["file"] == before)
    assert top(window.settled()) == TOP


def drop_from_outside(window: RealWindow, file: Path, end: tuple[int, int]) -> None:
    start = (1300, 600)
    command = [sys.executable, "-m", "tests.e2e.drag_source", str(file), *(str(one - SIZE // 2) for one in start)]
    with subprocess.Popen(command, cwd=ROOT, env=window.environment, stdout=subprocess.PIPE, text=True) as source:
        try:
            assert source.stdout.readline() == "ready\n"
            window.mouse.drag(start, end)
            assert source.stdout.readline() == "CopyAction\n"
            window.wait("the file is open", lambda facts: facts["file"] == str(file))
        finally:
            source.kill()
