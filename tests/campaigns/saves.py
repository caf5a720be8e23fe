"""Kills sessions with signal 9 while they save and autosave, at random moments and between any two calls of a save.

    uv run python -m tests.campaigns.saves [--count 500] [--seed 0]

After each kill the project file is, byte for byte, the one before or after the save that was going on, and the next
session is offered what was unsaved: the newest state whose autosave was whole, and it recovers that very text. An edit
is written aside within the interval of the autosave and a moment for the disk; the longest time seen is printed.

A victim has no window and no engine: a document, its autosave (every 20 ms here) and a background that writes.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer

from playground.core.edit import InsertLayers, RemoveLayers, SetRecipe
from playground.core.layer import Layer
from playground.core.project import Project, read_project, write_project
from playground.core.recipe import Recipe
from playground.disk import atomic
from playground.session.autosave import AFTER_S, Unsaved
from playground.session.session import Session

AUTOSAVE_S = 0.02
MOMENT_S = 30.0 - AFTER_S  # within half a minute an edit is safe: what is left for a busy machine to write it
LONGEST_S = 0.25  # that a victim lives
# where a save is interrupted, besides anywhere; each is reached in every save
POINTS = ("before the file is made", "made", "half written", "written", "flushed", "renamed")


def project_of(version: int) -> Project:
    """Versions differ in length and in every part, so that a mixture of two is neither."""
    layers = tuple(Layer("Linear", {"out_features": 1 + (version + n) % 900}) for n in range(1 + version * 7 % 60))
    return Project(network=layers, recipe=Recipe(seed=version))


def text_of(version: int) -> bytes:
    return write_project(project_of(version)).encode()


# The victim ----------------------------------------------------------------------------------------------------------


@dataclass
class Orders:
    """What a victim is to do. point: of POINTS, where it kills itself in its `nth` write; "" leaves that to others"""

    file: Path
    saves: bool
    point: str
    nth: int


class Victim:
    """Edits and saves as fast as it can, and says so beforehand on a pipe, which a killed process cannot take back."""

    def __init__(self, orders: Orders, said: int) -> None:
        self._orders, self._said = orders, said
        self.app = QCoreApplication([])
        self.session = Session(autosave_after_s=AUTOSAVE_S)
        self.document = self.session.document
        self.document.open(orders.file)
        self._version = self.document.project.recipe.seed
        self.document.saved.connect(self._on_saved)
        self._chance = random.Random(self._version)
        _interrupt(orders, self._say)

    def live(self) -> None:
        QTimer.singleShot(0, self._edit)
        QTimer.singleShot(30_000, self.app.quit)  # should nobody kill it
        self.app.exec()

    def _say(self, what: str, version: int) -> None:
        os.write(self._said, json.dumps([what, version, time.monotonic()]).encode() + b"\n")

    def _edit(self) -> None:
        self._version += 1
        self._say("edit", self._version)
        project, old = project_of(self._version), self.document.project.network
        self.document.apply(
            RemoveLayers(tuple((number,) for number in range(len(old)))),
            InsertLayers((0,), project.network),
            SetRecipe({"seed": project.recipe.seed}),
        )
        if self._orders.saves and self._chance.random() < 0.7:
            self._say("save", self._version)
            self.document.save_later()
        else:
            QTimer.singleShot(self._chance.randrange(30), self._edit)

    def _on_saved(self, _path: Path) -> None:
        self._say("saved", self._version)
        QTimer.singleShot(self._chance.randrange(15), self._edit)


def _interrupt(orders: Orders, say: Callable[[str, int], None]) -> None:
    """Watch the calls of `atomic.write`: say which autosaves are whole, and die at a point of a write."""
    writes = [0]
    real: dict[str, Any] = {name: getattr(os, name) for name in ("fdopen", "fsync", "replace")}
    write, make = atomic.write, tempfile.mkstemp

    def die(point: str) -> None:
        if point == orders.point and writes[0] == orders.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def mkstemp(*words: Any, **more: Any) -> Any:
        die(POINTS[0])
        made = make(*words, **more)
        die("made")
        return made

    class HalfWriter:
        """A file that dies in the middle of what is written to it."""

        def __init__(self, file: Any) -> None:
            self._file = file

        def __enter__(self) -> "HalfWriter":
            return self

        def __exit__(self, *_error: object) -> None:
            self._file.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def write(self, content: bytes) -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()
            die("half written")
            self._file.write(content[len(content) // 2 :])
            self._file.flush()
            die("written")

    def fsync(handle: int) -> None:
        real["fsync"](handle)
        die("flushed")

    def replace(*paths: Any) -> None:
        real["replace"](*paths)
        die("renamed")

    def written(path: Path, content: bytes) -> None:
        writes[0] += 1
        write(path, content)
        if path.suffix == ".unsaved":
            say("aside", read_project(json.loads(content)["project"], "autosave").recipe.seed)

    tempfile.mkstemp, os.fsync, os.replace, atomic.write = mkstemp, fsync, replace, written
    os.fdopen = lambda *words, **more: HalfWriter(real["fdopen"](*words, **more))


# The judge -----------------------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What the campaign has met.

    old, new: files of a save that was interrupted, at_rest: where none was going on
    older: offers of what a save had followed, whose autosave was not yet taken away
    """

    faults: list[str] = field(default_factory=list)
    old: int = 0
    new: int = 0
    at_rest: int = 0
    offered: int = 0
    older: int = 0
    nothing: int = 0
    longest_s: float = 0.0
    points: dict[str, int] = field(default_factory=dict)


