"""Two tensors side by side: one cell of their product, how their shapes meet, what each kind of product makes of them, and
ways out of shapes that do not fit, each of them tried.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
import torch

from playground.core.lab.told import Attempt, Attempts, Axis, Broadcast, Product
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.lab.bench import array
from playground.engine.lab.language import Language
from playground.engine.lab.refusal import LineProblem

_MOST_SENT = 4_096


def product(left: torch.Tensor, right: torch.Tensor, place: Sequence[int]) -> Product:
    """One cell of left @ right, which has one or two axes. raises Problem: there is no such cell"""
    if left.dim() not in (1, 2) or right.dim() not in (1, 2) or left.shape[-1] != right.shape[0]:
        raise Problem(
            where=_("Product"),
            what=_("{left} and {right} are no two matrices whose inner sizes are equal").format(
                left=tuple(left.shape), right=tuple(right.shape)
            ),
            fix=_("Choose two matrices, or vectors"),
        )
    result = torch.matmul(left.detach(), right.detach())
    rows = list(place[: result.dim()]) + [0] * (result.dim() - len(place))
    if any(not 0 <= one < size for one, size in zip(rows, result.shape, strict=True)):
        raise Problem(
            where=_("Product"),
            what=_("the product has the shape {shape}").format(shape=tuple(result.shape)),
            fix=_("Choose a cell of it"),
        )
    row = left.detach()[rows[0]] if left.dim() == 2 else left.detach()
    column = right.detach()[:, rows[-1]] if right.dim() == 2 else right.detach()
    products = row * column
    return Product(
        tuple(result.shape),
        array(row),
        array(column),
        array(products),
        products.sum().item(),
        result[tuple(rows)].item() if rows else result.item(),
    )


def broadcast(left: Sequence[int], right: Sequence[int]) -> Broadcast:
    """How two shapes are laid on each other. PyTorch decides whether they fit."""
    try:
        number = torch.zeros(())
        together: torch.Size | None = (number.expand(tuple(left)) + number.expand(tuple(right))).shape
    except RuntimeError:
        together = None
    axes = [
        Axis(one, other, _together(one, other))
        for one, other in zip_longest(reversed(left), reversed(right), fillvalue=None)
    ][::-1]
    if together is not None:
        return Broadcast(tuple(axes), tuple(together), _rule(axes))
    refused = next(axis for axis in reversed(axes) if axis.result is None)
    sentence = _(
        "From the right, {left} meets {right}: two sizes must be equal, or one of them 1, or missing. These do not fit."
    )
    return Broadcast(tuple(axes), None, sentence.format(left=refused.left, right=refused.right), _refusal(left, right))


def _together(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    if one == other or other == 1:
        return one
    return other if one == 1 else None


def _rule(axes: Sequence[Axis]) -> str:
    stretched = sum(axis.left_stretched or axis.right_stretched for axis in axes)
    if not stretched:
        return _("The two shapes are equal: number meets number.")
    return _(
        "Laid on each other from the right, two sizes are equal, or one of them is 1, or missing: that one is repeated, "
        "without a copy, its stride there is 0."
    )


def _refusal(left: Sequence[int], right: Sequence[int]) -> str:
    """PyTorch's own words, of two single numbers that are stretched to the shapes."""
    number = torch.zeros(())
    try:
        number.expand(tuple(left)) + number.expand(tuple(right))
    except RuntimeError as error:
        return str(error)
    return ""


_PRODUCTS = (
    ("{left} @ {right}", _("the matrix product; of stacks of matrices, too")),
    ("torch.matmul({left}, {right})", _("the same as @")),
    ("torch.mm({left}, {right})", _("two matrices, and nothing else")),
    ("torch.dot({left}, {right})", _("two vectors, and nothing else: one number")),
    ("{left} * {right}", _("number by number; shapes are broadcast")),
)


def side_by_side(left: str, right: str, values: Mapping[str, Any]) -> Attempts:
    """What each kind of product makes of two, or why it refuses them. left, right: names or expressions"""
    shapes = _shapes(left, right, values)
    attempts = tuple(
        tried(text.format(left=_bracketed(left), right=_bracketed(right)), values, help) for text, help in _PRODUCTS
    )
    return Attempts(*shapes, attempts)


def ways_out(left: str, right: str, values: Mapping[str, Any], sign: str = "@") -> Attempts:
    """Lines that fit where `left sign right` does not; the first is the one that was refused. Only what worked is told."""
    first, second = _shapes(left, right, values)
    a, b = _bracketed(left), _bracketed(right)
    refused = tried(f"{a} {sign} {b}", values)
    if refused.shape is not None:
        return Attempts(first, second, (refused,))
    met = broadcast(first, second) if sign != "@" else None
    laid = met if met is not None and met.result is None else None  # else it is refused for another reason
    found = [
        one
        for line, help in _candidates(a, b, first, second, sign)
        if (one := tried(line, values, help)).shape is not None
    ]
    found += _resized(right, first, second, values, a, sign)
    return Attempts(first, second, (refused, *found), _unequal(first, second, met), laid)


