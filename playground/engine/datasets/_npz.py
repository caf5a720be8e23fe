"""The arrays in an .npz file, believed only as far as its size allows. Nothing in it is ever run: no pickles."""

import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets._own import Asked, go_on, refuse_what_does_not_fit, shortened, unreadable

MOST_ARRAYS = 1000
_PIECE = 1 << 20
_SUSPICIOUS_BYTES = 1 << 28
_SUSPICIOUS_RATIO = 100  # of what an array holds to what it takes in the file: real data do not shrink so far
_MOST_BYTES = 4 << 30


@dataclass(frozen=True)
class Member:
    """One array, of which only the header has been read. offset: bytes before its values"""

    name: str
    entry: str
    dtype: np.dtype
    shape: tuple[int, ...]
    fortran: bool
    offset: int

    @property
    def nbytes(self) -> int:
        """Of its values."""
        return math.prod(self.shape) * self.dtype.itemsize


def members(path: Path) -> dict[str, Member]:
    """The arrays of a file, by name. raises Problem: no zip file, an array that cannot be what it says, Python objects"""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ARRAYS:
                raise _wrong(path, _("it holds {count:,} entries").format(count=len(entries)))
            found = [_member(path, archive, entry) for entry in entries if entry.filename.endswith(".npy")]
    except zipfile.BadZipFile as error:
        raise _wrong(path, _("it is damaged or cut off ({reason})").format(reason=error)) from error
    # RuntimeError: a version or compression that zipfile does not know, or a password
    except (OSError, EOFError, zlib.error, RuntimeError) as error:
        raise unreadable(str(path), error) from error
    if not found:
        raise Problem(
            where=str(path), what=_("it holds no numpy arrays"), fix=_("Save it with numpy.savez(file, x=…, y=…)")
        )
    return {member.name: member for member in found}


def read(path: Path, member: Member, cancelled: Asked | None = None) -> np.ndarray:
    """The values of one array. raises Problem: it is damaged, or holds less than it says;  Cancelled"""
    where = _("{file}, array {name}").format(file=path, name=shortened(member.name, 60))
    refuse_what_does_not_fit(where, 3 * member.nbytes)
    values = bytearray()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member.entry) as file:
            file.read(member.offset)
            while piece := file.read(_PIECE):
                go_on(cancelled, where)
                values += piece
                if len(values) > member.nbytes:
                    break
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, KeyError) as error:  # as in `members`
        raise _wrong(where, _("it is damaged or cut off ({reason})").format(reason=error)) from error
    if len(values) != member.nbytes:
        raise _wrong(where, _("its header announces {count:,} bytes, but it holds others").format(count=member.nbytes))
    try:
        flat = np.frombuffer(values, dtype=member.dtype) if values else np.empty(0, member.dtype)
        return flat.reshape(member.shape, order="F" if member.fortran else "C")
    except ValueError as error:
        raise _wrong(where, _("it has no values of shape {shape}").format(shape=member.shape)) from error


def _member(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    where = _("{file}, array {name}").format(file=path, name=shortened(entry.filename, 60))
    if entry.flag_bits & 1:
        raise _wrong(where, _("it is locked by a password"))
    try:
        with archive.open(entry) as file:
            version = np.lib.format.read_magic(file)
            if version not in ((1, 0), (2, 0), (3, 0)):
                raise ValueError(f"version {version}")
            header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, fortran, dtype = header(file)
            offset = file.tell()
    except zipfile.BadZipFile as error:
        raise _wrong(where, _("it is damaged ({reason})").format(reason=error)) from error
    except (ValueError, SyntaxError, TypeError, OverflowError, UnicodeError, MemoryError, RecursionError) as error:
        reason = shortened(str(error), 120)
        raise _wrong(where, _("it does not begin like an array ({reason})").format(reason=reason)) from error
    if dtype.hasobject:
        raise Problem(
            where=where,
            what=_("it holds Python objects, which can run any program when they are opened"),
            fix=_("Save numbers: numpy.asarray(…, dtype=float)"),
        )
    if not dtype.itemsize:
        raise _wrong(where, _("its values take no bytes"))
    member = Member(entry.filename.removesuffix(".npy"), entry.filename, dtype, tuple(shape), fortran, offset)
    _refuse_what_cannot_be(where, member, entry)
    return member


def _refuse_what_cannot_be(where: str, member: Member, entry: zipfile.ZipInfo) -> None:
    """Before any memory is asked for. raises Problem"""
    if min(member.shape, default=1) < 0 or member.nbytes + member.offset != entry.file_size:
        raise _wrong(
            where,
            _("its header announces {shape} values, but the file holds {count:,} bytes for them").format(
                shape="×".join(map(str, member.shape[:8])) or "1", count=max(0, entry.file_size - member.offset)
            ),
        )
    ratio = member.nbytes / max(1, entry.compress_size)
    if member.nbytes > _MOST_BYTES or (member.nbytes > _SUSPICIOUS_BYTES and ratio > _SUSPICIOUS_RATIO):
        raise Problem(
            where=where,
            what=_("it would unpack to {size:,.1f} GB from {packed:,.1f} MB").format(
                size=member.nbytes / 1e9, packed=entry.compress_size / 1e6
            ),
            fix=_("Save a part of it, or with numpy.savez, which does not compress"),
        )


def _wrong(where: Path | str, what: str) -> Problem:
    return Problem(where=str(where), what=what, fix=_("Save it again with numpy.savez, or choose another file"))


def by_name(found: Mapping[str, Member], *names: str) -> str:
    """The first of these names that an array has, whatever its capitals; empty where there is none."""
    small = {name.lower(): name for name in found}
    return next((small[name] for name in names if name in small), "")
