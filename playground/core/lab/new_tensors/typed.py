"""What is typed into the fields of a form, read: numbers, shapes, and numbers in rows. Plain functions.

A number stays the text that it was typed as: `12.` makes another tensor than `12` does.
"""

import math
import re

from playground.core.lab.limits import LARGEST_INT, MOST_DIMENSIONS
from playground.core.text import _

Nested = str | list["Nested"]  # a number as Python writes it, or a list of such

_WHOLE = re.compile(r"-?[0-9]+")
_POINT = re.compile(r"-?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][+-]?[0-9]+)?")
_BETWEEN = re.compile(r"[×x*,;\s]+")
_LONGEST = 40  # signs of a number
TRUTHS = ("True", "False")


def number(text: str) -> str:
    """A number as Python writes it: whole, or with a point. raises ValueError: it is none"""
    plain = text.strip().replace("−", "-").removeprefix("+")
    if len(plain) <= _LONGEST:
        if _WHOLE.fullmatch(plain) and abs(int(plain)) <= LARGEST_INT:
            return str(int(plain))
        if _POINT.fullmatch(plain) and math.isfinite(float(plain)):
            return plain
    raise ValueError(_("“{text}” is no number.").format(text=_cut(text)))


def is_whole(text: str) -> bool:
    """Whether a number is written without a point."""
    return _WHOLE.fullmatch(text) is not None


def value(text: str) -> int | float:
    """What a number of `number` or `values` means."""
    if text in TRUTHS:
        return int(text == "True")
    return int(text) if is_whole(text) else float(text)


def size(text: str) -> tuple[int, ...]:
    """A shape: "2, 3", "(2, 3)", "2 × 3" or "()". raises ValueError: it is none"""
    plain = text.strip()
    if re.fullmatch(r"[(\[]\s*[)\]]", plain):
        return ()
    parts = [one for one in _BETWEEN.split(plain.strip("()[] ")) if one]
    if not parts or not all(re.fullmatch(r"[0-9]{1,12}", one) for one in parts):
        raise ValueError(_("write whole numbers, such as 2, 3; () is a single number."))
    return tuple(map(int, parts))


def values(text: str) -> Nested:
    """Numbers: "1, 2", rows of them: "1, 2; 3, 4", or lists as Python writes them. raises ValueError: they are none

    One number alone is a single number; with a comma behind it, a list of one. Rows may be divided by line breaks, too,
    and columns by tabs, as a table of a spreadsheet is when it is pasted.
    """
    found = _lists(text) if "[" in text else _rows(text)
    _shape(found)
    return found


def shape_of(found: Nested) -> tuple[int, ...]:
    """Of what `values` gave."""
    return _shape(found)


def flat(found: Nested) -> list[str]:
    """Every number of it."""
    return [found] if isinstance(found, str) else [one for inner in found for one in flat(inner)]


def written(found: Nested) -> str:
    """As Python writes it."""
    return found if isinstance(found, str) else f"[{', '.join(map(written, found))}]"


def _rows(text: str) -> Nested:
    rows = [one for one in re.split(r"[;\n]", text) if one.strip()]
    lists: list[list[Nested]] = [
        [_one(word) for word in re.split(r"[,\s]+", row.strip().strip(",")) if word] for row in rows
    ]
    if not lists or not all(lists):
        raise ValueError(_("write numbers, such as 1, 2; 3, 4, where ; begins a new row."))
    if len(lists) > 1 or ";" in text:
        return [*lists]
    return lists[0][0] if len(lists[0]) == 1 and "," not in text else [*lists[0]]


def _lists(text: str) -> Nested:
    open_lists: list[list[Nested]] = [[]]
    for token in re.findall(r"[\[\]]|[^\[\],\s]+", text):
        if token == "[":
            open_lists.append([])
        elif token != "]":
            open_lists[-1].append(_one(token))
        elif len(open_lists) > 1:
            done = open_lists.pop()
            open_lists[-1].append(done)
        else:
            raise ValueError(_("a ] has no [ before it."))
    if len(open_lists) > 1:
        raise ValueError(_("a [ has no ] behind it."))
    return open_lists[0][0] if len(open_lists[0]) == 1 else open_lists[0]


def _one(word: str) -> str:
    truth = word.capitalize()
    return truth if truth in TRUTHS else number(word)


def _shape(found: Nested, depth: int = 0) -> tuple[int, ...]:
    """raises ValueError: its lists are not equally long"""
    if isinstance(found, str):
        return ()
    if depth == MOST_DIMENSIONS:
        raise ValueError(_("these lists lie more than {n} deep in each other.").format(n=MOST_DIMENSIONS))
    shapes = [_shape(one, depth + 1) for one in found]
    for place, one in enumerate(shapes[1:], 2):
        if one != shapes[0]:
            raise ValueError(_ragged(place, shapes[0], one))
    return (len(found), *(shapes[0] if shapes else ()))


def _ragged(place: int, first: tuple[int, ...], other: tuple[int, ...]) -> str:
    if len(first) != len(other) or not first:
        return _("numbers and lists cannot stand side by side.")
    if len(first) > 1:
        return _("part {n} has another shape than part 1.").format(n=place)
    text = _("row {n} has the length {count}, but row 1 has {first}: all rows must be equally long.")
    return text.format(n=place, count=other[0], first=first[0])


def _cut(text: str, most: int = 24) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
