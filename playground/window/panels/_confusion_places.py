"""Where the parts of a confusion matrix lie."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from playground.window.theme import theme

MARGIN = 16  # px, at both sides
_BAR, _READABLE, _NAMED = 52, 15, 9  # px: the bar of colours; cells for numbers, cells whose rows have names
_CLOSE = 12  # px, cells below whose columns have none
_LARGEST, _LARGEST_OF_FEW, _FEW = 46, 72, 5  # px, cells of so many classes at most
_NAME, _ROOMY = 88, 360  # px: the longest name of a class; the width from which on colours are explained anyway


class Places(NamedTuple):
    """left, top: of the first cell;  cell: from one to the next, px;  gap: between two of them
    named: whether rows have their names;  above: whether columns have theirs, which are those of the rows in the same
        order, so they give way first;  upright: written upwards
    title: px left of the names of rows for what they are; 0 where that would make the cells smaller
    numbered: whether the numbers can be read;  bar: whether the colours are explained
    """

    left: float
    top: float
    cell: float
    gap: float
    named: bool
    above: bool
    upright: bool
    numbered: bool
    bar: bool
    title: float


def places_of(size: QSize, names: Sequence[str], widest: int) -> Places:
    """The largest cells that have room. widest: px of the longest number that must be read

    The bar of colours gives way where there is little room, unless nothing else would tell the numbers.
    """
    found = _places(size, names, widest, size.width() >= _ROOMY)
    return found if found.bar or found.numbered else _places(size, names, widest, True)


def _places(size: QSize, names: Sequence[str], widest: int, bar: bool) -> Places:
    metrics, count = QFontMetrics(theme().font("tick")), max(1, len(names))
    longest = min(_NAME, max((metrics.horizontalAdvance(name) for name in names), default=0))
    left = min(longest + 8.0, size.width() / 4)
    line = metrics.height() + 2
    room, high = size.width() - 2 * MARGIN - left - (_BAR if bar else 0), size.height() - 8
    most = min(room / count, _LARGEST_OF_FEW if count <= _FEW else _LARGEST)
    cell = min(most, (high - line) / count)
    upright = longest > cell - 4
    if upright:
        cell = min(cell, (high - longest - 8) / count)
    above = cell >= _CLOSE
    if not above:
        cell = min(most, (high - line + _CLOSE) / count)  # a name at the edge is higher than its cell
    named = cell >= _NAMED
    if not named:
        cell = min(cell + left / count, high / count)
    top = float(longest + 8 if upright else line) if above else max(4.0, (line - cell) / 2) if named else 0.0
    cell = float(int(cell)) if cell >= 6 else max(cell, 0.5)
    gap = 2.0 if cell >= _READABLE else 1.0 if cell >= 6 else 0.0
    numbered = cell >= _READABLE and widest <= cell - gap
    title = float(line) if named and room - cell * count >= line else 0.0
    return Places(
        MARGIN + title + (left if named else 0.0), top, cell, gap, named, above, upright, numbered, bar, title
    )
