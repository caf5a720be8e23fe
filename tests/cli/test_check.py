"""The command line as a shell sees it: standard output, standard error, exit code."""

import json
import subprocess
import sys

import pytest

from playground.cli.main import run

GOOD = '{"format": "torch-playground", "version": 1, "network": [{"layer": "Flatten"}, {"layer": "Linear", "out_features": 10}]}'


def test_the_rows_are_json_for_programs(capsys):
    assert run(["check", "preset:lenet-digits", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["index"] for row in rows] == list(range(1, 13))
    assert rows[0]["output_shape"] == [6, 30, 30]
    assert sum(row["parameters"] for row in rows) == 81_194
    assert {row["error"] for row in rows} == {None}


def test_a_misfit_is_in_its_row_and_in_the_exit_code(tmp_path, capsys):
    path = tmp_path / "a.playground"
    path.write_text(GOOD.replace('"out_features"', '"in_features": 60, "out_features"'))
    assert run(["check", str(path), "--json"]) == 1
    row = json.loads(capsys.readouterr().out)[1]
    assert "It expects 60 values; Flatten gives 64." in row["error"]
    assert "(1x64 and 60x10)" in row["error"]
    assert "Set in_features to 64" in row["fixes"]


@pytest.mark.parametrize(
    ("text", "index", "said", "fix"),
    [
        (
            '{"format": "torch-playground", "version": 1}',
            0,
            "it has no layer",
            "Add Flatten and Linear with 10 outputs",
        ),
        (GOOD.replace("10}", "7}"), 2, "gives 7 values, but Digits has 10", "Set out_features of row 2 to 10"),
    ],
)
def test_what_is_wrong_with_the_whole_network_stands_in_the_last_row_and_its_fixes_are_told(
    tmp_path, capsys, text, index, said, fix
):
    path = tmp_path / "a.playground"
    path.write_text(text)
    assert run(["check", str(path), "--json"]) == 1
    *before, last = json.loads(capsys.readouterr().out)
    assert {row["error"] for row in before} <= {None}
    assert last["index"] == index
    assert said in last["error"]
    assert fix in last["fixes"]
    assert run(["check", str(path)]) == 1
    assert fix in capsys.readouterr().out.splitlines()[-1]


def test_a_warning_about_the_whole_network_is_none_of_the_errors(tmp_path, capsys):
    path = tmp_path / "a.playground"
    path.write_text(GOOD.replace("10}", "12}"))
    assert run(["check", str(path), "--json"]) == 0
    last = json.loads(capsys.readouterr().out)[-1]
    assert last["error"] is None
    assert any("gives 12 values, but Digits has 10 classes" in one for one in last["warnings"])


def test_people_get_a_table_with_totals(capsys):
    assert run(["check", "preset:lenet-digits"]) == 0
    said = capsys.readouterr().out
    assert "81,194 parameters in 10 tensors" in said
    assert "16×13×13" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD[:40], "not a whole JSON text"),
        ("hello", "not a whole JSON text"),
        (GOOD.replace('"version": 1', '"version": 99'), "version 99"),
        (GOOD.replace("10}", "7}"), "gives 7 values, but Digits has 10 classes"),
        ('{"format": "torch-playground", "version": 1}', "it has no layer"),
    ],
)
def test_a_broken_project_is_one_line_and_exit_code_1(tmp_path, capsys, text, said):
    path = tmp_path / "bad.playground"
    path.write_text(text)
    assert run(["check", str(path)]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


@pytest.mark.parametrize("words", [["check"], ["check", "a", "b"], ["check", "a", "--nonsense"], ["--nonsense"]])
def test_a_wrong_command_line_is_exit_code_2(words, capsys):
    assert run(words) == 2


def test_a_bug_is_one_line_that_names_the_log(monkeypatch, capsys):
    import playground.engine.check as engine

    def broken(_project):
        raise ZeroDivisionError

    monkeypatch.setattr(engine, "check", broken)
    assert run(["check", "preset:softmax-iris"]) == 1
    error = capsys.readouterr().err
    assert "playground.log" in error
    assert error.count("\n") == 1


def test_the_command_line_is_there_before_anything_heavy_is_loaded():
    code = "import sys, playground.cli.main; print([n for n in ('torch', 'numpy', 'PySide6', 'sklearn') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
