"""All lessons, one after another, as somebody new goes through them: with a real mouse, and typing only what is asked for."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.disk import lessons
from tests.e2e import lesson_data
from tests.e2e.display import virtual_display
from tests.e2e.real_window import RealWindow, environment_on, needs_a_display, one_more

pytestmark = needs_a_display
NAMES = [one.name for one in lessons.read()[0] if one.ours]


@pytest.fixture
def window(tmp_path: Path) -> Iterator[RealWindow]:
    lesson_data.write(tmp_path / "data" / "torch-playground" / "datasets")
    with virtual_display() as display:
        environment = environment_on(display, tmp_path)
        environment.pop("PLAYGROUND_DATA", None)
        with one_more(tmp_path, environment, driver="tests.e2e.lesson_driver") as made:
            yield made


class Learner:
    """A hand that looks for things by their name."""

    def __init__(self, window: RealWindow) -> None:
        self.window, self.mouse = window, window.mouse

    def wait(self, what: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return self.window.wait(what, wanted)

    def press(self, name: str) -> None:
        """Once it rests: a notice or another page moves what lies below. A busy window tells of itself less often than its
        file is read, so what counts is what it has told."""
        seen: list[tuple[int, list[int] | None]] = []

        def rests(facts: dict[str, Any]) -> bool:
            told = self.window.told_at()
            if not seen or seen[-1][0] != told:
                seen.append((told, facts["named"].get(name)))
            places = [place for _told, place in seen[-3:]]
            return len(places) == 3 and places[0] is not None and places.count(places[0]) == 3

        self.mouse.click(tuple(self.wait(name, rests)["named"][name]))

    def put(self, name: str, value: str) -> None:
        """Type into a field, and see that it is what took the keys."""
        self.press(name)
        self.wait(f"{name} with the keyboard", lambda facts: facts["field"][:1] == [name])
        self.mouse.key("ctrl+a")
        self.mouse.type(value)
        self.wait(f"{value} in {name}", lambda facts: facts["field"] == [name, value])
        self.mouse.key("Return")

    def hand(self, name: str) -> dict[str, Any]:
        """Where the hands of the lab are, once one of this name is there."""
        return self.wait(name, lambda facts: facts["lab"].get(name))["lab"]

    def done(self, count: int) -> None:
        seen = self.wait(f"{count} steps done", lambda facts: facts["done"] >= count)
        marks = self.wait("the marks", lambda facts: facts["marks"].count("✓") == seen["done"])["marks"]
        assert marks[:count] == ["✓"] * count

    def train(self) -> None:
        """Press Train once it can be."""
        self.wait("no run", lambda facts: facts["state"] in ("idle", "finished", "failed") and facts["main_button"])
        facts = self.wait("the check", lambda facts: facts["checked"] == facts["layers"])
        self.mouse.click(tuple(facts["main_button"]))

    def next(self, name: str) -> None:
        """On to the next lesson: nobody is asked to save what the lesson told them to change."""
        self.press("Next")
        facts = self.wait(name, lambda facts: facts["lesson"] == name)
        assert facts["done"] == 0
        time.sleep(0.4)  # the page has its layout


def tensors(learner: Learner) -> None:
    cell = tuple(learner.hand("cell")["cell"])
    learner.mouse.click(cell)
    learner.mouse.click(cell)
    learner.mouse.key("Return")
    learner.mouse.type("50")
    learner.mouse.key("Return")
    learner.done(1)
    learner.mouse.click(tuple(learner.hand("editor")["editor"]))
    learner.mouse.key("ctrl+End")
    learner.mouse.key("Return")
    learner.mouse.type("x @ x.T ")
    learner.done(2)


def slopes(learner: Learner) -> None:
    learner.mouse.click(tuple(learner.hand("cube")["cube"]))
    learner.done(1)
    learner.mouse.drag(tuple(learner.hand("cube")["cube"]), tuple(learner.hand("falling")["falling"]))
    learner.mouse.click(tuple(learner.hand("falling")["falling"]))
    learner.done(2)


def descent(learner: Learner) -> None:
    at = learner.hand("2.0")
    learner.mouse.drag(tuple(at["0.1"]), tuple(at["2.0"]))
    learner.done(1)
    time.sleep(0.3)
    at = learner.hand("2.0")
    now = next(place for rate, place in at.items() if rate not in ("0.1", "0.5"))
    learner.mouse.drag(tuple(now), tuple(at["0.5"]))
    learner.done(2)


def autograd(learner: Learner) -> None:
    learner.press("zero_grad()")
    learner.put("Rounds of forward and backward", "2")
    learner.done(1)
    learner.press("zero_grad()")
    learner.done(2)


def neuron(learner: Learner) -> None:
    learner.put("Bias b, typed", "4")
    learner.done(1)
    learner.press("Softmax")
    learner.mouse.click(tuple(learner.hand("score")["score"]))
    for _press in range(4):
        learner.mouse.key("shift+Up")
    learner.done(2)


def linear_regression(learner: Learner) -> None:
    learner.press("Recipe")
    learner.put("lr", "1")
    learner.train()
    learner.done(1)
    ended = learner.wait("its end", lambda facts: facts["state"] in ("failed", "finished"))
    if ended["state"] == "failed":  # which a notice tells, and all below it moves
        learner.wait("the notice", lambda facts: facts["notices"])
        time.sleep(0.5)
    learner.put("lr", "0.1")
    learner.train()
    learner.done(2)
    learner.wait("its end", lambda facts: facts["state"] == "finished")


def softmax_regression(learner: Learner) -> None:
    learner.wait("the script", lambda facts: facts["room"] == "code")
    learner.train()
    learner.done(1)
    learner.mouse.click(tuple(learner.window.facts()["tabs"]["results"]))
    matrix = learner.wait("the mistakes", lambda facts: any(facts["matrix"]))["matrix"]
    learner.wait("its end", lambda facts: facts["state"] == "finished")
    learner.mouse.click(tuple(next(filter(None, matrix))))
    learner.done(2)


def convolution(learner: Learner) -> None:
    learner.wait("a map", lambda facts: facts["convolution"] is not None)
    learner.press("Paint")
    learner.wait("the kernel", lambda facts: (facts["convolution"] or {}).get("asked_kernel", [0] * 9)[4] == 8)
    left, top = learner.window.facts()["kernel_cells"][2]
    learner.mouse.drag((left, top), (left, top - 60))
    learner.done(1)
    for cell, sign, number in ((2, "", "2"), (1, "minus", "4")):  # in place of −1 and −1
        learner.mouse.click(tuple(learner.window.facts()["kernel_cells"][cell]))
        if sign:
            learner.mouse.key(sign)
        learner.mouse.type(number)
        learner.mouse.key("Return")
        time.sleep(0.2)
    learner.done(2)


def lenet(learner: Learner) -> None:
    learner.train()
    learner.done(1)
    learner.press("Stop")
    learner.wait("the stop", lambda facts: facts["state"] in ("idle", "finished"))
    learner.mouse.click(tuple(learner.wait("the link", lambda facts: facts["link"])["link"]))
    learner.wait("the photographs", lambda facts: facts["dataset"] == "cifar10" and facts["lesson"] == "09-lenet")
    learner.train()
    learner.done(2)
    if learner.window.facts()["state"] == "running":
        learner.press("Stop")
    learner.wait("the stop", lambda facts: facts["state"] in ("idle", "finished"))


def cpu_and_gpu(learner: Learner) -> None:
    learner.press("Measure")
    learner.done(1)
    box = learner.wait("the list", lambda facts: facts["boxes"])["boxes"]["0"]
    learner.mouse.click((box[0], box[1] + 10))
    learner.put("out_channels", "32")
    learner.wait("the check", lambda facts: facts["checked"] == facts["layers"])
    learner.press("Measure")
    learner.done(2)


def test_a_new_learner_goes_through_every_lesson(window: RealWindow):
    learner = Learner(window)
    learner.mouse.key("ctrl+shift+n")
    cards = learner.wait("the welcome page", lambda facts: facts["welcome"] and facts["cards"])["cards"]
    learner.mouse.click(tuple(cards[0]))
    learner.wait("the first lesson", lambda facts: facts["lesson"] == NAMES[0] and not facts["welcome"])
    time.sleep(0.5)
    views = window.facts()["views"]
    for name in NAMES:
        if name != NAMES[0]:
            learner.next(name)
        short = name.partition("-")[2].replace("-", "_")
        walk = globals()[short]
        if short in ("autograd", "neuron") and short not in views:
            continue
        walk(learner)
        assert window.facts()["done"] == 2, name
    assert window.facts()["torch"] == []
    learner.press("Lessons")
    seen = learner.wait("the list", lambda facts: len(facts["cards"]) == len(NAMES))
    assert not seen["welcome"]
