"""Arrays too large to be made in memory: written piece by piece into the cache, then mapped from there.

Beside `engine.cache`, which keeps what a file holds as a whole, with a checksum that is read each time. Here a whole file is
told by its size and by its name, which it gets only when all of it is written.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _
from playground.disk import folders
from playground.engine import cache

_VERSION = "1"  # of how the values are made: another number leaves older files unread
_SPARE_BYTES = 200_000_000  # of the disk, which the rest of the machine may need
_MOST_OF_ONE_PLACE = 4  # arrays of the same folder in the same state, made with other options


def folder() -> Path:
    """Where they are kept."""
    return cache.folder() / "pictures"


def mapped(source: Path, state: str, form: str, shape: Shape) -> np.ndarray | None:
    """The uint8 array that was kept for a source in this state, in this form; None where there is none.

    state: of the source's files;  form: what was made of them
    returns: an array of the caller's own: a page that is written to is copied
    """
    path = _path(source, state, form)
    try:
        array = np.load(path, mmap_mode="c", allow_pickle=False)
        if array.shape != shape or array.dtype != np.uint8 or path.stat().st_size != array.offset + array.nbytes:
            raise ValueError(f"{array.shape} {array.dtype}")
        with suppress(OSError):
            os.utime(path)  # it was wanted last
        return array
    except FileNotFoundError:
        return None
    except Exception:  # whatever a damaged header may bring numpy to raise
        logging.getLogger(__name__).warning("passed over %s", path, exc_info=True)
        return None


def written(source: Path, state: str, form: str, shape: Shape, write: Callable[[BinaryIO], None]) -> np.ndarray:
    """Keep an array of uint8 that `write` writes in C order, and map it. Whole or not at all.

    raises Problem: the disk is full or may not be written to;  and what `write` raises
    """
    path = _path(source, state, form)
    temporary = ""
    try:
        folders.made(path.parent)
        _refuse_full_disk(source, path.parent, int(np.prod(shape, dtype=np.int64)))
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            write(file)
        os.replace(temporary, path)
        temporary = ""
        _tidy(path)
    except OSError as error:
        raise Problem(
            where=str(path.parent),
            what=_("the decoded pictures cannot be kept there: {reason}").format(reason=error.strerror or error),
            fix=_("Free some space, or check the rights of the folder"),
        ) from error
    finally:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
    array = mapped(source, state, form, shape)
    if array is None:
        raise Problem(
            where=str(path),
            what=_("the decoded pictures were changed while they were written"),
            fix=_("Open the folder again"),
        )
    return array


def _path(source: Path, state: str, form: str) -> Path:
    return folder() / f"{_digest(_VERSION, str(source.resolve()))}-{_digest(state)}-{_digest(form)}.npy"


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode(errors="surrogateescape")).hexdigest()[:16]


def _refuse_full_disk(source: Path, place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free - _SPARE_BYTES
    if needed > free:
        raise Problem(
            where=str(source),
            what=_("its decoded pictures take {needed:,.1f} GB, and {free:,.1f} GB of the disk are free").format(
                needed=needed / 1e9, free=max(0, free) / 1e9
            ),
            fix=_("Choose a smaller size, or free some space below {folder}").format(folder=place),
        )


def _tidy(path: Path) -> None:
    """Arrays of earlier states of the source go, and of this state all but those that were wanted last."""
    place, state, _form = path.name.split("-")
    same: list[tuple[float, Path]] = []
    for other in path.parent.glob(f"{place}-*.npy"):
        with suppress(OSError):  # mapped by another process, on a system that keeps such files
            if other.name.split("-")[1] != state:
                other.unlink()
            else:
                same.append((other.stat().st_mtime, other))
    for _time, other in sorted(same)[:-_MOST_OF_ONE_PLACE]:
        with suppress(OSError):
            other.unlink()
