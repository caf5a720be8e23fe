"""`playground lab`."""

import pytest

from playground import app
from playground.cli.main import run


@pytest.mark.parametrize(("words", "topic"), [(["lab"], ""), (["lab", "descent"], "descent")])
def test_the_window_is_opened_in_the_lab(monkeypatch, words, topic):
    opened = []
    monkeypatch.setattr(app, "run_window", lambda project, lab=None: opened.append((project, lab)) or 0)
    assert run(words) == 0
    assert opened == [(None, topic)]


def test_a_topic_that_is_not_there_is_refused_with_those_that_are(capsys):
    assert run(["lab", "tensor"]) == 2
    said = capsys.readouterr().err
    assert "no topic tensor" in said
    assert "convolution" in said
