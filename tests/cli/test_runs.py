"""`playground runs`, and `playground train --fork`, as a person types them."""

import json

import pytest

from playground.cli.main import run
from playground.disk import folders, runs
from tests.cli.test_train import IRIS, PATIENT, trained


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "runs", lambda: tmp_path / "runs")
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "cache")
    path = tmp_path / "iris.playground"
    path.write_text(json.dumps(IRIS))
    return path


@pytest.fixture
def said(capsys):
    def call(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(["runs", *words]) == code
        out, err = capsys.readouterr()
        return err if code else out

    return call


def test_where_nothing_was_trained_the_list_is_empty(project, said):
    assert said("list").strip() == "There is no kept run yet."
    assert json.loads(said("list", "--json")) == []


def test_runs_are_listed_shown_and_deleted(project, said):
    report = trained(project, "--threads", "1", "--epochs", "2")
    [(folder, _record)] = runs.list_runs()
    (row,) = json.loads(said("list", "--json"))
    assert (row["folder"], row["name"], row["state"], row["threads"]) == (str(folder), "iris", "finished", 1)
    assert (row["epochs"], row["steps"], row["checkpoints"]) == (2, 8, [{"step": 8, "epochs": 2}])
    assert row["last"]["test_loss"] == report["test_loss"][-1]
    assert row["seconds"] > 0
    assert "finished" in said("list")
    shown = json.loads(said("show", "iris", "--json"))
    assert shown["losses"] == report["train_loss"]
    assert [one["test_loss"] for one in shown["epoch_reports"]] == report["test_loss"]
    words = said("show", folder.name)
    assert "Recipe, momentum: 0.9" in words
    assert "checkpoints: step 8" in words
    assert "nothing was deleted" in said("delete", "iris", code=1)  # nobody can be asked
    assert runs.list_runs()
    assert json.loads(said("delete", "iris", "--yes", "--json")) == {"deleted": [folder.name]}
    assert runs.list_runs() == []


def test_where_the_best_weights_came_back_the_figures_are_theirs(project, said):
    project.write_text(json.dumps(PATIENT))
    report = trained(project, "--threads", "1")
    loss, share = report["test_loss"][9], report["test_accuracy"][9]
    assert loss < report["test_loss"][-1]
    (row,) = json.loads(said("list", "--json"))
    assert (row["held"]["epoch"], row["held"]["test_loss"], row["last"]["epoch"]) == (10, loss, 15)
    line = said("list")  # a folder with a long name takes several lines
    assert "15, best 10" in line
    assert f"{loss:.4f}" in line
    assert f"{share:.1%}" in line
    words = said("show", "iris")
    assert "epochs: 15\nweights and figures: epoch 10, the best\n" in words
    assert f"test loss: {loss:.4f}\ntest accuracy: {share:.2%}\n" in words


def test_what_is_no_run_or_goes_on_is_told_in_one_line(project, said):
    assert "no kept run of this name" in said("show", "nothing", code=1)
    trained(project, "--epochs", "1")
    [(folder, _record)] = runs.list_runs()
    runs.change_run(folder, state="running", **runs.own_process())
    assert "this run is going on" in said("delete", folder.name, "--yes", code=1)
    assert folder.exists()


def test_a_fork_with_nothing_changed_ends_as_the_run_itself(project, tmp_path):
    """More epochs are what it needs, and no other change: the same bits as trained without a stop."""
    straight = trained(project, "--threads", "1")
    for folder, _record in runs.list_runs():
        runs.change_run(folder, title="straight")
    trained(project, "--threads", "1", "--epochs", "2")
    report = tmp_path / "fork.json"
    assert run(["train", "--fork", "iris", "--epochs", "6", "--report", str(report)]) == 0
    fork = json.loads(report.read_text())
    assert fork["train_loss"] == straight["train_loss"]
    assert fork["test_loss"] == straight["test_loss"]
    newest, record = runs.list_runs()[0]
    assert (record.parent_step, record.threads) == (8, 1)
    assert (folders.runs() / record.parent / runs.RECORD).is_file()
    assert len(runs.read_losses(newest)) == 24


def test_a_changed_network_takes_over_what_is_unchanged(project, tmp_path, capsys, said):
    trained(project, "--threads", "1", "--epochs", "2")
    [(parent, _record)] = runs.list_runs()
    deeper = {**IRIS, "network": [{"layer": "Linear", "out_features": 4}, {"layer": "Tanh"}, *IRIS["network"]]}
    changed = tmp_path / "deeper.playground"
    changed.write_text(json.dumps(deeper))
    capsys.readouterr()
    assert run(["train", str(changed), "--fork", parent.name, "--carry", "--epochs", "4"]) == 0
    assert f"2 of 3 layers with weights keep those of {parent.name} at step 8" in capsys.readouterr().err
    newest, record = runs.list_runs()[0]
    assert (record.parent, record.parent_step, record.carried) == (parent.name, 8, (2, 3))
    assert runs.read_losses(newest)[:8] == runs.read_losses(parent)
    assert len(runs.read_losses(newest)) == 16
    assert json.loads(said("show", newest.name, "--json"))["carried"] == [2, 3]
    assert "kept from there: 2 of 3 layers with weights" in said("show", newest.name)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--fork", "nothing"), 1, "no kept run of this name"),
        (("--fork", "iris"), 1, "end of epoch 1, so nothing is left to train"),
        (("--fork", "iris", "--step", "3"), 1, "no checkpoint of step 3"),
        (("--fork", "iris", "--resume"), 2, "choose one of them"),
        (("--step", "3"), 2, "name the run by --fork"),
        (("--carry",), 2, "name the run by --fork"),
        (("--fork", "iris", "--carry"), 1, "end of epoch 1, so nothing is left to train"),
        (("preset:lenet-digits", "--fork", "iris", "--carry"), 1, "no layer with weights is unchanged"),
        (("preset:lenet-digits", "--fork", "iris"), 1, "keep the weights of the other layers alone (--carry)"),
        ((), 2, "name a project"),
    ],
)
def test_a_fork_that_cannot_be_is_one_line(project, capsys, options, code, words):
    trained(project, "--epochs", "1")
    capsys.readouterr()
    assert run(["train", *options]) == code
    assert words in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert len(runs.list_runs()) == 1  # no folder of a run that never began
