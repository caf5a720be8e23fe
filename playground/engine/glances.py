"""The slopes of a run that nobody watches, seen now and then for its folder: a window that opens the run draws them."""

import time

from playground.disk import slopes
from playground.engine import probes
from playground.engine.books import Books
from playground.engine.checkpoints import Keeper
from playground.engine.loop import Training

SHARE, MOST_PER_SECOND = 0.01, 10.0


class Glances:
    """Moves a training on, and looks at as many of its steps as take SHARE of the time; where the epochs are certain, at
    the last one, too."""

    def __init__(self, training: Training, keeper: Keeper):
        self._training, self._keeper = training, keeper
        self._books = Books(SHARE, MOST_PER_SECOND)
        self._last_step = -1 if training.project.recipe.patience else training.facts().steps - 1

    def advance(self) -> None:
        """One step, or a piece of an evaluation. raises Problem: as `Training.advance`"""
        training = self._training
        look = not training.evaluating and (training.step == self._last_step or self._books.due())
        training.advance(observe=look)
        if look:
            self._see()

    def _see(self) -> None:
        training = self._training
        training.collect()  # to wait for steps under way is no cost of looking
        seen, began = training.observed, time.perf_counter()
        if seen is None or seen.step != training.step:  # in float16 a step may be left out
            return
        self._keeper.see((probes.read(slopes.WATCH, training.context()),))
        training.observed = None  # it holds the weights once more
        self._books.charge(seen.seconds + time.perf_counter() - began)
