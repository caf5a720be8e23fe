"""The MNIST family: four IDX files, two of pictures and two of labels. Found, read and downloaded here.

EMNIST's pictures lie on their side in their files, and its labels go from 1 to 26. torchvision shows them so; here the
letters stand upright, and the labels go from 0 (a) to 25 (z) as everywhere.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.core.messages import DatasetState
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec, Shape
from playground.core.text import _
from playground.disk import folders
from playground.engine import cache, fetch as downloads
from playground.engine.datasets import Raw, _files, _idx
from playground.engine.datasets._script import PATH_IMPORT, READ_IDX, Reading, path_is

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
LETTERS = (
    "emnist-letters-train-images-idx3-ubyte",
    "emnist-letters-train-labels-idx1-ubyte",
    "emnist-letters-test-images-idx3-ubyte",
    "emnist-letters-test-labels-idx1-ubyte",
)
_TORCHVISION = {  # its class, and its folder
    "mnist": "MNIST",
    "fashion-mnist": "FashionMNIST",
    "kmnist": "KMNIST",
    "emnist-letters": "EMNIST",
}
_PACKAGES = {"fashion-mnist": "dataset-fashion-mnist"}  # of Debian and Ubuntu
_MOST_PACKED = 100_000_000  # bytes of one file inside EMNIST's archive, compressed

# Most sets of the family name their files alike; the test labels of the real ones tell which set a folder holds.
_TEST_LABELS = {
    "27ae3e4e09519cfbb04c329615203637": "mnist",
    "15d484375f8d13e6eb1aabb0c3f46965": "fashion-mnist",
}


def load(spec: DatasetSpec, folder: Path | None = None) -> Raw:
    """(N, 1, 28, 28) uint8, 0 to 255, for training and for the test. A shorter set in these files is taken as it is.

    raises Problem: the files are nowhere, damaged, or do not belong together
    """
    place = _files.wanted(_find(spec, folder), spec, folder, _ways(spec))
    images, labels, test_images, test_labels = (_file(place, name) for name in _names(spec))
    return Raw(*_part(spec, images, labels), *_part(spec, test_images, test_labels))


def locate(spec: DatasetSpec, folder: Path | None = None) -> DatasetState:
    """Where the four files lie. They are looked for, not read (but for the test labels, 10 kB)."""
    place = _find(spec, folder)
    if place is None:
        return DatasetState(spec.name, False, str(_home(spec)), spec.bytes, _files.missing(spec, folder, _ways(spec)))
    return _files.found(spec, place, [_file(place, name) for name in _names(spec)])


def fetch(spec: DatasetSpec, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
    """Download what is missing of the four files from where torchvision would, into its layout. raises Problem"""
    source = _torchvision_class(spec)
    if spec.name == "emnist-letters":
        address, _slash, name = source.url.rpartition("/")
        mirrors, missing, total = [f"{address}/"], [downloads.Remote(name, source.md5, _letters)], spec.bytes
    else:
        mirrors, missing = source.mirrors, []
        for name, md5 in source.resources:
            plain, shape = name.removesuffix(".gz"), _shape(spec, name)
            if not _is_whole(_home(spec) / plain, shape):
                missing.append(downloads.Remote(name, md5, partial(_unpacked, name=plain, sample_shape=shape)))
        total = spec.bytes if len(missing) == len(FILES) else 0
    downloads.download(spec.title, missing, mirrors, _home(spec), progress, cancelled, total=total)


def _shape(spec: DatasetSpec, name: str) -> Shape:
    return spec.sample_shape[1:] if "images" in name else ()


def _unpacked(path: Path, name: str, sample_shape: Shape) -> dict[str, bytes]:
    return {name: _idx.encode(_idx.decode(path, sample_shape))}


def _letters(path: Path) -> dict[str, bytes]:
    """The four files of the letters, as compressed as they are in the archive with all of EMNIST."""
    kept = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name in LETTERS:
                member = archive.getinfo(f"gzip/{name}.gz")
                if member.file_size > _MOST_PACKED:
                    raise _files.damaged(path, _("{name} in it is too large").format(name=name))
                kept[f"{name}.gz"] = archive.read(member)
    # RuntimeError: a version or compression that zipfile does not know, or a password
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, zlib.error, RuntimeError) as error:
        raise _files.damaged(path, _("it is damaged or cut off ({error})").format(error=error)) from error
    return kept


def _is_whole(path: Path, sample_shape: Shape) -> bool:
    try:
        return bool(len(_idx.decode(path, sample_shape)))
    except Problem:
        return False


def _part(spec: DatasetSpec, images: Path, labels: Path) -> tuple[torch.Tensor, torch.Tensor]:
    pixels, classes = _pixels(spec, images), _idx.read(labels, ()).astype(np.int64)
    if len(pixels) != len(classes):
        raise Problem(
            where=str(images.parent),
            what=_("{images} holds {count:,} pictures, but {labels} holds {others:,} labels").format(
                images=images.name, count=len(pixels), labels=labels.name, others=len(classes)
            ),
            fix=_("Delete both files and get them again"),
        )
    first = 1 if spec.name == "emnist-letters" else 0
    return torch.from_numpy(pixels).unsqueeze(1), torch.from_numpy(classes - first)


def _pixels(spec: DatasetSpec, images: Path) -> np.ndarray:
    shape = _shape(spec, images.name)
    if spec.name != "emnist-letters":
        return _idx.read(images, shape)
    return cache.decoded(images, lambda: _idx.decode(images, shape).transpose(0, 2, 1))


def _names(spec: DatasetSpec) -> tuple[str, ...]:
    return LETTERS if spec.name == "emnist-letters" else FILES


def _home(spec: DatasetSpec) -> Path:
    """Where a download goes: torchvision's layout below the program's own folder."""
    return folders.datasets() / _TORCHVISION[spec.name] / "raw"


def _find(spec: DatasetSpec, folder: Path | None) -> Path | None:
    return _files.first(_places(spec, folder), lambda place: _holds(place, spec))


def _places(spec: DatasetSpec, folder: Path | None) -> Iterator[Path]:
    for root in _files.roots(folder):
        layout = _TORCHVISION[spec.name]
        yield from (root / layout / "raw", root / layout, root / spec.name, root / "raw", root)


def _holds(place: Path, spec: DatasetSpec) -> bool:
    """Whether all four files lie there and are not known to be another set's."""
    names = _names(spec)
    if not all(_file(place, name).is_file() for name in names):
        return False
    try:
        content = _idx.encode(_idx.decode(_file(place, names[-1]), ()))
    except Problem:
        return True  # it is damaged: reading it will say how, which helps more than "not found"
    known = _TEST_LABELS.get(hashlib.md5(content, usedforsecurity=False).hexdigest())
    return known in (None, spec.name)


