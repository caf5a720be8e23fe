"""The CIFAR family, from its original binary files or from the pickles that torchvision uses, of which nothing is run.

A row of a binary file is the label (CIFAR100: the coarse one, then the fine one) and the 3×32×32 bytes of a picture.
A pickle is a dictionary with "data", (N, 3072) uint8 in the same order, and "labels" or "fine_labels".
source: https://www.cs.toronto.edu/~kriz/cifar.html
"""

import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.core.messages import DatasetState
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.disk import folders
from playground.engine import cache, fetch as downloads
from playground.engine.datasets import Raw, _files, _pickles
from playground.engine.datasets._script import PATH_IMPORT, Reading, path_is

PIXELS = 3 * 32 * 32
_BATCHES = 5  # CIFAR10's training part is in as many files
_MOST_BYTES = 400_000_000  # of one file; the largest has 155 million

Progress = Callable[[int, int], None]
Asked = Callable[[], bool]


def load(
    spec: DatasetSpec, folder: Path | None = None, progress: Progress | None = None, cancelled: Asked | None = None
) -> Raw:
    """(N, 3, 32, 32) uint8, 0 to 255, red, green, blue. Fewer or shorter files than the whole set are taken as they are.

    raises Problem: the files are nowhere, damaged, or one in the middle is missing;  raises Cancelled
    """
    place = _files.wanted(_find(spec, folder), spec, folder, _ways(spec))
    steps = _Steps(spec, progress, cancelled)
    parts = [_part(spec, files, steps) for files in _parts_in(place, spec)]
    return Raw(*parts[0], *parts[1])


def locate(spec: DatasetSpec, folder: Path | None = None) -> DatasetState:
    """Where the files lie. They are looked for, not read."""
    place = _find(spec, folder)
    if place is None:
        return DatasetState(spec.name, False, str(_home(spec)), spec.bytes, _files.missing(spec, folder, _ways(spec)))
    return _files.found(spec, place, [file for files in _parts_in(place, spec) for file in files])


def fetch(spec: DatasetSpec, progress: Progress, cancelled: Asked) -> None:
    """Download the archive that torchvision would, and lay out the same files. raises Problem"""
    source = _torchvision_class(spec)
    wanted = [name for name, _md5 in [*source.train_list, *source.test_list]] + [source.meta["filename"]]
    address, _slash, name = source.url.rpartition("/")
    remote = downloads.Remote(name, source.tgz_md5, partial(_unpacked, prefix=source.base_folder, names=wanted))
    downloads.download(spec.title, [remote], [f"{address}/"], _home(spec), progress, cancelled, total=spec.bytes)


class _Steps:
    """How far the reading is, told between two files."""

    def __init__(self, spec: DatasetSpec, progress: Progress | None, cancelled: Asked | None):
        self._spec, self._progress, self._cancelled, self._done = spec, progress, cancelled, 0

    def go_on(self, samples: int = 0) -> None:
        self._done += samples
        if self._cancelled is not None and self._cancelled():
            raise downloads.Cancelled(
                where=self._spec.title, what=_("reading it was cancelled"), fix=_("Start again whenever you like")
            )
        if self._progress is not None:
            self._progress(self._done, max(self._done, self._spec.train + (self._spec.test or 0)))


def _part(spec: DatasetSpec, files: list[Path], steps: _Steps) -> tuple[torch.Tensor, torch.Tensor]:
    pictures, labels = cache.decoded_parts(files, ("pictures", "labels"), lambda: _decoded(spec, files, steps))
    return torch.from_numpy(pictures), torch.from_numpy(labels.astype(np.int64))


def _decoded(spec: DatasetSpec, files: list[Path], steps: _Steps) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3, 32, 32) uint8 and (N,) uint8 out of all files of a part."""
    read = []
    for file in files:
        steps.go_on()
        read.append(_binary(spec, file) if file.suffix == ".bin" else _pickled(spec, file, steps))
        steps.go_on(len(read[-1][1]))
    pictures, labels = (np.concatenate(one) for one in zip(*read, strict=True))
    return pictures.reshape(-1, 3, 32, 32), labels


def _binary(spec: DatasetSpec, path: Path) -> tuple[np.ndarray, np.ndarray]:
    labels = 2 if spec.name == "cifar100" else 1
    content = np.frombuffer(_files.content(path, _MOST_BYTES), np.uint8)
    if not len(content) or len(content) % (labels + PIXELS):
        raise _files.damaged(
            path, _("it has {size:,} bytes, which is no whole number of pictures of {row:,} bytes").format(
                size=len(content), row=labels + PIXELS
            ),
        )  # fmt: skip
    rows = content.reshape(-1, labels + PIXELS)
    return rows[:, labels:], _checked(spec, rows[:, labels - 1], path)


def _pickled(spec: DatasetSpec, path: Path, steps: _Steps) -> tuple[np.ndarray, np.ndarray]:
    content = _pickles.load(path, _files.content(path, _MOST_BYTES), steps.go_on)
    key = "fine_labels" if spec.name == "cifar100" else "labels"
    if not isinstance(content, dict) or not {"data", key} <= set(content):
        raise _files.damaged(path, _("there are no “data” and “{key}” in it").format(key=key))
    pixels, labels = content["data"], content[key]
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape != (len(pixels), PIXELS):
        raise _files.damaged(path, _("its “data” is no table of bytes with {count:,} columns").format(count=PIXELS))
    if not isinstance(labels, list) or not all(type(one) is int for one in labels) or len(labels) != len(pixels):
        raise _files.damaged(path, _("its “{key}” is no list of {count:,} labels").format(key=key, count=len(pixels)))
    return pixels, _checked(spec, np.array(labels, np.int64), path)


def _checked(spec: DatasetSpec, labels: np.ndarray, path: Path) -> np.ndarray:
    wrong = (labels < 0) | (labels >= len(spec.classes))
    if wrong.any():
        row = int(wrong.argmax())
        raise _files.damaged(
            path, _("picture {row:,} has the label {label}, but the classes go from 0 to {last}").format(
                row=row + 1, label=labels[row], last=len(spec.classes) - 1
            ),
        )  # fmt: skip
    return labels.astype(np.uint8)


def _unpacked(path: Path, prefix: str, names: list[str]) -> dict[str, bytes]:
    """The files of the set in the archive: nothing else of it is read, and nothing is written here."""
    kept: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = member.name.removeprefix(f"{prefix}/")
                if member.isfile() and name in names and member.size <= _MOST_BYTES:
                    kept[name] = (archive.extractfile(member) or io.BytesIO()).read()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise _files.damaged(path, _("it is damaged or cut off ({error})").format(error=error)) from error
    absent = [name for name in names if name not in kept]
    if absent:
        raise _files.damaged(path, _("there is no {name} in it").format(name=absent[0]))
    return kept


def _forms(spec: DatasetSpec) -> list[tuple[str, list[str], list[str]]]:
    """Folder, training files and test files: torchvision's pickles, then the binary files."""
    if spec.name == "cifar100":
        return [("cifar-100-python", ["train"], ["test"]), ("cifar-100-binary", ["train.bin"], ["test.bin"])]
    batches = [f"data_batch_{number}" for number in range(1, _BATCHES + 1)]
    return [
        ("cifar-10-batches-py", batches, ["test_batch"]),
        ("cifar-10-batches-bin", [f"{name}.bin" for name in batches], ["test_batch.bin"]),
    ]


