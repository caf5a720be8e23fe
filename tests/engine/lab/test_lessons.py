"""The lab's own lessons, computed by PyTorch: nothing is done on the page as it is opened, and what is asked for is enough."""

from typing import Any

import msgspec
import pytest

from playground.core.lab.messages import ShowBench, ShowPage
from playground.core.lab.page import topic_of
from playground.core.lab.topics import State, Tensors
from playground.core.lessons.known import Known
from playground.core.lessons.lesson import Lesson
from playground.disk import lessons, resources
from playground.engine.lab.answering import answer

# lesson -> what a learner does for each of its steps, as changes of the page
WAYS: dict[str, tuple[dict[str, Any], ...]] = {
    "01-tensors": (
        {"lines": ("x = torch.arange(12.).reshape(3, 4)", "y = x.T", "y[0, 1] = 50")},
        {"lines": ("x = torch.arange(12.).reshape(3, 4)", "y = x.T", "y[0, 1] = 50", "x @ x.T")},
    ),
    "02-slopes": ({"x": 2.0}, {"x": -1.5}),
    "03-descent": ({"lr": 1.5}, {"lr": 0.5}),
    "04-autograd": ({"rounds": 2, "zero_grad": False}, {"rounds": 2}),
    "05-neuron": ({"weights": ((3.0, -1.0),)}, {"scores": (4.0, 1.0, 0.0)}),
}
LESSONS = {name: lessons.read_file(resources.path("lessons", f"{name}.md")) for name in WAYS}


def known(state: State, opened: State | None = None) -> Known:
    """As the window would have it: what the workbench tells of the page. opened: as the lesson opened it"""
    if isinstance(state, Tensors):
        told = answer(ShowBench(state.lines, state.seed))
    else:
        told = answer(ShowPage(**{topic_of(state): state}))
    return Known(page=state, told={type(told): told}, opened=opened)


def changed(lesson: Lesson, changes: dict[str, Any]) -> State:
    assert lesson.page is not None
    state: State = msgspec.structs.replace(lesson.page, **changes)
    return state


def test_every_lesson_of_the_lab_is_here():
    assert set(WAYS) == {one.name for one in lessons.read()[0] if one.ours and one.page is not None}


@pytest.mark.parametrize("name", WAYS)
def test_nothing_is_done_on_the_page_as_it_is_opened(name):
    lesson = LESSONS[name]
    at_first = known(changed(lesson, {}), lesson.page)
    assert [step.holds(at_first) for step in lesson.steps] == [False] * len(lesson.steps)


@pytest.mark.parametrize("name", WAYS)
def test_what_is_asked_for_is_enough(name):
    lesson = LESSONS[name]
    assert len(WAYS[name]) == len(lesson.steps)
    for step, way in zip(lesson.steps, WAYS[name], strict=True):
        assert step.holds(known(changed(lesson, way), lesson.page))


@pytest.mark.parametrize(
    ("name", "step", "way"),
    [
        ("03-descent", 1, {"lr": 0.1, "steps": 200}),
        ("05-neuron", 0, {"inputs": (1.0, -2.0)}),
        ("02-slopes", 0, {"x": 2.32}),
    ],
)
def test_what_is_not_asked_for_is_not_enough(name, step, way):
    lesson = LESSONS[name]
    assert not lesson.steps[step].holds(known(changed(lesson, way), lesson.page))


def test_the_figures_in_the_texts_are_pytorchs():
    grads = known(changed(LESSONS["04-autograd"], {})).told
    assert [list(memoryview(one.rounds[0].data).cast("f")) for told in grads.values() for one in told.grads] == [
        [4.5] * 4
    ]
    (neuron,) = known(changed(LESSONS["05-neuron"], {})).told.values()
    shares = memoryview(neuron.shares.data).cast("d")
    assert [round(share, 2) for share in shares] == [0.67, 0.24, 0.09]
    assert round(neuron.cross_entropy, 2) == 0.41
    assert list(memoryview(neuron.z.data).cast("d")) == [-1.5]
    (curves,) = known(changed(LESSONS["02-slopes"], {"x": 2.0})).told.values()
    assert [curve.at[1] for curve in curves.curves] == [1, 4, 12]
    (path,) = known(changed(LESSONS["03-descent"], {})).told.values()
    assert path.limit == 1
    assert path.verdict == "too small"
