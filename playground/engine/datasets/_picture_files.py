"""Which pictures a folder holds, of which class and part each is, and what they were like when they were listed."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets._own import Asked, go_on, names_below, shortened, unreadable

SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm"))
TRAIN = frozenset(("train", "training", "trainset", "train_set", "training_set"))
TEST = frozenset(("test", "testing", "testset", "test_set"))
VALIDATION = frozenset(("val", "valid", "validation", "dev"))
MOST_FILES = 2_000_000
_ENDINGS = frozenset(one[1:] for one in SUFFIXES)
MOST_CLASSES = 10_000
_DEEPEST = 8


@dataclass(frozen=True, eq=False)
class Part:
    """files: below the root, in the order of the samples;  labels: (n,) int64"""

    files: list[str]
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class Listing:
    """What a folder holds.

    test: None where the folder is not parted;  digest: changes with every file's name, size and time
    folders: every folder that was looked into and when it last changed
    """

    root: Path
    classes: tuple[str, ...]
    train: Part
    test: Part | None
    notes: tuple[str, ...]
    digest: str
    folders: tuple[tuple[str, int], ...]

    @property
    def files(self) -> list[str]:
        """The pictures of both parts."""
        return self.train.files + (self.test.files if self.test else [])

    def is_current(self) -> bool:
        """Whether no file has come or gone since: quick, and blind to one that was overwritten in place."""
        try:
            return all(os.stat(folder).st_mtime_ns == changed for folder, changed in self.folders)
        except OSError:
            return False


@dataclass(eq=False)
class _Walk:
    """What is met on the way through the folders."""

    root: Path
    cancelled: Asked | None
    files: int = 0
    others: int = 0
    folders: list[tuple[str, int]] = field(default_factory=list)
    hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def pictures(self, folder: str, depth: int = 0) -> list[str]:
        """The pictures in a folder and the folders in it, below the root, in order. raises Problem, Cancelled"""
        go_on(self.cancelled, str(self.root))
        found, below = [], []
        place = self.root / folder
        try:
            self.folders.append((str(place), place.stat().st_mtime_ns))
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name[0] == ".":
                        continue
                    if entry.is_dir():
                        below.append(entry.name)
                    elif entry.name.rpartition(".")[2].lower() in _ENDINGS and entry.is_file():
                        state = entry.stat()
                        found.append((entry.name, state.st_size, state.st_mtime_ns))
                    else:
                        self.others += 1
        except OSError as error:
            raise unreadable(str(place), error) from error
        found.sort()
        self._count(len(found))
        self.hash.update(repr((folder, found)).encode(errors="backslashreplace"))
        files = [f"{folder}/{name}" for name, _size, _time in found]
        if below and depth >= _DEEPEST:
            raise Problem(
                where=str(place),
                what=_("folders lie more than {depth} deep in each other").format(depth=_DEEPEST),
                fix=_("Choose the folder that holds the folders of the classes"),
            )
        for name in sorted(below):
            files += self.pictures(f"{folder}/{name}", depth + 1)
        return files

    def _count(self, more: int) -> None:
        self.files += more
        if self.files > MOST_FILES:
            raise Problem(
                where=str(self.root),
                what=_("it holds more than {count:,} pictures").format(count=MOST_FILES),
                fix=_("Choose a smaller folder"),
            )


def listing_of(root: Path, cancelled: Asked | None = None) -> Listing:
    """Look through a folder: one folder a class, or train and test (or val) that hold these.

    raises Problem: no pictures, fewer than two classes, a class that is only in the test part;  Cancelled
    """
    walk, notes = _Walk(root, cancelled), []
    top = _folders_in(root)
    try:
        walk.folders.append((str(root), root.stat().st_mtime_ns))
    except OSError as error:
        raise unreadable(str(root), error) from error
    parts = {kind: next((one for one in top if one.lower() in names), None) for kind, names in _PARTS.items()}
    if parts["train"] is None:
        classes = _by_class(walk, "", top)
        test = None
    else:
        classes = _by_class(walk, parts["train"], _folders_in(root / parts["train"]))
        held_back = parts["test"] or parts["validation"]
        test = _by_class(walk, held_back, _folders_in(root / held_back)) if held_back else None
        unused = [one for one in top if one not in (parts["train"], held_back)]
        if unused:
            notes.append(_("Not used: {names}").format(names=", ".join(unused[:5])))
        if held_back and not parts["test"]:
            notes.append(_("The folder {name} is the test part").format(name=held_back))
    names = _names(root, classes, test, notes)
    if walk.others:
        notes.append(_("{count:,} other files are passed over").format(count=walk.others))
    made = [_part(one, names) for one in (classes, test) if one is not None]
    return Listing(
        root, tuple(names), made[0], made[1] if test is not None else None, tuple(notes),
        walk.hash.hexdigest(), tuple(walk.folders),
    )  # fmt: skip


_PARTS = {"train": TRAIN, "test": TEST, "validation": VALIDATION}


def _folders_in(folder: Path) -> list[str]:
    names = [name for name in names_below(folder, MOST_FILES) if (folder / name).is_dir()]
    if len(names) > MOST_CLASSES:
        raise Problem(
            where=str(folder),
            what=_("it holds {count:,} folders; at most {most:,} classes can be told apart").format(
                count=len(names), most=MOST_CLASSES
            ),
            fix=_("Choose the folder that holds the folders of the classes"),
        )
    return names


def _by_class(walk: _Walk, part: str, folders: list[str]) -> dict[str, list[str]]:
    return {name: walk.pictures(f"{part}/{name}" if part else name) for name in folders}


def _names(root: Path, train: dict[str, list[str]], test: dict[str, list[str]] | None, notes: list[str]) -> list[str]:
    """The classes, in order, as torchvision's ImageFolder has them. raises Problem"""
    names = sorted(name for name, files in train.items() if files)
    empty = sorted(set(train) - set(names))
    for name, files in (test or {}).items():
        if files and name not in names:
            raise Problem(
                where=str(root / files[0]).rpartition(os.sep)[0],
                what=_("the class {name} has no picture to train on").format(name=shortened(name, 60)),
                fix=_("Put pictures of it into the training folder, too, or take it from the test folder"),
            )
    if test is not None and not any(test.values()):
        raise Problem(
            where=str(root), what=_("the test folder holds no pictures"), fix=_("Fill it, or take it away: the samples are then split")
        )  # fmt: skip
    if not names:
        raise Problem(
            where=str(root),
            what=_("no folder in it holds pictures ({suffixes})").format(suffixes=" ".join(sorted(SUFFIXES))),
            fix=_("Choose a folder with one folder of pictures for each class"),
        )
    if len(names) < 2:
        raise Problem(
            where=str(root),
            what=_("it has one class only, {name}").format(name=shortened(names[0], 60)),
            fix=_("Choose a folder with one folder of pictures for each class"),
        )
    if empty:
        text = _("Folders without pictures are left out: {names}")
        notes.append(text.format(names=", ".join(shortened(one, 40) for one in empty[:5])))
    return names


def _part(by_class: dict[str, list[str]], names: list[str]) -> Part:
    files = [file for name in names for file in by_class.get(name, [])]
    counts = [len(by_class.get(name, [])) for name in names]
    return Part(files, np.repeat(np.arange(len(names), dtype=np.int64), counts))
