"""Starts the loops of `plain.py`, each in a process of its own.

PLAYGROUND_REFERENCE may name another script that takes the same arguments and prints the same.
"""

import json
import os
import subprocess
import sys


def seconds_of(loop: str, network: str, threads: int, layout: str, epochs: int) -> float:
    """Seconds of the fastest epoch, measured in a process of its own."""
    script = os.environ.get("PLAYGROUND_REFERENCE")
    words = [sys.executable, *([script] if script else ["-m", "tests.benchmarks.plain"])]
    options = {"loop": loop, "network": network, "threads": threads, "layout": layout, "epochs": epochs}
    for name, value in {**options, "data": os.environ["PLAYGROUND_DATA"]}.items():
        words += [f"--{name}", str(value)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, check=True)
    return min(json.loads(done.stdout.splitlines()[-1])["seconds"])
