"""From a hand to the screen in the lab: a number typed into a cell and all that shares its memory, a tangent, a learning
rate, a neuron; what the window's thread does for it; and beside a run, which that may hardly slow."""

import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import Any

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from playground.core.lab.topics import Tensors
from playground.disk import projects
from playground.session.history import numbers
from playground.window.lab.neuron.halves import Line
from tests.benchmarks.hand import beside
from tests.benchmarks.measure import Asked, Measured, group_main
from tests.benchmarks.pace import Pace
from tests.benchmarks.speed import with_epochs
from tests.e2e.stage import empty_home, rest, wait, window_of

SIZE = QSize(1440, 900)
LINES = (
    "x = torch.arange(600.).reshape(20, 30)", "y = x.T", "z = x[2:9, 1:8]", "v = x.reshape(6, 100)", "c = x.clone()",
    "b = torch.arange(30.)", "x + b", "x.sum(0)", "x @ y",
)  # fmt: skip


def measure(asked: Asked) -> Iterable[Measured]:
    lenet = with_epochs(projects.load("preset:lenet-digits"), 1000)
    with empty_home(), window_of(lenet, SIZE) as window:
        window.open_lab("tensors")
        lab, view = window.session.lab, window.rooms.area("lab").docks[0].panel.view
        lab.change(Tensors(lines=LINES, shown="x", left="x", right="b"), "lines")
        wait("the bench", lambda: view.bench is not None and len(view.bench.lines) == len(LINES))
        rest(1500)
        times = 20 if asked.quick else 100
        yield from edited(view, times)
        yield from dragged(window, times)
        training = window.session.training
        training.start()
        wait("it runs", lambda: len(training.history.losses) > 0)
        yield from dragged(window, times, "_run")
        view = opened(window, "slopes")
        plane = view.cards[0].plot.plane()
        yield beside(Knob(view.cards[1].plot.x_chosen.emit, *plane.x), training, "lab_tangent_beside", asked)
        view = opened(window, "neuron")
        view.chooser.button("neuron").click()
        wait("a neuron", lambda: view.section.drawing.told is not None)
        slider = view.section.weight_knobs[0].slider
        yield beside(Knob(lambda value: slider.setValue(round(value)), -45, 45), training, "lab_neuron_beside", asked)
        training.stop()
        wait("it has stopped", lambda: training.state in ("idle", "finished"))


def opened(window: Any, topic: str) -> Any:
    """The view of this topic of the lab."""
    window.open_lab(topic)
    return window.rooms.area("lab").docks[0].panel.view


def dragged(window: Any, times: int, when: str = "") -> Iterable[Measured]:
    """All that is dragged. when: "_run" where a run trains meanwhile"""
    yield tangent(opened(window, "slopes"), times, when)
    yield rate(opened(window, "descent"), times, when)
    yield from neuron(opened(window, "neuron"), times, when)


class Knob:
    """A hand that turns something from one end to the other, and back, in 90 moves."""

    def __init__(self, turn: Callable[[float], Any], lowest: float, highest: float) -> None:
        self._turn, self._lowest, self._highest = turn, lowest, highest
        self._moves = 0

    def press(self) -> None:
        """It is held already."""

    def move(self) -> None:
        self._moves = (self._moves + 1) % 90
        share = 1 - abs(self._moves - 45) / 45
        self._turn(self._lowest + share * (self._highest - self._lowest))

    def release(self) -> None:
        """It stays where it is."""


