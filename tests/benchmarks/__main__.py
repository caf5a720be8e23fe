"""Prints every budget with what was measured; exit 1 where one is missed.

python -m tests.benchmarks [--quick] [--only NAME ...]
NAME is a group (speed, start, memory, drawing, editing, lab, convolution, canvas, data) or a part of a budget's key. Each group runs in a process
of its own. PLAYGROUND_DATA names a folder with the real `FashionMNIST/raw`; without it, as many made-up pictures are used.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.budgets import GROUPS, Budget
from tests.benchmarks.fashion import prepared_folder


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="The budgets, measured.")
    ask.add_argument("--only", nargs="+", default=[], metavar="NAME", help="groups, or parts of a budget's key")
    ask.add_argument("--quick", action="store_true", help="one round of each: a look, not a measurement")
    asked = ask.parse_args()
    chosen = {
        group: {
            key: budget
            for key, budget in budgets.items()
            if not asked.only or any(name == group or name in key for name in asked.only)
        }
        for group, budgets in GROUPS.items()
    }
    print(f"{'':58}{'budget':>12}{'goal':>12}{'measured':>12}{'null':>8}  verdict")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="playground-fashion-") as folder:
        os.environ["PLAYGROUND_DATA"] = str(prepared_folder(Path(folder)))
        for group, budgets in chosen.items():
            if budgets:
                missed += report(group, budgets, asked.quick)
    print(f"\n{missed} missed" if missed else "\nevery budget is met")
    return 1 if missed else 0


def report(group: str, budgets: dict[str, Budget], quick: bool) -> int:
    """Print a group's lines as they come. Gives how many budgets were missed; one without a figure is missed."""
    missing = dict(budgets)
    missed = 0
    for line in lines_of(group, quick):
        if not line.startswith("{"):
            print(line, file=sys.stderr)
            continue
        found = json.loads(line)
        budget = missing.pop(found["budget"], None)
        if budget is not None:
            missed += not budget.met(found["value"])
            print(row(budget, found), flush=True)
    for budget in missing.values():
        print(f"{budget.what:58}{'not measured':>44}  MISSED")
    return missed + len(missing)


def lines_of(group: str, quick: bool) -> Iterator[str]:
    words = [sys.executable, "-m", f"tests.benchmarks.{group}", *(["--quick"] if quick else [])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield line.rstrip()


def row(budget: Budget, found: dict) -> str:
    sign = "≥" if budget.better == "larger" else "≤"
    verdict = "goal" if budget.reached(found["value"]) else "met" if budget.met(found["value"]) else "MISSED"
    goal = "" if budget.goal is None else f"{sign} {budget.goal:g} {budget.unit}"
    null = "" if found["null"] is None else f"{found['null']:.3f}"
    figures = f"{sign} {budget.limit:g} {budget.unit:2}".rjust(12) + goal.rjust(12)
    note = f"  ({found['note']})" if found["note"] else ""
    return f"{budget.what:58}{figures}{found['value']:>9.3g} {budget.unit:2}{null:>8}  {verdict}{note}"


if __name__ == "__main__":
    sys.exit(main())