@dataclass
class Told:
    """What a victim said: the newest version of each kind, and when each version was edited."""

    lines: list[tuple[str, int, float]]

    def newest(self, what: str) -> int | None:
        return max((version for kind, version, _when in self.lines if kind == what), default=None)

    def when(self, what: str) -> dict[int, float]:
        return {version: when for kind, version, when in self.lines if kind == what}


def judge(before: int, file: Path, told: Told, killed: float, offered: list[Unsaved], seen: Seen) -> list[str]:
    """What is wrong after one kill. before: version of the file when the victim began"""
    old = told.newest("saved") or before
    new = told.newest("save") or old
    content, faults = file.read_bytes(), []
    if content == text_of(new):
        seen.at_rest += new == old
        seen.new += new != old
    elif content == text_of(old):
        seen.old += 1
    else:
        faults.append(f"the file is neither version {old} nor {new}, but {content[:60]!r}… of {len(content)} bytes")
    on_disk = new if content == text_of(new) else old
    aside = told.newest("aside")
    kept = read_project(offered[0].project, "offered").recipe.seed if offered else None
    if len(offered) > 1:
        faults.append(f"{len(offered)} offers of one session")
    if aside is not None and aside > max(on_disk, old) and (kept is None or kept < aside):
        faults.append(f"version {aside} was written aside, {kept} is offered, {on_disk} is saved")
    if kept is not None and offered[0].project.encode() != text_of(kept):
        faults.append(f"what is offered is not version {kept}")
    seen.offered += kept is not None
    seen.older += kept is not None and kept < on_disk
    seen.nothing += kept is None
    return faults + _late(told, killed, seen)


def _late(told: Told, killed: float, seen: Seen) -> list[str]:
    """Edits that were neither saved nor written aside in time."""
    safe = sorted((when, version) for kind in ("aside", "saved") for version, when in told.when(kind).items())
    faults = []
    for version, edited in told.when("edit").items():
        kept = next((when for when, newest in safe if newest >= version), None)
        lasted = (killed if kept is None else kept) - edited
        if kept is not None:
            seen.longest_s = max(seen.longest_s, lasted)
        if lasted > AUTOSAVE_S + MOMENT_S:
            faults.append(f"version {version} was unsaved for {lasted:.2f} s")
    return faults


def next_session(file: Path) -> list[Unsaved]:
    """Start once more: what is offered is taken up and is the very text; then it is thrown away. raises AssertionError"""
    app = QCoreApplication([])
    session = Session()
    session.document.open(file)
    offered = session.recoverable()
    for unsaved in offered:
        session.recover(unsaved)
        session.background.close()
        assert write_project(session.document.project) == unsaved.project
        assert session.document.is_modified
        assert session.document.path == Path(unsaved.path)
        assert not Path(unsaved.file).exists()
    session.close()
    assert session.recoverable() == []
    app.processEvents()
    return offered


# The campaign --------------------------------------------------------------------------------------------------------


def in_child(do: Callable[[int], None]) -> tuple[int, int]:
    """Fork: what takes a second to import is imported once. Returns the child and the end of a pipe that it writes to."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(heard)
            do(said)
            code = 0
        finally:
            os._exit(code)
    os.close(said)
    return child, heard


def read_all(heard: int) -> bytes:
    with os.fdopen(heard, "rb") as pipe:
        return pipe.read()


def one_kill(file: Path, chance: random.Random, seen: Seen) -> list[str]:
    before = read_project(file.read_bytes(), file.name).recipe.seed
    point = chance.choice(POINTS) if chance.random() < 0.5 else ""
    orders = Orders(file, saves=chance.random() < 0.6, point=point, nth=chance.randint(1, 6))
    child, heard = in_child(lambda said: Victim(orders, said).live())
    if point:
        read_until_end = read_all(heard)  # it kills itself; the pipe is closed by its death
        seen.points[point] = seen.points.get(point, 0) + 1
    else:
        first = os.read(heard, 1)  # it lives
        time.sleep(chance.uniform(0, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        read_until_end = first + read_all(heard)
    killed = time.monotonic()
    _child, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        return [f"a victim ended by itself: {status}"]
    told = Told([tuple(json.loads(line)) for line in read_until_end.splitlines()])
    offered = recovered(file)
    if isinstance(offered, str):
        return [offered]
    return judge(before, file, told, killed, offered, seen)


def recovered(file: Path) -> list[Unsaved] | str:
    """What the next session was offered and took up; or what went wrong there."""
    import msgspec

    def look(said: int) -> None:
        os.write(said, msgspec.json.encode(next_session(file)))

    child, heard = in_child(look)
    answer = read_all(heard)
    _child, status = os.waitpid(child, 0)
    return msgspec.json.decode(answer, type=list[Unsaved]) if status == 0 else f"the next session failed: {status}"


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=500)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    chance, seen, began = random.Random(asked.seed), Seen(), time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = home
        file = Path(home) / "mine.playground"
        file.write_bytes(text_of(1))
        for number in range(asked.count):
            seen.faults += [f"{number + 1}: {fault}" for fault in one_kill(file, chance, seen)]
    print("\n".join(seen.faults) or "well", flush=True)
    print(
        f"{asked.count} kills in {time.monotonic() - began:.0f} s: of saves that were going on, {seen.old} left the old"
        f" file and {seen.new} the new one ({seen.at_rest} times none was); changes were offered {seen.offered} times"
        f" ({seen.older} of them older than the file), and {seen.nothing} times there were none."
        f" Longest from an edit to its being safe: {seen.longest_s:.2f} s (autosave after {AUTOSAVE_S} s)."
        f" Killed at a point of a save: {json.dumps(seen.points)}"
    )
    return min(len(seen.faults), 1)


if __name__ == "__main__":
    sys.exit(main())
