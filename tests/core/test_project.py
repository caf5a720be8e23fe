import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from playground.core import project as module
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import LAST, MAX_BYTES, About, Project, layer_from, layer_to, read_project, write_project
from playground.core.recipe import Recipe
from tests.core.strategies import layers, projects

GOOD = """{"format": "torch-playground", "version": 1,
 "data": {"dataset": "iris", "batch_size": 30},
 "network": [
  {"layer": "Sequential", "children": [
    {"layer": "Linear", "out_features": 3}
  ]}
 ],
 "recipe": {"optimizer": {"Adam": {"lr": 0.01}}, "epochs": 5}}
"""
ABOUT = GOOD.replace(
    '"version": 1,',
    '"version": 1,\n "about": {"title": "Iris", "summary": "Größe × 2", "order": 3, "code": "scratch"},',
)


@given(projects)
@settings(suppress_health_check=list(HealthCheck))
def test_reading_what_was_written_gives_an_equal_project(project):
    assert read_project(write_project(project), "here") == project


@given(layers)
@settings(suppress_health_check=list(HealthCheck))
def test_a_layer_survives_its_json_form(layer):
    assert layer_from(json.loads(json.dumps(layer_to(layer)))) == layer


def test_a_saved_file_is_read_and_written_to_the_letter():
    assert write_project(read_project(GOOD, "here")) == GOOD


def test_each_layer_has_a_line_and_defaults_are_left_out():
    text = write_project(Project(network=(Layer("ReLU"), Layer("Tanh"))))
    assert '\n  {"layer": "ReLU"},\n  {"layer": "Tanh"}\n' in text
    assert "batch_size" not in text


def test_what_a_project_is_about_stands_before_its_data_and_is_left_out_where_nobody_said():
    project = read_project(ABOUT, "here")
    assert project.about == About("Iris", "Größe × 2", 3, "scratch")
    assert write_project(project) == ABOUT
    assert "about" not in write_project(read_project(GOOD, "here"))
    assert read_project(GOOD, "here").about == About("", "", LAST, "")


def test_a_title_and_a_sentence_may_be_as_long_as_a_card_can_show():
    longest = Project(about=About("ü" * 80, "×" * 300, 0, "class"))
    assert read_project(write_project(longest), "here") == longest


def test_an_unknown_layer_and_its_arguments_are_kept():
    text = GOOD.replace('"Linear", "out_features": 3', '"Lnear", "out_features": 3, "odd": {"a": [1]}')
    assert write_project(read_project(text, "here")) == text


def test_a_wrong_number_of_a_layer_is_kept_for_its_row_to_say():
    read = read_project(GOOD.replace(": 3}", ": -3}"), "here")
    assert read.network[0].children[0].arguments == {"out_features": -3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a whole JSON text"),
        ("hello", "not a whole JSON text"),
        (GOOD[:90], "not a whole JSON text"),
        ("[1, 2]", "not a Torch Playground project"),
        ('{"layers": []}', "not a Torch Playground project"),
        (GOOD.replace('"version": 1', '"version": 99'), "version 99"),
        (GOOD.replace('"version": 1', '"version": "1"'), "version is missing"),
        (GOOD.replace('"epochs": 5', '"epochs": -5'), "recipe.epochs"),
        (GOOD.replace('"epochs": 5', '"epochs": "many"'), "recipe.epochs"),
        (GOOD.replace('"batch_size"', '"bach_size"'), "bach_size"),
        (GOOD.replace('{"layer": "Sequential"', '{"name": "Sequential"'), "network[0]"),
        (GOOD.replace('{"layer": "Linear"', '{"layer": 7'), "network[0].children[0]"),
        (GOOD.replace('{"Adam": {"lr": 0.01}}', "{}"), "optimizer"),
        (ABOUT.replace("Größe × 2", "a" * 301), "about.summary"),
        (ABOUT.replace('"Iris"', f'"{"a" * 81}"'), "about.title"),
        (ABOUT.replace('"order": 3', '"order": -3'), "about.order"),
        (ABOUT.replace('"scratch"', '"scrach"'), "did you mean scratch"),
        (ABOUT.replace('"title"', '"titel"'), "titel"),
        ("[" * 100_000, "not a whole JSON text"),
        (" " * (MAX_BYTES + 1), "more than 4 MB"),
    ],
    ids=lambda value: value[:24] if len(value) < 1000 else f"{len(value)} characters",
)
def test_a_broken_text_is_refused_with_one_sentence_that_names_the_place(text, said):
    with pytest.raises(Problem) as caught:
        read_project(text, "my.playground")
    assert said in str(caught.value)
    assert caught.value.fault.where == "my.playground"
    assert caught.value.fault.fix


def test_deep_blocks_are_refused_before_they_are_believed():
    inner = '{"layer": "ReLU"}'
    for _level in range(40):
        inner = '{"layer": "Sequential", "children": [' + inner + "]}"
    with pytest.raises(Problem, match="deep"):
        read_project(GOOD.replace('{"layer": "Linear", "out_features": 3}', inner), "here")


def test_an_older_version_is_migrated_step_by_step(monkeypatch):
    def rename_filters(raw):
        text = json.dumps(raw).replace('"filters"', '"out_channels"')
        return json.loads(text)

    monkeypatch.setattr(module, "MIGRATIONS", (rename_filters,))
    monkeypatch.setattr(module, "VERSION", 2)
    old = '{"format": "torch-playground", "version": 1, "network": [{"layer": "Conv2d", "filters": 6}]}'
    assert read_project(old, "here").network == (Layer("Conv2d", {"out_channels": 6}),)


def test_an_edited_project_has_a_text_of_its_own():
    one = read_project(write_project(Project(recipe=Recipe(epochs=3))), "here")
    other = msgspec.structs.replace(one, recipe=Recipe(epochs=4))
    texts = [write_project(project) for project in (one, other, one, other)]
    assert texts[0] == texts[2] != texts[1] == texts[3]
    assert read_project(texts[1], "here") == other
