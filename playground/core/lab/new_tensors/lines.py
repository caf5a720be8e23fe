"""The line of PyTorch that a form writes. Plain functions: the line is then the page's, as if it had been typed."""

import keyword
import re
from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from playground.core.lab.new_tensors import typed
from playground.core.lab.new_tensors.declared import Entry, Maker, Values, Wrong
from playground.core.lab.new_tensors.reading import Given, check, values_of
from playground.core.lab.topics import LONGEST_LINE, LONGEST_NAME, MOST_LINES
from playground.core.lab.words import RESERVED
from playground.core.text import _

NAME = "name"  # of the field for the tensor's own name
_HEAD = re.compile(r"\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=(?!=)")


class Draft(msgspec.Struct, frozen=True):
    """line: to be written, "" where there is none;  wrong: `NAME`, or the entry that is to blame;  sentence: why"""

    line: str = ""
    wrong: str = ""
    sentence: str = ""


def draft(maker: Maker, name: str, given: Given, lines: Collection[str], taken: Collection[str] = ()) -> Draft:
    """The line that makes a tensor of this name, or why there is none.

    lines: of the page;  taken: other names that are there
    """
    try:
        _check_name(name, {*taken, *names_given(lines)})
        if len(lines) >= MOST_LINES:
            text = _("The page has {n} lines, as many as it may have: remove one first.")
            raise Wrong(NAME, text.format(n=len(lines)))
        values = values_of(maker, given)
        check(maker, values)
        line = f"{name} = {_call(maker, values)}"
        if len(line) > LONGEST_LINE:
            text = _("The line would have {n} characters, more than the {most} that it may have.")
            raise Wrong(maker.entries[0].name, text.format(n=len(line), most=LONGEST_LINE))
    except Wrong as wrong:
        return Draft("", wrong.entry, wrong.sentence)
    return Draft(line)


def names_given(lines: Iterable[str]) -> set[str]:
    """Names that lines give a value, those of lines that are refused included."""
    heads = (_HEAD.match(line) for line in lines)
    return {name.strip() for head in heads if head for name in head[1].split(",")}


def _check_name(name: str, taken: Collection[str]) -> None:
    """raises Wrong: a new tensor cannot be called so"""
    text = ""
    if not (name.isascii() and name.isidentifier()) or name.startswith("_"):
        text = _("A name has letters, digits and _, and begins with a letter.")
    elif keyword.iskeyword(name) or name in RESERVED:
        text = _("“{name}” is a word of the language: choose another name.")
    elif len(name) > LONGEST_NAME:
        text = _("The name is longer than {n} letters.")
    elif name in taken:
        text = _("“{name}” is there already: choose another name.")
    if text:
        raise Wrong(NAME, text.format(name=name, n=LONGEST_NAME))


def _call(maker: Maker, values: Values) -> str:
    """As it is typed: "torch.zeros(2, 3, dtype=torch.int64)"."""
    parts = []
    for entry in maker.fields:
        if entry.name in values:
            text = _written(entry, values[entry.name], alone=len(maker.entries) == 1)
            parts.append(f"{entry.name}={text}" if entry.keyword else text)
    return f"{maker.word}({', '.join(parts)})"


def _written(entry: Entry, value: Any, *, alone: bool) -> str:
    """alone: a shape is then written as so many numbers"""
    match entry.sort:
        case "size":
            inner = ", ".join(map(str, value))
            return inner if alone and inner else f"({inner},)" if len(value) == 1 else f"({inner})"
        case "values":
            return typed.written(value)
        case "dtype":
            return f"torch.{value}"
    return str(value)
