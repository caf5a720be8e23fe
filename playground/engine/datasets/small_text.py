"""A short story, written for this program: resources/texts/small-text.txt. Each sample is a window of it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import torch

from playground.core.datasets.small_text import CHARACTERS
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.disk import resources
from playground.engine.datasets import Raw
from playground.engine.datasets._script import Reading, text_windows

_TEST_SHARE = 10  # one part of so many, at the end: windows that overlap training windows would be no test


def describe(spec: DatasetSpec, *, options: Mapping[str, Any]) -> DatasetSpec:
    """options: in effect. raises Problem"""
    window, (train, test) = options["window"], _parts(spec)
    return msgspec.structs.replace(
        spec, sample_shape=(window,), train=len(train) - window, test=len(test) - window
    )  # fmt: skip


def load(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Raw:
    """(N, window) int64 tokens, a view of the text, and (N,) the token that follows each window. raises Problem"""
    window, (train, test) = options["window"], _parts(spec)
    return Raw(
        train.unfold(0, window, 1)[:-1], train[window:], test.unfold(0, window, 1)[:-1], test[window:]
    )  # fmt: skip


def _parts(spec: DatasetSpec) -> tuple[torch.Tensor, torch.Tensor]:
    path = resources.path("texts", "small-text.txt")
    try:
        text = path.read_text(encoding="utf-8")
        tokens = torch.tensor([CHARACTERS.index(one) for one in text])
    except (OSError, ValueError) as error:
        raise Problem(
            where=str(path), what=_("the story is not there, or was changed ({error})").format(error=error),
            fix=_("Install the program again"),
        ) from error  # fmt: skip
    cut = len(tokens) - len(tokens) // _TEST_SHARE
    if len(tokens) - cut <= 256:
        raise Problem(where=str(path), what=_("the story is cut off"), fix=_("Install the program again"))
    return tokens[:cut], tokens[cut:]


def script(spec: DatasetSpec, *, options: Mapping[str, Any]) -> Reading:
    """How a script reads it."""
    return text_windows(resources.path("texts", "small-text.txt"), CHARACTERS, options["window"])
