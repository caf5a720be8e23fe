"""The MNIST family: four IDX files, two of pictures and two of labels. Found, read and downloaded here."""

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.core.messages import DatasetState
from playground.core.problem import Fault, Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.disk import folders
from playground.engine import fetch as downloads
from playground.engine.datasets import Raw, _idx

VARIABLE = "PLAYGROUND_DATA"  # folders to look in, separated like those of PATH
SHARED = Path("/usr/share/datasets")  # where Debian's packages put data sets

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_TORCHVISION = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}  # its class, and its folder
_PACKAGES = {"fashion-mnist": "dataset-fashion-mnist"}  # of Debian and Ubuntu

# All sets of the family name their files alike; the test labels of the real ones tell which set a folder holds.
_TEST_LABELS = {
    "27ae3e4e09519cfbb04c329615203637": "mnist",
    "15d484375f8d13e6eb1aabb0c3f46965": "fashion-mnist",
}


def load(spec: DatasetSpec, folder: Path | None = None) -> Raw:
    """(60000, 1, 28, 28) and (10000, 1, 28, 28) uint8, 0 to 255. A shorter set in these files is taken as it is.

    raises Problem: the files are nowhere, damaged, or do not belong together
    """
    if folder is not None and not folder.is_dir():
        raise Problem(where=str(folder), what=_("there is no such folder"), fix=_("Name the folder of the data set"))
    place = _find(spec, folder)
    if place is None:
        raise Problem.from_fault(_missing(spec, folder))
    images, labels, test_images, test_labels = (_file(place, name) for name in FILES)
    return Raw(*_part(spec, images, labels), *_part(spec, test_images, test_labels))


def locate(spec: DatasetSpec, folder: Path | None = None) -> DatasetState:
    """Where the four files lie. They are looked for, not read (but for the test labels, 10 kB)."""
    place = _find(spec, folder)
    if place is None:
        return DatasetState(spec.name, False, str(_home(spec)), spec.bytes, _missing(spec, folder))
    sizes = sum(_file(place, name).stat().st_size for name in FILES)
    return DatasetState(spec.name, True, str(place), sizes)


def fetch(spec: DatasetSpec, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
    """Download what is missing of the four files from where torchvision would, into its layout. raises Problem"""
    source = _torchvision_class(spec)
    missing = []
    for name, md5 in source.resources:
        plain, shape = name.removesuffix(".gz"), spec.sample_shape[1:] if "images" in name else ()
        if not _is_whole(_home(spec) / plain, shape):
            missing.append(downloads.Remote(name, md5, plain, partial(_unpacked, sample_shape=shape)))
    downloads.download(
        spec.title, missing, source.mirrors, _home(spec), progress, cancelled,
        total=spec.bytes if len(missing) == len(FILES) else 0,
    )  # fmt: skip


def _unpacked(path: Path, sample_shape: Shape) -> bytes:
    return _idx.encode(_idx.decode(path, sample_shape))


def _is_whole(path: Path, sample_shape: Shape) -> bool:
    try:
        return bool(len(_idx.decode(path, sample_shape)))
    except Problem:
        return False


def _part(spec: DatasetSpec, images: Path, labels: Path) -> tuple[torch.Tensor, torch.Tensor]:
    pixels, classes = _idx.read(images, spec.sample_shape[1:]), _idx.read(labels, ())
    if len(pixels) != len(classes):
        raise Problem(
            where=str(images.parent),
            what=_("{images} holds {count:,} pictures, but {labels} holds {others:,} labels").format(
                images=images.name, count=len(pixels), labels=labels.name, others=len(classes)
            ),
            fix=_("Delete both files and get them again"),
        )
    return torch.from_numpy(pixels).unsqueeze(1), torch.from_numpy(classes.astype(np.int64))


def _home(spec: DatasetSpec) -> Path:
    """Where a download goes: torchvision's layout below the program's own folder."""
    return folders.datasets() / _TORCHVISION[spec.name] / "raw"


def _find(spec: DatasetSpec, folder: Path | None) -> Path | None:
    return next((place for place in _places(spec, folder) if _holds(place, spec)), None)


def _places(spec: DatasetSpec, folder: Path | None) -> Iterator[Path]:
    """Where the files may lie, in the order in which they are looked for: what the user says comes first."""
    named = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    for root in [*([folder] if folder else []), *named, folders.datasets(), SHARED]:
        root = root.expanduser()
        layout = _TORCHVISION[spec.name]
        yield from (root / layout / "raw", root / layout, root / spec.name, root / "raw", root)


def _holds(place: Path, spec: DatasetSpec) -> bool:
    """Whether all four files lie there and are not known to be another set's."""
    try:
        if not all(_file(place, name).is_file() for name in FILES):
            return False
        content = _idx.encode(_idx.decode(_file(place, FILES[-1]), ()))
    except Problem:
        return True  # it is damaged: reading it will say how, which helps more than "not found"
    except OSError:
        return False  # a folder that may not be looked into
    known = _TEST_LABELS.get(hashlib.md5(content, usedforsecurity=False).hexdigest())
    return known in (None, spec.name)


def _file(place: Path, name: str) -> Path:
    """The plain file, else the compressed one."""
    plain = place / name
    return plain if plain.is_file() else place / f"{name}.gz"


def _missing(spec: DatasetSpec, folder: Path | None) -> Fault:
    what = _("its files are not on this machine")
    if folder:
        what += " " + _("(looked in {folder} first)").format(folder=folder)
    download = _("download it in the program, or with: playground data prepare {name}").format(name=spec.name)
    return Fault(where=spec.title, what=what, fix=_sentence([download, *_ways_by_hand(spec)]))


def _ways_by_hand(spec: DatasetSpec) -> list[str]:
    ways = [
        _("put {files} (plain or .gz) into {folder}").format(files=", ".join(FILES), folder=_home(spec)),
        _("name their folder in the variable {variable}").format(variable=VARIABLE),
    ]
    if spec.name in _PACKAGES:
        ways.append(_("on Debian and Ubuntu: apt install {package}").format(package=_PACKAGES[spec.name]))
    return ways


def _sentence(ways: list[str]) -> str:
    text = _("; or ").join(ways)
    return text[0].upper() + text[1:]


def _torchvision_class(spec: DatasetSpec) -> Any:
    try:
        import torchvision.datasets

        return getattr(torchvision.datasets, _TORCHVISION[spec.name])
    except Exception as error:  # a torchvision that does not match torch raises RuntimeError, among others
        raise Problem(
            where=spec.title,
            what=_("torchvision, which knows where it is kept, does not load ({error})").format(error=error),
            fix=_sentence([_("install torchvision again"), *_ways_by_hand(spec)]),
        ) from error
