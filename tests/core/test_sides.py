"""The arithmetic of a side that the forms tell: what is written is worked out, and held against torch itself."""

import math
import re
from itertools import product

import pytest
import torch
from torch import nn

from playground.core.arguments import in_effect
from playground.core.layers import LAYERS
from playground.core.sides import side_of

SIZES = (5, 12)
# kernel_size, stride, padding, dilation
WINDOWS = [one for one in product((1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2)) if one[2] <= one[0] // 2]


def worked_out(terms: str) -> int:
    """What a sum as the program writes it comes to. A quotient that is not in brackets must come out even."""
    python = terms.replace("−", "-").replace("·", "*")
    python = re.sub("⌊(.*)⌋", r"math.floor(\1)", python)
    python = re.sub("⌈(.*)⌉", r"math.ceil(\1)", python)
    value = eval(python, {"math": math})  # digits, brackets and signs, written by the program
    assert value == int(value), f"{terms} is {value}"
    return int(value)


def said(name: str, pinned: dict, given: tuple[int, ...], made: tuple[int, ...]) -> str:
    spec = LAYERS[name]
    return spec.sentences["kernel_size"](in_effect(spec.arguments, pinned, given), given, made)


def checked(name: str, pinned: dict, module: nn.Module, given: tuple[int, ...]) -> None:
    """That the sentence holds for what torch makes of an input, if it takes it."""
    try:
        made = tuple(module(torch.zeros(1, *given)).shape[1:])
    except RuntimeError:  # the window is larger than the input
        return
    sentence = said(name, pinned, given, made)
    terms, _equals, result = re.match(r"Output (?:height|length) = (.*?)( = )(\d+)", sentence).groups()
    assert int(result) == made[1]
    assert worked_out(terms) == made[1], sentence
    values = in_effect(LAYERS[name].arguments, pinned, given)
    assert [
        side_of(values, size, axis, name == "ConvTranspose2d").result for axis, size in enumerate(given[1:])
    ] == list(made[1:])


@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize("name", ["MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d"])
def test_the_size_of_a_pool_is_told_as_torch_finds_it(name, ceil):
    for (kernel, stride, padding, dilation), size in product(WINDOWS, SIZES):
        pinned = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
        if name.startswith("Max"):
            pinned["dilation"] = dilation
        given = (2, size) if name.endswith("1d") else (2, size, size + 1)
        checked(name, pinned, getattr(nn, name)(**pinned), given)


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d", "ConvTranspose2d"])
def test_the_size_of_a_convolution_is_told_as_torch_finds_it(name):
    for (kernel, stride, padding, dilation), size in product(WINDOWS, SIZES):
        pinned = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        if name == "ConvTranspose2d":
            pinned["output_padding"] = max(stride, dilation) - 1
        given = (1, size) if name.endswith("1d") else (1, size, size + 1)
        checked(name, pinned, getattr(nn, name)(1, 1, **pinned), given)
    checked("Conv2d", {"padding": "valid", "stride": 2}, nn.Conv2d(1, 1, 3, 2, "valid"), (1, 12, 9))


def test_the_sentences_of_a_division_that_leaves_a_rest():
    assert said("MaxPool2d", {}, (16, 13, 13), (16, 6, 6)) == "Output height = ⌊(13 − 2) / 2⌋ + 1 = 6 px."
    assert said("MaxPool1d", {"ceil_mode": True}, (4, 13), (4, 7)) == "Output length = ⌈(13 − 2) / 2⌉ + 1 = 7."
    assert said("Conv2d", {"kernel_size": 5}, (1, 28, 28), (16, 24, 24)) == "Output height = 28 − 5 + 1 = 24 px."
    cut = said("MaxPool1d", {"kernel_size": 1, "stride": 3, "ceil_mode": True}, (1, 3), (1, 1))
    assert cut.startswith("Output length = ⌈(3 − 1) / 3⌉ + 1 − 1 = 1. A window")
    assert said("Conv2d", {"padding": "same"}, (1, 9, 9), (16, 9, 9)) == ""
