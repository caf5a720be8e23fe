"""Whose memory is whose: two values share it where they have a byte in common, and not only a storage."""

import math
from typing import Any, NamedTuple

import numpy as np
import torch

_MOST_BYTES = 64_000_000


class Extent(NamedTuple):
    """Where the numbers of a value lie. address: of its first number;  strides, itemsize: in bytes"""

    address: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    itemsize: int

    @property
    def begin(self) -> int:
        return self.address + sum(
            min(0, (size - 1) * stride) for size, stride in zip(self.shape, self.strides, strict=True)
        )

    @property
    def end(self) -> int:
        reach = sum(max(0, (size - 1) * stride) for size, stride in zip(self.shape, self.strides, strict=True))
        return self.address + reach + self.itemsize


def extent(value: Any) -> Extent | None:
    """None for what has no memory that could be shared."""
    if isinstance(value, torch.Tensor) and value.numel() and value.device.type == "cpu":
        size = value.element_size()
        return Extent(value.data_ptr(), tuple(value.shape), tuple(size * one for one in value.stride()), size)
    if isinstance(value, np.ndarray) and value.size:
        return Extent(value.__array_interface__["data"][0], value.shape, value.strides, value.itemsize)
    return None


def overlap(first: Extent, second: Extent) -> bool:
    """Whether a byte belongs to both."""
    begin, end = max(first.begin, second.begin), min(first.end, second.end)
    if begin >= end:
        return False
    if _is_dense(first) and _is_dense(second):
        return True
    low, high = min(first.begin, second.begin), max(first.end, second.end)
    if high - low > _MOST_BYTES:
        return True
    taken = np.zeros(high - low, np.bool_)
    _bytes(taken, low, first)[...] = True
    return bool(_bytes(taken, low, second).any())


def _bytes(taken: "np.ndarray[Any, Any]", low: int, one: Extent) -> "np.ndarray[Any, Any]":
    """The bytes of a value, as places of a row of flags for the memory from `low` on."""
    return np.lib.stride_tricks.as_strided(taken[one.address - low :], (*one.shape, one.itemsize), (*one.strides, 1))


def _is_dense(one: Extent) -> bool:
    """Whether it leaves out no byte between its first and its last."""
    return one.end - one.begin <= math.prod(one.shape) * one.itemsize and 0 not in [
        stride for size, stride in zip(one.shape, one.strides, strict=True) if size > 1
    ]


def starts(values: dict[str, Any], shared: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """label -> bytes from the lowest number of all that hang together by shared memory to its first. shared: `sharing`"""
    extents = {label: found for label, value in values.items() if (found := extent(value)) is not None}
    lowest: dict[str, int] = {}
    for label in extents:
        if label in lowest:
            continue
        group, waiting = {label}, [label]
        while waiting:
            new = set(shared[waiting.pop()]) - group
            group |= new
            waiting += new
        begin = min(extents[one].begin for one in group)
        lowest.update(dict.fromkeys(group, begin))
    return {label: one.address - lowest[label] for label, one in extents.items()}


def sharing(values: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """label -> labels of the others that have memory in common with it, in their order."""
    extents = {label: place for label, value in values.items() if (place := extent(value)) is not None}
    found: dict[str, list[str]] = {label: [] for label in values}
    labels = list(extents)
    for number, label in enumerate(labels):
        for other in labels[number + 1 :]:
            if overlap(extents[label], extents[other]):
                found[label].append(other)
                found[other].append(label)
    order = {label: number for number, label in enumerate(values)}
    return {label: tuple(sorted(others, key=order.__getitem__)) for label, others in found.items()}
