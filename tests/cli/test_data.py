import json

import pytest
from typer.testing import CliRunner

from playground.cli.data import app
from playground.core.datasets import DATASETS, GROUPS
from playground.core.problem import Problem
from playground.disk import folders
from playground.engine import fetch as fetching
from tests.engine import idx_files


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    monkeypatch.setenv("COLUMNS", "120")


def said(*words):
    outcome = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_the_list_names_every_data_set_with_its_size_shape_and_place():
    idx_files.write(folders.datasets() / "mnist", idx_files.arrays())
    printed = said("list").splitlines()
    lines = {line.split()[0]: line for line in printed if line.strip()}
    assert set(DATASETS) <= set(lines)
    headings = [number for number, line in enumerate(printed) if line.strip() in GROUPS.values()]
    assert [printed[number].strip() for number in headings] == list(GROUPS.values())
    for name, spec in DATASETS.items():
        above = max(number for number in headings if number < printed.index(lines[name]))
        assert printed[above].strip() == GROUPS[spec.group], name
    for words in ("1,797", "1×8×8", "10", "comes with the program"):
        assert words in lines["digits"]
    assert "not downloaded (30.9 MB)" in lines["fashion-mnist"]
    assert "not downloaded" not in lines["mnist"]


def test_the_list_for_programs_holds_the_declared_facts():
    rows = {row["name"]: row for row in json.loads(said("list", "--json"))}
    assert set(rows) == set(DATASETS)
    for name, spec in DATASETS.items():
        row = rows[name]
        assert (row["title"], row["task"], row["train"], row["test"]) == (spec.title, spec.task, spec.train, spec.test)
        assert tuple(row["shape"]) == spec.sample_shape
        assert tuple(row["classes"]) == spec.classes
        assert row["bytes"] == (spec.bytes if not row["available"] else 0)
    assert rows["iris"]["available"]
    assert not rows["mnist"]["available"]
    assert "playground data prepare mnist" in rows["mnist"]["fault"]


def test_show_tells_one_data_set_in_words_and_facts():
    assert "sepal length (cm)" in said("show", "iris")
    assert "option noise: 0.1; from 0 to 2; is the standard deviation" in said("show", "circles")
    words = said("show", "fashion-mnist")
    assert "Ankle boot" in words
    assert "apt install dataset-fashion-mnist" in words
    assert json.loads(said("show", "iris", "--json"))["shape"] == [4]


def test_prepare_unpacks_into_the_cache():
    idx_files.write(folders.datasets() / "fashion-mnist", idx_files.arrays(60, 20), compressed=True)
    assert "Fashion-MNIST is ready: 60 samples to train on, 20 to test" in said("prepare", "fashion-mnist")
    assert len(list((folders.cache() / "datasets").glob("*.npy"))) == 4


def test_prepare_downloads_what_is_missing(monkeypatch):
    def downloaded(name, progress, cancelled):
        progress(10, 20)
        progress(5, 0)
        assert not cancelled()
        idx_files.write(folders.datasets() / name, idx_files.arrays(60, 20))

    monkeypatch.setattr(fetching, "fetch", downloaded)
    assert "MNIST is ready: 60 samples" in said("prepare", "mnist")


@pytest.mark.parametrize("command", ["show", "prepare"])
def test_an_unknown_name_is_a_problem(command):
    with pytest.raises(Problem, match="did you mean digits"):
        said(command, "digit")
