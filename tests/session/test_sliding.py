"""Questions about windows: one at a time, of those that wait the newest."""

import msgspec
import pytest

from playground.core.convolving import Slide, Stage
from playground.core.layer import Layer
from playground.core.messages import Array, Failed, Slid
from playground.core.problem import Fault
from playground.session.sliding import Sliding

ARRAY = Array("float32", (1, 1, 1), bytes(4))
FAULT = Fault(where="x", what="it does not fit", fix="none")


def question(row: int) -> Slide:
    return Slide(0, ARRAY, (Stage(Layer("MaxPool2d")),), 0, (row, 0))


def answer_to(asked: Slide) -> Slid:
    return Slid(
        id=asked.id, maps=(ARRAY,), at=asked.at, shape=(1, 1, 1), channels=(0,), places=ARRAY, rows=(0,), columns=(0,),
        rim=(0, 0, 0, 0), window=ARRAY, weight=ARRAY, products=ARRAY, sums=ARRAY, total=0.0, bias=0.0, value=0.0,
        script="import torch" if asked.script else "",
    )  # fmt: skip


@pytest.fixture
def sliding(session):
    """With a client that answers when a test says so: `sliding.open` holds (question, answer it)."""
    made = Sliding(session.client, session)
    made.open = []
    session.client.ask = lambda make, take: made.open.append((make(len(made.open) + 7), take))
    session.client.ready = True
    return made


def answer(sliding, fault=None):
    asked, take = sliding.open.pop(0)
    take(Failed(asked.id, fault) if fault else answer_to(asked))
    return asked.at[0]


def test_one_question_at_a_time_and_the_newest_wins(sliding):
    for row in range(5):
        sliding.ask(question(row))
    assert len(sliding.open) == 1
    assert answer(sliding) == 0
    assert answer(sliding) == 4
    assert sliding.open == []
    assert sliding.answer.at == (4, 0)
    assert sliding.asked == question(4)


def test_what_is_asked_already_is_not_asked_again(sliding):
    sliding.ask(question(1))
    sliding.ask(question(1))
    answer(sliding)
    sliding.ask(question(1))
    assert sliding.open == []
    sliding.ask(question(2))
    sliding.ask(question(1))  # back again while the other one is under way
    answer(sliding)
    assert answer(sliding) == 1


def test_a_fault_is_told_and_the_last_answer_stays(sliding):
    sliding.ask(question(1))
    answer(sliding)
    sliding.ask(question(2))
    changes = []
    sliding.changed.connect(lambda: changes.append(sliding.fault))
    answer(sliding, FAULT)
    assert changes == ["it does not fit"]
    assert sliding.answer.at == (1, 0)
    sliding.ask(question(1))
    answer(sliding)
    assert sliding.fault == ""


def test_it_waits_for_the_workbench(sliding, session):
    session.client.ready = False
    sliding.ask(question(3))
    assert sliding.open == []
    session.client.ready = True
    session.client.ready_changed.emit()
    assert answer(sliding) == 3


def test_the_newest_answer_can_be_had_as_a_program(sliding):
    scripts = []
    sliding.script(scripts.append)
    assert sliding.open == []
    sliding.ask(question(1))
    answer(sliding)
    sliding.script(scripts.append)
    assert msgspec.structs.replace(sliding.open[0][0], script=False, id=0) == question(1)
    answer(sliding)
    assert scripts == ["import torch"]


def test_what_is_forgotten_is_known_no_more_even_where_its_answer_comes_later(sliding):
    sliding.ask(question(1))
    sliding.forget()
    answer(sliding)
    assert sliding.answer is None
