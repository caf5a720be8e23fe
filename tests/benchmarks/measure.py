"""How to measure on a machine that does other things, too: interleaved rounds, medians, and a null pair.

A null pair is A against A: what the machine's noise alone makes of a ratio. Where it drifts more than 5 %, all rounds
are run again.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any

DRIFT = 0.05
ATTEMPTS = 3


@dataclass(frozen=True)
class Measured:
    """One figure. budget: its key;  null: the null pair's ratio where there is one;  note: what else to know."""

    budget: str
    value: float
    null: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """quick: fewer rounds, for a look;  rounds: how often each thing is measured."""

    quick: bool

    @property
    def rounds(self) -> int:
        return 1 if self.quick else 3


Values = Sequence[float]


def ratio(above: Values, below: Values) -> float:
    """The median of the ratios of values that were measured in the same round."""
    return median(a / b for a, b in zip(above, below, strict=True))


def of_fastest(above: Values, below: Values) -> float:
    """Of times that other work on the machine can only make longer, by a third from one half minute to the next: the ratio
    of the shortest of each. source: https://docs.python.org/3/library/timeit.html#timeit.Timer.repeat
    """
    return min(above) / min(below)


def interleaved(
    measures: Mapping[str, Callable[[], float]],
    null: str,
    rounds: int,
    compare: Callable[[Values, Values], float] = ratio,
    *,
    both: Callable[[Values], float] = fmean,
    ahead: Callable[[], object] = lambda: None,
) -> tuple[dict[str, list[float]], float]:
    """Each measure once a round, `null` before and after the others: what changes evenly meanwhile cancels out.

    compare: what the ratio is of two rows of values, as the caller compares the others
    both: makes one value of the two of `null`;  ahead: to be done before a round
    Gives the values of each, and the null pair's ratio, of the attempt in which that was the nearest to 1.
    """
    attempts = []
    others = [name for name in measures if name != null]
    for attempt in range(ATTEMPTS if rounds > 1 else 1):
        values: dict[str, list[float]] = {name: [] for name in measures}
        pairs: list[tuple[float, float]] = []
        for number in range(rounds):
            ahead()
            first = measures[null]()
            for name in others if number % 2 == 0 else reversed(others):
                values[name].append(measures[name]())
            pairs.append((first, measures[null]()))
        values[null] = [both(pair) for pair in pairs]
        drift = compare([after for _first, after in pairs], [first for first, _after in pairs])
        attempts.append((values, drift))
        if abs(drift - 1) <= DRIFT:
            break
        print(f"null pair {drift:.3f}: round {attempt + 1} of {ATTEMPTS} is noise", file=sys.stderr)
    return min(attempts, key=lambda one: abs(one[1] - 1))


def steady(measure: Callable[[], tuple[float, float]], rounds: int) -> tuple[float, float]:
    """A figure that has no pair, with what the machine's own noise was meanwhile; again where that drifts.

    measure: gives both, the noise as 1 where there was none, 1.2 where something took 20 % longer than it does at best
    rounds: 1 for a look, which is not repeated.  Gives the figure of the quietest attempt and its noise
    """
    attempts = []
    for attempt in range(ATTEMPTS if rounds > 1 else 1):
        attempts.append(measure())
        noise = attempts[-1][1]
        if noise <= 1 + DRIFT:
            break
        print(f"the machine's own pace {noise:.3f}: attempt {attempt + 1} of {ATTEMPTS} is noise", file=sys.stderr)
    return min(attempts, key=lambda one: one[1])


def child(*words: object, timeout_s: float = 900) -> Any:
    """Run a program of this package in a process of its own; gives the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, *map(str, words)], capture_output=True, text=True, timeout=timeout_s, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def say(measured: Measured) -> None:
    """One line of JSON for `__main__`."""
    print(json.dumps(asdict(measured)), flush=True)


def group_main(measure: Callable[[Asked], Iterable[Measured]]) -> None:
    """The entry of a group's module."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--quick", action="store_true")
    for one in measure(Asked(ask.parse_args().quick)):
        say(one)
    if "torch" in sys.modules:
        raise RuntimeError("torch was loaded beside the window: these figures are not the window's")
