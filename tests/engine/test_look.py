"""What people look at agrees with scikit-learn's own tables, numpy by hand, and the batches that a training takes."""

import itertools

import msgspec
import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits, load_iris

from playground.core import messages as words
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.project import Project, write_project
from playground.engine import look
from playground.engine.jobs import Jobs
from playground.engine.loader import prepare
from playground.engine.loop import Setup, Training
from playground.engine.workbench import Workbench
from playground.session.history import numbers

DIGITS = Project(
    data=Data(dataset="digits", preparation=({"normalize": "0..1"},), batch_size=100),
    network=(Layer("Flatten"), Layer("Linear", {"out_features": 10})),
)
IRIS = Project(
    data=Data(dataset="iris", preparation=({"standardize": True},), batch_size=7),
    network=(Layer("Linear", {"out_features": 3}),),
)
AUGMENTED = msgspec.structs.replace(
    DIGITS,
    data=Data(
        preparation=({"normalize": "0..1"}, {"shift": 2}, {"rotate": 20}, {"noise": 0.1}), batch_size=50,
        validation_fraction=0.2, subset=400,
    ),
)  # fmt: skip


def asked(question: words.Question) -> words.Answer:
    answers: list[words.Answer] = []
    Workbench(answers.append).answer(question)
    assert not isinstance(answers[-1], words.Failed), answers[-1]
    return words.decode_answer(words.encode(answers[-1]))


@pytest.mark.parametrize("part", ["train", "test"])
def test_samples_of_one_class_are_those_of_scikit_learn(part):
    answer = asked(words.LookAtSamples(1, write_project(DIGITS), 3, 5, part, False, 7))
    found = (numbers(answer.inputs) * 16).reshape(5, 64)
    as_stored = asked(words.LookAtSamples(1, write_project(DIGITS), 3, 5, part, True, 7))
    assert np.array_equal(numbers(as_stored.inputs).reshape(5, 64), np.rint(found))
    table = load_digits()
    sevens = {tuple(row) for row in table.data[table.target == 7].astype(np.float32)}
    assert all(tuple(row) in sevens for row in np.rint(found))
    assert numbers(answer.targets).tolist() == [7] * 5
    assert len(set(answer.numbers)) == 5
    everything = asked(words.LookAtSamples(1, write_project(DIGITS), 0, 5000, part))
    labels = numbers(everything.targets)
    assert answer.total == (labels == 7).sum()
    assert answer.numbers == tuple(np.flatnonzero(labels == 7)[3:8].tolist())
    assert np.array_equal(numbers(everything.inputs)[list(answer.numbers)], numbers(answer.inputs))


def test_beyond_the_end_there_are_no_samples():
    answer = asked(words.LookAtSamples(1, write_project(DIGITS), 100_000, 5))
    assert (answer.inputs.shape[0], answer.numbers, answer.total) == (0, (), 359)


def test_an_answer_holds_no_more_than_the_pipe_bears(monkeypatch):
    monkeypatch.setattr(look, "MOST_BYTES", 10 * 64 * 4)
    answer = asked(words.LookAtSamples(1, write_project(DIGITS), 0, 300))
    assert answer.inputs.shape[0] == 10


def test_a_survey_of_a_table_gives_the_figures_of_numpy():
    raw = msgspec.structs.replace(IRIS, data=msgspec.structs.replace(IRIS.data, preparation=()))
    survey = asked(words.SurveyData(1, write_project(raw)))
    assert survey.stored == survey.prepared
    table = load_iris()
    assert survey.sizes == {"train": 120, "validation": 0, "test": 30}
    assert survey.classes["train"] == (40, 40, 40)
    assert survey.classes["test"] == (10, 10, 10)
    assert [column.name for column in survey.columns[:4]] == table.feature_names
    target = survey.columns[-1]
    assert target.categories == tuple(table.target_names)
    assert target.histogram.counts == (40, 40, 40)
    assert survey.input_shape == (4,)
    assert survey.memory == 150 * 4 * 4
    assert sum(survey.prepared.counts) == 120 * 4
    for column, name in zip(survey.columns, table.feature_names, strict=False):
        whole = table.data[:, table.feature_names.index(name)]
        assert column.low >= np.float32(whole.min())
        assert column.high <= np.float32(whole.max())
        assert column.mean == pytest.approx(whole.mean(), abs=0.2)


