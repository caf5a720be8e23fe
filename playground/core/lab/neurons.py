"""Edits of a page about neurons that keep its numbers fitting each other."""

import random

import msgspec

from playground.core.lab.topics import FewNumbers, Neuron

MOST_INPUTS, MOST_NEURONS, MOST_SCORES = 8, 16, 8  # that a hand gives; a file may have more


def grown(state: Neuron, inputs: int | None = None, neurons: int | None = None) -> Neuron:
    """So many inputs and neurons: those that are there keep their numbers, new ones take theirs from the page's seed."""
    wide = len(state.inputs) if inputs is None else inputs
    high = len(state.weights) if neurons is None else neurons
    rows = tuple(tuple(_weight(state, row, column) for column in range(wide)) for row in range(high))
    return msgspec.structs.replace(
        state,
        inputs=tuple(_at(state.inputs, place, 1.0) for place in range(wide)),
        weights=rows,
        biases=tuple(_bias(state, row) for row in range(high)),
        row=min(state.row, high - 1),
    )


def scored(state: Neuron, scores: int) -> Neuron:
    """So many scores; the target stays one of them."""
    found = tuple(_at(state.scores, place, 0.0) for place in range(scores))
    return msgspec.structs.replace(state, scores=found, target=min(state.target, scores - 1))


def put(numbers: FewNumbers, place: int, value: float) -> FewNumbers:
    """The same numbers with another one in a place."""
    return (*numbers[:place], value, *numbers[place + 1 :])


def with_weight(state: Neuron, row: int, column: int, value: float) -> Neuron:
    """Another weight of one neuron."""
    rows = (*state.weights[:row], put(state.weights[row], column, value), *state.weights[row + 1 :])
    return msgspec.structs.replace(state, weights=rows)


def _weight(state: Neuron, row: int, column: int) -> float:
    if row < len(state.weights) and column < len(state.weights[row]):
        return state.weights[row][column]
    return _drawn(state, row, column)


def _bias(state: Neuron, row: int) -> float:
    return state.biases[row] if row < len(state.biases) else _drawn(state, row, -1)


def _drawn(state: Neuron, row: int, column: int) -> float:
    """A number from −1 to 1 with one digit, the same for the same seed and place."""
    return random.Random(f"{state.seed} {row} {column}").randint(-10, 10) / 10


def _at(numbers: FewNumbers, place: int, otherwise: float) -> float:
    return numbers[place] if place < len(numbers) else otherwise
