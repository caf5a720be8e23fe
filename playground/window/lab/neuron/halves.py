"""The line w·x + b = 0 in a rectangle of the plane, its two sides, and how a hand moves it. Plain functions."""

import math
from collections.abc import Sequence
from typing import NamedTuple

Point = tuple[float, float]


class Line(NamedTuple):
    """w₁·x + w₂·y + b = 0"""

    first: float
    second: float
    bias: float

    @property
    def length(self) -> float:
        """Of w; 0 where there is no line."""
        return math.hypot(self.first, self.second)

    def z(self, point: Point) -> float:
        """w·x + b of a point."""
        return self.first * point[0] + self.second * point[1] + self.bias

    @property
    def normal(self) -> Point:
        """Where z grows, of length 1. raises ZeroDivisionError: w is 0"""
        return self.first / self.length, self.second / self.length


def side(line: Line, corners: Sequence[Point], positive: bool) -> list[Point]:
    """The part of a convex polygon on which z is above 0 (or below), by its corners; empty where there is none."""
    sign = 1.0 if positive else -1.0
    found: list[Point] = []
    for here, there in zip(corners, [*corners[1:], corners[0]], strict=True):
        a, b = sign * line.z(here), sign * line.z(there)
        if a >= 0:
            found.append(here)
        if (a > 0 > b) or (a < 0 < b):
            share = a / (a - b)
            found.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return found if len(found) > 2 else []


def foot(line: Line, near: Point) -> Point:
    """The point of the line that is nearest to a point."""
    far = line.z(near) / line.length
    return near[0] - far * line.normal[0], near[1] - far * line.normal[1]


def moved(line: Line, by: Point) -> Line:
    """The line pushed along; w stays."""
    return Line(line.first, line.second, rounded(line.bias - line.first * by[0] - line.second * by[1]))


def turned_to(line: Line, pivot: Point, towards: Point) -> Line:
    """The line turned around a point of it until it goes through another one; w keeps its length.

    Seen along w, that one lies to the left.
    """
    along = towards[0] - pivot[0], towards[1] - pivot[1]
    far = math.hypot(*along)
    if not far:
        return line
    first, second = rounded(line.length * along[1] / far), rounded(-line.length * along[0] / far)
    return Line(first, second, rounded(-first * pivot[0] - second * pivot[1]))


def turned_by(line: Line, pivot: Point, degrees: float) -> Line:
    """The line turned around a point of it, against the clock."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    first = rounded(cosine * line.first - sine * line.second)
    second = rounded(sine * line.first + cosine * line.second)
    return Line(first, second, rounded(-first * pivot[0] - second * pivot[1]))


def scaled(line: Line, by: float) -> Line:
    """The same line with a longer or shorter w: z grows faster, or slower."""
    return Line(rounded(by * line.first), rounded(by * line.second), rounded(by * line.bias))


def rounded(value: float) -> float:
    """As many digits as a hand can mean."""
    return float(f"{value:.4g}") + 0.0  # no −0
