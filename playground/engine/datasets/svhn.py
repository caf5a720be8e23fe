"""House numbers: two MATLAB files, each with the pictures X, (32, 32, 3, N) uint8, and the labels y, 1 to 10.

The label 10 is the digit 0, and is 0 here, as torchvision shows it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.core.arguments import shown_shape
from playground.core.messages import DatasetState
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.disk import folders
from playground.engine import cache, fetch as downloads
from playground.engine.datasets import Raw, _files, _matlab
from playground.engine.datasets._script import PATH_IMPORT, Reading, path_is

FILES = ("train_32x32.mat", "test_32x32.mat")
_MOST_BYTES = 1 << 31
_AT_ONCE = 1000  # pictures

Progress = Callable[[int, int], None]
Asked = Callable[[], bool]


def load(
    spec: DatasetSpec, folder: Path | None = None, progress: Progress | None = None, cancelled: Asked | None = None
) -> Raw:
    """(N, 3, 32, 32) uint8, 0 to 255, red, green, blue. A shorter set in these files is taken as it is.

    raises Problem: the files are nowhere or damaged;  raises Cancelled
    """
    place = _files.wanted(_find(spec, folder), spec, folder, _ways(spec))
    done = 0

    def go_on(samples: int) -> None:
        nonlocal done
        done += samples
        if cancelled is not None and cancelled():
            raise downloads.Cancelled(
                where=spec.title, what=_("reading it was cancelled"), fix=_("Start again whenever you like")
            )
        if progress is not None:
            progress(done, max(done, spec.train + (spec.test or 0)))

    parts: list[torch.Tensor] = []
    for name in FILES:
        path = place / name
        pictures, labels = cache.decoded_parts(
            [path], ("pictures", "labels"), lambda path=path: _Content(path, go_on).read()  # type: ignore[misc]
        )  # fmt: skip
        parts += [torch.from_numpy(pictures), torch.from_numpy(labels.astype(np.int64))]
    return Raw(parts[0], parts[1], parts[2], parts[3])


def locate(spec: DatasetSpec, folder: Path | None = None) -> DatasetState:
    """Where the two files lie. They are looked for, not read."""
    place = _find(spec, folder)
    if place is None:
        return DatasetState(spec.name, False, str(_home(spec)), spec.bytes, _files.missing(spec, folder, _ways(spec)))
    return _files.found(spec, place, [place / name for name in FILES])


def fetch(spec: DatasetSpec, progress: Progress, cancelled: Asked) -> None:
    """Download what is missing of the two files from where torchvision would. raises Problem"""
    source, remotes, address = _torchvision_class(spec), [], ""
    for url, name, md5 in (source.split_list["train"], source.split_list["test"]):
        address = url.rpartition("/")[0]
        if not (_home(spec) / name).is_file():
            remotes.append(downloads.Remote(name, md5, lambda path, name=name: {name: path.read_bytes()}))  # type: ignore[misc]
    downloads.download(
        spec.title, remotes, [f"{address}/"], _home(spec), progress, cancelled,
        total=spec.bytes if len(remotes) == len(FILES) else 0,
    )  # fmt: skip


class _Content:
    """Pictures and labels of one file."""

    def __init__(self, path: Path, go_on: Callable[[int], None]):
        self._path, self._go_on = path, go_on
        self._found: dict[str, np.ndarray] = {}

    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """(N, 3, 32, 32) and (N,) uint8. raises Problem"""
        _matlab.read(self._path, _MOST_BYTES, self._take)
        absent = [name for name in ("X", "y") if name not in self._found]
        if absent:
            raise _files.damaged(self._path, _("there is no matrix {name} in it").format(name=absent[0]))
        pictures, labels = self._found["X"], self._found["y"]
        if len(pictures) != len(labels):
            raise _files.damaged(
                self._path, _("it holds {count:,} pictures, but {others:,} labels").format(
                    count=len(pictures), others=len(labels)
                ),
            )  # fmt: skip
        return pictures, labels

    def _take(self, matrix: _matlab.Matrix) -> None:
        if matrix.name == "X":
            self._found["X"] = self._pictures(matrix)
        elif matrix.name == "y":
            self._found["y"] = self._labels(matrix)

    def _pictures(self, matrix: _matlab.Matrix) -> np.ndarray:
        shape = matrix.shape if len(matrix.shape) == 4 else (*matrix.shape, 1)  # MATLAB drops a last axis of 1
        if shape[:3] != (32, 32, 3) or len(shape) != 4 or matrix.kind != np.uint8:
            raise _files.damaged(
                self._path, _("its pictures X have the sizes {shape}, but must be 32×32×3×N bytes").format(
                    shape=shown_shape(matrix.shape)
                ),
            )  # fmt: skip
        pictures = np.empty((shape[3], 3, 32, 32), np.uint8)
        for start in range(0, len(pictures), _AT_ONCE):
            piece = pictures[start : start + _AT_ONCE]
            # rows of a column stand one after another in the file, then the columns, colours and pictures
            piece[:] = matrix.values(piece.size).reshape(piece.shape).swapaxes(2, 3)
            self._go_on(len(piece))
        return pictures

    def _labels(self, matrix: _matlab.Matrix) -> np.ndarray:
        count = max(matrix.shape, default=0)
        if matrix.shape not in ((count, 1), (1, count)):
            raise _files.damaged(
                self._path, _("its labels y have the sizes {shape}, but must be N×1").format(
                    shape=shown_shape(matrix.shape)
                ),
            )  # fmt: skip
        labels = matrix.values(count)
        wrong = ~np.isin(labels, np.arange(11))
        if wrong.any():
            raise _files.damaged(
                self._path, _("it has the label {label}, but they go from 1 to 10").format(label=labels[wrong][0])
            )
        return np.where(labels == 10, 0, labels).astype(np.uint8)


def _home(spec: DatasetSpec) -> Path:
    return folders.datasets() / spec.name


def _find(spec: DatasetSpec, folder: Path | None) -> Path | None:
    places = (place for root in _files.roots(folder) for place in (root / spec.name, root / "SVHN", root))
    return _files.first(places, lambda place: all((place / name).is_file() for name in FILES))


def _ways(spec: DatasetSpec) -> list[str]:
    return _files.by_hand(", ".join(FILES), _home(spec))


def _torchvision_class(spec: DatasetSpec) -> Any:
    return _files.torchvision_class(spec, "SVHN", _ways(spec))


def script(spec: DatasetSpec, folder: Path | None = None) -> Reading:
    """How a script reads them: by SciPy from the files that are read here, else as torchvision downloads them."""
    place = _find(spec, folder)
    if place is None:
        return Reading(_DOWNLOADED, ("from torchvision.datasets import SVHN",), has_test=True, largest=255)
    body = f"""
{path_is("folder", place)}
inputs, targets = read(folder / "{FILES[0]}")
test_inputs, test_targets = read(folder / "{FILES[1]}")
"""
    return Reading(body, ("from scipy.io import loadmat", PATH_IMPORT), _READ, has_test=True, largest=255)


_DOWNLOADED = """
train, test = (SVHN("data", split=part, download=True) for part in ("train", "test"))
inputs, targets = torch.from_numpy(train.data), torch.from_numpy(train.labels).long()
test_inputs, test_targets = torch.from_numpy(test.data), torch.from_numpy(test.labels)
test_targets = test_targets.long()
"""
_READ = '''
def read(path):
    """Pictures, red, green and blue, and their labels; the label 10 is the digit 0."""
    found = loadmat(path)
    pictures = torch.from_numpy(found["X"]).permute(3, 2, 0, 1).contiguous()
    return pictures, torch.from_numpy(found["y"]).long().flatten() % 10
'''
