"""Which words are commands, and what becomes of faults: as a shell sees it."""

import signal
import subprocess
import sys
import time

import pytest

import playground.app
from playground.cli import main as module
from playground.cli.main import run
from playground.core.problem import Problem


@pytest.fixture
def opened(monkeypatch):
    """The projects that a window was opened with."""
    seen = []
    monkeypatch.setattr(playground.app, "run_window", lambda project: seen.append(project) or 0)
    return seen


@pytest.mark.parametrize(
    ("words", "project"),
    [
        ([], None),
        (["window"], None),
        (["mine.playground"], "mine.playground"),
        (["/a/folder/check"], "/a/folder/check"),
        (["preset:softmax-iris"], "preset:softmax-iris"),
        (["window", "check"], "check"),
    ],
)
def test_what_is_no_command_is_a_project_for_the_window(opened, words, project):
    assert run(words) == 0
    assert opened == [project]


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_or_a_wrong_option_opens_no_window(opened, word, capsys):
    assert run([word]) == (0 if word == "--help" else 2)
    assert opened == []


def test_the_windows_exit_code_is_the_programs(monkeypatch):
    monkeypatch.setattr(playground.app, "run_window", lambda _project: 1)
    assert run([]) == 1


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Problem(where="here", what="it is so", fix="do this"), 1, "here: it is so. do this."),
        (ZeroDivisionError("by zero"), 1, "ZeroDivisionError: by zero"),
    ],
)
def test_a_fault_is_one_line_and_an_exit_code(monkeypatch, capsys, error, code, said):
    def raised(_project):
        raise error

    monkeypatch.setattr(playground.app, "run_window", raised)
    assert run([]) == code
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_an_interrupted_command_is_130_and_no_fault(monkeypatch, capsys):
    def interrupted(_project):
        raise KeyboardInterrupt

    monkeypatch.setattr(playground.app, "run_window", interrupted)
    assert run([]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_bug_leaves_its_traceback_in_the_log(monkeypatch, caplog):
    def broken(_project):
        raise ZeroDivisionError

    monkeypatch.setattr(playground.app, "run_window", broken)
    run(["window"])
    assert "ZeroDivisionError" in caplog.text
    assert "broken" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of POSIX")
def test_ctrl_c_ends_it_with_130():
    # `check -` waits for standard input, so there is something to interrupt. A signal that meets Python's own start is
    # not ours to answer, so the child says when it is past that. Where the tests run in the background of a shell,
    # children ignore Ctrl+C unless they are told not to.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    program = f"{heed} from playground import __main__; print('started', flush=True); raise SystemExit(__main__.main())"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "started\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _out, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in error


def test_a_reader_that_goes_away_is_no_fault():
    command = f"{sys.executable} -m playground presets --json | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[", "")


def test_every_command_has_a_help(capsys):
    import typer

    for name, command in typer.main.get_command(module.app).commands.items():
        assert command.help, name
