"""JSON documents of a format and a version, as people keep them: what is not one is refused in a sentence."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from playground.core.problem import Problem
from playground.core.text import _

Document = TypeVar("Document")


class Format(NamedTuple):
    """name: what a document calls its format;  is_none: what is said of another one;  begins: how one begins
    migrations: migrations[n - 1] turns a document of version n into one of version n + 1
    """

    name: str
    is_none: str
    begins: str
    migrations: Sequence[Callable[[dict[str, Any]], dict[str, Any]]] = ()

    @property
    def version(self) -> int:
        """The newest one, which is written."""
        return len(self.migrations) + 1


def migrated(raw: Any, where: str, wanted: Format) -> dict[str, Any]:
    """A document as its newest version has it. where: names it in messages

    raises Problem: it is of another format, without a version, or from a newer program
    """
    if not isinstance(raw, dict) or raw.get("format") != wanted.name:
        raise Problem(where=where, what=wanted.is_none, fix=wanted.begins.format(name=wanted.name))
    version = raw.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Problem(
            where=where,
            what=_("its version is missing or not a number"),
            fix=_('Write "version": {version}').format(version=wanted.version),
        )
    if version > wanted.version:
        raise Problem(
            where=where,
            what=_("it is of version {version}, but this program knows only up to {known}").format(
                version=version, known=wanted.version
            ),
            fix=_("Open it with a newer Torch Playground"),
        )
    for migrate in wanted.migrations[version - 1 :]:
        raw = migrate(raw)
    return {**raw, "version": wanted.version}


def converted(raw: dict[str, Any], where: str, kind: type[Document]) -> Document:
    """A document as a struct. raises Problem: a value of the wrong kind, naming its place"""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        what, _at, path = str(error).partition(" - at ")
        place = path.strip("`").removeprefix("$.") or _("the whole document")
        raise Problem(
            where=where,
            what=_("at {place}: {what}").format(place=place, what=what),
            fix=_("Correct it in a text editor"),
        ) from error
