"""Fashion-MNIST to measure with: the real files, or as many made-up pictures in the same format."""

import os
import struct
from pathlib import Path

import numpy as np

PARTS = {"train": 60_000, "t10k": 10_000}


def prepared_folder(scratch: Path) -> Path:
    """A folder with `FashionMNIST/raw`: that of PLAYGROUND_DATA, or one written into `scratch`."""
    real = os.environ.get("PLAYGROUND_DATA")
    if real and (Path(real) / "FashionMNIST" / "raw" / "train-images-idx3-ubyte").is_file():
        return Path(real)
    raw = scratch / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for part, count in PARTS.items():
        write_part(raw, part, count)
    return scratch


def write_part(raw: Path, part: str, count: int) -> None:
    """IDX files of `count` pictures, (count, 28, 28) uint8, each class a pattern of its own under noise."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, count, dtype=np.uint8)
    patterns = random.integers(0, 128, (10, 28, 28), dtype=np.uint8)
    pictures = patterns[labels] + random.integers(0, 128, (count, 28, 28), dtype=np.uint8)
    (raw / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, count, 28, 28) + pictures.tobytes())
    (raw / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + labels.tobytes())
