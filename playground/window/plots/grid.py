"""How tiles of one size fill a room."""

import math
from typing import NamedTuple

from PySide6.QtCore import QRectF


class Grid(NamedTuple):
    """columns, lines: of tiles that have room;  side: width of a tile, px;  aspect: its height in widths"""

    left: float
    top: float
    columns: int
    lines: int
    side: float
    gap: float
    caption: float
    aspect: float

    @property
    def places(self) -> int:
        """How many tiles have room."""
        return self.columns * self.lines

    @property
    def pitch(self) -> tuple[float, float]:
        """From one tile to the next, across and down."""
        return self.side + self.gap, self.side * self.aspect + self.caption + self.gap

    def tile(self, number: int) -> QRectF:
        """Where a tile lies."""
        line, column = divmod(number, self.columns)
        across, down = self.pitch
        return QRectF(self.left + column * across, self.top + line * down, self.side, self.side * self.aspect)


def best_grid(room: QRectF, count: int, gap: float, caption: float, largest: float, aspect: float = 1.0) -> Grid:
    """The grid with the largest tiles that has all of them in the room, at most `largest` px wide.

    caption: height of the text below each tile. Where not even tiles of 8 px fit, some have no place.
    """
    best = Grid(room.x(), room.y(), 1, 1, 8.0, gap, caption, aspect)
    found = 0.0
    for columns in range(1, max(1, count) + 1):
        lines = math.ceil(count / columns)
        wide = (room.width() - (columns - 1) * gap) / columns
        high = ((room.height() - (lines - 1) * gap) / lines - caption) / aspect
        side = float(math.floor(min(wide, high, largest)))
        if side > found:
            found = side
            best = Grid(room.x(), room.y(), columns, lines, side, gap, caption, aspect)
    if found >= 8:
        return best
    columns = max(1, int((room.width() + gap) // (8 + gap)))
    lines = max(1, int((room.height() + gap) // (8 * aspect + caption + gap)))
    return best._replace(columns=columns, lines=lines, side=8.0)
