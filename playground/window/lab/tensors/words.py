"""What is said of tensors, and how their numbers are written. Plain functions."""

import ast
import math
import re
from collections.abc import Sequence
from functools import lru_cache

from playground.core.lab.told import Bench, Change, TensorFacts, Trial
from playground.core.text import _, plural
from playground.session.history import numbers


@lru_cache(maxsize=8_192, typed=True)
def figure(value: float | int | bool | complex) -> str:
    """A number as it stands in a cell: four digits of it at most, with the real minus sign."""
    if isinstance(value, (bool, complex)):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{int(value)}".replace("-", "−")
    text = f"{value:.4g}"
    if "e" in text:
        head, _e, power = text.partition("e")
        text = f"{head}e{int(power)}"
    return text.replace("-", "−")


def sizes(shape: Sequence[int]) -> str:
    """A shape for people: "3 × 4"; a single number has none."""
    return " × ".join(map(str, shape)) if shape else _("()")


def listed(shape: Sequence[int]) -> str:
    return ", ".join(map(str, shape)) if shape else "()"


def bytes_of(count: int) -> str:
    return _("{n} bytes").format(n=f"{count:,}")


def storage_words(facts: TensorFacts) -> str:
    """How one walks through the storage of a tensor."""
    count = _("one row of {n} numbers").format(n=f"{facts.storage:,}")
    if not facts.shape:
        return _("Storage: {count}").format(count=count)
    steps = _("{step} for the next number").format(step=facts.strides[-1])
    if len(facts.shape) > 1:
        steps = _("{down} for the next row, {across} for the next column").format(
            down=facts.strides[-2], across=facts.strides[-1]
        )
    return _("Storage: {count}; {label} steps {steps}").format(count=count, label=facts.label, steps=steps)


def memory_words(facts: TensorFacts, made_by: str = "") -> str:
    """Whether a tensor is a view, and what follows from it. made_by: the line that made it"""
    if facts.kind not in ("tensor", "array"):
        return facts.text
    parts = []
    if facts.shares:
        parts.append(
            _("No number was copied: writing to {label} changes {others}.").format(
                label=facts.label, others=and_list(facts.shares)
            )
        )
    else:
        parts.append(_("Memory of its own: writing to {label} changes nothing else.").format(label=facts.label))
    if not facts.contiguous:
        parts.append(_("It is not contiguous: its rows do not lie behind each other."))
    if any(step == 0 and size > 1 for step, size in zip(facts.strides, facts.shape, strict=True)):
        parts.append(_("A stride of 0 shows the same number again and again."))
    if facts.grad_fn:
        parts.append(_("It remembers how it was made: {name}.").format(name=facts.grad_fn))
    return " ".join(parts)


def change_words(bench: Bench, line: int) -> str:
    """What a line changed, and what it left alone. line: from 1"""
    changed = [one for one in bench.changes if one.count or one.reshaped]
    if not line or line > len(bench.lines) or bench.lines[line - 1].fault is not None:
        return ""
    if not changed:
        return ""
    said = ", ".join(_change(one) for one in changed)
    return _("Line {line} changed {said}.").format(line=line, said=said) + _left_alone(bench, line, changed)


def _left_alone(bench: Bench, line: int, changed: Sequence[Change]) -> str:
    """Of what was there before: who shares the memory, but not what was written to, and who has its own."""
    touched = {one.label for one in changed}
    kept = [one for one in bench.values if one.line < line and one.label not in touched and one.shape]
    sharing = [one.label for one in kept if touched & set(one.shares)]
    apart = [one.label for one in kept if one.label not in sharing]
    said = ""
    if sharing:
        one_cell = all(one.count == 1 for one in changed)
        same = _(" Not {others}: the same memory, but not this cell.")
        other = _(" Not {others}: the same memory, but none of these cells.")
        said += (same if one_cell else other).format(others=and_list(sharing))
    if apart:
        said += _(" Not {others}: memory of their own.").format(others=and_list(apart))
    return said


def _change(one: Change) -> str:
    if one.reshaped:
        return _("the shape of {label}").format(label=one.label)
    if one.count == 1:
        place = ", ".join(map(str, one.places[0]))
        was, now = figure(one.before[0]), figure(one.after[0])
        return _("{label}[{place}] from {was} to {now}").format(label=one.label, place=place, was=was, now=now)
    return _("{n} numbers of {label}").format(n=f"{one.count:,}", label=one.label)


