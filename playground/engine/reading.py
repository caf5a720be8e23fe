"""Asks the readers of data sets, and believes what they give only after a look at it."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import torch

from playground.core.arguments import shown_shape
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.engine.datasets import Raw


def asked(function: Callable[..., Any], spec: DatasetSpec, **known: Any) -> Any:
    """Call a reader's function with those keywords that it names; None is left to its own default."""
    named = inspect.signature(function).parameters
    return function(spec, **{name: value for name, value in known.items() if name in named and value is not None})


def read(load: Callable[..., Raw], spec: DatasetSpec, known: Mapping[str, Any]) -> Raw:
    """The samples of a set. spec: in effect;  known: keywords for the reader

    raises Problem: what the reader raises, or samples that are not those of the declaration
    """
    raw: Raw = asked(load, spec, **known)
    parts = [(raw.train_inputs, raw.train_targets)]
    if raw.test_inputs is not None and raw.test_targets is not None:
        parts.append((raw.test_inputs, raw.test_targets))
    for inputs, targets in parts:
        fault = _fault_of(spec, inputs, targets, raw.missing)
        if fault:
            fix = _("Correct the file") if spec.own else _("Get its files again, or choose another data set")
            raise Problem(where=spec.title, what=fault, fix=fix)
    return raw


def _fault_of(spec: DatasetSpec, inputs: torch.Tensor, targets: torch.Tensor, missing: bool) -> str:
    """What is wrong with samples as read, or nothing. missing: some values may be NaN"""
    if tuple(inputs.shape[1:]) != spec.sample_shape:
        return _("a sample has the shape {found}, but must have {expected}").format(
            found=shown_shape(tuple(inputs.shape[1:])), expected=shown_shape(spec.sample_shape)
        )
    if len(inputs) != len(targets) or not len(inputs):
        return _("it has {inputs:,} samples and {targets:,} labels").format(inputs=len(inputs), targets=len(targets))
    if inputs.is_floating_point() and not missing and not bool(torch.isfinite(inputs).all()):
        return _("some of its values are not numbers")
    if targets.is_floating_point() and not bool(torch.isfinite(targets).all()):
        return _("some of its targets are not numbers")
    if spec.task == "classification":
        wrong = _beyond(targets, len(spec.classes))
        if wrong is not None:
            return _("it has a label {label}, but the classes go from 0 to {last}").format(
                label=wrong, last=len(spec.classes) - 1
            )
    if spec.kind == "text" and spec.tokens:
        wrong = _beyond(inputs, spec.tokens)
        if wrong is not None:
            return _("it has a token {token}, but they go from 0 to {last}").format(token=wrong, last=spec.tokens - 1)
    return ""


def _beyond(indices: torch.Tensor, count: int) -> int | None:
    """An index that is not one of 0 to count − 1."""
    low, high = (int(value) for value in indices.aminmax())
    if low < 0:
        return low
    return high if high >= count else None
