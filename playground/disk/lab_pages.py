"""Pages of the lab on disk: read by path; saved whole or not at all."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from playground.core.lab.page import MAX_BYTES, SUFFIX, TOPICS, LabPage, read_page, write_page
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import atomic, folders


def read_file(path: Path) -> LabPage:
    """The page in a file, of which no more is read than a page can hold. raises Problem"""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Problem(
            where=str(path),
            what=_("it cannot be opened: {reason}").format(reason=error.strerror or error),
            fix=_("Check the name and the rights of the file"),
        ) from error
    return read_page(content, path.name)


def save(page: LabPage, path: Path) -> None:
    """Write a page to a file, whole or not at all. raises Problem"""
    atomic.write(path, write_page(page).encode())


def unsaved(topic: str) -> Path:
    """Where a page of this topic that was not saved lies until the lab is opened again."""
    return folders.data() / "lab" / f"unsaved-{topic}{SUFFIX}"


def keep(pages: Mapping[str, LabPage | None]) -> None:
    """Keep pages that were not saved. pages: topic -> its page, None where there is none any more. raises Problem"""
    for topic, page in pages.items():
        if page is None:
            unsaved(topic).unlink(missing_ok=True)
        else:
            folders.made(unsaved(topic).parent)
            save(page, unsaved(topic))


def kept() -> dict[str, LabPage]:
    """topic -> the page that was kept; those that cannot be read are left out."""
    found = {}
    for topic in TOPICS:
        with contextlib.suppress(Problem):
            if unsaved(topic).exists():
                found[topic] = read_file(unsaved(topic))
    return found
