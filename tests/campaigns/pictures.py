"""Opens a folder of many small PNG files, as the engine does: the first time, and once it has been decoded.

    uv run python -m tests.campaigns.pictures [--count 60000] [--colour] [--folder FOLDER]

Each opening is a process of its own, with the program's cache in a folder of this campaign. Printed are the seconds from the
question to the prepared samples, and how much memory that process took above an idle engine (torch imported, nothing
read). Budgets: 60 s on two cores, then 1.5 s; 500 MB. The files are made anew unless --folder names where they are kept.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

BUDGETS = {"first": 60.0, "again": 1.5}
MOST_MEGABYTES = 500
CLASSES = 10
PIXELS = 28


def make(root: Path, count: int, colour: bool) -> None:
    """Files as MNIST's would be: a bright blob on black, where its class is."""
    for label in range(CLASSES):
        (root / f"class {label}").mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(_make_one, root, colour), range(count), chunksize=500))


def _make_one(root: Path, colour: bool, number: int) -> None:
    draw, label = np.random.default_rng(number), number % CLASSES
    rows, columns = np.mgrid[:PIXELS, :PIXELS]
    spot = 255 * np.exp(-((rows - 4 - 2 * label) ** 2 + (columns - draw.integers(6, 22)) ** 2) / 18)
    values = (spot + draw.integers(0, 40, (PIXELS, PIXELS)) * (spot > 20)).clip(0, 255).astype(np.uint8)
    picture = np.stack([values, values // 2, values // 3], axis=-1) if colour else values
    Image.fromarray(picture).save(root / f"class {label}" / f"{number:06}.png")


def open_once(root: Path) -> dict:
    """In a process of its own: seconds, and megabytes above the idle engine."""
    from playground.core.data import Data
    from playground.engine import loader

    process, peak, stop = psutil.Process(), [0], threading.Event()
    idle = process.memory_info().rss

    def watch() -> None:
        while not stop.wait(0.01):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, used = time.perf_counter(), time.process_time()
    data = Data(dataset="pictures", options={"path": str(root)}, preparation=({"normalize": "-1..1"},))
    prepared = loader.prepare(data, seed=0)
    float(prepared.samples("train", range(64)).sum())
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    began = time.perf_counter()
    loader.described(data)
    asked = time.perf_counter() - began
    stop.set()
    watcher.join()
    return {
        "seconds": seconds,
        "processor": processor,
        "asked again, ms": 1000 * asked,
        "megabytes": (peak[0] - idle) / 1e6,
        "samples": prepared.size("train") + prepared.size("test"),
        "shape": prepared.input_shape,
    }


def _opened(root: Path, cache: Path) -> dict:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-m", "tests.campaigns.pictures", "--open", str(root)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=60_000)
    ask.add_argument("--colour", action="store_true")
    ask.add_argument("--folder", type=Path)
    ask.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.open is not None:
        print(json.dumps(open_once(asked.open)))
        return 0
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        root = asked.folder or Path(folder, "own")
        if not root.exists():
            began = time.perf_counter()
            make(root, asked.count, asked.colour)
            print(f"{asked.count:,} files made in {time.perf_counter() - began:.1f} s", flush=True)
        for name, most in BUDGETS.items():
            facts = _opened(root, Path(folder, "cache"))
            good = facts["seconds"] <= most and facts["megabytes"] <= MOST_MEGABYTES
            missed += not good
            print(
                f"{'reached' if good else 'MISSED'}  {name}: {facts['seconds']:.2f} s of {most:g} ({facts['processor']:.2f} s of the processor), "
                f"{facts['megabytes']:.0f} MB of {MOST_MEGABYTES}; {facts['samples']:,} samples of {facts['shape']}; "
                f"asked again {facts['asked again, ms']:.1f} ms",
                flush=True,
            )
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
