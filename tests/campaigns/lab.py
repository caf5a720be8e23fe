"""Holds the lab against plain PyTorch on random graphs and random layers: every node's slope, every pixel's products.

    uv run python -m tests.campaigns.lab [--graphs 200] [--layers 500] [--seed 0]

Each is a function of the seed and of its number, so that one that failed can be made again.
"""

import argparse
import sys
import traceback
from collections.abc import Callable

from tests.engine.lab.test_graphs import check_graph
from tests.engine.lab.test_sliders import check_layer


def run(what: str, check: Callable[[int], None], count: int, seed: int) -> int:
    """How many of them are not as PyTorch has it; each is printed."""
    bad = 0
    for number in range(seed, seed + count):
        try:
            check(number)
        except Exception:
            bad += 1
            print(f"BAD  {what} {number}:\n{traceback.format_exc(limit=-2)}", flush=True)
    print(f"{count} {what}, {bad} bad", flush=True)
    return bad


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--graphs", type=int, default=200)
    ask.add_argument("--layers", type=int, default=500)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    bad = run("graphs", check_graph, asked.graphs, asked.seed)
    return min(bad + run("layers", check_layer, asked.layers, asked.seed), 1)


if __name__ == "__main__":
    sys.exit(main())
