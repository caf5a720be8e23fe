"""Projects on disk: read by path, by preset or from standard input; saved whole or not at all."""

import hashlib
import sys
from pathlib import Path

from playground.core.arguments import did_you_mean
from playground.core.problem import Problem
from playground.core.project import MAX_BYTES, SUFFIX, Project, read_project, write_project
from playground.core.text import _
from playground.disk import atomic, resources

PRESET = "preset:"


def presets() -> dict[str, Path]:
    """The examples that come with the program: name -> file."""
    return {path.stem: path for path in sorted(resources.path("presets").glob(f"*{SUFFIX}"))}


def load(name: str) -> Project:
    """The project named on a command line: a path, "-" for standard input, or "preset:NAME". raises Problem"""
    if name == "-":
        return read_project(sys.stdin.buffer.read(MAX_BYTES + 1), _("standard input"))
    if name.startswith(PRESET):
        known, wanted = presets(), name.removeprefix(PRESET)
        if wanted not in known:
            raise Problem(
                where=name,
                what=_("there is no preset of this name") + did_you_mean(wanted, known),
                fix=_("Choose one of {names}").format(names=", ".join(known)),
            )
        return read_file(known[wanted])
    return read_file(Path(name))


def read_file(path: Path) -> Project:
    """The project in a file. Its size is looked at before it is read. raises Problem"""
    return read_marked(path)[0]


def read_marked(path: Path) -> tuple[Project, str]:
    """The project in a file, and the mark by which another content is told from this one later. raises Problem"""
    try:
        content = _content(path)
    except OSError as error:
        raise Problem(
            where=str(path),
            what=_("it cannot be opened: {reason}").format(reason=error.strerror or error),
            fix=_("Check the name and the rights of the file"),
        ) from error
    return read_project(content, path.name), _mark(content)


def changed_mark(path: Path, mark: str) -> str:
    """The mark of the file as it is now where that is another one; "" where it is the same, or cannot be read at all.

    The content counts: a file that was touched, or written with what it held, is the same.
    """
    try:
        now = _mark(_content(path))
    except OSError:
        return ""
    return "" if now == mark else now


def save(project: Project, path: Path) -> str:
    """Write a project to a file, whole or not at all, and return its mark. raises Problem"""
    content = write_project(project).encode()
    atomic.write(path, content)
    return _mark(content)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
