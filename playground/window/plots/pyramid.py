"""A curve that draws like a thousand points whatever its length: minimum and maximum of ever longer stretches."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


class _Growing:
    """Numbers that grow at their end; the memory doubles when it is full."""

    def __init__(self) -> None:
        self._data = np.empty(256, np.float32)
        self.size = 0

    @property
    def view(self) -> Numbers:
        return self._data[: self.size]

    def append(self, values: Numbers) -> None:
        size = self.size + len(values)
        if size > len(self._data):
            grown = np.empty(max(size, 2 * len(self._data)), np.float32)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : size] = values
        self.size = size


class Pyramid:
    """Values at x = 0, 1, 2, ... Level k holds minimum and maximum of each whole stretch of 2**k values.

    NaN stands for a value that is not known: it is left out of a stretch that has others.
    """

    def __init__(self) -> None:
        self._values = _Growing()
        self._lows: list[_Growing] = [self._values]
        self._highs: list[_Growing] = [self._values]

    def __len__(self) -> int:
        return self._values.size

    @property
    def values(self) -> Numbers:
        """Every value, without a copy; valid until the next append."""
        return self._values.view

    def append(self, values: Numbers) -> None:
        """Put values behind what is there; what is done for one value does not depend on how many there are."""
        self._values.append(np.asarray(values, np.float32))
        level = 0
        while self._lows[level].size >= 2:
            if level + 1 == len(self._lows):
                self._lows.append(_Growing())
                self._highs.append(_Growing())
            self._lift(self._lows[level], self._lows[level + 1], np.fmin)
            self._lift(self._highs[level], self._highs[level + 1], np.fmax)
            level += 1

    def slice(self, first: float, last: float, buckets: int) -> tuple[NDArray[np.float64], Numbers]:
        """The curve between two x, at most about `buckets` stretches wide, two points each; as it is where that is no more.

        returns: x and y to be joined by lines; each stretch gives its minimum and its maximum
        """
        start, stop = max(0, int(first)), min(len(self), int(np.ceil(last)) + 1)
        if stop <= start:
            return np.empty(0), np.empty(0, np.float32)
        level = 0
        if stop - start > 2 * buckets:
            while (stop - start) >> level > buckets and level + 1 < len(self._lows):
                level += 1
        if level == 0:
            return np.arange(start, stop, dtype=np.float64), self.values[start:stop]
        return self._stretches(start, stop, level)

    def _stretches(self, start: int, stop: int, level: int) -> tuple[NDArray[np.float64], Numbers]:
        width = 1 << level
        begin, end = start >> level, min(stop >> level, self._lows[level].size)
        y = np.empty(2 * (end - begin), np.float32)
        y[0::2] = self._lows[level].view[begin:end]
        y[1::2] = self._highs[level].view[begin:end]
        x = np.repeat(np.arange(begin, end, dtype=np.float64) * width, 2)
        x[0::2] += 0.25 * (width - 1)
        x[1::2] += 0.75 * (width - 1)
        rest = self.values[end * width : stop]
        if len(rest):  # the stretch that is not whole yet
            x = np.append(x, (end * width + (len(rest) - 1) * 0.25, stop - 1.0))
            y = np.append(y, (np.fmin.reduce(rest), np.fmax.reduce(rest)))
        return x, y

    @staticmethod
    def _lift(below: _Growing, above: _Growing, choose: np.ufunc) -> None:
        pairs = below.size // 2
        if pairs > above.size:
            fresh = below.view[2 * above.size : 2 * pairs]
            above.append(choose(fresh[0::2], fresh[1::2]))


class Smoother:
    """Exponential moving average, free of the pull towards its start: sum of a**(t−i)·x_i, divided by that of a**(t−i).

    factor: a, from 0 (none) to below 1. Values come in any portions; each costs the same.
    """

    BLOCK = 64

    def __init__(self, factor: float):
        if not 0 <= factor < 1:
            raise ValueError(factor)
        self.factor = factor
        self._sum = self._weight = 0.0
        powers = np.arange(self.BLOCK)
        distance = powers[:, None] - powers[None, :]
        self._inside = np.where(distance >= 0, factor ** np.maximum(distance, 0), 0.0)
        self._decay = factor ** (powers + 1.0)

    def append(self, values: Numbers) -> Numbers:
        """The smoothed values that belong to these. NaN and infinity are left out; NaN where nothing was known yet."""
        whole = len(values) - len(values) % self.BLOCK
        return np.concatenate(
            [self._smooth(values[:whole].reshape(-1, self.BLOCK)), self._smooth(values[None, whole:])], axis=None
        )

    def _smooth(self, blocks: Numbers) -> Numbers:
        """blocks: (count, length), one behind the other. Inside a block it is one product of matrices."""
        length = blocks.shape[1]
        if not blocks.size:
            return np.empty(0, np.float32)
        inside, decay = self._inside[:length, :length], self._decay[:length]
        known = np.isfinite(blocks)
        sums = np.where(known, blocks, 0.0) @ inside.T
        weights = np.tile(inside.sum(axis=1), (len(blocks), 1)) if known.all() else known @ inside.T
        sums += decay * self._carried(sums[:, -1], float(decay[-1]), self._sum)
        weights += decay * self._carried(weights[:, -1], float(decay[-1]), self._weight)
        self._sum, self._weight = float(sums[-1, -1]), float(weights[-1, -1])
        return np.divide(sums, weights, out=np.full(sums.shape, np.nan), where=weights > 0).astype(np.float32)

    @staticmethod
    def _carried(ends: NDArray[np.float64], decay: float, carry: float) -> NDArray[np.float64]:
        """What each block takes over from those before it, as a column."""
        taken = []
        for end in ends.tolist():
            taken.append(carry)
            carry = end + decay * carry
        return np.array(taken)[:, None]
