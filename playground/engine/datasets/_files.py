"""What the sets that are read from files share: where files may lie, and what to say where they do not."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from playground.core.messages import DatasetState
from playground.core.problem import Fault, Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.disk import folders

VARIABLE = "PLAYGROUND_DATA"  # folders to look in, separated like those of PATH
SHARED = Path("/usr/share/datasets")  # where Debian's packages put data sets


def roots(folder: Path | None) -> Iterator[Path]:
    """Folders that may hold data sets, in the order in which they are looked in: what the user says comes first."""
    named = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    for root in [*([folder] if folder else []), *named, folders.datasets(), SHARED]:
        yield root.expanduser()


def wanted(place: Path | None, spec: DatasetSpec, folder: Path | None, ways: Iterable[str]) -> Path:
    """The place that was found. raises Problem: none was, or the folder that the caller names is not there"""
    if folder is not None and not folder.is_dir():
        raise Problem(where=str(folder), what=_("there is no such folder"), fix=_("Name the folder of the data set"))
    if place is None:
        raise Problem.from_fault(missing(spec, folder, ways))
    return place


def first(places: Iterable[Path], holds: Callable[[Path], bool]) -> Path | None:
    """The first place that holds the files; one that may not be looked into does not."""
    for place in places:
        try:
            if holds(place):
                return place
        except OSError:
            continue
    return None


def found(spec: DatasetSpec, place: Path, files: Iterable[Path]) -> DatasetState:
    """The state of a set whose files are there."""
    return DatasetState(spec.name, True, str(place), sum(file.stat().st_size for file in files))


def missing(spec: DatasetSpec, folder: Path | None, ways: Iterable[str]) -> Fault:
    """Why a set cannot be read, with every way out. ways: beside the download"""
    what = _("its files are not on this machine")
    if folder:
        what += " " + _("(looked in {folder} first)").format(folder=folder)
    download = _("download it in the program, or with: playground data prepare {name}").format(name=spec.name)
    return Fault(where=spec.title, what=what, fix=sentence([download, *ways]))


def by_hand(files: str, home: Path) -> list[str]:
    """The ways that lead to any set. files: their names;  home: where they belong"""
    return [
        _("put {files} into {folder}").format(files=files, folder=home),
        _("name their folder in the variable {variable}").format(variable=VARIABLE),
    ]


def sentence(ways: Iterable[str]) -> str:
    """Alternatives as one sentence."""
    text = _("; or ").join(ways)
    return text[:1].upper() + text[1:]


def torchvision_class(spec: DatasetSpec, name: str, ways: Iterable[str]) -> Any:
    """torchvision's class of a set, for its addresses and checksums. raises Problem, with the ways out"""
    try:
        import torchvision.datasets

        return getattr(torchvision.datasets, name)
    except Exception as error:  # a torchvision that does not match torch raises RuntimeError, among others
        raise Problem(
            where=spec.title,
            what=_("torchvision, which knows where it is kept, does not load ({error})").format(error=error),
            fix=sentence([_("install torchvision again"), *ways]),
        ) from error


def damaged(path: Path, what: str) -> Problem:
    """A file that is not what its name says."""
    return Problem(where=str(path), what=what, fix=_("Delete it and get it again"))


def content(path: Path, most: int) -> bytes:
    """The whole file. most: bytes that such a file may have;  raises Problem"""
    try:
        size = path.stat().st_size
        if size > most:
            raise damaged(path, _("it has {size:,} bytes, more than such a file can have").format(size=size))
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> Problem:
    """A file that the system does not give."""
    return Problem(
        where=str(path),
        what=_("it cannot be read: {reason}").format(reason=error.strerror or error),
        fix=_("Check the rights of the file and the disk it lies on"),
    )
