"""What is wrong with a run as its epochs and slopes tell it, for the window and the command line."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

from playground.core.arguments import shown_power
from playground.core.messages import EpochReport
from playground.core.text import _

Which = TypeVar("Which")

LOOKS = 16  # slopes are judged by their mean over so many looks: one batch alone says little
EXPLODED, GROWN = 1e3, 100.0  # a gradient norm, and how many times the first ones
VANISHED = 1e-5  # of the norm of the layer with the largest
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


def exploding(now: Mapping[Which, float], first: Mapping[Which, float]) -> Which | None:
    """The layer whose slopes are the largest of those that are too large. now, first: mean gradient norm of each layer"""
    wild = [one for one, mean in now.items() if _is_wild(mean, first[one])]
    return max(wild, key=lambda one: now[one], default=None)


def _is_wild(now: float, first: float) -> bool:
    return not math.isfinite(now) or now > EXPLODED or (now > 10 and now > GROWN * first)


def explodes(layer: str, norm: float) -> str:
    """The sentence of `exploding`."""
    return _("{layer}: its slopes explode, their norm is {norm}").format(layer=layer, norm=shown_power(norm))


def vanishing(now: Mapping[Which, float]) -> Which | None:
    """The layer with the smallest slopes, where they are next to nothing beside the largest."""
    largest = max(now.values(), default=0.0)
    gone = [one for one, mean in now.items() if mean < VANISHED * largest]
    return min(gone, key=lambda one: now[one], default=None) if math.isfinite(largest) else None


def vanishes(layer: str, norm: float) -> str:
    """The sentence of `vanishing`."""
    return _("{layer}: its slopes vanish, their norm is {norm}").format(layer=layer, norm=shown_power(norm))