def _home(spec: DatasetSpec) -> Path:
    return folders.datasets() / _forms(spec)[0][0]


def _find(spec: DatasetSpec, folder: Path | None) -> Path | None:
    return _files.first(_places(spec, folder), lambda place: bool(_parts_in(place, spec)))


def _places(spec: DatasetSpec, folder: Path | None) -> Iterator[Path]:
    for root in _files.roots(folder):
        yield from (root / name for name, _train, _test in _forms(spec))
        yield root / spec.name
        yield root


def _parts_in(place: Path, spec: DatasetSpec) -> list[list[Path]]:
    """The files of the training and of the test part; empty where they do not lie here.

    Of five batches, those up to the first missing one count: whoever has only some can still begin.
    """
    for _folder, train, test in _forms(spec):
        there = [(place / name).is_file() for name in train]
        count = there.index(False) if False in there else len(there)
        if count and (place / test[0]).is_file():
            return [[place / name for name in train[:count]], [place / test[0]]]
    return []


def _ways(spec: DatasetSpec) -> list[str]:
    _folder, train, test = _forms(spec)[0]
    files = _("{files} of its archive “python version”").format(files=", ".join([*train, *test]))
    return _files.by_hand(files, _home(spec))


def _torchvision_class(spec: DatasetSpec) -> Any:
    return _files.torchvision_class(spec, {"cifar10": "CIFAR10", "cifar100": "CIFAR100"}[spec.name], _ways(spec))


def script(spec: DatasetSpec, folder: Path | None = None) -> Reading:
    """How a script reads them: from the files that are read here, else as torchvision downloads them."""
    place = _find(spec, folder)
    if place is None:
        name = {"cifar10": "CIFAR10", "cifar100": "CIFAR100"}[spec.name]
        body = _DOWNLOADED.replace("CIFAR", name)
        return Reading(body, (f"from torchvision.datasets import {name}",), has_test=True, largest=255)
    train, test = _parts_in(place, spec)
    listed = ", ".join(f'"{file.name}"' for file in train)
    names = f"[{listed}]" if len(listed) < 60 else "[\n" + "".join(f'    "{file.name}",\n' for file in train) + "]"
    body = f"""
{path_is("folder", place)}
names = {names}
inputs, targets = read([folder / name for name in names])
test_inputs, test_targets = read([folder / "{test[0].name}"])
"""
    if train[0].suffix == ".bin":
        function = _READ_BINARY.format(labels=2 if spec.name == "cifar100" else 1)
        return Reading(body, (PATH_IMPORT,), function, has_test=True, largest=255)
    function = _READ_PICKLES.replace("LABELS", "fine_labels" if spec.name == "cifar100" else "labels")
    return Reading(body, ("import pickle", PATH_IMPORT), function, has_test=True, largest=255)


_DOWNLOADED = """
train, test = (CIFAR("data", train=part, download=True) for part in (True, False))
inputs = torch.from_numpy(train.data).permute(0, 3, 1, 2)
test_inputs = torch.from_numpy(test.data).permute(0, 3, 1, 2)
targets, test_targets = torch.tensor(train.targets), torch.tensor(test.targets)
"""
_READ_BINARY = '''
def read(paths):
    """Pictures, red, green and blue, and their labels, which stand before them."""
    content = bytearray(b"".join(path.read_bytes() for path in paths))
    rows = torch.frombuffer(content, dtype=torch.uint8).reshape(-1, {labels} + 3 * 32 * 32)
    return rows[:, {labels}:].reshape(-1, 3, 32, 32), rows[:, {labels} - 1].long()
'''
_READ_PICKLES = '''
def read(paths):
    """Pictures, red, green and blue, and their labels."""
    pictures, labels = [], []
    for path in paths:
        with open(path, "rb") as file:
            batch = pickle.load(file, encoding="latin1")
        pictures.append(torch.from_numpy(batch["data"]).reshape(-1, 3, 32, 32))
        labels += batch["LABELS"]
    return torch.cat(pictures), torch.tensor(labels)
'''
