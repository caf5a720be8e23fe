"""What became of a layer that was tried."""

from typing import NamedTuple

import msgspec

from playground.core.spec import Shape


class Coming(NamedTuple):
    """What comes into a layer. shape: of a sample;  tokens: how many different ones there are, 0 where it is numbers"""

    shape: Shape
    tokens: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What became of one layer, or block, on one input shape.

    output_shape: without the batch axis; None where it failed
    tensors: shapes of its own parameters, known even where only the forward pass failed
    message: PyTorch's own, on one line, where it refused;  fault: what is wrong, where PyTorch would not say so
    unequal: the shapes that cannot be put together, in a block
    tokens: how many different ones the output is made of; 0 where it is numbers
    """

    output_shape: Shape | None
    tensors: tuple[Shape, ...]
    message: str = ""
    fault: str = ""
    unequal: tuple[Shape, ...] = ()
    tokens: int = 0


def said(error: Exception) -> str:
    """PyTorch's message on one line, without the C++ frames that some of them carry."""
    text = str(error).partition("\nException raised from")[0].removeprefix("addmm: ")
    return " ".join(text.split()) or type(error).__name__
