"""Saving that is whole or did not happen."""

import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from playground.core.problem import Problem
from playground.core.text import _

STALE_S = 600  # no save takes so long


def write(path: Path, content: bytes) -> None:
    """Replace a file: written to a temporary file beside it, flushed to the disk, renamed. A link stays a link.

    raises Problem: no space, no right to write, no such folder; the old file is then as it was
    """
    temporary, path = "", Path(os.path.realpath(path))
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o777)
        else:
            os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
        raise Problem(
            where=str(path),
            what=_("it could not be saved: {reason}").format(reason=error.strerror or error),
            fix=_("What was there before is untouched; free some space or save in another place"),
        ) from error


def sweep(folder: Path, names: str) -> None:
    """Remove what savers that were killed left in a folder; nothing young, for it may be a save that goes on.

    names: regular expression of the files that were being saved
    """
    temporary, before = re.compile(rf"\.(?:{names})\.[a-z0-9_]{{8}}"), time.time() - STALE_S
    with suppress(OSError):
        for file in folder.iterdir():
            with suppress(OSError):
                if temporary.fullmatch(file.name) and file.lstat().st_mtime < before:
                    file.unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows cannot open a folder; the rename is safe there without
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
