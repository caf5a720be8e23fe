"""Arrays out of MATLAB 5 files, compressed or not, read in pieces and never more than the file can hold.

Layout: 128 bytes of header, then elements: type and size (4 bytes each), content. A matrix is an element that holds
elements: flags, sizes of the axes, name, values with the first axis running fastest. A compressed element holds
another one. Values may be stored in a smaller type than the matrix has.
source: MathWorks, MAT-File Format, R2024a, chapter 1
"""

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets import _files

_HEADER = 128
_MATRIX, _COMPRESSED = 14, 15
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_DEFLATE_LIMIT = 1032  # no compressed byte gives more than this many
_PIECE = 1 << 18


class Source(Protocol):
    """Bytes one after another."""

    def read(self, count: int) -> bytes:
        """Exactly so many; raises EOFError"""


@dataclass(frozen=True)
class Matrix:
    """A matrix whose values are next in the source. shape: as in MATLAB, the first axis running fastest"""

    name: str
    shape: tuple[int, ...]
    kind: np.dtype
    source: Source

    def values(self, count: int) -> np.ndarray:
        """The next values, one after another. raises EOFError"""
        return np.frombuffer(self.source.read(count * self.kind.itemsize), self.kind)


def read(path: Path, most: int, use: Callable[[Matrix], None]) -> None:
    """Hand over each matrix of numbers in a file, in order. It can be used only during the call.

    most: bytes that a matrix may have
    raises Problem: it is damaged, or no such file; what `use` raises
    """
    try:
        with path.open("rb") as file:
            for matrix in _matrices(file, path, most):
                use(matrix)
    except (EOFError, zlib.error, struct.error, UnicodeDecodeError) as error:
        raise _files.damaged(path, _("it is damaged or cut off ({error})").format(error=error)) from error
    except OSError as error:
        raise _files.unreadable(path, error) from error


def _matrices(file: BinaryIO, path: Path, most: int) -> Iterator[Matrix]:
    header = file.read(_HEADER)
    order = {b"IM": "<", b"MI": ">"}.get(header[126:128])
    if order is None or struct.unpack(f"{order}H", header[124:126])[0] >> 8 != 1:
        raise _files.damaged(path, _("it does not begin like a MATLAB 5 file"))
    size, place = path.stat().st_size, _HEADER
    while place < size:
        file.seek(place)
        kind, count = struct.unpack(f"{order}II", _Plain(file).read(8))
        place += 8 + count
        if place > size:
            raise EOFError(_("an element goes on behind the end of the file"))
        source: Source = _Plain(file)
        room = count
        if kind == _COMPRESSED:
            source, room = _Inflated(file, count), count * _DEFLATE_LIMIT
            kind, count = struct.unpack(f"{order}II", source.read(8))
        if kind == _MATRIX:
            matrix = _matrix(source, order, path)
            if matrix is not None:
                if math.prod(matrix.shape) * matrix.kind.itemsize > min(room, most):
                    raise _cannot_be(path, matrix)
                yield matrix


def _matrix(source: Source, order: str, path: Path) -> Matrix | None:
    """None for one that is not of plain numbers: text, a cell, a structure, complex numbers."""
    flags = _small(source, order, path)
    sizes = np.array([size for (size,) in struct.iter_unpack(f"{order}i", _small(source, order, path))])
    name = _small(source, order, path).decode("ascii")
    word = struct.unpack(f"{order}I", flags[:4])[0]
    if not 6 <= word & 0xFF <= 15 or word & 0x0800:
        return None
    kind, count, _inline = _tag(source, order)
    if (sizes < 0).any() or kind not in _TYPES:
        raise _files.damaged(path, _("the matrix {name} in it is not one of numbers").format(name=name[:20]))
    matrix = Matrix(name, tuple(int(size) for size in sizes), np.dtype(f"{order}{_TYPES[kind]}"), _inline or source)
    if math.prod(matrix.shape) * matrix.kind.itemsize != count:
        raise _cannot_be(path, matrix)
    return matrix


def _tag(source: Source, order: str) -> tuple[int, int, "Source | None"]:
    """Type, bytes, and where the content is, if not next in the source: up to four bytes stand in the tag itself."""
    head = source.read(8)
    kind, count = struct.unpack(f"{order}II", head)
    if not kind >> 16:
        return kind, count, None
    return kind & 0xFFFF, kind >> 16, _Held(head[4 : 4 + (kind >> 16)])


def _small(source: Source, order: str, path: Path) -> bytes:
    """The content of a small element, and past what fills it up to eight bytes."""
    _kind, count, inline = _tag(source, order)
    if count > 1000:
        raise _files.damaged(
            path, _("it is damaged: a name or a list of sizes has {count:,} bytes").format(count=count)
        )
    if inline is not None:
        return inline.read(count)
    content = source.read(count)
    source.read(-count % 8)
    return content


def _cannot_be(path: Path, matrix: Matrix) -> Problem:
    return _files.damaged(
        path, _("it claims a matrix {name} of the sizes {sizes}, which it cannot hold").format(
            name=matrix.name[:20], sizes="×".join(str(size) for size in matrix.shape)
        ),
    )  # fmt: skip


class _Held:
    def __init__(self, content: bytes):
        self._content = content

    def read(self, count: int) -> bytes:
        found, self._content = self._content[:count], self._content[count:]
        if len(found) < count:
            raise EOFError(_("it ends too early"))
        return found


class _Plain:
    def __init__(self, file: BinaryIO):
        self._file = file

    def read(self, count: int) -> bytes:
        found = self._file.read(count)
        if len(found) < count:
            raise EOFError(_("it ends too early"))
        return found


class _Inflated:
    """The unpacked content of the next `size` bytes of a file, unpacked as it is asked for."""

    def __init__(self, file: BinaryIO, size: int):
        self._file, self._left, self._inflate, self._rest = file, size, zlib.decompressobj(), b""

    def read(self, count: int) -> bytes:
        pieces, wanted = [], count
        while wanted:
            piece = self._inflate.decompress(self._rest, wanted)
            self._rest = self._inflate.unconsumed_tail
            if not piece and not self._rest:
                if not self._left or self._inflate.eof:
                    raise EOFError(_("it ends too early"))
                self._rest = self._file.read(min(self._left, _PIECE))
                self._left -= len(self._rest)
                if not self._rest:
                    raise EOFError(_("it ends too early"))
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)
