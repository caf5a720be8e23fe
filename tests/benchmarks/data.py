"""Fashion-MNIST from its raw files, and from our cache, to the first batch; torch is imported before."""

import shutil
from collections.abc import Iterable
from statistics import median

from playground.disk import folders
from tests.benchmarks.measure import Asked, Measured, child, group_main
from tests.e2e.stage import empty_home


def measure(asked: Asked) -> Iterable[Measured]:
    with empty_home():
        raw, cached = [], []
        for _ in range(asked.rounds + 1):
            shutil.rmtree(folders.cache(), ignore_errors=True)
            raw.append(seconds())
            cached.append(seconds())
        yield Measured("raw", median(raw[1:]), None, f"longest {max(raw[1:]):.2f} s")
        yield Measured("cached", median(cached[1:]), None, f"longest {max(cached[1:]):.2f} s")


def seconds() -> float:
    """In a process of its own: nothing is in its memory yet."""
    return child("-m", "tests.benchmarks.programs", "first-batch")["seconds"]


if __name__ == "__main__":
    group_main(measure)
