"""The bench that the tests compute with, made by plain PyTorch."""

from typing import Any

import numpy as np
import torch


def bench() -> dict[str, Any]:
    """Fresh values: a 3 × 4, v 4, w 3 × 3, i 3 whole numbers, c 3, p 3 with slopes wanted, n an array of 4."""
    return {
        "a": torch.arange(12.0).reshape(3, 4),
        "v": torch.arange(4.0),
        "w": torch.ones(3, 3),
        "i": torch.tensor([0, 2, 1]),
        "c": torch.tensor([1.0, 2.0, 3.0]),
        "p": torch.tensor([1.0, 2.0, 3.0], requires_grad=True),
        "n": np.array([1.0, 2.0, 3.0, 4.0]),
    }


def plain(lines: str) -> tuple[dict[str, Any], Any]:
    """What Python itself makes of lines, divided by "; ": the names afterwards, and the value of the last."""
    names = {**bench(), "torch": torch, "np": np, "F": torch.nn.functional, "math": __import__("math")}
    value = None
    for line in lines.split("; "):
        try:
            value = eval(line, names)
        except SyntaxError:
            exec(line, names)
            value = None
    return names, value


def assert_same(got: Any, expected: Any) -> None:
    """Equal to the bit, in kind, shape, data type and numbers."""
    if isinstance(expected, torch.Tensor):
        assert type(got) is torch.Tensor
        assert (got.shape, got.dtype, got.stride()) == (expected.shape, expected.dtype, expected.stride())
        assert (got.requires_grad, got.is_leaf) == (expected.requires_grad, expected.is_leaf)
        torch.testing.assert_close(got, expected, rtol=0, atol=0, equal_nan=True)
    elif isinstance(expected, np.ndarray):
        assert (got.shape, got.dtype, got.strides) == (expected.shape, expected.dtype, expected.strides)
        np.testing.assert_array_equal(got, expected)
    elif isinstance(expected, (tuple, list)):
        assert len(got) == len(expected)
        for one, other in zip(got, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, np.generic):
        assert_same(got, expected.item())
    elif isinstance(expected, float) and expected != expected:
        assert got != got
    else:
        assert type(got) is type(expected)
        assert got == expected