def test_the_prepared_values_lie_where_the_preparation_brings_them():
    survey = asked(words.SurveyData(1, write_project(DIGITS)))
    assert survey.prepared.edges[0] == 0
    assert survey.prepared.edges[-1] == 1
    assert sum(survey.prepared.counts) == survey.sizes["train"] * 64


@pytest.mark.parametrize("values", [[0, 1, 1, 3], [2.5, 2.5], [0.0, 0.1, 1.0, np.nan]], ids=str)
def test_a_histogram_counts_each_number_once(values):
    found = look.histogram(np.array(values))
    exact = np.array(values)[np.isfinite(values)]
    edges = np.array(found.edges)
    expected = [
        int(((exact >= low) & ((exact < high) | ((place == len(edges) - 2) & (exact == high)))).sum())
        for place, (low, high) in enumerate(itertools.pairwise(edges))
    ]
    assert list(found.counts) == expected
    assert sum(found.counts) == len(exact)


def test_whole_numbers_have_a_bin_each():
    found = look.histogram(np.array([0, 5, 5, 16], np.uint8))
    assert len(found.counts) == 17
    assert found.counts[5] == 2


@pytest.mark.parametrize("project", [DIGITS, IRIS, AUGMENTED], ids=["digits", "iris", "augmented"])
@pytest.mark.parametrize(("epoch", "step"), [(0, 0), (1, 3), (0, 1000)])
def test_a_batch_is_the_one_that_the_training_takes(project, epoch, step):
    seen = asked(words.LookAtBatch(1, write_project(project), epoch, step))
    setup = Setup(torch.device("cpu"), 1, "contiguous")
    training = Training(project, prepare(project.data, project.recipe.seed), setup)
    taken: list[torch.Tensor] = []
    training.model[0].register_forward_pre_hook(
        lambda first, given: taken.append(given[0].clone()) if first.training else None
    )
    wanted = epoch * seen.steps + min(step, seen.steps - 1)
    while training.step <= wanted:
        training.advance()
    training.close()
    assert np.array_equal(numbers(seen.inputs), taken[wanted].numpy())
    assert seen.step == min(step, seen.steps - 1)
    assert len(seen.numbers) == len(seen.targets.data) // 8 == len(taken[wanted])
    stored = asked(words.LookAtSamples(1, write_project(project), 0, 2000, "train", True))
    assert np.array_equal(numbers(stored.inputs)[list(seen.numbers)], numbers(seen.stored))


def test_a_validation_part_is_counted_and_shown():
    survey = asked(words.SurveyData(1, write_project(AUGMENTED)))
    assert survey.sizes["validation"] == sum(survey.classes["validation"]) > 0
    answer = asked(words.LookAtSamples(1, write_project(AUGMENTED), 0, 3, "validation"))
    assert answer.total == survey.sizes["validation"]
    assert numbers(answer.inputs).max() <= 1  # no noise: it is for training samples alone


def test_all_samples_are_one_batch_and_in_order_where_nothing_is_shuffled():
    data = msgspec.structs.replace(DIGITS.data, batch_size="all", shuffle=False)
    seen = asked(words.LookAtBatch(1, write_project(msgspec.structs.replace(DIGITS, data=data))))
    assert seen.numbers == tuple(range(1438))
    assert seen.steps == 1


def test_looking_draws_from_no_random_numbers_of_torch():
    state = torch.get_rng_state()
    asked(words.LookAtBatch(1, write_project(DIGITS)))
    asked(words.SurveyData(1, write_project(DIGITS)))
    assert torch.equal(state, torch.get_rng_state())


def test_the_same_job_twice_is_refused_and_a_cancelled_one_frees_its_name():
    import threading

    answers, begun, ended = [], threading.Event(), threading.Event()

    def send(answer):
        answers.append(answer)
        if isinstance(answer, words.Fetched):
            ended.set()

    def work(progress, cancelled):
        begun.set()
        while not cancelled():
            threading.Event().wait(0.01)
        return words.Fetched(1, "x")

    jobs = Jobs(send)
    jobs.start(1, "x", work)
    assert begun.wait(5)
    with pytest.raises(Exception, match="already"):
        jobs.start(2, "x", work)
    jobs.cancel("x")
    assert ended.wait(5)
    jobs.start(3, "x", work)
    jobs.cancel("x")
