import json

import pytest
from hypothesis import given, strategies as st

from playground.core.drawing import DRAWING, Stroke
from playground.core.lab import page as module
from playground.core.lab.page import MAX_BYTES, TOPICS, LabPage, default_page, read_page, write_page
from playground.core.lab.topics import (
    MOST_LINES,
    Autograd,
    Boundary,
    Convolution,
    Descent,
    Neuron,
    Racer,
    Slider,
    Slopes,
    Tensors,
)
from playground.core.problem import Problem

NUMBERS = st.floats(-1e12, 1e12)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SHARES = st.floats(0, 1)
STROKES = st.builds(
    Stroke,
    points=st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=4).map(tuple),
    width=st.floats(0.01, 1),
    color=st.sampled_from(["", "#b01e1e"]),
    erases=st.booleans(),
)
STATES = st.one_of(
    st.builds(Tensors, lines=st.lists(WORDS, max_size=6).map(tuple), seed=st.integers(0, 2**63 - 1), shown=WORDS),
    st.builds(Slopes, functions=st.lists(WORDS, min_size=1, max_size=12).map(tuple), x=NUMBERS),
    st.builds(
        Descent,
        start=st.lists(NUMBERS, min_size=1, max_size=2).map(tuple),
        racers=st.lists(st.builds(Racer, lr=st.floats(1e-9, 1e9)), max_size=4).map(tuple),
        ascend=st.booleans(),
    ),
    st.builds(Autograd, lines=st.lists(WORDS, max_size=6).map(tuple), rounds=st.integers(1, 10)),
    st.builds(
        Neuron,
        inputs=st.lists(NUMBERS, max_size=6).map(tuple),
        section=st.sampled_from(["neuron", "line", "layer", "softmax"]),
        boundary=st.builds(Boundary, weights=st.tuples(NUMBERS, NUMBERS), steps=st.integers(1, 500)),
    ),
    st.builds(
        Convolution,
        layers=st.tuples(
            st.builds(Slider, arguments=st.dictionaries(st.text(), st.integers() | st.booleans(), max_size=3))
        ),
        told=st.integers(0, 1),
        sample=st.sampled_from(["digits:0", DRAWING]),
        strokes=st.lists(STROKES, max_size=4).map(tuple),
    ),
)


@given(st.builds(LabPage, state=STATES, title=st.text(st.characters(exclude_categories=["Cs"]), max_size=80)))
def test_reading_what_was_written_gives_an_equal_page(page):
    assert read_page(write_page(page), "here") == page


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_page_to_begin_with(topic):
    page = default_page(topic)
    assert page.topic == topic
    assert read_page(write_page(page), "here") == page


def test_each_typed_line_has_a_line_of_its_own_and_defaults_are_left_out():
    text = write_page(LabPage(Tensors(("a = 1", "b = 2"))))
    assert '\n   "a = 1",\n   "b = 2"\n' in text
    assert "seed" not in text
    assert "title" not in text


def test_a_saved_page_is_read_and_written_to_the_letter():
    text = write_page(LabPage(default_page("convolution").state, "Größe × 2"))
    assert write_page(read_page(text, "here")) == text


def damaged(change):
    raw = json.loads(write_page(default_page("tensors")))
    change(raw)
    return json.dumps(raw)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not a whole JSON text"),
        ("[" * 100_000, "not a whole JSON text"),
        ("[]", "not a page of the lab"),
        ('{"format": "torch-playground", "version": 1}', "not a page of the lab"),
        (damaged(lambda raw: raw.update(version=99)), "knows only up to 1"),
        (damaged(lambda raw: raw.update(version=True)), "version is missing"),
        (damaged(lambda raw: raw.update(more=1)), "more"),
        (damaged(lambda raw: raw["state"].update(topic="secrets")), "topic"),
        (damaged(lambda raw: raw["state"].update(lines="a = 1")), "state.lines"),
        (damaged(lambda raw: raw["state"].update(lines=["a"] * (MOST_LINES + 1))), "state.lines"),
        (damaged(lambda raw: raw["state"].update(lines=["a" * 301])), "state.lines[0]"),
        (damaged(lambda raw: raw["state"].update(seed=-1)), "state.seed"),
        (damaged(lambda raw: raw.update(title="x" * 81)), "title"),
        (" " * (MAX_BYTES + 1), "more than 1 MB"),
        (b"\xff\xfe", "not a whole JSON text"),
    ],
    ids=range(15),
)
def test_what_is_no_page_is_refused_with_a_sentence_that_names_the_place(text, told):
    with pytest.raises(Problem, match="here") as refused:
        read_page(text, "here")
    assert told in refused.value.fault.what


def test_an_older_page_is_brought_up_step_by_step(monkeypatch):
    def renamed(raw):
        return {"format": raw["format"], "version": 2, "state": raw["page"]}

    monkeypatch.setattr(module, "MIGRATIONS", (renamed,))
    monkeypatch.setattr(module, "VERSION", 2)
    old = {"format": module.FORMAT_NAME, "version": 1, "page": {"topic": "slopes", "x": 3}}
    assert read_page(json.dumps(old), "here") == LabPage(Slopes(x=3.0))


@pytest.mark.parametrize(
    "stroke",
    [
        [[], 0.1],  # no point
        [[[0.5, 1.5]], 0.1],  # beside the canvas
        [[[0.5, None]], 0.1],
        [[[0.5, 0.5]], 0],
        [[[0.5, 0.5]], 0.1, "red\n"],
        [[[0.5, 0.5]], 0.1, "", False, "more"],
    ],
)
def test_a_stroke_that_no_hand_has_drawn_is_refused_with_its_place(stroke):
    text = write_page(default_page("convolution")).replace('"layers"', f'"strokes": {json.dumps([stroke])}, "layers"')
    with pytest.raises(Problem) as refused:
        read_page(text, "here")
    assert "state.strokes[0]" in refused.value.fault.what
