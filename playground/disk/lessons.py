"""The lessons that come with the program, and those that somebody has put into a folder of their own.

A lesson is one file; their order is that of the names. One that cannot be read takes no other away.
"""

from pathlib import Path

from playground.core.arguments import did_you_mean
from playground.core.lessons.lesson import MAX_BYTES, SUFFIX, Lesson, read_lesson
from playground.core.problem import Fault, Problem
from playground.core.text import _
from playground.disk import folders, projects, resources

MOST = 200  # files of a folder


def folder() -> Path:
    """Where people put lessons of their own."""
    return folders.data() / "lessons"


def read() -> tuple[list[Lesson], list[Fault]]:
    """Every lesson in order, and why some are left out. A file of the own folder takes the place of ours of that name."""
    found, faults = dict[str, Lesson](), list[Fault]()
    for place, ours in ((resources.path("lessons"), True), (folder(), False)):
        for path in _files(place):
            try:
                found[path.stem] = read_file(path, ours=ours)
            except Problem as problem:
                faults.append(problem.fault)
    return [found[name] for name in sorted(found)], faults


def read_file(path: Path, *, ours: bool = False) -> Lesson:
    """raises Problem: it cannot be read, or opens an example that is not there"""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Problem(
            where=path.name,
            what=_("it cannot be read: {reason}").format(reason=reason or error),
            fix=_("Check the rights of the file, and save it as UTF-8"),
        ) from error
    if len(content) > MAX_BYTES:
        raise Problem(
            where=path.name,
            what=_("it has more than {n} kB, which no lesson needs").format(n=MAX_BYTES // 1000),
            fix=_("Part it in several"),
        )
    lesson = read_lesson(text, path.stem, ours=ours)
    known = projects.presets()
    if lesson.preset and lesson.preset not in known:
        raise Problem(
            where=path.name,
            what=_("there is no example {name}").format(name=lesson.preset) + did_you_mean(lesson.preset, known),
            fix=_("Choose one of {names}").format(names=", ".join(known)),
        )
    return lesson


def _files(place: Path) -> list[Path]:
    try:
        return sorted(one for one in place.iterdir() if one.suffix == SUFFIX and one.is_file())[:MOST]
    except OSError:  # nobody has made the folder
        return []
