"""Opens files and folders that are damaged, lie about their size or were made to break the program.

    uv run python -m tests.campaigns.corrupted [--count 500] [--seed 0] [--only NAME] [--verbose]

Each is understood and prepared, as the window does it. It must either load, or be told as a Problem that names the file and
the place: no other exception, not more than 5 s, not more than 1.5 GB above an idle engine, nothing half-made in the cache.
Every input is a function of the seed and of its number, so that one that failed can be made again.
"""

import argparse
import faulthandler
import gc
import os
import random
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from playground.core.data import Data
from playground.core.problem import Problem
from playground.engine import cache, loader
from playground.engine.datasets import _kept
from playground.engine.understand import understand
from tests.campaigns import damaged_files, damaged_tables

MOST_SECONDS = 5.0
MOST_BYTES = 1_500_000_000
QUICK = (*damaged_tables.QUICK, *damaged_files.QUICK)
SLOW = (*damaged_tables.SLOW, *damaged_files.SLOW)
_SLOW_EVERY = 60
_HANGING_S = 300

Maker = Callable[[random.Random, Path], Path]


@dataclass
class Outcome:
    """name: of the input, with its number;  said: the Problem, empty where it loaded;  faults: what must not be

    seconds: of the processor: a machine that runs other work makes those on the clock (waited) lie
    """

    name: str
    said: str = ""
    seconds: float = 0.0
    waited: float = 0.0
    peak: int = 0
    faults: list[str] = field(default_factory=list)


def inputs(count: int, seed: int, slow: bool = True) -> Iterator[tuple[str, Maker, random.Random]]:
    """Every kind in turn, each time drawn anew; the slow ones now and then."""
    for number in range(count):
        makers = SLOW if slow and number % _SLOW_EVERY == _SLOW_EVERY - 1 else QUICK
        turn = number // _SLOW_EVERY if makers is SLOW else number
        maker = makers[turn % len(makers)]
        yield f"{number} {maker.__name__}", maker, random.Random(f"{seed} {number}")


def attempt(name: str, maker: Maker, draw: random.Random, folder: Path) -> Outcome:
    """Make one input in an empty folder, open it, and look at what is left."""
    outcome = Outcome(name)
    path = maker(draw, folder)
    before = _cached()
    began, used = time.perf_counter(), time.process_time()
    with _peak_memory(outcome):
        try:
            found = understand(path, {})
            loader.prepare(Data(**found.data), seed=0)
        except Problem as problem:
            outcome.said = str(problem)
            if path.name[:40] not in outcome.said and folder.name not in outcome.said:
                outcome.faults.append(f"the file is not named: {outcome.said}")
        except BaseException as error:
            outcome.faults.append(f"{type(error).__name__}: {error}")
    outcome.seconds, outcome.waited = time.process_time() - used, time.perf_counter() - began
    left = _cached() - before
    if any(one.endswith(".part") for one in left) or (outcome.said and left):
        outcome.faults.append(f"left in the cache: {sorted(left)}")
    if outcome.seconds > MOST_SECONDS or outcome.waited > 20 * MOST_SECONDS:
        outcome.faults.append(f"it took {outcome.seconds:.1f} s of the processor, {outcome.waited:.1f} s in all")
    if outcome.peak > MOST_BYTES:
        outcome.faults.append(f"it took {outcome.peak / 1e6:.0f} MB")
    return outcome


def _cached() -> set[str]:
    """The temporary files of the cache, and what is kept of folders of pictures."""
    return {str(one) for one in cache.folder().rglob("*") if one.is_file() and (one.suffix == ".part" or one.parent == _kept.folder())}  # fmt: skip


@contextmanager
def _peak_memory(outcome: Outcome) -> Iterator[None]:
    process, stop = psutil.Process(), threading.Event()
    gc.collect()
    idle = process.memory_info().rss

    def watch() -> None:
        while not stop.wait(0.02):
            outcome.peak = max(outcome.peak, process.memory_info().rss - idle)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def run(count: int, seed: int, only: str = "", slow: bool = True) -> Iterator[Outcome]:
    """Each input in turn, in a folder that is gone afterwards."""
    for name, maker, draw in inputs(count, seed, slow):
        if only in name:
            with tempfile.TemporaryDirectory(prefix="damaged-") as folder:
                yield attempt(name, maker, draw, Path(folder))


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=500)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--only", default="")
    ask.add_argument("--verbose", action="store_true")
    asked = ask.parse_args()
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as own:
        os.environ["XDG_CACHE_HOME"] = own
        bad, seen, slowest, largest = 0, Counter[str](), Outcome(""), Outcome("")
        for outcome in run(asked.count, asked.seed, asked.only):
            faulthandler.dump_traceback_later(_HANGING_S, exit=True)
            seen["told" if outcome.said else "loaded"] += 1
            slowest = max(slowest, outcome, key=lambda one: one.seconds)
            largest = max(largest, outcome, key=lambda one: one.peak)
            bad += bool(outcome.faults)
            for fault in outcome.faults:
                print(f"BAD  {outcome.name}: {fault}", flush=True)
            if asked.verbose:
                print(f"{outcome.name}: {outcome.seconds:.2f} s  {outcome.said or 'loaded'}", flush=True)
        faulthandler.cancel_dump_traceback_later()
    print(
        f"{sum(seen.values())} inputs, seed {asked.seed}: {seen['told']} told, {seen['loaded']} loaded, {bad} bad; "
        f"slowest {slowest.seconds:.2f} s ({slowest.name}), largest {largest.peak / 1e6:.0f} MB ({largest.name})"
    )
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
