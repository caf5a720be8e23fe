"""The kernels of one of the learner's own layers, to slide over a picture of the lab."""

from typing import NamedTuple

import numpy as np

from playground.core.lab.topics import Rows
from playground.session.own_kernels import Own
from playground.window.convolution.lab_page import rows


class Mine(NamedTuple):
    """weight: (filters, channels, height, width);  bias: (filters,), None where the layer has none"""

    own: Own
    weight: np.ndarray
    bias: np.ndarray | None

    def kernel(self, number: int) -> tuple[Rows, ...]:
        """The weights of one filter, as a page keeps them."""
        return tuple(rows(channel) for channel in self.weight[number])

    def bias_of(self, number: int) -> float:
        """As a page keeps it; 0 where the layer has none."""
        return 0.0 if self.bias is None else float(f"{self.bias[number]:.7g}")

    def number_of(self, kernel: tuple[Rows, ...]) -> int | None:
        """The filter whose weights a page has; None where it has others."""
        return next((number for number in range(len(self.weight)) if self.kernel(number) == kernel), None)
