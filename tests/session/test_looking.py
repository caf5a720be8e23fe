"""What is known of the data: asked once, one question at a time, the newest wish first, forgotten when it is not true."""

import pytest

from playground.core import messages as words
from playground.core.edit import InsertLayers, SetData, SetRecipe
from playground.core.layer import Layer
from playground.core.messages import Array, Failed, Histogram, Samples, Surveyed
from playground.core.problem import Fault
from playground.session.looking import MOST_KEPT, MOST_WISHES, Looking

BARS = Histogram((0.0, 1.0), (1,))
FAULT = Fault(where="x", what="no", fix="none")


@pytest.fixture
def looking(session):
    """With a client that answers when a test says so: `looking.asked` holds (question, answer it)."""
    made = session.looking
    made.asked = []

    def ask(make_question, on_answer):
        made.asked.append((make_question(len(made.asked) + 1), on_answer))

    session.client.ask = ask
    session.client.ready = True
    return made


def answer(looking: Looking, place: int = -1, fault: Fault | None = None) -> None:
    question, reply = looking.asked[place]
    if fault:
        reply(Failed(question.id, fault))
    elif isinstance(question, words.SurveyData):
        reply(Surveyed(question.id, looking.dataset, (1, 8, 8), {"train": 1}, {}, BARS, BARS))
    else:
        none = Array("float32", (0,), b"")
        reply(Samples(question.id, none, none, 5))


def test_what_is_known_is_not_asked_twice(looking):
    assert looking.survey() is None
    assert looking.survey() is None
    assert len(looking.asked) == 1
    answer(looking)
    assert looking.survey().sizes == {"train": 1}
    assert len(looking.asked) == 1


def test_one_question_at_a_time_and_the_newest_wish_first(looking):
    for first in range(0, 20 * 64, 64):
        looking.samples("train", first, 64, True)
    assert len(looking.asked) == 1
    firsts = []
    while len(looking.asked) > len(firsts):
        firsts.append(looking.asked[len(firsts)][0].first)
        answer(looking, len(firsts) - 1)
    assert firsts == [0, *(64 * place for place in range(19, 19 - MOST_WISHES, -1))]


def test_an_answer_about_other_data_is_not_believed(looking, session):
    changes = []
    looking.changed.connect(lambda: changes.append(1))
    looking.survey()
    session.document.apply(SetData({"test_fraction": 0.4}))
    answer(looking)
    assert changes == []
    assert looking.survey() is None
    assert "0.4" in looking.asked[-1][0].project


@pytest.mark.parametrize(
    ("edit", "survey_stays", "batch_stays"),
    [
        (InsertLayers((0,), (Layer("ReLU"),)), True, True),
        (SetRecipe({"epochs": 3}), True, True),
        (SetData({"batch_size": 3}), True, False),
        (SetData({"shuffle": False}), True, False),
        (SetData({"validation_fraction": 0.1}), False, False),
        (SetRecipe({"seed": 3}), False, False),
    ],
    ids=["layer", "epochs", "batch", "shuffle", "validation", "seed"],
)
def test_only_what_depends_on_an_edit_is_forgotten(looking, session, edit, survey_stays, batch_stays):
    looking.survey()
    answer(looking)
    looking.batch(0, 0)
    question, reply = looking.asked[-1]
    none = Array("float32", (0,), b"")
    reply(words.BatchSeen(question.id, 0, 0, 1, (), none, none, none))
    session.document.apply(edit)
    assert (looking.survey() is not None) == survey_stays
    if survey_stays:
        assert (looking.batch(0, 0) is not None) == batch_stays


def test_a_fault_is_told_and_asked_again_after_a_download(looking, session):
    looking.survey()
    answer(looking, fault=FAULT)
    assert looking.fault == FAULT
    assert looking.survey() is None
    assert len(looking.asked) == 1
    session.client.fetched.emit("digits")
    assert looking.fault is None
    looking.survey()
    assert len(looking.asked) == 2


def test_nothing_is_asked_of_a_workbench_that_is_not_there_and_all_of_it_later(looking, session):
    session.client.ready = False
    looking.survey()
    assert looking.asked == []
    session.client.ready = True
    session.client.ready_changed.emit()
    looking.survey()
    assert len(looking.asked) == 1


def test_what_is_kept_is_limited(looking):
    for first in range(MOST_KEPT + 10):
        looking.samples("train", first, 1, True)
        answer(looking)
    assert len(looking._known) == MOST_KEPT
