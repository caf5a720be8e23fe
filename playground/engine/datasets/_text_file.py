"""Text files of unknown origin: which encoding, and their characters, a piece at a time."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets._own import Asked, Progress, go_on, unreadable

_BEGINNING = 1 << 16
_PIECE = 1 << 18
_LONGEST_LINE = 1 << 22  # characters
# UTF-32 first: the mark of UTF-16 is how that of UTF-32 begins
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"


def encoding_of(path: Path, cancelled: Asked | None = None) -> str:
    """Python's name of the encoding: by its mark, by where its zero bytes lie, UTF-8 where that holds, else cp1252.

    raises Problem: it cannot be read, or is no text
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
            marked = next((name for mark, name in _MARKS if beginning.startswith(mark)), None)
            encoding = marked or _utf_16(beginning)
            if encoding:
                return encoding
            file.seek(0)
            decoder = codecs.getincrementaldecoder("utf-8")()
            name = "utf-8"
            while piece := file.read(_PIECE):
                go_on(cancelled, str(path))
                if b"\0" in piece:
                    raise not_text(path)
                if name == "utf-8":
                    name = _WESTERN if _is_broken(decoder, piece) else name
            return name
    except OSError as error:
        raise unreadable(str(path), error) from error


def pieces(path: Path, encoding: str, progress: Progress | None, cancelled: Asked | None) -> Iterator[str]:
    """The characters of a text file, in pieces; bytes that stand for none are told as such by the caller's Problem.

    progress: in bytes;  raises Problem, Cancelled
    """
    try:
        size = path.stat().st_size
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace" if encoding == _WESTERN else "strict")
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                go_on(cancelled, str(path))
                yield decoder.decode(piece)
                if progress is not None:
                    progress(file.tell(), size)
            yield decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Problem(
            where=str(path),
            what=_("it begins like {encoding}, but is damaged or cut off ({reason})").format(
                encoding=encoding.removesuffix("-sig").upper(), reason=getattr(error, "reason", error)
            ),
            fix=_("Save it again as UTF-8"),
        ) from error
    except OSError as error:
        raise unreadable(str(path), error) from error


def lines(characters: Iterator[str], path: Path) -> Iterator[str]:
    """Lines that end with \\n, of text that comes in pieces and has the ends \\n, \\r\\n or \\r. raises Problem"""
    rest, number = "", 1
    for piece in characters:
        rest += piece
        held = "\r" if rest.endswith("\r") else ""  # its \n may come with the next piece
        found = _split(rest.removesuffix("\r"))
        rest = (found.pop() if found and not found[-1].endswith("\n") else "") + held
        if len(rest) > _LONGEST_LINE:
            raise Problem(
                where=_("{file}, line {n:,}").format(file=path, n=number + len(found)),
                what=_("the line has more than {count:,} characters").format(count=_LONGEST_LINE),
                fix=_("Choose a table with one sample a line"),
            )
        number += len(found)
        yield from found
    yield from _split(rest)


def not_text(path: Path) -> Problem:
    return Problem(
        where=str(path),
        what=_("it is not a text: it has zero bytes"),
        fix=_("Save the table as CSV (UTF-8), or choose another file"),
    )


def _split(text: str) -> list[str]:
    found = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = found.pop()
    return [line + "\n" for line in found] + ([last] if last else [])


def _utf_16(beginning: bytes) -> str | None:
    """UTF-16 without its mark: of plain letters, every second byte is zero."""
    even, odd = beginning[0::2].count(0), beginning[1::2].count(0)
    half = len(beginning) // 2
    if half < 2:
        return None
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _is_broken(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return True
    return False
