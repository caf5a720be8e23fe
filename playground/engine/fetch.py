"""Downloads data sets, when asked to and never else: no other module of the program opens a connection.

The addresses and checksums are torchvision's and scikit-learn's; the transfer is ours, because theirs can neither be
cancelled nor tell how far it is. A file is checked and unpacked beside its place, and moved there when it is whole.
"""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import atomic, folders
from playground.engine.datasets import reader_of

Progress = Callable[[int, int], None]  # bytes done, bytes in all; 0 in all where that is not known

TIMEOUT_S = 20.0  # without a byte
_MOST_BYTES = 1 << 30  # of one file: a server that never stops sending does not fill the disk
_PIECE_BYTES = 1 << 16
_PROGRESS_EVERY_S = 0.05


class Cancelled(Problem):
    """The reader stopped the download."""


class _Unreachable(Exception):
    """One mirror did not give the file."""


@dataclass(frozen=True)
class Remote:
    """A file to download.

    name: below each mirror's address;  shown: its name in messages, where the address says nothing to a reader
    checksum: of the file as sent, hexadecimal: MD5 (32 digits) or SHA-256 (64)
    unpack: from the file as sent to the files that are kept, name -> content; raises Problem
    """

    name: str
    checksum: str
    unpack: Callable[[Path], Mapping[str, bytes]]
    shown: str = ""


def fetch(name: str, progress: Progress, cancelled: Callable[[], bool]) -> None:
    """Download a data set, unless it is on this machine. Returns when it can be read.

    cancelled: asked between two pieces
    raises Cancelled;  raises Problem: unknown, not to be downloaded, no network, no space, a wrong file
    """
    from playground.engine import loader

    spec = loader.spec_of(name)
    if loader.state_of(spec).available:
        return
    module = reader_of(spec)
    if not hasattr(module, "fetch"):
        raise Problem(
            where=spec.title, what=_("the program cannot download it"), fix=_("Get it from {source}").format(source=spec.source or "?")
        )  # fmt: skip
    module.fetch(spec, progress, cancelled)


def download(
    title: str,
    files: Sequence[Remote],
    mirrors: Sequence[str],
    folder: Path,
    progress: Progress,
    cancelled: Callable[[], bool],
    total: int = 0,
) -> None:
    """Bring files into a folder, each from the first mirror that gives it whole.

    title: of the data set;  mirrors: addresses that end in a slash;  total: bytes of all files, 0 if not known
    raises Cancelled, Problem: files that had arrived stay, no half file does
    """
    transfer = _Transfer(title, progress, cancelled, total)
    try:
        folders.made(folder)
        for file in files:
            transfer.bring(file, mirrors, folder)
    except OSError as error:
        raise Problem(
            where=str(folder),
            what=_("the download could not be saved: {reason}").format(reason=error.strerror or error),
            fix=_("Free some space, or check the rights of the folder"),
        ) from error
    progress(transfer.done, transfer.done)


class _Transfer:
    """What the files of one download share: how far it is, and whether it goes on."""

    def __init__(self, title: str, progress: Progress, cancelled: Callable[[], bool], total: int):
        self.title, self.done = title, 0
        self._progress, self._cancelled, self._total = progress, cancelled, total
        self._told_at = 0.0

    def bring(self, file: Remote, mirrors: Sequence[str], folder: Path) -> None:
        """raises Cancelled, Problem, OSError (of the disk)"""
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=f".{Path(file.name).name}", dir=folder)
        try:
            with os.fdopen(handle, "wb") as sink:
                self._first_whole(file, mirrors, folder, sink)
            for name, content in file.unpack(Path(temporary)).items():
                atomic.write(folder / name, content)
        finally:
            with suppress(OSError):
                os.unlink(temporary)

    def _first_whole(self, file: Remote, mirrors: Sequence[str], folder: Path, sink: BinaryIO) -> None:
        reasons = []
        for mirror in mirrors:
            before = self.done
            try:
                return self._receive(mirror + file.name, file.checksum, sink)
            except _Unreachable as error:
                self.done = before
                sink.seek(0)
                sink.truncate()
                reasons.append(f"{urlsplit(mirror).hostname}: {error}")
                logging.getLogger(__name__).warning("%s from %s: %s", file.name, mirror, error)
        raise Problem(
            where=self.title,
            what=_("{file} could not be downloaded ({reasons})").format(
                file=file.shown or file.name, reasons="; ".join(reasons)
            ),
            fix=_("Check the connection and try again, or put the files of the data set into {folder}").format(
                folder=folder
            ),
        )

    def _receive(self, url: str, checksum: str, sink: BinaryIO) -> None:
        self._go_on()
        kind = "md5" if len(checksum) == 32 else "sha256"
        digest, received = hashlib.new(kind, usedforsecurity=False), 0
        with closing(_pieces(url)) as pieces:
            for piece in pieces:
                self._go_on()
                received += len(piece)
                if received > _MOST_BYTES:
                    raise _Unreachable(_("it sends more than such a file has"))
                digest.update(piece)
                sink.write(piece)
                self._advance(len(piece))
        sink.flush()
        if digest.hexdigest() != checksum:
            raise _Unreachable(_("what it sent is not the whole file, or another one"))

    def _go_on(self) -> None:
        if self._cancelled():
            raise Cancelled(
                where=self.title, what=_("the download was cancelled"), fix=_("Start it again whenever you like")
            )

    def _advance(self, count: int) -> None:
        self.done += count
        now = time.monotonic()
        if now - self._told_at >= _PROGRESS_EVERY_S:
            self._told_at = now
            self._progress(self.done, max(self._total, self.done) if self._total else 0)


def _pieces(url: str) -> Generator[bytes, None, None]:
    """What a server sends, as it comes. raises _Unreachable"""
    import http.client  # both cost 50 ms, and few runs download anything
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as response:
            while piece := response.read1(_PIECE_BYTES):
                yield piece
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Unreachable(_reason(error)) from error


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", None)  # of a URLError
    if isinstance(inner, OSError):
        return inner.strerror or str(inner)
    return str(error) or type(error).__name__
