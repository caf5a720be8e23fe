import io
import types

import pytest

from playground.core.problem import Problem
from playground.core.project import write_project
from playground.disk import projects


@pytest.mark.parametrize("name", projects.presets())
def test_every_preset_reads_and_is_written_to_the_letter(name):
    path = projects.presets()[name]
    assert write_project(projects.load(f"preset:{name}")) == path.read_text()


def test_the_presets_of_the_first_light_are_there():
    assert set(projects.presets()) >= {"lenet-digits", "softmax-fashion-mnist", "lenet-fashion-mnist", "softmax-iris"}


def test_an_unknown_preset_names_the_one_that_was_meant():
    with pytest.raises(Problem, match="did you mean lenet-digits"):
        projects.load("preset:lenet-digit")


def test_what_is_saved_is_read_again(tmp_path):
    project = projects.load("preset:softmax-iris")
    projects.save(project, tmp_path / "mine.playground")
    assert projects.load(str(tmp_path / "mine.playground")) == project


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    path = tmp_path / "huge.playground"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(Problem, match="more than 4 MB"):
        projects.read_file(path)


@pytest.mark.parametrize("name", ["absent.playground", "."])
def test_what_cannot_be_opened_is_one_sentence(tmp_path, name):
    with pytest.raises(Problem, match="cannot be opened"):
        projects.read_file(tmp_path / name)


def test_a_dash_reads_standard_input(monkeypatch):
    content = projects.presets()["softmax-iris"].read_bytes()
    monkeypatch.setattr("sys.stdin", types.SimpleNamespace(buffer=io.BytesIO(content)))
    assert projects.load("-") == projects.load("preset:softmax-iris")
