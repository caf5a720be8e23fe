"""IDX files, the format of MNIST and its descendants, plain or compressed with gzip.

Layout: two zero bytes, the type (8 is uint8), the number of axes, the size of each axis as 4 bytes (most
significant first), then the values in C order.
source: http://yann.lecun.com/exdb/mnist/
"""

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from playground.core.arguments import shown_shape
from playground.core.problem import Problem
from playground.core.spec import Shape
from playground.core.text import _
from playground.engine import cache

_UINT8 = 8
_DEFLATE_LIMIT = 1032  # no compressed byte gives more than this many
_MOST_VALUES = 1 << 30  # more than any set in this format has, by far


def read(path: Path, sample_shape: Shape) -> np.ndarray:
    """The samples in a file: (N, *sample_shape) uint8; () for labels.

    A compressed file is unpacked once and then mapped from the cache; a plain one is read as fast as the cache.
    raises Problem: it cannot be opened, holds something else, or is not whole
    """
    return (
        cache.decoded(path, lambda: decode(path, sample_shape)) if path.suffix == ".gz" else decode(path, sample_shape)
    )


def encode(samples: np.ndarray) -> bytes:
    """The content of a plain file that holds these samples, (N, ...) uint8."""
    sizes = b"".join(size.to_bytes(4, "big") for size in samples.shape)
    return bytes((0, 0, _UINT8, samples.ndim)) + sizes + samples.tobytes()


def decode(path: Path, sample_shape: Shape) -> np.ndarray:
    """As `read`, past the cache."""
    compressed = path.suffix == ".gz"
    try:
        size = path.stat().st_size
        with gzip.open(path) if compressed else path.open("rb") as file:
            shape = _shape(file, path, 1 + len(sample_shape))
            if shape[1:] != sample_shape:
                raise _damaged(
                    path,
                    _("its samples have the shape {found}, but must have {expected}").format(
                        found=shown_shape(shape[1:]), expected=shown_shape(sample_shape)
                    ),
                )
            # Before any memory is asked for: could a file of this size hold what it announces?
            room = size * _DEFLATE_LIMIT if compressed else size - file.tell()
            if math.prod(shape) > min(room, _MOST_VALUES):
                raise _cut_off(path, shape)
            return _values(file, path, shape)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path, _("it is damaged or cut off ({error})").format(error=error)) from error
    except OSError as error:
        raise Problem(
            where=str(path),
            what=_("it cannot be read: {reason}").format(reason=error.strerror or error),
            fix=_("Check the rights of the file and the disk it lies on"),
        ) from error


def _shape(file: BinaryIO | gzip.GzipFile, path: Path, axes: int) -> Shape:
    header = file.read(4 + 4 * axes)
    if header[:4] != bytes((0, 0, _UINT8, axes)):
        raise _damaged(path, _("it does not begin like an IDX file of bytes with {axes} axes").format(axes=axes))
    if len(header) < 4 + 4 * axes:
        raise _damaged(path, _("it is cut off within its first {count} bytes").format(count=4 + 4 * axes))
    return tuple(int.from_bytes(header[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(axes))


def _values(file: BinaryIO | gzip.GzipFile, path: Path, shape: Shape) -> np.ndarray:
    array = np.empty(shape, dtype=np.uint8)
    room, filled = array.data.cast("B") if array.size else memoryview(b""), 0
    while filled < len(room):
        count = file.readinto(room[filled:])  # type: ignore[union-attr]
        if not count:
            raise _cut_off(path, shape)
        filled += count
    if file.read(1):
        raise _damaged(
            path, _("it goes on after the {shape} values that it announces").format(shape=shown_shape(shape))
        )
    return array


def _cut_off(path: Path, shape: Shape) -> Problem:
    return _damaged(path, _("it is cut off: it announces {shape} values").format(shape=shown_shape(shape)))


def _damaged(path: Path, what: str) -> Problem:
    return Problem(where=str(path), what=what, fix=_("Delete it and get it again"))
