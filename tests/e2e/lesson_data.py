"""Small stand-ins for the data sets of the lessons, in the files of their authors: quick to learn, none of it to download."""

import struct
from pathlib import Path

import numpy as np

from tests.engine import cifar_files

CLOTHES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
COLUMNS = "MedInc,HouseAge,AveRooms,AveBedrms,Population,AveOccup,Latitude,Longitude,MedHouseVal"


def write(datasets: Path) -> None:
    """Into the folder of downloaded data sets."""
    houses(datasets / "california-housing")
    clothes(datasets / "FashionMNIST" / "raw")
    photographs(datasets / "cifar-10-batches-bin")


def houses(folder: Path, count: int = 600) -> None:
    """Columns as alike as rooms and bedrooms are, and a price that is nearly a weighted sum of them."""
    random = np.random.default_rng(0)
    values = random.normal(size=(count, 8))
    values[:, 3] = 0.9 * values[:, 2] + 0.4 * values[:, 3]
    values[:, 7] = -0.9 * values[:, 6] + 0.4 * values[:, 7]
    price = 2 + values @ np.array([0.8, 0.1, 0.1, 0.1, 0.0, 0.0, -0.3, 0.3]) + 0.3 * random.normal(size=count)
    folder.mkdir(parents=True)
    rows = "\n".join(",".join(f"{one:.6f}" for one in row) for row in np.column_stack([values, price]))
    (folder / "california_housing.csv").write_text(f"{COLUMNS}\n{rows}\n")


def clothes(folder: Path) -> None:
    """Ten patterns under noise, of which one sample in twelve has the label of another."""
    random = np.random.default_rng(1)
    patterns = np.kron(random.integers(0, 200, (10, 7, 7)), np.ones((4, 4)))

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = random.integers(0, 10, count)
        pictures = np.clip(patterns[labels] + random.integers(0, 56, (count, 28, 28)), 0, 255)
        wrong = random.random(count) < 1 / 12
        return pictures.astype(np.uint8), np.where(wrong, (labels + 6) % 10, labels).astype(np.uint8)

    folder.mkdir(parents=True)
    for name, array in zip(CLOTHES, [*part(1_280), *part(240)], strict=True):
        head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)  # IDX
        (folder / name).write_bytes(head + array.tobytes())


def photographs(folder: Path) -> None:
    """Ten colours, under noise."""
    random = np.random.default_rng(2)
    colors = random.integers(0, 200, (10, 3, 1, 1))

    def part(count: int) -> bytes:
        labels = np.arange(count) % 10
        pictures = np.clip(colors[labels] + random.integers(0, 56, (count, 3, 32, 32)), 0, 255).astype(np.uint8)
        return cifar_files.binary(pictures, labels)

    cifar_files.write(folder, {"data_batch_1.bin": part(640), "test_batch.bin": part(100)})
