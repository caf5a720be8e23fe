"""Small data sets in IDX files, written here by the format's own description, and folders of a test's own."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from playground.disk import folders
from playground.engine.datasets import _files

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found, and nothing is written, outside the test's folder."""
    monkeypatch.setattr(folders, "data", lambda: tmp_path / "own data")
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "own cache")
    monkeypatch.setattr(_files, "SHARED", tmp_path / "share")
    monkeypatch.delenv("PLAYGROUND_DATA", raising=False)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def arrays(train: int = 60, test: int = 20, seed: int = 0) -> dict[str, np.ndarray]:
    """Random pictures of 28×28 pixels and labels 0 to 9, by file name."""
    random = np.random.default_rng(seed)
    shapes = ((train, 28, 28), (train,), (test, 28, 28), (test,))
    return {
        name: random.integers(0, 256 if len(shape) == 3 else 10, shape, dtype=np.uint8)
        for name, shape in zip(NAMES, shapes, strict=True)
    }


def write(folder: Path, content: dict[str, np.ndarray], compressed: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in content.items():
        if compressed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
        else:
            (folder / name).write_bytes(idx(array))
