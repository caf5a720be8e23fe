import threading

import pytest
import torch
from torch.nn.functional import conv2d

from playground.core import messages as words
from playground.core.project import write_project
from playground.disk import projects
from playground.engine import fetch, workbench as module
from playground.engine.build import build_network
from playground.engine.loader import prepare
from playground.engine.workbench import Workbench
from playground.session.history import numbers

PROJECT = projects.load("preset:lenet-digits")
TEXT = write_project(PROJECT)


@pytest.fixture
def bench():
    answers = []
    made = Workbench(answers.append)
    made.answers = answers
    return made


def asked(bench: Workbench, question: words.Question) -> words.Answer:
    bench.answer(question)
    return words.decode_answer(words.encode(bench.answers[-1]))


def test_a_check_is_answered_with_its_number(bench):
    answer = asked(bench, words.CheckProject(5, TEXT))
    assert (answer.id, answer.report.parameters) == (5, 81_194)


def test_a_preview_shows_what_the_untrained_network_makes_of_the_sample(bench):
    watches = (
        words.Watch("filters", {"layer": [0]}),
        words.Watch("feature_maps", {"layer": [0], "sample": 4, "after": "layer"}),
    )
    filters, maps = asked(bench, words.Preview(1, TEXT, watches)).pictures
    data = prepare(PROJECT.data, PROJECT.recipe.seed)
    first = build_network(PROJECT.network, data.input_shape, seed=PROJECT.recipe.seed)[0]
    assert torch.equal(torch.tensor(numbers(filters.arrays["weight"])), first.weight)
    expected = conv2d(data.test_inputs[4:5], first.weight, first.bias)[0]
    torch.testing.assert_close(torch.tensor(numbers(maps.arrays["maps"])), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "layers",
    [
        '{"layer": "Linear", "out_features": 1000000}, {"layer": "ReLU"}',
        '{"layer": "Conv2d", "out_channels": 65536, "padding": 1024}',
    ],
    ids=["too many parameters", "too large maps"],
)
def test_a_network_too_large_to_preview_is_refused_before_it_is_made(bench, layers, monkeypatch):
    def made(*_arguments, **_named):
        raise AssertionError("it must not be made")

    monkeypatch.setattr(module, "build_network", made)
    text = TEXT.replace('"network": [', f'"network": [{layers}, ')
    answer = asked(bench, words.Preview(1, text, (words.Watch("filters", {"layer": [0]}),)))
    assert "too large to be shown after every edit" in str(answer.fault)


def test_the_same_network_is_built_once_and_another_one_anew(bench, monkeypatch):
    built = []
    make = module.build_network
    monkeypatch.setattr(
        module, "build_network", lambda *given, **named: (built.append(given), make(*given, **named))[1]
    )
    wish = (words.Watch("prediction", {"sample": 4}), words.Watch("prediction", {"sample": "drawing"}))
    shape = (1, 32, 32)
    drawings = [words.Array("float32", shape, torch.full(shape, level).numpy().tobytes()) for level in (-1.0, 1.0)]
    first, second = (asked(bench, words.Preview(1, TEXT, wish, one)).pictures for one in drawings)
    assert len(built) == 1
    assert first[0] == second[0]
    assert first[1].arrays["probabilities"] != second[1].arrays["probabilities"]
    edited = TEXT.replace('"out_features": 84', '"out_features": 85')
    assert edited != TEXT
    other = asked(bench, words.Preview(1, edited, wish, drawings[0])).pictures
    assert len(built) == 2
    assert other[1].arrays["probabilities"] != first[1].arrays["probabilities"]


def test_samples_are_those_of_the_test_part(bench):
    answer = asked(bench, words.LookAtSamples(1, TEXT, 2, 3))
    data = prepare(PROJECT.data, PROJECT.recipe.seed)
    assert torch.equal(torch.tensor(numbers(answer.inputs)), data.test_inputs[2:5])
    assert answer.total == len(data.test_inputs)


def test_devices_and_data_sets_are_listed(bench):
    assert "cpu" in [device.name for device in asked(bench, words.ListDevices(1)).devices]
    found = {one.name: one.available for one in asked(bench, words.ListDatasets(2)).datasets}
    assert found["digits"]
    assert found["iris"]


@pytest.mark.parametrize(
    "question",
    [words.CheckProject(1, "{"), words.FetchDataset(1, "nothing"), words.Preview(1, TEXT.replace("digits", "x"), ())],
)
def test_what_is_wrong_is_the_answer(bench, question):
    bad = question if not isinstance(question, words.Preview) else words.Preview(1, TEXT.replace("Conv2d", "Con"), ())
    assert isinstance(asked(bench, bad), words.Failed)


def test_a_bug_costs_its_question_and_names_the_log(bench, monkeypatch):
    def broken(_project):
        raise ZeroDivisionError

    monkeypatch.setattr(module, "check", broken)
    answer = asked(bench, words.CheckProject(1, TEXT))
    assert "playground.log" in str(answer.fault)
    monkeypatch.undo()
    assert isinstance(asked(bench, words.CheckProject(2, TEXT)), words.Checked)


def test_a_download_tells_its_progress_and_can_be_cancelled(bench, monkeypatch):
    begun = threading.Event()

    def slow(_name, progress, cancelled):
        progress(1, 2)
        begun.set()
        while not cancelled():
            threading.Event().wait(0.01)
        raise fetch.Cancelled(where="iris", what="cancelled", fix="try again")

    monkeypatch.setattr(fetch, "fetch", slow)
    bench.answer(words.FetchDataset(1, "iris"))
    assert begun.wait(5)
    bench.answer(words.CancelFetch(2, "iris"))
    for _turn in range(500):
        if any(isinstance(one, words.Failed) for one in bench.answers):
            break
        threading.Event().wait(0.01)
    assert words.FetchProgress(1, "iris", 1, 2) in bench.answers
    assert [one.id for one in bench.answers if isinstance(one, words.Failed)] == [1]
