"""The command as a person runs it, in a process of its own; and its parts."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from sklearn import metrics

from playground.cli.main import run
from playground.disk import folders, runs, slopes
from playground.engine import launch

IRIS = {
    "format": "torch-playground",
    "version": 1,
    "data": {"dataset": "iris", "preparation": [{"standardize": True}], "batch_size": 30},
    "network": [
        {"layer": "Linear", "out_features": 8},
        {"layer": "ReLU"},
        {"layer": "Dropout", "p": 0.2},
        {"layer": "Linear", "out_features": 3},
    ],
    "recipe": {"optimizer": {"SGD": {"lr": 0.1, "momentum": 0.9}}, "epochs": 6},
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "runs", lambda: tmp_path / "runs")
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "cache")
    path = tmp_path / "iris.playground"
    path.write_text(json.dumps(IRIS))
    return path


def trained(project, *options):
    report = project.parent / "report.json"
    assert run(["train", str(project), "--report", str(report), *options]) == 0
    return json.loads(report.read_text())


def test_the_report_holds_what_happened(project, capsys):
    report = trained(project, "--threads", "1", "--seed", "4")
    assert (report["steps"], report["epochs"], report["seed"]) == (24, 6, 4)
    assert (report["device"], report["threads"], report["layout"]) == ("cpu", 1, "contiguous")
    assert len(report["train_loss"]) == 24
    assert len(report["test_loss"]) == len(report["test_accuracy"]) == 6
    assert report["parameters"] == 4 * 8 + 8 + 8 * 3 + 3
    assert report["train_loss"][-1] < report["train_loss"][0]
    assert report["project"]["name"].endswith("iris.playground")
    assert '"Linear"' in report["project"]["text"]
    assert "test accuracy" in capsys.readouterr().out


def outputs_of_test_part(project, report):
    """Of the checkpoint that the run left, by plain torch."""
    [(folder, _record)] = runs.list_runs()
    training = launch.finish(launch.stages(launch.Wish(runs.read_project(folder), folder=folder, resume=True)))
    assert training.step == report["steps"]
    training.model.eval()
    with torch.no_grad():
        outputs = training.model(training.data.test_inputs)
    training.close()
    return outputs, training.data.test_targets


def test_the_figures_of_classes_are_those_of_sklearn_and_are_told(project, capsys):
    layers = [{"layer": "Flatten"}, {"layer": "Linear", "out_features": 10}]
    data = {"dataset": "digits", "batch_size": 64}
    project.write_text(json.dumps({**IRIS, "data": data, "network": layers}))
    report = trained(project, "--epochs", "2")
    *lines, last = capsys.readouterr().out.splitlines()
    outputs, labels = outputs_of_test_part(project, report)
    found = outputs.argmax(1)
    assert report["top_k"]["k"] == 5
    assert report["top_k"]["accuracy"] == pytest.approx(metrics.top_k_accuracy_score(labels, outputs, k=5))
    precision = metrics.precision_score(labels, found, average=None)
    assert list(report["per_class_precision"].values()) == pytest.approx(precision)
    recall = metrics.recall_score(labels, found, average=None)
    matrix = metrics.confusion_matrix(labels, found)
    np.fill_diagonal(matrix, 0)
    true, taken = np.unravel_index(matrix.argmax(), matrix.shape)
    assert lines == [
        f"Top-5 accuracy {report['top_k']['accuracy']:.2%}",
        f"Weakest class: {recall.argmin()}, of which {recall.min():.1%} are found; guessing finds 10.0%",
        f"Most common mistake: {true} taken for {taken}, {matrix.max()} of {(labels == true).sum()} samples",
    ]
    assert "test accuracy" in last


def test_the_figures_of_numbers_are_those_of_sklearn_and_are_told(project, capsys):
    data = {"dataset": "diabetes", "preparation": [{"standardize": True}], "batch_size": 32}
    recipe = {"loss": "MSE", "optimizer": {"SGD": {"lr": 0.01}}, "epochs": 5}
    network = [{"layer": "Linear", "out_features": 1}]
    project.write_text(json.dumps({**IRIS, "data": data, "network": network, "recipe": recipe}))
    report = trained(project)
    outputs, true = outputs_of_test_part(project, report)
    assert report["r2"] == pytest.approx(metrics.r2_score(true, outputs[:, 0]), rel=1e-5)
    assert report["rmse"] == pytest.approx(metrics.root_mean_squared_error(true, outputs[:, 0]), rel=1e-5)
    assert report["mae"] == pytest.approx(metrics.mean_absolute_error(true, outputs[:, 0]), rel=1e-5)
    assert capsys.readouterr().out.startswith(f"R² {report['r2']:.4f}, RMSE {report['rmse']:.4g}, ")


def test_a_loss_that_does_not_move_is_told(project, capsys):
    network = [{"layer": "Linear", "out_features": 3}]
    slow = {"optimizer": {"SGD": {"lr": 1e-9}}, "epochs": 3}
    project.write_text(json.dumps({**IRIS, "network": network, "recipe": slow}))
    trained(project)
    assert "The loss does not move" in capsys.readouterr().err


def test_slopes_are_kept_with_the_run_and_it_is_told_where_they_vanish(project, capsys):
    deep = [{"layer": "Linear", "out_features": 8}, {"layer": "Sigmoid"}] * 12
    project.write_text(json.dumps({**IRIS, "network": [*deep, {"layer": "Linear", "out_features": 3}]}))
    report = trained(project)
    [(folder, _record)] = runs.list_runs()
    layers, looks = slopes.read(folder)
    assert [one.index for one in layers] == list(range(1, 26, 2))
    assert looks[-1].step == report["steps"]
    assert "1 Linear: its slopes vanish" in capsys.readouterr().err


def test_the_report_tells_the_figures_of_the_part_to_choose_by(project, capsys):
    project.write_text(json.dumps({**IRIS, "data": {**IRIS["data"], "validation_fraction": 0.25}}))
    report = trained(project, "--threads", "1")
    assert report["steps"] == 6 * 3  # 90 of 120 samples are left to train on
    assert len(report["validation_loss"]) == 6
    assert all(0 < loss < 3 for loss in report["validation_loss"])
    assert all(round(share * 30, 6).is_integer() for share in report["validation_accuracy"])
    assert "validation accuracy" in capsys.readouterr().out


def test_the_reported_threads_repeat_the_run_bit_for_bit(project):
    first = trained(project)
    again = trained(project, "--threads", str(first["threads"]))
    assert again["train_loss"] == first["train_loss"]
    assert again["layout"] == first["layout"]


def test_epochs_and_seed_can_be_given(project):
    one, other = trained(project, "--epochs", "2", "--seed", "1"), trained(project, "--epochs", "2", "--seed", "2")
    assert one["steps"] == 8
    assert one["train_loss"] != other["train_loss"]


def test_the_run_is_kept(project):
    report = trained(project, "--epochs", "2")
    [(folder, record)] = runs.list_runs()
    assert (record.name, record.state, record.step, record.epochs) == ("iris", "finished", 8, 2)
    assert runs.read_losses(folder).tolist() == report["train_loss"]
    assert runs.checkpoints(folder)


def test_a_finished_run_goes_on_for_more_epochs_with_the_same_bits(project):
    straight = trained(project, "--threads", "1")
    trained(project, "--threads", "1", "--epochs", "2")
    resumed = trained(project, "--resume")
    assert resumed["train_loss"] == straight["train_loss"]
    assert resumed["test_loss"] == straight["test_loss"]


PATIENT = {**IRIS, "recipe": {"optimizer": {"SGD": {"lr": 0.3, "momentum": 0.9}}, "epochs": 40, "patience": 5}}


def same(one, other):
    """Two reports, but for the time."""
    assert one.keys() == other.keys()
    return all(one[key] == other[key] for key in one if key != "seconds")


def test_a_run_that_waits_for_a_better_epoch_ends_the_same_behind_a_resume(project, capsys):
    """The best epoch lies before the checkpoint: its confusion is found once more."""
    project.write_text(json.dumps(PATIENT))
    straight = trained(project, "--threads", "1")
    assert (straight["epochs"], straight["best_epoch"], straight["weights_epoch"]) == (15, 10, 10)
    assert straight["stopped_early"]
    said = capsys.readouterr().out
    assert f"Test loss {straight['test_loss'][9]:.4f}" in said
    assert "of epoch 10, the best, whose weights are kept; it stopped by itself after 15 epochs" in said
    trained(project, "--threads", "1", "--epochs", "12")
    assert same(trained(project, "--resume"), straight)
    found, samples = zip(*((row[place], sum(row)) for place, row in enumerate(straight["confusion"])), strict=True)
    assert sum(found) / sum(samples) == pytest.approx(straight["test_accuracy"][9])
    shares = [right / count for right, count in zip(found, samples, strict=True)]
    assert list(straight["per_class_accuracy"].values()) == pytest.approx(shares)


def test_where_all_epochs_were_done_the_best_one_is_named(project, capsys):
    project.write_text(json.dumps(PATIENT))
    report = trained(project, "--threads", "1", "--epochs", "12")
    assert (report["epochs"], report["weights_epoch"], report["stopped_early"]) == (12, 10, False)
    said = capsys.readouterr().out
    assert (
        f"test accuracy {report['test_accuracy'][9]:.2%}, of epoch 10, the best, whose weights are kept after 12"
        in said
    )


def test_a_run_that_is_resumed_at_its_end_reports_what_it_did_then(project):
    for recipe in (PATIENT["recipe"], IRIS["recipe"]):
        project.write_text(json.dumps({**IRIS, "recipe": recipe}))
        first = trained(project, "--threads", "1")
        assert first["confusion"]
        assert same(trained(project, "--resume"), first)


def test_facts_for_programs_are_one_json_text(project, capsys):
    assert run(["train", str(project), "--epochs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 4


def failing(project, capsys, *options, **changes):
    project.write_text(json.dumps(IRIS | changes))
    assert run(["train", str(project), *options]) == 1
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if line.strip()]
    return lines[-1]


@pytest.mark.parametrize(
    ("options", "changes", "said"),
    [
        ((), {"network": []}, "Network"),
        ((), {"network": [{"layer": "Linear", "out_features": 2}]}, "2"),
        ((), {"network": [{"layer": "Linear", "in_features": 9, "out_features": 3}]}, "9"),
        ((), {"data": {"dataset": "irish"}}, "did you mean"),
        (("--device", "cuda:9"), {}, "cuda:9"),
        (("--report", "/nowhere/r.json"), {}, "/nowhere/r.json"),
        (("--data", "/nowhere"), {}, "/nowhere"),
        (("--resume",), {}, "no kept run"),
        ((), {"recipe": {"optimizer": {"SGD": {"lr": 1e6}}, "epochs": 200}}, "Linear"),
    ],
)
def test_what_cannot_be_trained_is_one_line_and_code_1(project, capsys, options, changes, said):
    assert said in failing(project, capsys, *options, **changes)


def test_scores_of_classes_that_do_not_exist_are_told_and_trained(project, capsys):
    """PyTorch takes them, too; fewer than there are classes it refuses."""
    project.write_text(json.dumps({**IRIS, "network": [{"layer": "Linear", "out_features": 5}]}))
    assert run(["train", str(project)]) == 0
    assert "gives 5 values, but Iris has 3 classes" in capsys.readouterr().err


def test_a_run_that_failed_says_why_in_its_record(project, capsys):
    failing(project, capsys, recipe={"optimizer": {"SGD": {"lr": 1e6}}, "epochs": 200})
    [(_folder, record)] = runs.list_runs()
    assert record.state == "failed"
    assert "learning rate" in record.fault


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_keeps_a_checkpoint_and_the_run_goes_on_with_equal_bits(tmp_path):
    project = tmp_path / "iris.playground"
    project.write_text(json.dumps(IRIS | {"recipe": IRIS["recipe"] | {"epochs": 1500}}))
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def command(*options):
        words = [sys.executable, "-m", "playground", "train", str(project), "--threads", "1", *options]
        return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    process = command("--epochs", "1000000")
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("data/**/losses.f32")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _out, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in errors
    resumed = command("--resume", "--report", str(tmp_path / "resumed.json"))
    assert resumed.communicate(timeout=100)
    assert resumed.returncode == 0
    straight = command("--report", str(tmp_path / "straight.json"))
    assert straight.communicate(timeout=100)
    assert straight.returncode == 0
    one, other = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("resumed", "straight"))
    steps = other["steps"]
    assert one["train_loss"][:steps] == other["train_loss"][: len(one["train_loss"])]
