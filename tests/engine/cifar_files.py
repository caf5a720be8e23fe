"""Small CIFAR files, written here by the formats' own descriptions."""

import struct
from pathlib import Path

import numpy as np


def samples(count: int, seed: int = 0, classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """(count, 3, 32, 32) uint8 and (count,) labels."""
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (count, 3, 32, 32), dtype=np.uint8), random.integers(0, classes, count)


def binary(pictures: np.ndarray, *labels: np.ndarray) -> bytes:
    """A binary file. labels: one column for CIFAR10; coarse and fine for CIFAR100."""
    return np.column_stack([*(one.astype(np.uint8) for one in labels), pictures.reshape(len(pictures), -1)]).tobytes()


def of_python_2(pictures: np.ndarray, **labels: np.ndarray) -> bytes:
    """A pickle as Python 2 wrote the originals: all strings are bytes, protocol 2."""

    def text(word: str) -> bytes:
        return b"U" + bytes([len(word)]) + word.encode()

    rows = pictures.reshape(len(pictures), -1)
    kind = (
        b"cnumpy\ndtype\nq\x06"
        + text("u1")
        + b"K\x00K\x01\x87Rq\x07(K\x03"
        + text("|")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )
    state = b"(K\x01" + b"".join(b"J" + struct.pack("<i", size) for size in rows.shape) + b"\x86" + kind + b"\x89"
    state += b"T" + struct.pack("<i", rows.nbytes) + rows.tobytes() + b"tb"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85"
        + text("b")
        + b"\x87Rq\x05"
        + state
    )
    items = text("data") + array
    for name, values in labels.items():
        items += text(name) + b"]q\x08(" + b"".join(b"K" + bytes([int(one)]) for one in values) + b"e"
    items += text("batch_label") + text("training batch 1 of 5")
    return b"\x80\x02}q\x01(" + items + b"u."


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Files of these contents, and the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
