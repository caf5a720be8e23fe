"""What is looked at of an evaluation, and when the network can be tested. The engine is not started."""

import pytest

from playground.core import messages as words
from playground.core.edit import RemoveLayers
from playground.core.messages import EpochReport, Frame, Picture, RunFacts
from playground.core.problem import Fault
from playground.session.evaluating import Evaluating

FACTS = RunFacts("cpu", 1, "contiguous", 100, 20, 10, 4)
HELD_BACK = RunFacts("cpu", 1, "contiguous", 80, 20, 8, 4, 20)


@pytest.fixture
def sent(session, monkeypatch) -> list:
    """What the runner is told."""
    orders: list = []
    monkeypatch.setattr(session.training._process, "send", orders.append)
    return orders


@pytest.fixture
def evaluating(session, sent) -> Evaluating:
    found: Evaluating = session.evaluating
    session.training.watch("panel", (found.watch,))
    found.changed.connect(lambda: session.training.watch("panel", (found.watch,)))
    return found


def frame(session, state: str = "running", step: int = 10, tested_at: int | None = 10, facts=FACTS, **more) -> None:
    """One of the run; without a test where `tested_at` is None."""
    training = session.training
    training.project = training.project or session.document.project
    told = {"part": "test", "step": tested_at, "loss": 0.5}
    watches = training._pictures.watches()
    answers = [
        Picture(one, step, facts=told) if tested_at is not None else Picture(one, step, fault="none") for one in watches
    ]
    training._on_frame(Frame(state=state, step=step, facts=facts, pictures=tuple(answers), **more))


def test_the_watch_says_what_is_looked_at(evaluating):
    assert evaluating.watch.options == {"part": "test", "which": "mistakes", "first": 0}
    evaluating.turn_to(24)
    assert evaluating.watch.options["first"] == 24
    evaluating.choose_cell((3, 5))
    assert evaluating.watch.options == {"part": "test", "which": "cell", "cell": [3, 5], "first": 0}
    evaluating.choose("all")
    evaluating.choose("cell")
    assert evaluating.watch.options["cell"] == [3, 5]
    evaluating.choose_cell((3, 5))  # once more
    assert evaluating.watch.options["which"] == "mistakes"


def test_without_a_cell_none_is_looked_at(evaluating):
    evaluating.choose("cell")
    assert evaluating.which == "mistakes"


def test_the_validation_part_can_be_chosen_where_there_is_one(session, evaluating):
    frame(session)
    evaluating.choose_part("validation")
    assert (evaluating.parts, evaluating.part) == (("test",), "test")
    frame(session, facts=HELD_BACK)
    assert (evaluating.parts, evaluating.part) == (("test", "validation"), "validation")
    assert evaluating.watch.options["part"] == "validation"


def test_a_result_stays_until_that_of_other_samples_is_there(session, evaluating):
    frame(session)
    first = evaluating.picture
    assert first.facts["loss"] == 0.5
    evaluating.turn_to(24)
    assert evaluating.picture is first
    frame(session, step=20, tested_at=20)
    assert evaluating.picture.facts["step"] == 20


def test_another_run_has_no_result_and_no_cell(session, evaluating):
    frame(session)
    evaluating.choose_cell((1, 1))
    assert evaluating.picture is not None
    session.training.state = "finished"
    session.training.start()
    assert evaluating.picture is None
    assert (evaluating.which, evaluating.cell, evaluating.first) == ("mistakes", None, 0)


def test_a_test_of_weights_that_came_back_is_over_though_their_step_is_an_earlier_one(session, evaluating):
    epochs = tuple(EpochReport(n, 10 * n, 0.5, 0.4, 0.9, 1.0) for n in (1, 2, 3))
    back = {"epochs": epochs, "best_epoch": 2, "weights_epoch": 2, "stopped_early": True}
    session.training.project = session.document.project
    session.training._on_frame(Frame(state="finished", step=30, facts=FACTS, **back))
    evaluating.test()
    assert evaluating.is_testing
    frame(session, "finished", step=30, tested_at=20, best_epoch=2, weights_epoch=2)
    assert not evaluating.is_testing


def test_why_it_cannot_be_tested(session, evaluating):
    assert "train first" in evaluating.refusal
    session.training.start()
    assert "prepared" in evaluating.refusal
    frame(session)
    assert evaluating.refusal == ""
    session.document.apply(RemoveLayers(((0,),)))
    assert "edited" in evaluating.refusal
    session.document.undo_stack.undo()
    frame(session, "failed")
    assert "ended early" in evaluating.refusal
    evaluating.test()
    assert not evaluating.is_testing


def test_a_run_that_was_stopped_before_it_had_a_network_cannot_be_tested(session, evaluating):
    session.training.start()
    frame(session, "idle", step=0, tested_at=None, facts=None)
    assert "ended early" in evaluating.refusal
    frame(session, "idle", step=10)
    assert evaluating.refusal == ""


@pytest.mark.parametrize("state", ["running", "paused", "finished", "idle"])
def test_a_test_is_ordered_once_and_is_over_when_its_result_is_there(session, evaluating, sent, state):
    frame(session, state, step=15, tested_at=10)
    session.training.acknowledge()
    sent.clear()
    evaluating.test()
    evaluating.test()
    assert sent[0] == words.Evaluate()
    assert sent.count(words.Evaluate()) == 1
    assert [type(one) for one in sent[1:]] == ([words.Pull] if state in ("finished", "idle") else [])
    assert evaluating.is_testing
    frame(session, state, step=16, tested_at=10)
    assert evaluating.is_testing
    frame(session, state, step=16, tested_at=15)
    assert not evaluating.is_testing
    assert evaluating.refusal == ""


def test_a_frame_is_asked_for_again_while_a_test_at_rest_is_under_way(session, evaluating, sent, monkeypatch):
    monkeypatch.setattr(type(session.training._process), "is_there", True)
    frame(session, "finished", tested_at=None)
    session.training.acknowledge()
    sent.clear()
    frame(session, "finished", tested_at=None, testing=True)
    session.training.acknowledge()
    assert [type(one) for one in sent] == [words.Pull]
    frame(session, "finished", tested_at=10)
    session.training.acknowledge()
    assert len(sent) == 1


def test_where_no_run_can_be_tested_nothing_is_sent(session, sent):
    session.training.evaluate()
    session.training.state = "idle"
    session.training.evaluate()
    assert sent == []


def test_a_process_that_died_took_the_network_with_it(session, evaluating):
    frame(session, "finished", step=40, tested_at=35)
    evaluating.test()
    session.training.engine_died.emit(Fault(where="x", what="it died", fix="none"))
    assert not evaluating.is_testing
    assert "train again" in evaluating.refusal
    session.training.folder, session.training._checkpoint = "kept", 40
    assert "open the run again in the room Runs" in evaluating.refusal