def _file(place: Path, name: str) -> Path:
    """The plain file, else the compressed one."""
    plain = place / name
    return plain if plain.is_file() else place / f"{name}.gz"


def _ways(spec: DatasetSpec) -> list[str]:
    ways = _files.by_hand(_("{files} (plain or .gz)").format(files=", ".join(_names(spec))), _home(spec))
    if spec.name in _PACKAGES:
        ways.append(_("on Debian and Ubuntu: apt install {package}").format(package=_PACKAGES[spec.name]))
    return ways


def _torchvision_class(spec: DatasetSpec) -> Any:
    return _files.torchvision_class(spec, _TORCHVISION[spec.name], _ways(spec))


def script(spec: DatasetSpec, folder: Path | None = None) -> Reading:
    """How a script reads them: from the files that are read here, else as torchvision downloads them."""
    letters = spec.name == "emnist-letters"
    name, place = _TORCHVISION[spec.name], _find(spec, folder)
    turned, first = (".transpose(1, 2)", " - 1") if letters else ("", "")
    if place is None or (place.parts[-2:] == (name, "raw") and not letters and _is_plain(spec, place)):
        more = ', split="letters"' if letters else ""
        body = f"""
{path_is("folder", place.parent.parent if place else Path("data"))}
train = {name}(folder{more}, train=True, download=True)
test = {name}(folder{more}, train=False, download=True)
inputs, targets = train.data{turned}.unsqueeze(1), train.targets{first}
test_inputs, test_targets = test.data{turned}.unsqueeze(1), test.targets{first}
"""
        return Reading(body, (f"from torchvision.datasets import {name}", PATH_IMPORT), has_test=True, largest=255)
    files = [_file(place, one).name for one in _names(spec)]
    body = f"""
{path_is("folder", place)}
inputs = read_idx(folder / "{files[0]}"){turned}.unsqueeze(1)
targets = read_idx(folder / "{files[1]}").long(){first}
test_inputs = read_idx(folder / "{files[2]}"){turned}.unsqueeze(1)
test_targets = read_idx(folder / "{files[3]}").long(){first}
"""
    return Reading(body, ("import gzip", PATH_IMPORT), READ_IDX, has_test=True, largest=255)


def _is_plain(spec: DatasetSpec, place: Path) -> bool:
    """Whether all files are as torchvision leaves them. It downloads them anew where one is compressed."""
    return all((place / name).is_file() for name in _names(spec))
