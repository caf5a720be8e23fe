"""What a tensor of the lab, and each data type, can hold."""

import math

from playground.core.arguments import shown
from playground.core.lab.limits import MOST_DIMENSIONS, MOST_ELEMENTS
from playground.core.lab.new_tensors.declared import Wrong
from playground.core.text import _

# dtype -> the lowest and the highest number that it holds
_HOLDS: dict[str, tuple[float, float]] = {
    "float16": (-65504, 65504),
    "bfloat16": (-3.38e38, 3.38e38),
    "float32": (-3.4e38, 3.4e38),
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    "uint8": (0, 255),
}
# dtype -> up to where it holds every whole number
EXACT = {"float32": 2**24, "float64": 2**53}


def refuse_unheld(entry: str, number: float, dtype: str) -> None:
    """raises Wrong: the number is none of this data type"""
    low, high = _HOLDS.get(dtype, (-math.inf, math.inf))
    if not low <= number <= high:
        text = _("{name}: {number} does not fit, {dtype} holds numbers from {low} to {high}.")
        raise Wrong(
            entry, text.format(name=entry, number=shown(number), dtype=dtype, low=grouped(low), high=grouped(high))
        )


def refuse_many(entry: str, count: float) -> None:
    """raises Wrong: more numbers than a tensor may have"""
    if count > MOST_ELEMENTS:
        text = _("{name}: that would be {n} numbers, and a tensor of the lab has {most} at most.")
        raise Wrong(entry, text.format(name=entry, n=grouped(math.ceil(count)), most=grouped(MOST_ELEMENTS)))


def refuse_axes(entry: str, count: int) -> None:
    """raises Wrong: more axes than a tensor may have"""
    if count > MOST_DIMENSIONS:
        text = _("{name}: that would be {n} axes, and a tensor of the lab has {most} at most.")
        raise Wrong(entry, text.format(name=entry, n=count, most=MOST_DIMENSIONS))


def grouped(number: float) -> str:
    """1,000,000; what is very large by its power."""
    whole = abs(number) < 1e15 and float(number).is_integer()
    return (f"{int(number):,}" if whole else f"{number:g}").replace("-", "−")
