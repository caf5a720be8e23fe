"""The walker over the syntax tree of an expression: every value, call and sign of the lab's small language.

Nothing is ever evaluated by Python itself, and no attribute is looked up by a name that somebody typed: what a line may
use stands in the table `core.lab.words`. What an operation would make and take is known before it is done.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from playground.core.arguments import did_you_mean
from playground.core.lab.words import MODULES, WORDS, Word
from playground.core.text import _
from playground.engine.lab import signs
from playground.engine.lab.costs import Call, estimate
from playground.engine.lab.meaning import meaning
from playground.engine.lab.meter import Meter
from playground.engine.lab.places import read_cost, usable
from playground.engine.lab.refusal import LineProblem, Refusal, torch_refuses
from playground.engine.lab.values import MIXED, believed, kind_of, named_kind

MODES = {"torch.no_grad": torch.no_grad, "torch.enable_grad": torch.enable_grad}


class Walker:
    """names: of the bench -> value"""

    def __init__(self, names: dict[str, Any] | None = None):
        self.names: dict[str, Any] = dict(names or {})
        self.meter = Meter()

    def _value(self, node: ast.expr) -> Any:
        with place(node):
            self.meter.look_at_the_clock()
        match node:
            case ast.Constant(str()):
                raise LineProblem.at(node, Refusal(_("a text means nothing here"), _("Use a number or a name")))
            case ast.Constant(value) if value is not ...:
                with place(node):
                    return believed(value)
            case ast.Name(name):
                return self._named(node, name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Subscript(owner, index):
                return self._get(node, self._value(owner), self._key(index))
            case ast.List(parts) | ast.Tuple(parts):
                values = [self._value(part) for part in parts]
                with place(node):
                    return believed(values if isinstance(node, ast.List) else tuple(values))
            case ast.BinOp(left, sign, right):
                return self._sign(node, sign, self._value(left), self._value(right))
            case ast.Compare(left, [sign], [right]):
                return self._sign(node, sign, self._value(left), self._value(right))
            case ast.Compare():
                fix = _("Write (a < b) & (b < c)")
                raise LineProblem.at(node, Refusal(_("comparisons are not chained number by number"), fix))
            case ast.UnaryOp(sign, operand):
                return self._sign(node, sign, self._value(operand))
        raise LineProblem.at(node, Refusal(_("this stands only between the brackets of an index")))

    def _named(self, node: ast.expr, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        if name in MODULES or name == "nn":
            what = _("{name} alone is no value").format(name=name)
            raise LineProblem.at(node, Refusal(what, _("Write what is wanted of it, as in torch.arange(5)")))
        if name == "print":
            raise LineProblem.at(
                node, Refusal(_("nothing is printed here"), _("Write the name alone: its value is shown"))
            )
        if name in WORDS:
            what = _("{name} is a function").format(name=name)
            raise LineProblem.at(node, Refusal(what, _("Write {call}").format(call=name + WORDS[name].call)))
        what = _("the name {name} is not known here").format(name=name)
        known = did_you_mean(name, [*self.names, *WORDS])
        raise LineProblem.at(node, Refusal(what + known, _("Give it a value in a line above")))

    def _attribute(self, node: ast.Attribute) -> Any:
        word, owner = self._word(node)
        if word.is_called:
            what = _("{name} is a function, and must be called").format(name=word.name)
            raise LineProblem.at(node, Refusal(what, _("Write {call} behind it").format(call=word.call)))
        if owner is _NONE:
            return meaning(word)
        return self._done(node, word.cost, Call(meaning(word), (owner,)))

    def _word(self, node: ast.expr) -> tuple[Word, Any]:
        """The word that a name means, and the value that it follows, if it follows one. raises LineProblem"""
        path = dotted(node)
        if path is not None and (not isinstance(node, ast.Attribute) or path.partition(".")[0] in _OWNERS):
            owner, _dot, last = path.rpartition(".")
            word = WORDS.get(f"{_SHORT.get(owner, owner)}.{last}".lstrip("."))
            if word is None:
                if not isinstance(node, ast.Attribute):
                    self._refuse_call(node, path)
                what = _("{name} is not among the words of the lab").format(name=path)
                known = did_you_mean(path, [one for one in WORDS if one.startswith(path.partition(".")[0])])
                raise LineProblem.at(node, Refusal(what + known, _("Choose one that completion offers")))
            return word, _NONE
        assert isinstance(node, ast.Attribute)
        owner = self._value(node.value)
        kind = kind_of(owner)
        word = WORDS.get(f"{kind}.{node.attr}")
        if word is None:
            what = _("{kind} has no {name} here").format(kind=named_kind(owner), name=node.attr)
            known = did_you_mean(
                node.attr, [one.partition(".")[2] for one in WORDS if kind and one.startswith(f"{kind}.")]
            )
            where = (max((node.end_col_offset or 1) - len(node.attr), 0), node.end_col_offset or 1)
            raise LineProblem.at(where, Refusal(what + known, _("Choose one that completion offers")))
        return word, owner

    def _refuse_call(self, node: ast.expr, name: str) -> None:
        """raises LineProblem: a name of the bench, or an unknown one, is called"""
        if name in self.names:
            what = _("{name} is {kind}, which is not called").format(name=name, kind=named_kind(self.names[name]))
            raise LineProblem.at(node, Refusal(what, _("Write * to multiply, [ ] to choose")))
        self._named(node, name)

    def _call(self, node: ast.Call) -> Any:
        if not isinstance(node.func, (ast.Name, ast.Attribute)):
            raise LineProblem.at(
                node.func, Refusal(_("this is not called here"), _("Call a word, as in torch.arange(5)"))
            )
        word, owner = self._word(node.func)
        if not word.is_called or word.name in MODES:
            what = _("{name} is not called here").format(name=word.name)
            fix = (
                _("Write with torch.no_grad(): and one statement")
                if word.name in MODES
                else _("Leave the brackets out")
            )
            raise LineProblem.at(node, Refusal(what, fix))
        arguments, named = self._given(word, node)
        if owner is not _NONE:
            arguments.insert(0, owner)
        return self._done(node, word.cost, Call(meaning(word), arguments, named))

    def _given(self, word: Word, node: ast.Call) -> tuple[list[Any], dict[str, Any]]:
        """Its arguments by place and by name. raises LineProblem: it takes no such argument"""
        if len(node.args) > len(word.positional) and not word.is_variadic:
            what = _("{name} takes {call}, not so many values").format(name=word.name, call=word.call)
            raise LineProblem.at(node.args[len(word.positional)], Refusal(what, _("Leave it out, or name it")))
        arguments = [
            self._argument(word, (word.positional[position : position + 1] or ("",))[0], one)
            for position, one in enumerate(node.args)
        ]
        named = {}
        for one in node.keywords:
            if one.arg is None or one.arg not in word.keywords:
                what = _("{name} takes no {argument} here").format(name=word.name, argument=one.arg or "**")
                known = did_you_mean(one.arg or "", sorted(word.keywords))
                raise LineProblem.at(one, Refusal(what + known, _("It takes {call}").format(call=word.call)))
            named[one.arg] = self._argument(word, one.arg, one.value)
        return arguments, named

    def _argument(self, word: Word, parameter: str, node: ast.expr) -> Any:
        texts = word.texts.get(parameter, ())
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in texts:
                return node.value
            if texts:
                what = _("{argument} is one of {texts}").format(argument=parameter, texts=", ".join(map(repr, texts)))
                raise LineProblem.at(node, Refusal(what, _("Choose one of them")))
            what = _("{name} takes no text here").format(name=word.name)
            raise LineProblem.at(node, Refusal(what, _("Write a number, a name, or a data type such as torch.float32")))
        return self._value(node)

    def _sign(self, node: ast.AST, sign: ast.AST, *operands: Any, in_place: bool = False) -> Any:
        with place(node):
            cost, function = signs.meaning(sign, operands, in_place)
        return self._done(node, cost, Call(function, operands))

    def _key(self, node: ast.expr) -> Any:
        """What stands between the brackets of an index."""
        match node:
            case ast.Tuple(parts):
                return tuple(self._key(part) for part in parts)
            case ast.Slice(low, high, step):
                return slice(*(None if one is None else self._bound(one) for one in (low, high, step)))
            case ast.Constant(value) if value is ...:
                return ...
        value = self._value(node)
        if not usable(value):
            what = _("{kind} does not choose places").format(kind=named_kind(value))
            raise LineProblem.at(
                node, Refusal(what, _("Use whole numbers, slices, lists or tensors of them, or a mask"))
            )
        return value

    def _bound(self, node: ast.expr) -> int:
        value = self._value(node)
        if not isinstance(value, int):
            what = _("a slice goes from one whole number to another")
            raise LineProblem.at(node, Refusal(what, _("Use whole numbers")))
        return value

    def _get(self, node: ast.expr, base: Any, key: Any) -> Any:
        with place(node):
            work = read_cost(base, key, self.meter)
        return self._finished(node, lambda: base[key], work)

    def _done(self, node: ast.AST, cost: str, call: Call) -> Any:
        """Do what a call says, once it is known to be cheap. raises LineProblem"""
        with place(node):
            if cost == "literal" and call.function is not torch.as_tensor and any(_mixes(call)):
                raise Refusal(*MIXED)
            if call.function is round and any(isinstance(one, int) and abs(one) > 20 for one in call.arguments[1:]):
                raise Refusal(_("a number has not so many digits"), _("Use fewer"))
            work = estimate(cost, call, self.meter)
        return self._finished(node, lambda: call.function(*call.arguments, **call.named), work)

    def _finished(self, node: ast.AST, do: Callable[[], Any], work: float) -> Any:
        with place(node, torch_too=True):
            result = do()
        with place(node):
            result = believed(result)
            self._noted(result, work)
        return result

    def _noted(self, result: Any, work: float) -> None:
        """What autograd keeps of it will be gone through again by backward(), and stays in memory till then."""
        for one in result if isinstance(result, tuple) else (result,):
            if isinstance(one, torch.Tensor) and one.requires_grad:
                self.meter.graph_work += work
                self.meter.graph_bytes += one.numel() * one.element_size()


_NONE = object()
_OWNERS = (*MODULES, "nn", "numpy")
_SHORT = {"torch.nn.functional": "F", "nn.functional": "F", "numpy": "np"}


def _mixes(call: Call) -> Iterator[bool]:
    """Whether NumPy is given tensors, or a list holds arrays."""
    is_numpy = call.function is np.array
    for one in call.everything:
        if isinstance(one, torch.Tensor):
            yield is_numpy
        elif isinstance(one, (list, tuple)):
            yield from (
                isinstance(inner, np.ndarray) or (is_numpy and isinstance(inner, torch.Tensor)) for inner in one
            )


@contextmanager
def place(node: ast.AST, torch_too: bool = False) -> Iterator[None]:
    """Give a refusal its place. torch_too: whatever is raised is PyTorch's refusal"""
    try:
        yield
    except Refusal as refusal:
        raise LineProblem.at(node, refusal) from None
    except LineProblem:
        raise
    except Exception as error:
        if not torch_too:
            raise
        raise LineProblem.at(node, torch_refuses(error)) from error


def dotted(node: ast.expr) -> str | None:
    """ "torch.nn.functional.relu" of names and dots alone; None for everything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
