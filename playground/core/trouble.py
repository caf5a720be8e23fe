"""What is wrong with a run as its epochs alone tell it, for the window and the command line."""

import math
from collections.abc import Sequence

from playground.core.messages import EpochReport
from playground.core.text import _

STILL = 0.01  # share of the train loss by which it must move in the epochs so far
STILL_EPOCHS = 2
WORSE, LEARNT, WAITED = 1.05, 0.95, 3  # held-out loss and train loss since the best epoch, and how long ago it was


def stands_still(epochs: Sequence[EpochReport], classes: int) -> str:
    """A sentence where the train loss does not move, else empty. classes: 0 for numbers"""
    losses = [one.train_loss for one in epochs]
    if len(losses) < STILL_EPOCHS or max(losses) - min(losses) > STILL * max(losses):
        return ""
    accuracy = epochs[-1].test_accuracy
    if classes and accuracy is not None and accuracy > 1.5 / classes:
        return ""  # it has learnt, and is at its end
    return _("The loss does not move: {loss:.3g} after {n} epochs").format(loss=losses[-1], n=len(losses))


def overfits_since(epochs: Sequence[EpochReport]) -> int:
    """The epoch, from 1, since which the train loss falls and the held-out loss rises; 0 where that is not so."""
    held_out = [one.held_out_loss for one in epochs]
    if not held_out or not all(map(math.isfinite, held_out)):
        return 0
    best = held_out.index(min(held_out))
    learnt = epochs[-1].train_loss < LEARNT * epochs[best].train_loss
    waited = len(held_out) - 1 - best >= WAITED
    return best + 1 if waited and held_out[-1] >= WORSE * held_out[best] and learnt else 0


def overfitting(epoch: int) -> str:
    """The sentence of `overfits_since`."""
    return _("Overfitting since epoch {n}: the train loss falls, the held-out loss rises").format(n=epoch)
