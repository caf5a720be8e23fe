"""A hand that drags beside a run, which it may hardly slow."""

from statistics import median
from typing import Any, Protocol

from tests.benchmarks.editing import Pace
from tests.benchmarks.measure import Asked, Measured, interleaved, ratio
from tests.e2e.stage import rest

MOVE_EACH_MS = 33


class Hand(Protocol):
    """Presses, moves a little further each time, and lets go."""

    def press(self) -> None: ...
    def move(self) -> None: ...
    def release(self) -> None: ...


def beside(hand: Hand, training: Any, key: str, asked: Asked) -> Measured:
    """Steps a second of the run while the hand drags, and while it rests."""
    pace = Pace(training)

    def drag() -> None:
        hand.move()
        rest(MOVE_EACH_MS)

    seconds = 3 if asked.quick else 8
    hand.press()
    measures = {
        "dragged": lambda: pace.over(seconds, drag),
        "alone": lambda: pace.over(seconds, lambda: rest(MOVE_EACH_MS)),
    }
    values, null = interleaved(measures, "alone", 1 if asked.quick else 4)
    hand.release()
    pace.close()
    note = f"{median(values['dragged']):.3g} and {median(values['alone']):.3g} steps/s, a move each {MOVE_EACH_MS} ms"
    return Measured(key, ratio(values["dragged"], values["alone"]), null, note)
