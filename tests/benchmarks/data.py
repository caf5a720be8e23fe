"""Fashion-MNIST from its raw files, and from our cache, to the first batch; torch is imported before."""

import shutil
from collections.abc import Iterable, Sequence
from statistics import median

from playground.disk import folders
from tests.benchmarks.measure import Asked, Measured, child, group_main
from tests.e2e.stage import empty_home


def measure(asked: Asked) -> Iterable[Measured]:
    with empty_home():
        raw, cached = [], []
        for _ in range(asked.rounds + 1):
            shutil.rmtree(folders.cache(), ignore_errors=True)
            raw.append(first_batch())
            cached.append(first_batch())
        yield told("raw", raw[1:])
        yield told("cached", cached[1:])


def first_batch() -> dict[str, float]:
    """In a process of its own: nothing is in its memory yet."""
    return child("-m", "tests.benchmarks.programs", "first-batch")


def told(name: str, found: Sequence[dict[str, float]]) -> Measured:
    seconds = [one["seconds"] for one in found]
    note = f"shortest {min(seconds):.3f} s, longest {max(seconds):.3f} s of {len(seconds)}"
    return Measured(name, median(seconds), None, note)


if __name__ == "__main__":
    group_main(measure)
