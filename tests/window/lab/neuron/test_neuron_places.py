"""The drawing of a neuron: nothing lies over anything else, however little room there is."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from playground.window.lab.neuron.drawing import bias_name
from playground.window.lab.neuron.places import ROUND, SUM, places

LABEL = QSizeF(78, 16)  # "× −0.51 = −12"


def parts(width, height, count, scale):
    """Everything that is drawn, by its name."""
    at = places(width, height, count, scale)
    round_, sum_ = ROUND * scale, SUM * scale

    def circle(middle, radius):
        return QRectF(middle - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius))

    found = {"sum": circle(at.sum, sum_), "bias": at.bias, "bias b": bias_name(at, scale), "curve": at.curve}
    found["output"] = circle(at.output, round_)
    for number, middle in enumerate(at.inputs):
        found[f"input {number}"] = circle(middle, at.radius)
        found[f"weight {number}"] = at.label(number, LABEL * scale, scale)
    return at, found


@pytest.mark.parametrize("size", [(310, 330), (340, 400), (420, 300), (559, 380), (560, 380), (640, 380), (900, 560)])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_nothing_overlaps(size, count):
    _at, found = parts(*size, count, 1.0)
    whole = QRectF(0, 0, *size)
    for name, rect in found.items():
        assert whole.contains(rect), name
    near = [(one, other) for one, other in combinations(found, 2) if found[one].intersects(found[other])]
    if count > 5 and min(size) < 400:  # in little room the weights of many inputs come close, but cover nothing else
        near = [pair for pair in near if not all("weight" in one for one in pair)]
    assert near == []


@pytest.mark.parametrize("size", [(310, 330), (340, 400), (640, 380)])
def test_edges_are_long_enough_to_be_told_apart(size):
    at, _found = parts(*size, 2, 1.0)
    assert at.sum.x() - SUM - at.begin(0, 1.0).x() > 100


@pytest.mark.parametrize("count", [2, 8])
def test_no_edge_goes_through_the_bias(count):
    for size in [(310, 330), (560, 380), (900, 560)]:
        at, _found = parts(*size, count, 1.0)
        for number in range(count):
            begin = at.begin(number, 1.0)
            for share in range(100):
                point = begin + (at.sum - begin) * share / 100
                if QPointF.dotProduct(point - at.sum, point - at.sum) > SUM**2:
                    assert not at.bias.contains(point)
                    assert not at.curve.contains(point)