def _candidates(a: str, b: str, first: tuple[int, ...], second: tuple[int, ...], sign: str) -> list[tuple[str, str]]:
    copy, same = (
        _("gives the same numbers another shape"),
        _("looks at the same memory in another shape, without a copy"),
    )
    turned = _("swaps rows and columns, without a copy")
    count = int(np.prod(second, dtype=np.int64)) if second else 1
    lines = []
    if sign == "@" and first and count % max(first[-1], 1) == 0:
        shape = f"{first[-1]}, {count // max(first[-1], 1)}"
        lines += [(f"{a} @ {b}.reshape({shape})", copy), (f"{a} @ {b}.view({shape})", same)]
    if len(second) == 2:
        lines.append((f"{a} {sign} {b}.T", turned))
    if len(first) == 2:
        lines.append((f"{a}.T {sign} {b}", turned))
    if sign != "@" and first and second:
        added = _("puts an axis of size 1 in, which is then stretched")
        lines += [(f"{a} {sign} {b}.unsqueeze(1)", added), (f"{a}.unsqueeze(-1) {sign} {b}", added)]
        if count == int(np.prod(first, dtype=np.int64)):
            lines.append((f"{a} {sign} {b}.reshape({', '.join(map(str, first))})", copy))
    return lines


def _resized(
    right: str, first: tuple[int, ...], second: tuple[int, ...], values: Mapping[str, Any], a: str, sign: str
) -> list[Attempt]:
    """resize_ works, too, and is told with why it is better avoided."""
    count = int(np.prod(second, dtype=np.int64)) if second else 1
    if sign != "@" or not first or not right.isidentifier() or count % max(first[-1], 1):
        return []
    line = f"{a} @ {right}.resize_({first[-1]}, {count // max(first[-1], 1)})"
    one = tried(line, values, _("changes the tensor itself"))
    avoid = _(
        "resize_ changes {name} itself, for every line that follows, knows nothing of autograd, and where it makes a "
        "tensor larger, the new numbers mean nothing"
    ).format(name=right)
    return (
        [Attempt(one.line, one.shape, one.values, one.torch_message, one.help, avoid)] if one.shape is not None else []
    )


def _unequal(first: tuple[int, ...], second: tuple[int, ...], met: Broadcast | None) -> tuple[int, ...]:
    """met: how they are laid on each other; None of a matrix product"""
    if met is None:
        return (first[-1], second[-2 if len(second) > 1 else 0]) if first and second else ()
    bad = next((axis for axis in reversed(met.axes) if axis.result is None), None)
    return (bad.left or 0, bad.right or 0) if bad is not None else ()


def tried(line: str, values: Mapping[str, Any], help: str = "") -> Attempt:
    """A line computed on copies, so that nothing is changed by having been tried."""
    language = Language({name: copied(value) for name, value in values.items() if name.isidentifier()})
    try:
        value = language.value(line)
    except LineProblem as problem:
        fault = problem.line_fault
        return Attempt(line, None, None, fault.torch_message or fault.sentence, help)
    if not isinstance(value, (torch.Tensor, np.ndarray)):
        return Attempt(line, (), None, "", help)
    few = value.numel() if isinstance(value, torch.Tensor) else value.size
    return Attempt(line, tuple(value.shape), array(value) if few <= _MOST_SENT else None, "", help)


def copied(value: Any) -> Any:
    """With memory of its own, and no graph behind it."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone(memory_format=torch.preserve_format)
    return value.copy() if isinstance(value, np.ndarray) else value


def _bracketed(text: str) -> str:
    return text if text.isidentifier() or (text.endswith((")", "]")) and text.count("(") <= 1) else f"({text})"


def _shapes(left: str, right: str, values: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """raises Problem: one of them is no tensor"""
    first, second = (operand(text, values) for text in (left, right))
    return tuple(first.shape), tuple(second.shape)


def operand(text: str, values: Mapping[str, Any]) -> torch.Tensor:
    """The tensor that a name or an expression means. raises Problem"""
    value = Language({name: value for name, value in values.items() if name.isidentifier()}).value(text)
    if not isinstance(value, torch.Tensor):
        raise Problem(
            where=text, what=_("this is no tensor"), fix=_("Make one of it with torch.tensor or torch.from_numpy")
        )
    return value
