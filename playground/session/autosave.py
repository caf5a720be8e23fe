"""Unsaved changes are written aside, so that no ending of the program loses more than half a minute of work."""

import contextlib
import os
import re
import time
import uuid
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.problem import Problem
from playground.core.project import MAX_BYTES, read_project, write_project
from playground.core.text import _
from playground.disk import atomic, folders, owners, projects
from playground.session.background import Background
from playground.session.document import Document

AFTER_S = 20  # from the first change that is not written yet
SUFFIX = ".unsaved"


class Unsaved(msgspec.Struct, frozen=True):
    """name, path: of the document ("" if it had no file);  project: as text;  written: seconds since 1970
    pid, process_started: of the session that wrote it, to tell one that goes on from one that died
    mark: of the document's file when that session last read or wrote it
    file: where this was read from;  overtaken: whether the document's file was written since, and is another one
    """

    name: str
    path: str
    project: str
    written: float
    pid: int
    process_started: float
    mark: str = ""
    file: str = ""
    overtaken: bool = False


def folder() -> Path:
    return folders.data() / "autosave"


class Autosave(QObject):
    """Writes the document beside its file while it is modified; the file is gone once it is saved or closed."""

    failed = Signal(object)  # Fault, once until it works again

    def __init__(
        self, document: Document, background: Background, after_s: float = AFTER_S, parent: QObject | None = None
    ):
        """after_s: from the first change that is not written yet to its being written"""
        super().__init__(parent)
        self._document, self._background = document, background
        self._file = folder() / f"{os.getpid()}-{uuid.uuid4().hex[:8]}{SUFFIX}"
        self._written = self._told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(after_s * 1_000))
        self._timer.timeout.connect(self.write)
        document.project_changed.connect(self._on_changed)
        document.saved_changed.connect(self._on_changed)

    def write(self) -> None:
        """Write what is unsaved now, in the background."""
        self._timer.stop()
        if self._document.is_modified:
            unsaved, file = self._unsaved(), self._file
            self._written = True
            self._background.run(lambda: _write(unsaved, file), lambda _nothing: self._tell(None), self._tell)

    def close(self, *, keep: bool) -> None:
        """The last thing: keep what is unsaved for the next session, or leave nothing behind."""
        if keep:
            self.write()
        else:
            self._remove()
        self._timer.stop()

    def left_behind(self) -> list[Unsaved]:
        """What sessions that are no more have left; newest first. Reads the disk.

        A damaged file is passed over; what was saved in the last moment before the end is taken away.
        """
        found = []
        atomic.sweep(folder(), rf".*{re.escape(SUFFIX)}")
        with contextlib.suppress(OSError):
            for file in folder().glob(f"*{SUFFIX}"):
                with contextlib.suppress(OSError, msgspec.DecodeError):
                    if file.stat().st_size <= 2 * MAX_BYTES:
                        unsaved = msgspec.json.decode(file.read_bytes(), type=Unsaved)
                        if owners.lives(unsaved.pid, unsaved.process_started):
                            continue
                        if _is_saved(unsaved):
                            file.unlink()
                        else:
                            since = bool(unsaved.mark and projects.changed_mark(Path(unsaved.path), unsaved.mark))
                            found.append(msgspec.structs.replace(unsaved, file=str(file), overtaken=since))
        return sorted(found, key=lambda one: one.written, reverse=True)

    def recover(self, unsaved: Unsaved) -> None:
        """Take it up in the document, as modified. raises Problem: unreadable, or taken up by another window"""
        if unsaved.file and not Path(unsaved.file).exists():
            raise Problem(
                where=unsaved.name,
                what=_("its unsaved changes are no longer waiting"),
                fix=_("Look into your other windows: one of them has taken them up or thrown them away"),
            )
        project = read_project(unsaved.project, unsaved.name)
        self._document.recover(project, unsaved.name, Path(unsaved.path) if unsaved.path else None, unsaved.mark)
        self.write()  # first here, then away there: at no moment is it nowhere
        self._background.run(lambda: self.forget(unsaved))

    def forget(self, unsaved: Unsaved) -> None:
        with contextlib.suppress(OSError):
            Path(unsaved.file).unlink()

    def _on_changed(self) -> None:
        if not self._document.is_modified:
            self._remove()
        elif not self._timer.isActive():
            self._timer.start()

    def _remove(self) -> None:
        self._timer.stop()
        if self._written:
            self._written = False
            file = self._file
            self._background.run(lambda: file.unlink(missing_ok=True))

    def _unsaved(self) -> Unsaved:
        document = self._document
        return Unsaved(
            name=document.name,
            path=str(document.path or ""),
            project=write_project(document.project),
            written=time.time(),
            pid=os.getpid(),
            process_started=owners.started(),
            mark=document.mark,
        )

    def _tell(self, fault: object) -> None:
        if fault is not None and not self._told:
            self.failed.emit(fault)
        self._told = fault is not None


def _is_saved(unsaved: Unsaved) -> bool:
    """Whether the document's own file holds these very changes."""
    if not unsaved.path:
        return False
    try:
        with Path(unsaved.path).open("rb") as file:
            return file.read(MAX_BYTES + 1) == unsaved.project.encode()
    except OSError:
        return False


def _write(unsaved: Unsaved, file: Path) -> None:
    try:
        folders.made(file.parent)
    except OSError as error:
        raise Problem(
            where=str(file.parent),
            what=_("unsaved changes cannot be kept there: {reason}").format(reason=error.strerror or error),
            fix=_("Free some space, or check the rights of the folder"),
        ) from error
    atomic.write(file, msgspec.json.encode(unsaved))
