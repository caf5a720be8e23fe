"""Decoded arrays, kept beside the program's other caches, so that no file is unpacked twice.

A cached array is a plain .npy file with the checksum of its values behind it; it is mapped into memory, not read.
It belongs to its source files as they were (path, size, time of change). A cache that cannot be read, written or
trusted is passed over: the array is decoded again, and nobody is bothered.
"""

import hashlib
import logging
import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from playground.disk import folders

_CHECKSUM_BYTES = 4
_VERSION = "1"  # of the file's form: another number leaves older files unread


def folder() -> Path:
    """Where the decoded arrays are kept."""
    return folders.cache() / "datasets"


def decoded(source: Path, decode: Callable[[], np.ndarray]) -> np.ndarray:
    """The array that a file holds: mapped from the cache, or decoded and then kept there.

    decode: called where the cache has no such array; what it raises is passed on
    returns: an array of the caller's own: writing to it changes no file
    """
    return decoded_parts([source], ("",), lambda: (decode(),))[0]


def decoded_parts(
    sources: Sequence[Path], names: Sequence[str], decode: Callable[[], Sequence[np.ndarray]]
) -> list[np.ndarray]:
    """As `decoded`, for several arrays that several files hold together.

    names: of the arrays, in the order in which `decode` gives them; no two lists of names for the same files
    """
    paths = [_path_for(sources, name) for name in names]
    kept = [array for path in paths if path is not None and (array := _read(path)) is not None]
    if len(kept) == len(names):
        return kept
    arrays = [np.ascontiguousarray(array) for array in decode()]
    for path, array in zip(paths, arrays, strict=True):
        if path is not None and array.size:
            _write(path, array)
    return arrays


def _path_for(sources: Sequence[Path], name: str) -> Path | None:
    try:
        found = [source.stat() for source in sources]
        words = [str(source.resolve()) for source in sources]
    except OSError:
        return None
    place = _digest(_VERSION, *words, *([name] if name else []))
    return (
        folder()
        / f"{place}-{_digest(*(str(number) for one in found for number in (one.st_size, one.st_mtime_ns)))}.npy"
    )


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode(errors="surrogateescape")).hexdigest()[:16]


def _read(path: Path) -> np.ndarray | None:
    try:
        # "c": a private copy is made of a page that is written to
        array = np.lib.format.open_memmap(path, mode="c")
        with path.open("rb") as file:
            file.seek(-_CHECKSUM_BYTES, os.SEEK_END)
            expected = int.from_bytes(file.read(_CHECKSUM_BYTES), "big")
            whole = file.tell() == array.offset + array.nbytes + _CHECKSUM_BYTES
        if whole and zlib.crc32(array.data.cast("B")) == expected:
            return array.view(np.ndarray)
    except FileNotFoundError:
        return None
    except Exception:  # whatever a damaged header may bring numpy to raise
        logging.getLogger(__name__).warning("passed over %s", path, exc_info=True)
        return None
    logging.getLogger(__name__).warning("passed over %s, which is damaged", path)
    return None


def _write(path: Path, array: np.ndarray) -> None:
    """Whole or not at all; arrays of earlier states of the same source go."""
    temporary = ""
    try:
        folders.made(path.parent)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            np.save(file, array, allow_pickle=False)
            file.write(zlib.crc32(array.data.cast("B")).to_bytes(_CHECKSUM_BYTES, "big"))
        os.replace(temporary, path)
        for older in path.parent.glob(f"{path.name.partition('-')[0]}-*.npy"):
            if older != path:
                older.unlink(missing_ok=True)
    except (OSError, ValueError):
        logging.getLogger(__name__).warning("could not keep %s", path, exc_info=True)
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