def neuron(view: Any, times: int, when: str) -> Iterable[Measured]:
    """A slider of a neuron, the line in the plane with its 60 steps of training, and a bar of the softmax, dragged."""
    view.chooser.button("neuron").click()
    one = view.section
    wait("a neuron", lambda: one.drawing.told is not None)
    places = [number % 90 - 45 for number in range(times)]

    def turned() -> bool:
        found = numbers(one.drawing.told.products)[0, 0]
        return bool(found == view.state.weights[0][0] * view.state.inputs[0])

    yield followed(f"lab_neuron{when}", places, one.weight_knobs[0].slider.setValue, turned)
    view.chooser.button("line").click()
    line = view.section
    wait("points", lambda: line.told is not None)

    def moved() -> bool:
        return bool(numbers(line.told.biases)[0] == view.state.boundary.bias)

    biases = [round(-1 + 2 * number / times, 4) for number in range(times)]
    yield followed(f"lab_line{when}", biases, lambda bias: line.plane.line_chosen.emit(Line(1.0, -0.5, bias)), moved)
    view.chooser.button("softmax").click()
    bars = view.section.bars
    wait("shares", lambda: len(bars.shares) == len(view.state.scores))

    def shared() -> bool:
        exps = np.exp(view.state.scores)
        return bool(np.allclose(bars.shares, exps / exps.sum(), rtol=1e-9))

    scores = [round(-3 + 6 * number / times, 3) for number in range(times)]
    yield followed(f"lab_softmax{when}", scores, lambda score: bars.score_given.emit(2, score), shared)


def tangent(view: Any, times: int, when: str) -> Measured:
    """A tangent that is dragged over three plots, each place waited for until all three are painted with their numbers."""
    wait("three curves", lambda: len(view.cards) == 3 and view.cards[-1].plot.at is not None)
    plane = view.cards[0].plot.plane()
    places = [plane.x[0] + (plane.x[1] - plane.x[0]) * number / times for number in range(times)]

    def there() -> bool:
        return all(card.plot.told_x == view.state.x for card in view.cards)

    return followed(f"lab_tangent{when}", places, view.cards[1].plot.x_chosen.emit, there)


def rate(view: Any, times: int, when: str) -> Measured:
    """The learning rate that is turned, each waited for until the path of 20 steps is painted."""
    wait("a path", lambda: view.plot.path is not None)

    def there() -> bool:
        step = view.plot.path.steps[0]
        return bool(abs(step.w - view.state.lr * step.slope - step.w_after) < 1e-12)

    rates = [round(0.01 + 0.9 * number / times, 4) for number in range(times)]
    return followed(f"lab_rate{when}", rates, view.step_side.rate_chosen.emit, there)


def followed(name: str, values: Iterable[float], turn: Callable[[float], Any], there: Callable[[], bool]) -> Measured:
    """A knob is turned to each of these; how long until what is told of it is painted."""
    rest(1000)  # the room is seen for the first time
    whole, pace = [], Pace()
    for value in values:
        pace()
        rest(30)  # its own painting is no work of the window's
        began = time.perf_counter()
        turn(value)
        wait("the answer", there)
        QApplication.processEvents()  # and its painting
        whole.append(1000 * (time.perf_counter() - began))
    slower = pace.typical()
    pace.close()
    note = f"median {median(whole):.1f} ms, longest {max(whole):.0f} ms; this machine's pace {slower:.2f}"
    return Measured(name, quantiles(whole, n=20)[-1] / slower, None, note)


def edited(view: Any, times: int) -> Iterable[Measured]:
    """A number typed into a cell, again and again, each waited for until it is painted everywhere."""
    whole, busy, pace = [], [], Pace()
    for number in range(times):
        value = 1000.0 + number
        pace()
        rest(30)  # its own painting is no work of the window's
        began, worked = time.perf_counter(), time.thread_time()
        view.set_number((3, 4), value)
        wait("the change", lambda value=value: _told(view) == value)
        QApplication.processEvents()  # and its painting
        whole.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.thread_time() - worked))
    slower = pace.typical()
    pace.close()
    note = f"median {median(whole):.1f} ms, longest {max(whole):.0f} ms; this machine's pace {slower:.2f}"
    yield Measured("lab_cell", quantiles(whole, n=20)[-1] / slower, None, note)
    yield Measured(
        "lab_busy", median(busy) / slower, None, f"longest {max(busy):.1f} ms, all turns of the loop together"
    )


def _told(view: Any) -> float:
    """The number of the cell as the view has it."""
    changes = [one for one in view.bench.changes if one.label == "x"]
    return changes[0].after[0] if changes and changes[0].after else 0.0


if __name__ == "__main__":
    group_main(measure)
