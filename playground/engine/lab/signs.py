"""The signs of the language, + - * / and the rest: on tensors what PyTorch makes of them, on numbers what Python does."""

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from playground.core.text import _
from playground.engine.lab.refusal import Refusal
from playground.engine.lab.values import MIXED, named_kind

_LONGEST_POWER = 64  # bits

# sign -> what it is, what it is in place, and the rule of its cost
_TWO: dict[type[ast.AST], tuple[Callable[..., Any], Callable[..., Any], str]] = {
    ast.Add: (operator.add, operator.iadd, "broadcast"), ast.Sub: (operator.sub, operator.isub, "broadcast"),
    ast.Mult: (operator.mul, operator.imul, "broadcast"), ast.Div: (operator.truediv, operator.itruediv, "broadcast"),
    ast.FloorDiv: (operator.floordiv, operator.ifloordiv, "divided"), ast.Mod: (operator.mod, operator.imod, "divided"),
    ast.Pow: (operator.pow, operator.ipow, "broadcast"), ast.MatMult: (operator.matmul, operator.matmul, "products"),
    ast.BitAnd: (operator.and_, operator.iand, "broadcast"), ast.BitOr: (operator.or_, operator.ior, "broadcast"),
    ast.BitXor: (operator.xor, operator.ixor, "broadcast"), ast.Eq: (operator.eq, operator.eq, "broadcast"),
    ast.NotEq: (operator.ne, operator.ne, "broadcast"), ast.Lt: (operator.lt, operator.lt, "broadcast"),
    ast.LtE: (operator.le, operator.le, "broadcast"), ast.Gt: (operator.gt, operator.gt, "broadcast"),
    ast.GtE: (operator.ge, operator.ge, "broadcast"),
}  # fmt: skip
_ONE: dict[type[ast.AST], Callable[..., Any]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert,
}  # fmt: skip
_NUMBERS = (bool, int, float)


def meaning(sign: ast.AST, operands: Sequence[Any], in_place: bool) -> tuple[str, Callable[..., Any]]:
    """The rule of its cost, and the function. raises Refusal: the sign does not stand between such values"""
    kinds = {_kind(one) for one in operands}
    if "" in kinds:
        if isinstance(sign, (ast.Eq, ast.NotEq)) and all(isinstance(one, _COMPARED) for one in operands):
            return "nothing", _TWO[type(sign)][0]
        strange = next(one for one in operands if not _kind(one))
        what = _("one does not compute with {kind}").format(kind=named_kind(strange))
        raise Refusal(what, _("Make a tensor of it with torch.tensor(…)"))
    if {"tensor", "array"} <= kinds:
        raise Refusal(*MIXED)
    if type(sign) in _ONE:
        return _rule("broadcast", kinds), _ONE[type(sign)]
    function, itself, rule = _TWO[type(sign)]
    if kinds == {"number"}:
        _refuse_endless(sign, *operands)
    return _rule(rule, kinds), itself if in_place else function


_COMPARED = (tuple, torch.dtype, np.dtype, type(None))


def _kind(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return "tensor"
    if isinstance(value, np.ndarray):
        return "array"
    return "number" if isinstance(value, _NUMBERS) else ""


def _rule(rule: str, kinds: set[str]) -> str:
    if "tensor" in kinds:
        return rule
    return "numpy" if "array" in kinds else "nothing"


def _refuse_endless(sign: ast.AST, base: Any, other: Any) -> None:
    """raises Refusal: a power of whole numbers whose digits would fill the memory"""
    powers = isinstance(sign, ast.Pow) and isinstance(base, int) and isinstance(other, int)
    if powers and other > 0 and abs(base) > 1 and abs(base).bit_length() * other > 2 * _LONGEST_POWER:
        raise Refusal(_("this power does not fit into 64 bits"), _("Use a number with a point: 2.0 ** 100"))