def and_list(names: Sequence[str], most: int = 4) -> str:
    """Names in a row: "x, y and z"."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(_("{n} more").format(n=len(names) - most))
    return shown[0] if len(shown) == 1 else _("{first} and {last}").format(first=", ".join(shown[:-1]), last=shown[-1])


def made(trial: Trial, most: int = 8) -> str:
    """What a line would make: "Makes 2 × 3 numbers of float32: 0, 0, 0, 0, 0, 0"."""
    first = [figure(one) for one in numbers(trial.first).tolist()] if trial.first is not None else []
    if not first:
        return _("Makes an empty tensor of {dtype}: {sizes}").format(dtype=trial.dtype, sizes=sizes(trial.shape))
    count = _("{sizes} numbers").format(sizes=sizes(trial.shape))
    if len(trial.shape) < 2:
        count = plural("{n} number", "{n} numbers", trial.shape[0]) if trial.shape else _("a single number")
    shown = ", ".join(first[:most]) + (", …" if math.prod(trial.shape) > most else "")
    return _("Makes {count} of {dtype}: {numbers}").format(count=count, dtype=trial.dtype, numbers=shown)


def free_name(names: Sequence[str]) -> str:
    """The first letter that is not taken, for a new tensor."""
    letters = [*"abcdeghijkmnopqrstuvwxyz", *(f"t{number}" for number in range(1, 200))]
    return next(letter for letter in letters if letter not in names)


def derived(label: str, shape: Sequence[int]) -> list[str]:
    """Lines worth trying on a tensor of this shape."""
    name = label if label.isidentifier() or not re.search(r"[-+*/@ ]", label) else f"({label})"
    count = math.prod(shape)
    lines = [f"{name}.T"] if len(shape) == 2 else []
    if len(shape) == 2 and shape[1] > 1:
        lines.append(f"{name}[:, 1:{min(3, shape[1])}]")
    elif len(shape) == 1 and shape[0] > 1:
        lines.append(f"{name}[::2]")
    other = next((side for side in range(2, count) if count % side == 0 and side not in shape[:1]), 0)
    if shape and other:
        lines.append(f"{name}.reshape({other}, {count // other})")
    if shape:
        lines += [f"{name}.sum(0)", f"{name}.clone()"]
    if len(shape) == 2:
        lines.append(f"{name} @ {name}.T")
    return lines


def operands(line: str, column: int) -> tuple[str, str, str, int, int] | None:
    """Left, right and sign of the smallest two-sided expression of a line that covers a column, and where it lies.

    None where there is none, or the line is no Python.
    """
    try:
        tree = ast.parse(line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    at = len(line[:column].encode())  # the syntax tree counts bytes
    best: ast.BinOp | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS and node.end_col_offset is not None:
            covers = node.col_offset <= at < node.end_col_offset
            if covers and (best is None or _length(node) <= _length(best)):
                best = node
    if best is None:
        return None
    left, right = (ast.get_source_segment(line, side) or "" for side in (best.left, best.right))
    begin, end = (len(line.encode()[:offset].decode()) for offset in (best.col_offset, best.end_col_offset or 0))
    return left, right, _SIGNS[type(best.op)], begin, end


_SIGNS: dict[type[ast.operator], str] = {ast.MatMult: "@", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def _length(node: ast.BinOp) -> int:
    return (node.end_col_offset or 0) - node.col_offset


_HEADS = (
    ("torch", "import torch"),
    ("F", "import torch.nn.functional as F"),
    ("np", "import numpy as np"),
    ("math", "import math"),
)


def script(lines: Sequence[str], seed: int) -> str:
    """The bench as a script of Python: what is only looked at is printed."""
    whole = "\n".join(lines)
    if not whole.strip():
        return ""
    heads = [line for name, line in _HEADS if name == "torch" or re.search(rf"\b{name}\.", whole)]
    return "\n".join([*heads, "", f"torch.manual_seed({seed})", *map(_printed, lines)]) + "\n"


def _printed(line: str) -> str:
    try:
        body = ast.parse(line).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return f"# {line}"
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return line
    text = ast.get_source_segment(line, body[0].value)
    rest = line[len(text or line) :] if text and line.startswith(text) else ""
    return f"print({text}){rest}" if text else line
