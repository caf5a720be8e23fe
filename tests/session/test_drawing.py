"""What is drawn, and what is asked about it; with a workbench that answers when a test says so."""

import pytest

from playground.core.drawing import DRAWING
from playground.core.edit import SetData, SetRecipe
from playground.core.messages import Array, Draw, DrawingFitted, Failed, Frame, Picture, Preview, Pull, Watch
from playground.core.problem import Fault

WATCH = Watch("prediction", {"sample": DRAWING})


def ink(level: int) -> Array:
    return Array("uint8", (1, 1, 1), bytes([level]))


def fitted(question, level: float = 0.0) -> DrawingFitted:
    array = Array("float32", (1, 1, 1), bytes([question.ink.data[0]] * 4))
    return DrawingFitted(question.id, array, array, True)


@pytest.fixture
def asked(session):
    """(question, answer it) of what is under way; previews are not counted."""
    waiting = []

    def ask(make, take):
        question = make(len(waiting) + 5)
        if not isinstance(question, Preview):
            waiting.append((question, take))

    session.client.ask, session.client.ready = ask, True
    return waiting


@pytest.fixture
def told(session, monkeypatch):
    """What the runner was sent."""
    sent = []
    monkeypatch.setattr(session.training._process, "send", sent.append)
    return sent


def test_one_question_at_a_time_and_the_newest_wins(session, asked, told):
    for level in range(5):
        session.drawing.show(ink(level))
    assert [question.ink for question, _take in asked] == [ink(0)]
    question, take = asked.pop()
    take(fitted(question))
    assert [question.ink for question, _take in asked] == [ink(4)]
    question, take = asked.pop()
    take(fitted(question))
    assert asked == []
    session.drawing.show(ink(4))  # is known
    assert asked == []
    assert told == [Draw(Array("float32", (1, 1, 1), bytes(4))), Draw(Array("float32", (1, 1, 1), bytes([4] * 4)))]


def test_a_fault_is_told_and_the_next_drawing_is_asked_about(session, asked, told):
    session.drawing.show(ink(1))
    question, take = asked.pop()
    take(Failed(question.id, Fault(where="x", what="it is too large", fix="y")))
    assert session.drawing.fault == "it is too large"
    session.drawing.show(ink(2))
    question, take = asked.pop()
    take(fitted(question))
    assert session.drawing.fault == ""
    assert session.drawing.fitted is not None


def test_other_data_are_asked_about_anew_and_other_recipes_are_not(session, asked, told):
    session.drawing.show(ink(1))
    question, take = asked.pop()
    session.document.apply(SetRecipe({"epochs": 3}))
    assert asked == []
    session.document.apply(SetData({"preparation": ({"resize": 16},)}))
    take(fitted(question))  # of the data before
    assert session.drawing.fitted is None
    assert told == []
    assert len(asked) == 1
    question, take = asked.pop()
    assert '"resize": 16' in question.project
    take(fitted(question))
    assert session.drawing.fitted is not None


def test_samples_that_are_no_pictures_have_no_drawing(session, asked):
    session.document.set_sample(DRAWING)
    session.drawing.show(ink(1))
    asked.clear()
    session.document.apply(SetData({"dataset": "iris", "preparation": ()}))
    assert session.drawing.channels == 0
    assert session.document.sample == 0
    assert not session.drawing.is_busy or asked == []


def test_another_runner_is_told_the_drawing(session, asked, told):
    session.drawing.show(ink(1))
    question, take = asked.pop()
    take(fitted(question))
    told.clear()
    session.training.ready = True
    session.training.ready_changed.emit()
    assert told == [Draw(session.drawing.fitted.input)]


def test_beside_a_run_a_hand_does_not_wait_until_the_last_frame_is_on_the_screen(session, asked, told):
    training = session.training
    training.project = session.document.project
    training._set_state("running")
    training.watch("panel", (WATCH,))
    told.clear()
    for level in (1, 2):
        session.drawing.show(ink(level))
        question, take = asked.pop()
        take(fitted(question))
    assert [type(one) for one in told] == [Draw, Pull, Draw]  # the pull that waits for its answer is enough
    assert told[1].watches == (WATCH,)


def test_a_preview_carries_the_drawing_that_is_watched(session, told):
    questions = []
    session.client.ask = lambda make, take: questions.append((make(1), take))
    session.client.ready = True
    session.training.watch("one", (Watch("rows", {"sample": 0}),))
    assert questions.pop()[0].drawing is None
    session.training._pictures._asked = None
    drawn = Array("float32", (1, 1, 1), bytes(4))
    session.training.watch("two", (WATCH,))
    session.training._pictures._asked = None
    questions.clear()
    session.training.draw(Draw(drawn))
    assert questions[0][0].drawing == drawn


@pytest.mark.parametrize(
    ("probes", "told"), [(["prediction"], False), (["prediction", "rows"], True), (["feature_maps"], True), ([], False)]
)
def test_all_views_hear_of_a_frame_that_has_more_than_a_hand_waits_for(session, probes, told):
    """That of a paused run is all that comes until the next stroke: the layer list stood still beside the canvas."""
    session.training.project = session.document.project
    pictures = tuple(Picture(Watch(probe, {"sample": DRAWING}), 3) for probe in probes)
    heard, frames = [], []
    session.training.pictures_changed.connect(lambda: heard.append(1))
    session.training.frame_received.connect(frames.append)
    session.training._on_frame(Frame(state="paused", step=3, pictures=pictures))
    assert (bool(heard), len(frames)) == (told, 1)
