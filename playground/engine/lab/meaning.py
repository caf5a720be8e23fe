"""What the words of the language mean: each name of the table, looked up in its library once, and never again by name."""

import math
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
import torch

from playground.core.lab.words import WORDS, Word

_LIBRARIES: dict[str, Any] = {
    "torch": torch, "F": torch.nn.functional, "np": np, "math": math, "Tensor": torch.Tensor, "ndarray": np.ndarray,
}  # fmt: skip
_PLAIN: dict[str, Any] = {"len": len, "float": float, "int": int, "bool": bool, "abs": abs, "round": round}


def _seed(seed: int) -> None:
    """torch.manual_seed, on the CPU alone and without its generator as an answer."""
    torch.default_generator.manual_seed(seed)


def _found(word: Word) -> Any:
    owner, _dot, rest = word.name.partition(".")
    if not rest:
        return _PLAIN[owner]
    if word.name == "torch.manual_seed":
        return _seed
    if owner == "result":
        return {"values": lambda pair: pair[0], "indices": lambda pair: pair[1]}[rest]
    if not word.is_called and owner in ("Tensor", "ndarray"):
        return attrgetter(rest)
    return attrgetter(rest)(_LIBRARIES[owner])


# name -> a function, a reader of one attribute, or a constant
MEANINGS: dict[str, Any] = {name: _found(word) for name, word in WORDS.items()}
DTYPES = frozenset(one for one in MEANINGS.values() if isinstance(one, (torch.dtype, type)) and one not in (float, int, bool))  # fmt: skip


def meaning(word: Word) -> Callable[..., Any]:
    """The function, or the reader of the attribute, that a word stands for."""
    function: Callable[..., Any] = MEANINGS[word.name]
    return function
