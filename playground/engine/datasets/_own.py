"""What the readers of the user's own files share: the path, what was read last, when to stop, what may be believed."""

import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import torch

from playground.core.messages import DatasetState
from playground.core.problem import MEMORY, Fault, Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.fetch import Cancelled
from playground.engine.memory import free_memory, size_text

Progress = Callable[[int, int], None]  # samples, or bytes, done and in all
Asked = Callable[[], bool]
Made = TypeVar("Made")

# A name is kept, a value is not: memory that a file may ask for is bounded by what is free.
SHARE_OF_FREE_MEMORY = 0.5


def path_of(spec: DatasetSpec, options: Mapping[str, Any]) -> Path:
    """The file or folder that the user has named. raises Problem: none is named, or nothing is there"""
    named = options.get("path") or ""
    if not named:
        raise Problem.from_fault(_unnamed(spec))
    try:
        path = Path(named).expanduser()
        path.stat()
    except FileNotFoundError as error:
        raise missing(named) from error
    except (OSError, ValueError, RuntimeError) as error:  # no rights; a zero byte in the name; no such home
        raise unreadable(named, error) from error
    return path


def file_of(spec: DatasetSpec, options: Mapping[str, Any]) -> Path:
    """As `path_of`, and it is a plain file. raises Problem"""
    path = path_of(spec, options)
    if not stat.S_ISREG(path.stat().st_mode):
        raise Problem(
            where=str(path),
            what=_("it is a folder, but {title} is one file").format(title=spec.title)
            if path.is_dir()
            else _("it is not a file that can be read from its beginning to its end"),
            fix=_("Choose a file"),
        )
    return path


def located(spec: DatasetSpec, options: Mapping[str, Any] | None) -> DatasetState:
    """Whether something lies where the options say. Nothing is read."""
    try:
        path = path_of(spec, options or {})
    except Problem as problem:
        return DatasetState(spec.name, False, "", 0, problem.fault)
    return DatasetState(spec.name, True, str(path), path.stat().st_size if path.is_file() else 0)


def state_of(path: Path) -> tuple[str, int, int]:
    """A file as it is now: equal states, equal content. raises Problem"""
    try:
        found = path.stat()
        return (str(path.resolve()), found.st_size, found.st_mtime_ns)
    except OSError as error:
        raise unreadable(str(path), error) from error


def go_on(cancelled: Asked | None, where: str) -> None:
    """raises Cancelled: the user does not want it any more"""
    if cancelled is not None and cancelled():
        raise Cancelled(where=where, what=_("reading it was cancelled"), fix=_("Open it again whenever you like"))


def refuse_what_does_not_fit(where: str, needed: int) -> None:
    """Before memory is asked for. needed: bytes;  raises Problem"""
    free = free_memory(torch.device("cpu"))
    if needed > free * SHARE_OF_FREE_MEMORY:
        raise Problem(
            where=where,
            what=_("it would take {needed} of memory, and {free} are free").format(
                needed=size_text(needed), free=size_text(free)
            ),
            fix=_("Take a part of it, or close other programs"),
            kind=MEMORY,
            batch_size=0,
        )


def chosen_from(where: str, name: str, value: str, known: list[str]) -> str:
    """A name that the user has given, if it is one of those that are there. raises Problem"""
    from playground.core.arguments import did_you_mean

    if value in known:
        return value
    some = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    raise Problem(
        where=where,
        what=_("{option} is {value}, but there is nothing of this name").format(option=name, value=value[:60])
        + did_you_mean(value, known),
        fix=_("Choose one of {names}").format(names=some),
    )


def missing(path: str) -> Problem:
    return Problem(where=shortened(path), what=_("there is no such file or folder"), fix=_("Choose it again"))


def unreadable(path: str, error: Exception) -> Problem:
    return Problem(
        where=shortened(path),
        what=_("it cannot be read: {reason}").format(reason=getattr(error, "strerror", None) or error),
        fix=_("Check the rights of the file and the disk it lies on"),
    )


def shortened(text: str, most: int = 400) -> str:
    """A name for a message: no control characters, not longer than a message may be."""
    plain = "".join(one if one.isprintable() else "?" for one in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def title_of(path: Path) -> str:
    """What the window and the messages call the user's set."""
    return shortened(path.absolute().name or str(path), 60)


def _unnamed(spec: DatasetSpec) -> Fault:
    return Fault(
        where=spec.title,
        what=_("no file or folder has been chosen"),
        fix=_("Choose one, drop it on the window, or use: playground train --data PATH"),
    )


class Memory(Generic[Made]):
    """The few things that were made last, by key; safe to use from several threads."""

    def __init__(self, most: int = 2):
        self._most = most
        self._kept: OrderedDict[Any, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any, make: Callable[[], Made]) -> Made:
        """What was made for this key, or what `make` makes now. What it raises is passed on, and nothing is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def names_below(folder: Path, most: int) -> list[str]:
    """The first names in a folder, in order; hidden ones and those of archivers left out. raises Problem"""
    try:
        with os.scandir(folder) as found:
            names = sorted(one.name for one in found if one.name[0] != "." and one.name != "__MACOSX")
    except OSError as error:
        raise unreadable(str(folder), error) from error
    return names[:most]
