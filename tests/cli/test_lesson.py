"""`playground lesson`."""

import pytest

from playground import app
from playground.cli.main import run
from playground.disk import folders


@pytest.mark.parametrize("words", [["lesson"], ["lesson", "descent"], ["lesson", "03-descent"]])
def test_the_window_is_opened_with_the_lesson(monkeypatch, words):
    opened = []
    monkeypatch.setattr(app, "run_window", lambda project, lesson=None: opened.append((project, lesson)) or 0)
    assert run(words) == 0
    assert opened == [(None, words[1] if len(words) > 1 else "")]


def test_a_lesson_that_is_not_there_is_refused_with_those_that_are(capsys):
    assert run(["lesson", "decent"]) == 2
    said = capsys.readouterr().err
    assert "no lesson decent" in said
    assert "descent" in said.replace("\n", " ")


def test_a_file_that_is_left_out_is_named(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(folders, "data", lambda: tmp_path)
    monkeypatch.setattr(app, "run_window", lambda project, lesson=None: 0)
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "mine.md").write_text("# no head")
    assert run(["lesson"]) == 0
    assert "mine.md: it has no head" in capsys.readouterr().err
