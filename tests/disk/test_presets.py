"""The examples: their order, what is said of them, and what a file more needs."""

import json
from pathlib import Path

import pytest

from playground.core.layer import Layer
from playground.core.project import About, Project, write_project
from playground.core.recipe import Recipe
from playground.disk import presets, projects, resources

BLOCK = Layer("Residual", {}, (Layer("Linear"), Layer("Sequential"), Layer("Mystery")))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """Resources with no example in them."""
    (tmp_path / "presets").mkdir()
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    return tmp_path / "presets"


def add(folder: Path, name: str, project: Project) -> None:
    (folder / f"{name}.playground").write_text(write_project(project), encoding="utf-8")


def test_one_file_more_is_an_example_with_nothing_else_beside_it(folder):
    add(folder, "plain", Project(network=(Layer("Flatten"), BLOCK)))
    [plain] = presets.read()
    assert (plain.name, plain.title, plain.summary, plain.dataset) == ("plain", "plain", "", "digits")
    assert plain.layers == 3  # Flatten, Linear and the unknown one: blocks compute nothing themselves
    assert (plain.parameters, plain.seconds, presets.picture("plain")) == (None, None, None)


def test_those_with_a_place_come_in_its_order_and_the_others_last(folder):
    add(folder, "a", Project())
    add(folder, "b", Project(about=About(title="B", order=20)))
    add(folder, "c", Project(about=About(summary="see", order=3)))
    add(folder, "d", Project(about=About(order=20)))
    assert [one.name for one in presets.read()] == ["c", "b", "d", "a"]


def test_the_time_is_that_of_the_whole_recipe(folder):
    add(folder, "ten", Project(recipe=Recipe(epochs=10)))
    measured = {"ten": {"parameters": 7, "epochs": 2, "seconds": 3.0, "test_loss": 0.5}}
    (folder / presets.MEASURED).write_text(json.dumps({"presets": measured}))
    [ten] = presets.read()
    assert (ten.parameters, ten.seconds) == (7, 15.0)


@pytest.mark.parametrize("content", ["", "[1]", '{"presets": {"a": {"seconds": "long"}}}'])
def test_measures_that_cannot_be_read_cost_only_themselves(folder, content):
    add(folder, "a", Project())
    (folder / presets.MEASURED).write_text(content)
    assert [one.seconds for one in presets.read()] == [None]


def test_a_broken_file_is_left_out(folder, caplog):
    add(folder, "good", Project())
    (folder / "bad.playground").write_text("{")
    assert [one.name for one in presets.read()] == ["good"]
    assert "bad.playground" in caplog.text


def test_every_example_says_in_a_few_words_what_it_is():
    found = presets.read()
    assert {one.name for one in found} == set(projects.presets())
    assert all(one.project.about.title and 20 <= len(one.summary) <= 60 for one in found)
    assert len({one.title for one in found}) == len({one.summary for one in found}) == len(found)
