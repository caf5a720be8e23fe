"""Reading data out of pickles without running what they ask for.

A pickle is a program. This reader knows only the words that spell numbers, strings, lists, dictionaries and NumPy
arrays, and only stand-ins of our own for NumPy's (and joblib's) names: nothing in a file can reach anything else.
It follows Python's own reader in Python, which takes memory for what is there, not for what a file claims.
"""

import math
import pickle
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.datasets._files import damaged

_KINDS = {"u1": np.uint8, "i8": np.int64, "f8": np.float64}
_NUMPY = ("numpy.core.multiarray", "numpy._core.multiarray")  # before and since NumPy 2

_WORDS = (
    "PROTO", "FRAME", "MARK", "STOP", "POP", "NONE", "NEWTRUE", "NEWFALSE", "INT", "BININT", "BININT1", "BININT2",
    "LONG1", "BINFLOAT", "STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE",
    "BINBYTES", "SHORT_BINBYTES", "EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "EMPTY_LIST", "LIST",
    "APPEND", "APPENDS", "EMPTY_DICT", "DICT", "SETITEM", "SETITEMS", "PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE",
    "GET", "BINGET", "LONG_BINGET", "GLOBAL", "STACK_GLOBAL", "REDUCE", "NEWOBJ", "BUILD",
)  # fmt: skip

_Base: Any = pickle._Unpickler  # type: ignore[attr-defined]


def load(path: Path, content: bytes, go_on: Callable[[], None] = lambda: None) -> Any:
    """What a pickle holds: numbers, bytes, str, lists, tuples, dicts, arrays of uint8, int64 or float64.

    path: named in messages;  go_on: asked every thousand items of a list, may raise a Problem of its own
    raises Problem: it is damaged, or holds anything else
    """
    try:
        return _finished(_Reader(content, go_on).load())
    except Problem:
        raise
    except Exception as error:  # a damaged pickle may make Python's reader raise anything
        raise damaged(
            path, _("it is damaged, or not a pickle of plain arrays ({error})").format(error=error)
        ) from error


class _Refused(Exception):
    """The file asks for more than data."""


class _Kind:
    """A dtype as a pickle spells it: only its code counts; these files are little-endian."""

    def __init__(self, code: Any = "", *_flags: Any):
        self.code = _text(code)

    def restore(self, state: Any) -> None:
        if isinstance(state, tuple) and len(state) > 1 and _text(state[1]) not in ("<", "|", "="):
            raise _Refused("its numbers are not little-endian")

    @property
    def numpy(self) -> Any:
        if self.code.lstrip("<|") not in _KINDS:
            raise _Refused(f"numbers of kind {self.code!r:.20}")
        return np.dtype(_KINDS[self.code.lstrip("<|")])


class _Array:
    """An array in the making: NumPy's `_reconstruct`, filled by its state."""

    def __init__(self, *_empty: Any):
        self.value: np.ndarray | None = None

    def restore(self, state: Any) -> None:
        _version, shape, kind, columns_first, raw = state
        content = raw.encode("latin1") if isinstance(raw, str) else raw
        self.value = _shaped(bytes(content), shape, kind, "F" if columns_first else "C")


class _Inline:
    """joblib's NumpyArrayWrapper: the values follow it in the file, beside the pickle's own words."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    def restore(self, state: Any) -> None:
        self.state = dict(state)

    def read(self, file: BytesIO) -> np.ndarray:
        if self.state.get("numpy_array_alignment_bytes") is not None:
            padding = file.read(1)
            file.read(padding[0] if padding else 0)
        shape, kind = self.state["shape"], self.state["dtype"]
        count = math.prod(int(size) for size in shape) * kind.numpy.itemsize
        return _shaped(file.read(max(0, count)), shape, kind, self.state.get("order", "C"))


def _latin1(text: str = "", _encoding: str = "latin1") -> bytes:
    """`_codecs.encode` or `bytes`: how Python 3 writes bytes, or no bytes, into a pickle that Python 2 can read."""
    return text.encode("latin1")


class _ArrayType:
    """`numpy.ndarray`, which is only named."""


_NAMES: dict[tuple[str, str], Any] = {
    **{(module, "_reconstruct"): _Array for module in _NUMPY},
    ("numpy", "ndarray"): _ArrayType,
    ("numpy", "dtype"): _Kind,
    ("joblib.numpy_pickle", "NumpyArrayWrapper"): _Inline,
    ("_codecs", "encode"): _latin1,
    ("__builtin__", "bytes"): _latin1,
}


class _Reader(_Base):  # type: ignore[misc]
    dispatch = {getattr(pickle, word)[0]: _Base.dispatch[getattr(pickle, word)[0]] for word in _WORDS}

    def __init__(self, content: bytes, go_on: Callable[[], None]):
        self._file, self._go_on = BytesIO(content), go_on
        super().__init__(self._file, encoding="bytes", fix_imports=False)

    def find_class(self, module: Any, name: Any) -> Any:
        if (_text(module), _text(name)) not in _NAMES:
            raise _Refused(f"it asks for {_text(module)}.{_text(name)}")
        return _NAMES[_text(module), _text(name)]

    def load_reduce(self) -> None:
        arguments, function = self.stack.pop(), self.stack[-1]
        if not any(function is one for one in (_Array, _Kind, _latin1)):
            raise _Refused("it calls something")
        self.stack[-1] = function(*arguments)

    def load_newobj(self) -> None:
        arguments, kind = self.stack.pop(), self.stack[-1]
        if kind is not _Inline or arguments:
            raise _Refused("it makes something")
        self.stack[-1] = _Inline()

    def load_build(self) -> None:
        state, made = self.stack.pop(), self.stack[-1]
        if not isinstance(made, (_Array, _Kind, _Inline)):
            raise _Refused("it changes something")
        made.restore(state)
        if isinstance(made, _Inline):
            self.stack[-1] = made.read(self._file)

    def load_appends(self) -> None:
        self._go_on()
        super().load_appends()

    dispatch[pickle.APPENDS[0]] = load_appends
    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.NEWOBJ[0]] = load_newobj
    dispatch[pickle.BUILD[0]] = load_build


def _shaped(content: bytes, shape: Any, kind: _Kind, order: str) -> np.ndarray:
    values = np.frombuffer(content, kind.numpy)
    return values.reshape(tuple(int(size) for size in shape), order="F" if order == "F" else "C")


def _text(word: Any) -> str:
    return word.decode("latin1") if isinstance(word, bytes) else str(word)


def _finished(value: Any) -> Any:
    """Arrays instead of their stand-ins, and names as str, in what a file holds at its top."""
    if isinstance(value, _Array):
        return value.value
    if isinstance(value, dict):
        return {_text(key): _finished(one) if isinstance(one, _Array) else one for key, one in value.items()}
    return value
