"""`playground train --data` on files of one's own."""

import json

import pytest

from playground.cli.main import run
from playground.disk import folders
from tests.cli.test_train import IRIS
from tests.engine import idx_files


@pytest.fixture
def project(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    monkeypatch.setattr(folders, "runs", lambda: tmp_path / "runs")
    path = tmp_path / "iris.playground"
    path.write_text(json.dumps(IRIS))
    return path


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "my houses.csv"
    rows = [f"{row};{row % 7},5;{'north' if row % 3 else 'south'};{row * 2},25" for row in range(60)]
    path.write_text("size;age;side;price\n" + "\n".join(rows) + "\n")
    return path


def trained(project, *options):
    report = project.parent / "report.json"
    code = run(["train", str(project), "--epochs", "2", "--report", str(report), *options])
    return json.loads(report.read_text()) if code == 0 else code


def test_the_project_is_trained_on_the_table_and_what_was_understood_is_said(project, houses, capsys):
    report = trained(project, "--data", str(houses))
    said = capsys.readouterr().err
    assert "60 samples of 4, to predict price" in said
    assert "Cells are parted by semicolons" in said
    assert "| size | age | side | price" in said
    assert "Changed to fit the data: Use MSE" in said
    text = json.loads(report["project"]["text"])
    assert text["data"]["dataset"] == "table"
    assert text["data"]["options"] == {"path": str(houses)}
    assert text["network"][-1] == {"layer": "Linear", "out_features": 1}
    assert text["recipe"]["loss"] == "MSE"


def test_what_was_understood_is_corrected(project, houses, capsys):
    report = trained(project, "--data", str(houses), "--option", "target=side", "--option", "leave_out=age")
    assert "60 samples of 2, 2 classes" in capsys.readouterr().err
    assert json.loads(report["project"]["text"])["network"][-1]["out_features"] == 2
    assert report["test_accuracy"][-1] is not None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--option", "target=side"), "there is no --data"),
        (("--data", "HOUSES", "--option", "target"), "NAME=VALUE"),
        (("--data", "HOUSES", "--option", "tarket=side"), "did you mean target"),
        (("--data", "HOUSES", "--option", "target=prize"), "did you mean price"),
        (("--data", "HOUSES", "--option", "delimiter=dot"), "must be one of"),
        (("--data", "NOTHING.csv",), "no such file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_code_1(project, houses, capsys, options, said):
    options = [str(houses) if one == "HOUSES" else one for one in options]
    assert trained(project, *options) == 1
    line = capsys.readouterr().err.strip()
    assert said in line
    assert "\n" not in line


def test_a_folder_is_no_home_of_a_set_that_comes_with_the_program(project, tmp_path, monkeypatch, capsys):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert trained(project, "--data", ".") == 1
    assert "no folder in it holds pictures" in capsys.readouterr().err


def test_the_folder_of_the_projects_own_set_is_where_that_lies(project, tmp_path):
    fashion = {**IRIS, "network": [{"layer": "Flatten"}, {"layer": "Linear", "out_features": 10}]}
    fashion["data"] = {"dataset": "fashion-mnist", "preparation": [{"normalize": "0..1"}]}
    project.write_text(json.dumps(fashion))
    idx_files.write(tmp_path / "elsewhere" / "fashion-mnist", idx_files.arrays())
    report = trained(project, "--data", str(tmp_path / "elsewhere"))
    assert json.loads(report["project"]["text"])["data"]["dataset"] == "fashion-mnist"


def test_a_stopped_run_on_own_data_is_resumed(project, houses):
    own = ("--data", str(houses), "--option", "target=side")
    trained(project, *own)
    again = trained(project, *own, "--epochs", "4", "--resume")
    assert again["epochs"] == 4
    assert len(again["train_loss"]) == again["steps"]
