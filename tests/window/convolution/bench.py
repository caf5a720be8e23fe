"""A workbench that answers what the room of convolutions asks, worked out in numpy with loops of its own."""

from typing import Any

import numpy as np

from playground.core import messages as words
from playground.core.convolving import NOTHING, Slid, Slide
from playground.core.layers.convolution import pair
from playground.core.messages import Array
from playground.core.problem import Fault
from playground.session.history import numbers
from playground.session.session import Session
from tests.window.frame import array


class SlidingBench:
    """Answers at once, what cannot be answered with a fault. asked: every question about windows"""

    def __init__(self, session: Session) -> None:
        self.asked: list[Slide] = []
        self.fault = ""
        session.client.ready = True
        session.client.ask = self.ask

    def ask(self, make_question: Any, on_answer: Any) -> None:
        question = make_question(len(self.asked) + 1)
        if not isinstance(question, Slide):
            return
        self.asked.append(question)
        if self.fault:
            on_answer(words.Failed(question.id, Fault(where="x", what=self.fault, fix="y")))
        else:
            on_answer(words.decode_answer(words.encode(slid(question))))


def slid(question: Slide) -> Slid:
    inputs = numbers(question.input).astype(np.float64)
    maps = []
    for stage in question.stages:
        inputs = inputs if not maps else maps[-1][None]
        given, kernel = inputs, _kernel(stage)
        maps.append(_map(stage, inputs, kernel))
        if len(maps) - 1 == question.told:
            told = given, kernel, stage
    given, kernel, stage = told
    made = maps[question.told]
    row, column = question.at or (made.shape[0] // 2, made.shape[1] // 2)
    rows, columns = _lies(stage, kernel, 0, row), _lies(stage, kernel, 1, column)
    window, places = _window(given, rows, columns)
    products = window * kernel
    fresh = stage.weight is not None and stage.weight.shape != kernel.shape
    around = pair(stage.layer.arguments.get("padding", 0))
    count = int(np.prod(kernel.shape))
    filters = int(stage.layer.arguments["out_channels"])
    return Slid(
        id=question.id, maps=tuple(array(one) for one in maps), at=(row, column), shape=(filters, *made.shape),
        channels=tuple(range(len(given))), places=Array("int64", places.shape, places.tobytes()), rows=rows,
        columns=columns, rim=(around[1], around[1], around[0], around[0]), window=array(window), weight=array(kernel),
        products=array(products), sums=array(products.sum((1, 2))), total=float(products.sum()), bias=stage.bias,
        value=float(made[row, column]), after=max(0.0, float(made[row, column])) if question.after else None,
        fresh=fresh, filter=stage.filter, multiply_adds=filters * made.size * count, terms=(filters, made.size, count), line="conv(x)",
        script="print(1)" if question.script else "",
    )  # fmt: skip


def _kernel(stage: Any) -> np.ndarray:
    """As it was sent; where another size is wanted, ones in its place."""
    sides = pair(stage.layer.arguments["kernel_size"])
    weight = numbers(stage.weight).astype(np.float64)
    return weight if weight.shape[1:] == sides else np.ones((len(weight), *sides))


def _lies(stage: Any, kernel: np.ndarray, axis: int, at: int) -> tuple[int, ...]:
    values = stage.layer.arguments
    stride, padding, dilation = (
        pair(values.get(name, usual))[axis] for name, usual in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    return tuple(at * stride - padding + dilation * cell for cell in range(kernel.shape[axis + 1]))


def _window(given: np.ndarray, rows: Any, columns: Any) -> tuple[np.ndarray, np.ndarray]:
    window, places = np.zeros((len(given), len(rows), len(columns))), np.full((len(rows), len(columns)), NOTHING)
    for row, y in enumerate(rows):
        for column, x in enumerate(columns):
            if 0 <= y < given.shape[1] and 0 <= x < given.shape[2]:
                window[:, row, column] = given[:, y, x]
                places[row, column] = y * given.shape[2] + x
    return window, places


def _map(stage: Any, given: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """One cell of the kernel after another, each over the whole input at once."""
    values = stage.layer.arguments
    stride, padding, dilation = (
        pair(values.get(name, usual)) for name, usual in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    padded = np.pad(given, ((0, 0), (padding[0], padding[0]), (padding[1], padding[1])))
    reach = [dilation[axis] * (kernel.shape[axis + 1] - 1) for axis in (0, 1)]
    high, wide = (padded.shape[axis + 1] - reach[axis] for axis in (0, 1))
    made = np.full((high, wide), stage.bias)
    for row in range(kernel.shape[1]):
        for column in range(kernel.shape[2]):
            top, left = row * dilation[0], column * dilation[1]
            under = padded[:, top : top + high, left : left + wide]
            made += np.tensordot(kernel[:, row, column], under, 1)
    return made[:: stride[0], :: stride[1]]
