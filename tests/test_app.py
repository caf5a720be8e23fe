"""The whole program in a process of its own: it opens, trains, ends in order, and never imports torch."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from playground.disk import folders
from playground.session.settings import FILE, Settings
from playground.window.welcome.front import AT_START

# Presses Train, and says on standard output what happens; ends by itself when the run does.
TRAIN = """
import json, sys
from PySide6.QtCore import QTimer
from playground import app
from playground.session.session import Session

def say(**facts):
    print(json.dumps(dict(facts, torch="torch" in sys.modules)), flush=True)

class Told(Session):
    def start(self):
        super().start()
        say(state="open")
        self.training.state_changed.connect(self.on_state)
        if {train!r}:
            self.training.start()
    def on_state(self, state):
        say(state=state, engines=[self.client.pid, self.training.pid], steps=int(self.training.history.losses.size))
        if state == "finished":
            from PySide6.QtWidgets import QApplication
            QTimer.singleShot(0, QApplication.closeAllWindows)

import playground.session.session
playground.session.session.Session = Told
code = app.run_window({project!r})
say(state="closed")
sys.exit(code)
"""


@contextmanager
def opened(project: str | None = None, *, train: bool = False, before: str = "") -> Iterator[subprocess.Popen]:
    """The window in a process of its own, whose end is waited for: 120 s, or it is killed and the test fails.

    before: lines of Python that run in it before the window does
    """
    script = before + TRAIN.format(project=project, train=train)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as window:
        # a timer and not a timeout: a test waits at the pipes, too, and those end with the process
        killer = threading.Timer(120, window.kill)
        killer.start()
        try:
            yield window
        finally:
            window.stdout.close()
            window.stderr.close()
            window.wait()
            killer.cancel()


def test_torch_is_never_in_the_window_before_during_and_after_a_run():
    with opened("preset:softmax-iris", train=True) as window:
        said = [json.loads(line) for line in window.stdout]
    assert [one["state"] for one in said] == ["open", "preparing", "running", "finished", "closed"]
    assert not any(one["torch"] for one in said)
    assert said[3]["steps"] > 0
    assert window.returncode == 0
    assert not [pid for pid in said[3]["engines"] if psutil.pid_exists(pid)]


# Says whether the window began with the welcome page, and ends; no engine is started.
BEGIN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import playground.session.session as module
from playground.app import run_window
from playground.window.main_window import MainWindow

class Told(module.Session):
    def start(self):
        [window] = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
        print(window.front.is_open, window.session.document.name)
        QTimer.singleShot(0, QApplication.closeAllWindows)

module.Session = Told
sys.exit(run_window({project!r}))
"""


@pytest.mark.parametrize(
    ("project", "at_start", "said"),
    [
        (None, True, "True lenet-digits"),
        (None, False, "False lenet-digits"),
        ("preset:softmax-iris", True, "False softmax-iris"),
    ],
)
def test_the_window_begins_with_the_page_of_examples_unless_somebody_said_what_to_open(
    tmp_path, project, at_start, said
):
    settings = Settings(tmp_path / "torch-playground" / FILE)
    settings.set(AT_START, at_start)
    settings.close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", BEGIN.format(project=project)],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == said, done.stderr


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends a process that gets SIGTERM at once: no handler of ours could run"
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_order(number):
    with opened() as window:
        assert json.loads(window.stdout.readline())["state"] == "open"
        engines = psutil.Process(window.pid).children()
        window.send_signal(number)
        assert json.loads(window.stdout.readline())["state"] == "closed"
        assert window.stderr.read() == ""
    assert window.returncode == 128 + number
    assert not [engine for engine in engines if engine.is_running()]


# A signal while the window is being built: there is no loop yet that could be left.
EARLY = """
import os, signal
from playground.session.session import Session as Before

class Hit(Before):
    def start(self):
        super().start()
        os.kill(os.getpid(), signal.SIGTERM)

import playground.session.session
playground.session.session.Session = Hit
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends a process that gets SIGTERM at once: no handler of ours could run"
)
def test_a_signal_before_the_loop_runs_closes_the_window_too():
    with opened(before=EARLY) as window:
        said, complaint = window.stdout.read(), window.stderr.read()
    assert [json.loads(line)["state"] for line in said.splitlines()] == ["open", "closed"]
    assert (window.returncode, complaint) == (128 + signal.SIGTERM, "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be opened"),
        ('{"format": "torch-pl', "not a whole JSON text"),
        ('{"format": "torch-playground", "version": 99}', "newer Torch Playground"),
    ],
)
def test_a_project_that_cannot_be_read_is_one_line(tmp_path, content, words):
    file = tmp_path / "broken.playground"
    if content is not None:
        file.write_text(content)
    with opened(str(file)) as window:
        said, complaint = window.stdout.read(), window.stderr.read()
    assert window.returncode == 1
    assert words in complaint
    assert complaint.count("\n") == 1
    assert [json.loads(line)["state"] for line in said.splitlines()] == ["closed"]


def test_a_bug_goes_to_the_log_and_the_window_stays(qapp, monkeypatch, caplog):
    from playground import app
    from playground.session.session import Session

    session, said = Session(), []
    session.noticed.connect(lambda fault: said.append(str(fault)))
    with app._bugs_are_told(session):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("division by zero"), None)
    assert "division by zero" in said[0]
    assert str(folders.log()) in said[0]
    assert "ZeroDivisionError" in caplog.text
    session.close()


def test_pyside_reads_no_sources_and_its_features_are_there_for_whoever_asks(tmp_path):
    (tmp_path / "stranger.py").write_text(
        "from __feature__ import snake_case\nfrom PySide6.QtCore import QObject\n"
        "def ask():\n    QObject().set_object_name('it')\n"
    )
    (tmp_path / "plain.py").write_text(
        "from PySide6.QtCore import QObject\ndef ask():\n    QObject().setObjectName('it')\n"
    )
    code = """
import inspect
from PySide6.QtCore import QObject
from playground import app
app._spare_sources()
inspect.getsource = None  # who reads a source now fails
import plain, stranger
plain.ask()
stranger.ask()
plain.ask()
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
