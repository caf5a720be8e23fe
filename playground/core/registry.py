"""Registries find their entries by scanning their own package and the entry points of other distributions.

A module that fails to load is left out and remembered in `FAILURES`, which the window shows: one broken
plug-in never keeps the program from starting.
"""

import logging
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

Declaration = TypeVar("Declaration")

FAILURES: dict[str, str] = {}  # module -> why it was left out


def declarations(package: ModuleType, kind: type[Declaration], key: str = "name") -> dict[str, Declaration]:
    """Every declaration of one kind, by name, in the order of the modules and of the lines in them.

    package: scanned, private modules (`_name`) left out; its entry-point group is "playground.<last part of its name>"
    """
    found: dict[str, Declaration] = {}
    for module in _modules(package):
        for value in vars(module).values():
            if isinstance(value, kind) and getattr(value, key) not in found:
                found[getattr(value, key)] = value
    return found


def module_declaring(package: ModuleType, declaration: Any) -> ModuleType | None:
    """The module, of the package or of a plug-in, that this very declaration stands in, or None."""
    return next(
        (module for module in _modules(package) if any(one is declaration for one in vars(module).values())), None
    )


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    group = "playground." + package.__name__.rpartition(".")[2]
    own = sorted(f"{package.__name__}.{one.name}" for one in iter_modules(package.__path__) if one.name[0] != "_")
    for name in own:
        yield from _loaded(name)
    for name in plug_ins(group):
        yield from _loaded(name)


def plug_ins(group: str) -> list[str]:
    """The modules that other distributions name in an entry-point group."""
    if not _has_plug_ins():
        return []
    from importlib.metadata import entry_points  # costs more than all that is ours

    return sorted({point.module for point in entry_points(group=group)})


@cache
def _has_plug_ins() -> bool:
    """Whether any distribution on the path names a group of ours; 1 ms, where importlib.metadata takes 40."""
    for folder in sys.path:
        try:
            found = [one for one in os.listdir(folder or ".") if one.endswith((".dist-info", ".egg-info"))]
        except OSError:  # a zip file, or nothing
            continue
        for one in found:
            file = Path(folder, one, "entry_points.txt")
            try:
                if b"[playground." in file.read_bytes():
                    return True
            except OSError:
                continue
    return False


def _loaded(name: str) -> Iterator[ModuleType]:
    """The module, or nothing where it fails to load."""
    try:
        yield import_module(name)
    except Exception as error:  # a stranger's module may raise anything; the log keeps the traceback
        FAILURES[name] = f"{type(error).__name__}: {error}"
        logging.getLogger(__name__).warning("left out %s", name, exc_info=True)
