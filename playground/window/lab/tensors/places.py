"""Where the cells of a tensor lie in its memory, and in that of others. Plain functions."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np

from playground.core.lab.told import Cells, TensorFacts

Place = tuple[int, ...]


def place_of(facts: TensorFacts, leading: Sequence[int], row: int, column: int) -> Place:
    """The place of a cell of a grid, which draws less than two axes as one row."""
    order = len(facts.shape)
    return () if order == 0 else (column,) if order == 1 else (*leading, row, column)


def cell_of(place: Place) -> tuple[Place, int, int]:
    """Leading places, row and column of a place."""
    row, column = (0, 0, *place)[-2:] if len(place) != 1 else (0, place[0])
    return place[:-2], row, column


def whole(facts: TensorFacts, leading: Place) -> Place:
    """Leading places as cells tell them: one for each axis but the last two."""
    order = max(0, len(facts.shape) - 2)
    return (*leading, *(0,) * order)[:order]


def is_in(facts: TensorFacts, place: Place) -> bool:
    return len(place) == len(facts.shape) and all(0 <= one < size for one, size in zip(place, facts.shape, strict=True))


def address(facts: TensorFacts, place: Place) -> int:
    """Of a cell, in bytes, comparable with those of all that it shares memory with."""
    return facts.start + facts.itemsize * sum(a * b for a, b in zip(place, facts.strides, strict=True))


def index(facts: TensorFacts, place: Place) -> int:
    """Of a cell in its storage, in numbers."""
    return facts.offset + sum(a * b for a, b in zip(place, facts.strides, strict=True))


def addresses(facts: TensorFacts, cells: Cells) -> np.ndarray:
    """Of every cell of a window, (rows, columns)."""
    rows, columns = cells.values.shape
    down, across = ((0, 0, *facts.strides)[-2:]) if len(facts.strides) != 1 else (0, facts.strides[0])
    lead = sum(a * b for a, b in zip(cells.leading, facts.strides, strict=False))
    at = (
        lead
        + down * np.arange(cells.first[0], cells.first[0] + rows)[:, None]
        + across * np.arange(cells.first[1], cells.first[1] + columns)
    )
    found: np.ndarray = facts.start + facts.itemsize * at
    return found


def same_memory(facts: TensorFacts, cells: Cells, chosen: TensorFacts, place: Place) -> np.ndarray:
    """Which cells of a window are the very number that was chosen, a mask of (rows, columns)."""
    together = facts.label == chosen.label or chosen.label in facts.shares
    if together and facts.itemsize == chosen.itemsize and is_in(chosen, place):
        found: np.ndarray = addresses(facts, cells) == address(chosen, place)
        return found
    return np.zeros(cells.values.shape, np.bool_)


def walk(facts: TensorFacts, place: Place) -> list[int]:
    """Places in the storage that one comes by, going along the rows' axis (of a vector: its only one) through a cell."""
    if not facts.shape or not is_in(facts, place):
        return []
    axis = max(len(facts.shape) - 2, 0)
    return [index(facts, (*place[:axis], step, *place[axis + 1 :])) for step in range(facts.shape[axis])]


def blocks(shape: Sequence[int], first: int, most: int) -> Iterator[Place]:
    """Places along all axes but the last two, as many of them as are shown. first: how many are passed over"""
    return islice(product(*map(range, shape[:-2])), first, first + most)
