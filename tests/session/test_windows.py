"""Several windows: numbers that are free again, and starting another one."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QProcess

from playground.core.problem import Problem
from playground.disk import folders
from playground.session import windows
from playground.session.settings import Settings
from playground.session.windows import WindowNumber


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "config", lambda: tmp_path / "config")


def test_windows_that_are_open_have_different_numbers_and_a_closed_one_gives_its_own_back():
    first, second, third = WindowNumber(), WindowNumber(), WindowNumber()
    assert [first.number, second.number, third.number] == [0, 1, 2]
    second.release()
    assert WindowNumber().number == 1
    first.release()
    third.release()
    assert WindowNumber().number == 0


DYING = """
import os
from pathlib import Path
from playground.disk import folders
folders.config = lambda: Path({folder!r})
from playground.session.windows import WindowNumber
held = WindowNumber()
print(held.number, flush=True)
os._exit(9)
"""


def test_the_number_of_a_window_that_died_is_free_again(tmp_path):
    script = DYING.format(folder=str(tmp_path / "config"))
    died = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (died.returncode, died.stdout) == (9, "0\n"), died.stderr
    assert (tmp_path / "config" / "window-0.lock").exists()
    number = WindowNumber()
    assert number.number == 0
    number.release()


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(folders, "config", lambda: tmp_path / "file" / "below")
    assert WindowNumber().number == 0


def test_another_window_is_a_process_of_its_own_that_is_given_the_file(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(QProcess, "startDetached", lambda *words: (started.append(words), (True, 1))[1])
    windows.open_window(tmp_path / "mine.playground")
    windows.open_window()
    ((program, words, _folder), (_program, others, _other_folder)) = started
    assert program == sys.executable
    assert words == ["-m", "playground", "window", str(tmp_path / "mine.playground")]
    assert others == ["-m", "playground", "window"]


def test_a_program_that_cannot_be_started_is_one_sentence(monkeypatch):
    monkeypatch.setattr(windows.sys, "executable", "/no/such/program")
    with pytest.raises(Problem, match="could not be started"):
        windows.open_window()


ADDING = """
import sys
from pathlib import Path
from playground.session.settings import Settings
settings = Settings(Path({file!r}))
for number in range(3):
    settings.add_recent(Path(f"/tmp/{name}-{{number}}.playground"))
settings.close()
"""


def test_recent_files_of_several_windows_are_merged(qapp, tmp_path):
    file = tmp_path / "settings.ini"
    here = Settings(file)
    here.set("window/theme", "dark")
    scripts = [ADDING.format(file=str(file), name=name) for name in "abc"]
    others = [subprocess.Popen([sys.executable, "-c", script]) for script in scripts]
    assert [other.wait(60) for other in others] == [0, 0, 0]
    assert {path.stem for path in here.recent} == {f"{name}-{number}" for name in "abc" for number in range(3)}
    here.add_recent(tmp_path / "mine.playground")
    newest, *older = Settings(file).recent
    assert (newest.stem, len(older)) == ("mine", 9)
    assert Settings(file).theme == "dark"


def test_a_setting_of_another_window_is_kept_when_this_one_ends(qapp, tmp_path):
    one, other = Settings(tmp_path / "settings.ini"), Settings(tmp_path / "settings.ini")
    one.device = "cpu"
    other.theme = "dark"
    one.close()
    other.close()
    again = Settings(tmp_path / "settings.ini")
    assert (again.device, again.theme) == ("cpu", "dark")
