"""How fast this machine draws, held against the one on which the budgets in milliseconds were found possible.

A budget in milliseconds means nothing without a machine. The budgets of drawing were set on one that redraws a plain
pyqtgraph plot of four curves of a thousand points in 5.5 ms; the same redraw is timed here, between the frames that are
measured. The plot is as small as the window's own, which makes the pace, if anything, too kind to this machine.
"""

import time
from statistics import median
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize

REFERENCE_MS = 5.5
SIZE = QSize(440, 410)
POINTS = 1_000
COLORS = "rgbw"


class Pace:
    """Times the redraw whenever it is called: thread's time here ÷ time there, above 1 on a slower machine."""

    def __init__(self) -> None:
        self._plot = pg.PlotWidget()
        self._plot.resize(SIZE)
        self._plot.show()
        random = np.random.default_rng(0)
        self._values = [2.3 / (1 + np.arange(POINTS) / 500) * random.lognormal(0, 0.3, POINTS) for _color in COLORS]
        self._curves: list[Any] = [self._plot.plot(pen=pg.mkPen(color, width=1, antialias=False)) for color in COLORS]
        self._times = 0
        self.seen: list[float] = []
        self()
        self.seen.clear()

    def __call__(self) -> float:
        self._times += 1
        began = time.thread_time()
        for curve, values in zip(self._curves, self._values, strict=True):
            curve.setData(values * (1 + 0.001 * self._times), antialias=False)
        self._plot.grab()
        self.seen.append(1000 * (time.thread_time() - began) / REFERENCE_MS)
        return self.seen[-1]

    def typical(self) -> float:
        """The median of what was seen."""
        return median(self.seen)

    def close(self) -> None:
        self._plot.close()
