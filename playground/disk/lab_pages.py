"""Pages of the lab on disk: read by path; saved whole or not at all."""

from pathlib import Path

from playground.core.lab.page import MAX_BYTES, LabPage, read_page, write_page
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import atomic


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
