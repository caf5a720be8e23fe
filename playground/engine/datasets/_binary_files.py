"""What the files in a folder are: IDX files of pictures and labels, or the batches of CIFAR."""

import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _
from playground.engine.datasets._own import names_below, unreadable

MOST_FILES = 1000  # that are looked at
CIFAR_PICTURE: Shape = (3, 32, 32)
_PIXELS = 3072
_OF_TEST = re.compile(r"t10k|test", re.IGNORECASE)
_NAMES_10, _NAMES_100 = "batches.meta.txt", {"fine": "fine_label_names.txt", "coarse": "coarse_label_names.txt"}

Labels = Literal["fine", "coarse"]


@dataclass(frozen=True)
class Idx:
    """Two files. sample_shape: of one picture, as the header says"""

    pictures: Path
    labels: Path
    sample_shape: Shape


@dataclass(frozen=True)
class Cifar:
    """files: of one part, in order;  record: bytes of one picture with its labels;  label: the place of the label in it"""

    files: tuple[Path, ...]
    record: int
    label: int


@dataclass(frozen=True)
class Layout:
    """What a folder holds. test: None where it has no test part;  names: the file with the classes' names, or None"""

    train: Idx | Cifar
    test: Idx | Cifar | None
    names: Path | None

    @property
    def files(self) -> list[Path]:
        """Everything that is read."""
        parts = [one for one in (self.train, self.test) if one is not None]
        found = [
            file for one in parts for file in (one.files if isinstance(one, Cifar) else (one.pictures, one.labels))
        ]
        return [*found, *([self.names] if self.names else [])]


def looks_binary(folder: Path) -> bool:
    """Whether a folder holds files of one of these kinds. raises Problem: it cannot be looked into"""
    paths = _files(folder)
    return any(axes_of(path) for path in paths if _may_be_idx(path)) or bool(_batches(paths))


def layout_of(folder: Path, labels: Labels) -> Layout:
    """raises Problem: nothing of the kind, or files that do not make a whole"""
    paths = _files(folder)
    idx = {path: axes for path in paths if _may_be_idx(path) and (axes := axes_of(path))}
    if idx:
        train, test = (
            {path: axes for path, axes in idx.items() if _is_test(path) == of_test} for of_test in (False, True)
        )
        return Layout(_pair(folder, train), _pair(folder, test) if test else None, None)
    batches = _batches(paths)
    if batches:
        return _cifar(folder, paths, batches, labels)
    if any(path.name.startswith("data_batch") and not path.suffix for path in paths):
        raise Problem(
            where=str(folder),
            what=_("these are CIFAR's files for Python, pickles, which can run any program when they are opened"),
            fix=_("Take the binary version of CIFAR, or the set in the gallery"),
        )
    raise Problem(
        where=str(folder),
        what=_("it holds neither IDX files nor the .bin files of CIFAR"),
        fix=_("Choose the folder that the files lie in"),
    )


def axes_of(path: Path) -> int:
    """How many axes an IDX file of bytes has; 0 where it is none. raises Problem: an IDX file of another type"""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            magic = file.read(4)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return 0
    except OSError as error:
        raise unreadable(str(path), error) from error
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in range(8, 15) or not 1 <= magic[3] <= 4:
        return 0
    if magic[2] != 8:
        raise Problem(
            where=str(path),
            what=_("it is an IDX file of numbers of type {code:#04x}, not of bytes").format(code=magic[2]),
            fix=_("Save it with one byte a pixel (type 0x08)"),
        )
    return magic[3]


def shape_of(path: Path, axes: int) -> Shape:
    """The sizes in the header of an IDX file. raises Problem"""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            header = file.read(4 + 4 * axes)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(str(path), error) from error
    if len(header) < 4 + 4 * axes:
        raise Problem(
            where=str(path),
            what=_("it is cut off within its first {count} bytes").format(count=4 + 4 * axes),
            fix=_("Delete it and get it again"),
        )
    return tuple(int.from_bytes(header[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(axes))


def _files(folder: Path) -> list[Path]:
    return [folder / name for name in names_below(folder, MOST_FILES) if (folder / name).is_file()]


def _may_be_idx(path: Path) -> bool:
    """A first look at the name: a thousand files are not opened in vain."""
    return "idx" in path.name.lower() or "ubyte" in path.name.lower() or path.suffix in ("", ".gz", ".idx")


def _is_test(path: Path) -> bool:
    return bool(_OF_TEST.search(path.name))


def _pair(folder: Path, files: dict[Path, int]) -> Idx:
    """The pictures and the labels of one part. raises Problem: not one file of each"""
    pictures = [path for path, axes in files.items() if axes > 1]
    labels = [path for path, axes in files.items() if axes == 1]
    if len(pictures) != 1 or len(labels) != 1:
        found = ", ".join(path.name for path in [*pictures, *labels][:6])
        raise Problem(
            where=str(folder),
            what=_("it holds {pictures} IDX files of pictures and {labels} of labels where one of each is wanted ({names})").format(
                pictures=len(pictures), labels=len(labels), names=found or _("none to train on")
            ),
            fix=_("Put the two files of the training part, and the two of the test part, into a folder of their own"),
        )  # fmt: skip
    return Idx(pictures[0], labels[0], shape_of(pictures[0], files[pictures[0]])[1:])


def _batches(paths: list[Path]) -> list[Path]:
    wanted = re.compile(r"(data_batch.*|test_batch|train|test)\.bin", re.IGNORECASE)
    return [path for path in paths if wanted.fullmatch(path.name)]


def _cifar(folder: Path, paths: list[Path], batches: list[Path], labels: Labels) -> Layout:
    names = {path.name: path for path in paths}
    hundred = any(one in names for one in _NAMES_100.values()) or all(
        path.stem.lower() in ("train", "test") for path in batches
    )
    of_labels = 2 if hundred else 1
    record, label = _PIXELS + of_labels, int(hundred and labels == "fine")
    for path in batches:
        size = path.stat().st_size
        if not size or size % record:
            raise Problem(
                where=str(path),
                what=_("it has {size:,} bytes, not a whole number of pictures with {labels} label and {pixels:,} pixels each").format(
                    size=size, labels=of_labels, pixels=_PIXELS
                ),
                fix=_("It is cut off, or no file of CIFAR: get it again"),
            )  # fmt: skip
    train = tuple(path for path in batches if not _is_test(path))
    test = tuple(path for path in batches if _is_test(path))
    if not train:
        raise Problem(
            where=str(folder), what=_("it holds no pictures to train on, only test pictures"), fix=_("Put data_batch_1.bin beside them")
        )  # fmt: skip
    named = names.get(_NAMES_100[labels] if hundred else _NAMES_10)
    return Layout(Cifar(train, record, label), Cifar(test, record, label) if test else None, named)
