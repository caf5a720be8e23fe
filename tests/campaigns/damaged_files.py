"""Folders of pictures, arrays and binary files that are not what they should be. Each function makes one of them.

(draw, folder) -> path: what is drawn from `draw`, a random.Random, is the same for the same seed.
"""

import gzip
import io
import os
import random
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "I")
_SUFFIX = {"CMYK": ".jpg", "F": ".tif", "I": ".tif"}


def _picture(draw: random.Random, mode: str = "RGB", size: tuple[int, int] = (20, 16)) -> Image.Image:
    values = np.random.default_rng(draw.randrange(10**6)).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    if mode == "I;16":
        return Image.fromarray(values[:, :, 0].astype(np.uint16) * 257)
    return Image.fromarray(values).convert(mode)


def _folder(draw: random.Random, root: Path, classes: tuple[str, ...] = ("ant", "bee"), count: int = 4) -> Path:
    for name in classes:
        (root / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            _picture(draw).save(root / name / f"{number}.png")
    return root


def _some_file(draw: random.Random, root: Path) -> Path:
    return draw.choice(sorted(path for path in root.rglob("*") if path.is_file()))


def cut_off_picture(draw: random.Random, folder: Path) -> Path:
    root = _folder(draw, folder / "own")
    _picture(draw).save(root / "ant" / f"x.{draw.choice(('jpg', 'gif', 'bmp', 'tif', 'webp', 'ppm', 'png'))}")
    path = _some_file(draw, root / "ant")
    content = path.read_bytes()
    path.write_bytes(content[: draw.randrange(len(content))])
    return root


def flipped_picture(draw: random.Random, folder: Path) -> Path:
    root = _folder(draw, folder / "own")
    path = _some_file(draw, root)
    content = bytearray(path.read_bytes())
    for _time in range(draw.choice((1, 5, 100))):
        content[draw.randrange(len(content))] = draw.randrange(256)
    path.write_bytes(bytes(content))
    return root


def no_picture(draw: random.Random, folder: Path) -> Path:
    root = _folder(draw, folder / "own")
    name = draw.choice(("x.png", "x.jpg", "x.tiff", "x.webp"))
    (root / "ant" / name).write_bytes(draw.choice((b"", b"text", draw.randbytes(500), b"%!PS-Adobe-3.0\n", b"\x89PNG\r\n\x1a\n")))  # fmt: skip
    return root


def _png(width: int, height: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def announced_picture(draw: random.Random, folder: Path) -> Path:
    """10 GB by its header, or a bomb that unpacks to many pixels."""
    root = _folder(draw, folder / "own")
    width, height = draw.choice(((100_000, 100_000), (2**31 - 1, 2**31 - 1), (9000, 9000), (6000, 6000), (0, 5)))
    packed = zlib.compress(bytes(min(width * height, 36_000_000)), 9)
    (root / "bee" / "x.png").write_bytes(_png(width, height, packed))
    return root


def mixed_modes(draw: random.Random, folder: Path) -> Path:
    root = folder / "own"
    for number in range(12):
        mode = draw.choice(MODES)
        path = root / f"c{number % 2}" / f"{number}{_SUFFIX.get(mode, '.png')}"
        path.parent.mkdir(parents=True, exist_ok=True)
        _picture(draw, mode, (draw.randint(1, 90), draw.randint(1, 90))).save(path)
    return root


def strange_sizes(draw: random.Random, folder: Path) -> Path:
    root = _folder(draw, folder / "own", count=2)
    for number, size in enumerate(((1, 1), (1, 4000), (4000, 1), (3, 5))):
        _picture(draw, "L", size).save(root / "ant" / f"s{number}.png")
    return root


def empty_classes(draw: random.Random, folder: Path) -> Path:
    root = _folder(draw, folder / "own", draw.choice((("ant", "bee"), ("ant",), ())), count=draw.choice((1, 3)))
    for name in draw.choice((("cow",), ("cow", "dog"), ("train", "test"), (".hidden", "__MACOSX"))):
        (root / name).mkdir(parents=True)
    return root


def unlike_parts(draw: random.Random, folder: Path) -> Path:
    root = folder / "own"
    _folder(draw, root / "train", draw.choice((("ant", "bee"), ("ant",))))
    test = root / draw.choice(("test", "val"))
    _folder(draw, test, draw.choice((("ant",), ("cow",), ("ant", "bee", "cow"))), count=1)
    if draw.random() < 0.3:
        _picture(draw).save(root / "stray.png")
    return root


def strange_folders(draw: random.Random, folder: Path) -> Path:
    root = _folder(draw, folder / "own")
    kind = draw.randrange(4)
    if kind == 0:
        (root / "ant" / "loop").symlink_to(root)
    elif kind == 1:
        _folder(draw, root.joinpath("ant", *"abcdefghijk"), ("deep",), 1)
    elif kind == 2:
        (root / "ant" / "gone.png").symlink_to(root / "nothing.png")
    else:
        _picture(draw).save(root / "bee" / os.fsdecode(b"na\xffme\n.png"))
    return root


def loose_pictures(draw: random.Random, folder: Path) -> Path:
    for number in range(3):
        _picture(draw).save(folder / f"{number}.png")
    return draw.choice((folder, folder / "0.png"))


def _npy(shape: tuple[int, ...], content: bytes, dtype: str = "<f4") -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue() + content


def _npz(folder: Path, entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "own.npz"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def _good_npz(draw: random.Random, folder: Path) -> Path:
    path = folder / "own.npz"
    values = np.random.default_rng(draw.randrange(10**6)).normal(size=(40, 6))
    draw.choice((np.savez, np.savez_compressed))(path, x=values, y=np.arange(40) % 3)
    return path


def cut_off_arrays(draw: random.Random, folder: Path) -> Path:
    path = _good_npz(draw, folder)
    content = path.read_bytes()
    path.write_bytes(content[: draw.randrange(len(content))])
    return path


def flipped_arrays(draw: random.Random, folder: Path) -> Path:
    path = _good_npz(draw, folder)
    content = bytearray(path.read_bytes())
    for _time in range(draw.choice((1, 5, 60))):
        content[draw.randrange(len(content))] = draw.randrange(256)
    path.write_bytes(bytes(content))
    return path


def announced_arrays(draw: random.Random, folder: Path) -> Path:
    """10 GB by the header of the array."""
    shape = draw.choice(((50_000, 50_000), (2**62, 4), (-1, 5), (10**10,), (0, 10**12), (2, 2**63 - 1)))
    header = _npy((2, 2), b"").replace(b"(2, 2)", repr(shape).encode())
    return _npz(folder, {"x.npy": header + bytes(64), "y.npy": _npy((4,), bytes(16))}, draw.choice((0, 8)))


def bomb(draw: random.Random, folder: Path) -> Path:
    size = draw.choice((75_000_000, 150_000_000))
    path = folder / "own.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("x.npy", "w") as file,
    ):
        file.write(_npy((size,), b""))
        for _piece in range(4 * size // 10_000_000):
            file.write(bytes(10_000_000))
    return path


def strange_arrays(draw: random.Random, folder: Path) -> Path:
    choices = (
        {"x": np.array([{}, None], dtype=object), "y": np.arange(2)},
        {"x": np.float32(3), "y": np.arange(2)},
        {"x": np.ones((0, 4)), "y": np.ones(0)},
        {"x": np.full((9, 3), np.nan), "y": np.arange(9) % 2},
        {"x": np.full((9, 3, 3), np.inf), "y": np.arange(9) % 2},
        {"x": np.full((9, 3), 1e300), "y": np.arange(9) % 2},
        {"x": np.array(["a", "b"] * 4), "y": np.arange(8) % 2},
        {"x": np.ones((8, 2)), "y": np.arange(7)},
        {"x": np.ones((8, 2)), "y": np.array(["", "\0", "x", "y"] * 2)},
        {"x": np.zeros(8, dtype=[("a", "<f4"), ("b", "<i8")]), "y": np.arange(8) % 2},
        {"x": np.ones((8, 2, 2, 2, 2)), "y": np.arange(8) % 2},
        {"x": np.ones((8, 2), dtype=complex), "y": np.arange(8) % 2},
        {"x": np.ones((8, 70_000), dtype=np.uint8), "y": np.arange(8) % 2},
        {"x": np.ones((8, 2), dtype="M8[s]"), "y": np.arange(8) % 2},
        {"x": np.ones((8, 2)), "y": np.arange(8) * np.nan},
        {"x": np.ones((8, 2)), "y": np.ones((8, 3, 3))},
        {"x": np.ones((2, 2)), "y": np.array([0, 1])},
        {"a": np.ones(3), "b": np.ones(4)},
        {"x_train": np.ones((8, 2)), "y_train": np.arange(8) % 2, "x_test": np.ones((0, 2)), "y_test": np.ones(0)},
        {"x_train": np.ones((8, 2)), "y_train": np.arange(8) % 2, "x_test": np.ones((3, 2)), "y_test": np.array(["a"] * 3)},
        {},
    )  # fmt: skip
    path = folder / "own.npz"
    np.savez(path, **draw.choice(choices))
    return path


def strange_zip(draw: random.Random, folder: Path) -> Path:
    name = draw.choice(("../../x.npy", "x.txt", "x.npy", "xl/workbook.xml", ".npy", "x" * 3000 + ".npy"))
    path = _npz(folder, {name: draw.choice((b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff(", draw.randbytes(99)))})
    if draw.random() < 0.3:  # it says that it is locked
        content = bytearray(path.read_bytes())
        content[6] |= 1
        content[content.rindex(b"PK\1\2") + 8] |= 1
        path.write_bytes(bytes(content))
    return path


def _idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def idx(draw: random.Random, folder: Path) -> Path:
    """Two good files, one of which is spoilt."""
    root, pack = folder / "own", draw.random() < 0.4
    root.mkdir()
    random_values = np.random.default_rng(draw.randrange(10**6))
    pictures, labels = (random_values.integers(0, 3, shape, dtype=np.uint8) for shape in ((12, 5, 5), (12,)))
    files = {"train-images-idx3-ubyte": _idx(pictures), "train-labels-idx1-ubyte": _idx(labels)}
    name = draw.choice(list(files))
    content = files[name]
    files[name] = draw.choice(
        (
            content[: draw.randrange(len(content))],
            content + bytes(7),
            b"\0\0\x08\x09" + content[4:],
            b"\0\0\x0d" + content[3:],
            content[:4] + b"\x7f\xff\xff\xff" * (3 if "images" in name else 1) + content[16:],
            content[:4] + bytes(12) + content[16:],
            _idx(np.zeros(12, dtype=np.uint8)),
            _idx(np.zeros((9, 5, 5), dtype=np.uint8)),
            draw.randbytes(200),
            b"",
        )
    )
    for one, value in files.items():
        (root / (f"{one}.gz" if pack else one)).write_bytes(gzip.compress(value) if pack else value)
    if pack and draw.random() < 0.5:
        path = root / f"{name}.gz"
        path.write_bytes(path.read_bytes()[: draw.randint(1, 60)])
    return draw.choice((root, _some_file(draw, root)))


def packed_bomb(draw: random.Random, folder: Path) -> Path:
    """A gigabyte of zeros in an IDX file of a megabyte."""
    (folder / "own").mkdir()
    count = draw.choice((200_000_000, 1_200_000_000))
    path = folder / "own" / "train-images-idx3-ubyte.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(struct.pack(">HBB3I", 0, 8, 3, count // 100, 10, 10))
        for _piece in range(20):
            file.write(bytes(10_000_000))
    labels = _idx(np.arange(count // 100 if count < 10**9 else 10, dtype=np.uint8))
    (folder / "own" / "train-labels-idx1-ubyte").write_bytes(labels)
    return folder / "own"


def cifar(draw: random.Random, folder: Path) -> Path:
    root = folder / "own"
    root.mkdir()
    count = draw.choice((0, 1, 3072, 3073, 3074, 3073 * 4 - 1, 3073 * 20))
    (root / draw.choice(("data_batch_1.bin", "test_batch.bin", "train.bin", "other.bin"))).write_bytes(
        draw.randbytes(count)
    )
    if draw.random() < 0.5:
        (root / draw.choice(("batches.meta.txt", "fine_label_names.txt"))).write_bytes(draw.randbytes(60))
    if draw.random() < 0.3:
        (root / "data_batch_1").write_bytes(b"\x80\x04N.")
    return root


QUICK = (
    cut_off_picture, flipped_picture, no_picture, announced_picture, mixed_modes, strange_sizes, empty_classes, unlike_parts,
    strange_folders, loose_pictures, cut_off_arrays, flipped_arrays, announced_arrays, strange_arrays, strange_zip, idx, cifar,
)  # fmt: skip
SLOW = (bomb, packed_bomb)
