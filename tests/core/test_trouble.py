"""What the losses of epochs tell, by examples."""

import math

import pytest

from playground.core.messages import EpochReport
from playground.core.trouble import overfits_since, stands_still


def epochs(*losses: tuple[float, float], accuracy: float | None = 0.1) -> list[EpochReport]:
    return [EpochReport(n, n, train, test, accuracy, 1.0) for n, (train, test) in enumerate(losses, 1)]


@pytest.mark.parametrize(
    ("losses", "since"),
    [
        ([], 0),
        ([(2.0, 2.0), (1.0, 1.0), (0.5, 1.1), (0.3, 1.3), (0.1, 1.5)], 2),
        ([(2.0, 2.0), (1.0, 1.0), (0.5, 1.1), (0.3, 1.3)], 0),  # not long enough ago
        ([(2.0, 2.0), (1.0, 1.0), (0.99, 1.1), (0.99, 1.3), (0.99, 1.5)], 0),  # the train loss stays
        ([(2.0, 2.0), (1.0, 1.0), (0.5, 1.1), (0.3, math.nan), (0.1, 1.5)], 0),
    ],
)
def test_since_when_the_held_out_loss_rises_while_the_train_loss_falls(losses, since):
    assert overfits_since(epochs(*losses)) == since


@pytest.mark.parametrize(
    ("losses", "accuracy", "classes", "still"),
    [
        ([(2.303, 2.3)] * 3, 0.1, 10, True),
        ([(2.303, 2.3)], 0.1, 10, False),  # one epoch tells nothing
        ([(2.303, 2.3), (2.2, 2.2)], 0.1, 10, False),
        ([(0.01, 0.02)] * 3, 0.99, 10, False),  # at its end
        ([(5.0, 5.0)] * 3, None, 0, True),
    ],
)
def test_a_loss_that_does_not_move(losses, accuracy, classes, still):
    assert bool(stands_still(epochs(*losses, accuracy=accuracy), classes)) == still
