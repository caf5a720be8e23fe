"""The lab's small language: one line of PyTorch, computed by a walker of ours over Python's syntax tree.

This file has the statements, `walker.py` the expressions.
"""

import ast
import warnings
from typing import Any

import numpy as np
import torch

from playground.core.lab.topics import LONGEST_NAME
from playground.core.lab.words import RESERVED
from playground.core.text import _
from playground.engine.lab.places import read_cost
from playground.engine.lab.refusal import LineProblem, Refusal
from playground.engine.lab.syntax import parsed
from playground.engine.lab.values import MIXED, believed, named_kind
from playground.engine.lab.walker import MODES, Walker, dotted, place

_MOST_UNPACKED = 20


class Language(Walker):
    """Lines, one after the other, and the values that they have given names.

    names: name -> value;  warned: what PyTorch warned of in the newest line
    """

    def __init__(self, names: dict[str, Any] | None = None):
        super().__init__(names)
        self.warned: tuple[str, ...] = ()

    def run(self, line: str) -> tuple[tuple[str, ...], Any]:
        """Compute a line: the names that it gave a value, and the value. raises LineProblem

        The global random state, the mode of autograd and the warnings of the process are as before.
        """
        statement = parsed(line)
        self.meter.begin_line(_bytes_held(self.names.values()))
        with warnings.catch_warnings(record=True) as heard, torch.enable_grad():
            warnings.simplefilter("always")
            try:
                result = self._statement(statement)
            finally:
                self.warned = tuple(str(one.message) for one in heard)
        return result

    def value(self, text: str) -> Any:
        """The value of an expression. raises LineProblem: it is none, or refused"""
        statement = parsed(text)
        if not isinstance(statement, ast.Expr):
            raise LineProblem.at(statement, Refusal(_("this gives no value"), _("Write only what is right of the =")))
        return self.run(text)[1]

    def _statement(self, node: ast.stmt) -> tuple[tuple[str, ...], Any]:
        match node:
            case ast.Expr(value):
                return (), self._value(value)
            case ast.Assign([target], value):
                return self._assign(target, value)
            case ast.Assign():
                raise LineProblem.at(
                    node.targets[1], Refusal(_("one = is enough in a line"), _("Make two lines of it"))
                )
            case ast.AugAssign(target, sign, value):
                return self._change(node, target, sign, value)
            case ast.With([ast.withitem(ast.Call() as call, None)], [inner]) if not isinstance(inner, ast.With):
                mode = MODES.get(dotted(call.func) or "")
                if mode is not None and not call.args and not call.keywords:
                    with mode():
                        return self._statement(inner)
        what = _("with takes torch.no_grad() or torch.enable_grad(), and one statement behind the colon")
        raise LineProblem.at(node, Refusal(what, _("Write with torch.no_grad(): w -= 0.1 * w.grad")))

    # Giving and changing --------------------------------------------------------------------------------------------

    def _assign(self, target: ast.expr, value: ast.expr) -> tuple[tuple[str, ...], Any]:
        match target:
            case ast.Name(name):
                self._refuse_name(target, name)
                self.names[name] = result = self._value(value)
                return (name,), result
            case ast.Tuple(parts) | ast.List(parts):
                return self._unpack(target, parts, self._value(value))
            case ast.Subscript(owner, index):
                base, key, new = self._value(owner), self._key(index), self._value(value)
                self._put(target, base, key, new)
                return _root(owner), base
            case ast.Attribute(owner, ("grad" | "requires_grad") as attribute):
                base, new = self._value(owner), self._value(value)
                if isinstance(base, torch.Tensor) and (new is None if attribute == "grad" else isinstance(new, bool)):
                    with place(target):
                        setattr(base, "grad" if attribute == "grad" else "requires_grad", new)
                    return _root(owner), base
        what = _("this cannot be given a value here")
        raise LineProblem.at(target, Refusal(what, _("Give a name, or a place such as a[0, 1]; .grad takes only None")))

    def _unpack(self, target: ast.expr, parts: list[ast.expr], value: Any) -> tuple[tuple[str, ...], Any]:
        size = len(value) if isinstance(value, (tuple, list)) else -1
        if isinstance(value, (torch.Tensor, np.ndarray)) and value.ndim:
            size = value.shape[0]
        if size != len(parts) or size > _MOST_UNPACKED or not all(isinstance(one, ast.Name) for one in parts):
            what = _("{count} names are given {kind} of {size}").format(
                count=len(parts), kind=named_kind(value), size=max(size, 0)
            )
            raise LineProblem.at(target, Refusal(what, _("Give as many names as there are values")))
        names = tuple(one.id for one in parts if isinstance(one, ast.Name))
        for one, name in zip(parts, names, strict=True):
            self._refuse_name(one, name)
        with place(target):
            self.names |= {name: believed(value[position]) for position, name in enumerate(names)}
        return names, value

    def _change(
        self, node: ast.stmt, target: ast.expr, sign: ast.operator, value: ast.expr
    ) -> tuple[tuple[str, ...], Any]:
        match target:
            case ast.Name(name):
                base, other = self._value(ast.copy_location(ast.Name(name, ast.Load()), target)), self._value(value)
                result = self._sign(node, sign, base, other, in_place=True)
                self.names[name] = result
                return (name,), result
            case ast.Subscript(owner, index):
                base, key = self._value(owner), self._key(index)
                item, other = self._get(target, base, key), self._value(value)
                self._put(target, base, key, self._sign(node, sign, item, other, in_place=True))
                return _root(owner), base
        raise LineProblem.at(
            target, Refusal(_("this cannot be changed here"), _("Change a name, or a place such as a[0]"))
        )

    def _put(self, node: ast.expr, base: Any, key: Any, new: Any) -> None:
        if not isinstance(base, (torch.Tensor, np.ndarray)):
            what = _("{kind} is not changed in place here").format(kind=named_kind(base))
            raise LineProblem.at(node, Refusal(what, _("Make a tensor of it")))
        if isinstance(new, (torch.Tensor, np.ndarray)) and type(new) is not type(base):
            raise LineProblem.at(node, Refusal(*MIXED))
        with place(node):
            work = read_cost(base, key, self.meter) + self.meter.charge(
                new.numel() if isinstance(new, torch.Tensor) else 1
            )
        with place(node, torch_too=True):
            base[key] = new
        self._noted(base, work)

    def _refuse_name(self, node: ast.AST, name: str) -> None:
        if name in RESERVED:
            what = _("{name} is a word of the language").format(name=name)
            raise LineProblem.at(node, Refusal(what, _("Choose another name")))
        if len(name) > LONGEST_NAME:
            what = _("the name is longer than {n} letters").format(n=LONGEST_NAME)
            raise LineProblem.at(node, Refusal(what, _("Choose a shorter one")))


def _root(node: ast.expr) -> tuple[str, ...]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return (node.id,) if isinstance(node, ast.Name) else ()


def _bytes_held(values: Any) -> int:
    """Bytes of all tensors and arrays, shared memory counted once."""
    held = {}
    for value in values:
        for one in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(one, torch.Tensor):
                storage = one.untyped_storage()
                held[storage.data_ptr()] = storage.nbytes()
                if one.grad_fn is None and one.grad is not None:
                    held[one.grad.untyped_storage().data_ptr()] = one.grad.untyped_storage().nbytes()
            elif isinstance(one, np.ndarray):
                held.setdefault(one.__array_interface__["data"][0], one.nbytes)
    return sum(held.values())
