"""`playground export` as a shell sees it."""

import pytest

from playground.cli.main import run
from playground.core.code import Numerics
from playground.disk import projects
from playground.engine import code


@pytest.mark.parametrize("style", ["sequential", "class", "scratch"])
def test_it_prints_the_script_of_the_engine(style, capsys):
    assert run(["export", "preset:softmax-iris", "--format", "python", "--style", style]) == 0
    assert capsys.readouterr().out == code.write(projects.load("preset:softmax-iris"), style).text


def test_it_writes_a_file(tmp_path, capsys):
    file = tmp_path / "net.py"
    assert run(["export", "preset:softmax-iris", "--output", str(file)]) == 0
    assert file.read_text() == code.write(projects.load("preset:softmax-iris"), "sequential").text
    assert "net.py" in capsys.readouterr().out


def test_it_carries_threads_and_layout(capsys):
    assert run(["export", "preset:lenet-digits", "--threads", "2", "--layout", "channels_last"]) == 0
    numerics = Numerics(2, "channels_last")
    printed = capsys.readouterr().out
    assert printed == code.write(projects.load("preset:lenet-digits"), "sequential", numerics=numerics).text
    assert "torch.set_num_threads(2)" in printed


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (["preset:lenet-digits", "--style", "scratch"], 1, "row 1 is Conv2d"),
        (["preset:softmax-iris", "--style", "poem"], 2, "style"),
        (["preset:softmax-iris", "--format", "pdf"], 2, "format"),
        (["preset:softmax-iris", "--output", "/no/such/folder/net.py"], 1, "/no/such/folder/net.py"),
    ],
)
def test_what_it_cannot_do_is_one_sentence(words, exit_code, said, capsys):
    assert run(["export", *words]) == exit_code
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
