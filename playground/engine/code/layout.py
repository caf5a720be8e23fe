"""Puts the parts of a script together: docstring, imports, settings, definitions, and what is run."""

import re
from collections.abc import Iterable, Sequence

from playground.engine.code.lines import Line, one_line, plain

_STANDARD = {"csv", "gzip", "hashlib", "json", "math", "os", "pathlib", "pickle", "struct", "tarfile"}
_ALIASES = {"F": "import torch.nn.functional as F", "np": "import numpy as np", "math": "import math"}


def script(
    *,
    title: str,
    imports: Iterable[str],
    settings: Sequence[str],
    functions: Sequence[Sequence[Line]],
    sections: Sequence[Sequence[Line]],
) -> list[Line]:
    """All its lines. functions: two empty lines stand between them;  sections: one"""
    body: list[Line] = [*plain("\n".join(settings))]
    for function in functions:
        body += [Line(""), Line(""), *_stripped(function)]
    for number, section in enumerate(sections):
        body += [*([Line("")] if number or not functions else [Line(""), Line("")]), *section]
    used = {name for name in _ALIASES if any(re.search(rf"\b{name}\.", line.text) for line in body)}
    wanted = {*imports, *(_ALIASES[name] for name in used)}
    head = [f'"""{_quoted(title)}"""', "", *_sorted_imports(wanted), ""]
    return [*plain("\n".join(head)), Line(""), *body]


def _stripped(lines: Sequence[Line]) -> Sequence[Line]:
    """Without empty lines at both ends."""
    first = next((place for place, line in enumerate(lines) if line.text), 0)
    last = next((place for place in range(len(lines), 0, -1) if lines[place - 1].text), len(lines))
    return lines[first:last]


def _quoted(title: str) -> str:
    """A title that a docstring may hold: it may be a person's."""
    return one_line(title.replace("\\", "/").replace('"', "'"))


def _sorted_imports(wanted: Iterable[str]) -> list[str]:
    """As ruff and isort put them: the standard library, the others; whole modules first, then names of modules."""
    merged = _merged(wanted)
    groups = [[one for one in merged if (_module(one) in _STANDARD) == standard] for standard in (True, False)]
    ordered = [sorted(group, key=lambda one: (one.startswith("from "), one.split()[1].lower())) for group in groups]
    return [line for group in ordered if group for line in [*group, ""]][:-1]


def _merged(wanted: Iterable[str]) -> list[str]:
    """Names of one module in one line."""
    names: dict[str, set[str]] = {}
    whole = []
    for line in wanted:
        if line.startswith("from "):
            module, _import, listed = line.removeprefix("from ").partition(" import ")
            names.setdefault(module, set()).update(name.strip() for name in listed.split(","))
        else:
            whole.append(line)
    return [
        *whole,
        *(f"from {module} import {', '.join(sorted(found, key=_by_kind))}" for module, found in names.items()),
    ]


def _by_kind(name: str) -> tuple[bool, bool, str]:
    """Constants, then classes, then functions."""
    return not name.isupper(), not name[0].isupper(), name


def _module(line: str) -> str:
    return line.split()[1].partition(".")[0]
