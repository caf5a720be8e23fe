"""How each data set is read. The module has the name of the declaring module in `core/datasets`.

Such a module has
    load(spec) -> Raw                  reads the samples; raises Problem
    describe(spec) -> DatasetSpec      for a set with arguments: shape, classes and counts as they really are; cheap
    locate(spec) -> DatasetState       optional: whether and where the samples lie (left out: always there)
    fetch(spec, progress, cancelled)   optional: downloads them (see `engine.fetch`)
    script(spec) -> Reading            optional: how a script reads them (see `_script`); without it there is no script
The first three are given those of these keywords that they name in their signature:
    options    every argument of the set, as in effect
    folder     a place to look in first for its files
    seed       of the project: what is drawn, is drawn from `engine.randomness.generator(seed, "data")`
    progress   (samples done, samples in all);  cancelled  () -> bool, then `engine.fetch.Cancelled` is raised
A plug-in (entry point group "playground.datasets") names one module with the DatasetSpec and these functions;
the window imports it too, so it imports torch inside `load`.
"""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import torch

from playground.core import datasets as declared
from playground.core.problem import Problem
from playground.core.registry import module_declaring
from playground.core.spec import DatasetSpec
from playground.core.text import _


@dataclass(frozen=True, eq=False)
class Raw:
    """The samples as stored.

    train_inputs: (N, *sample_shape), uint8 or float32;  train_targets: (N,) int64 labels, or float32 for regression
    test_inputs, test_targets: the set's own test part; None where it has none
    largest: the largest value that a pixel can have; None is 255 for uint8, 1 for float32
    missing: train_inputs, float32 and the caller's own, hold NaN where a value is not known (see `engine.missing`)
    """

    train_inputs: torch.Tensor
    train_targets: torch.Tensor
    test_inputs: torch.Tensor | None = None
    test_targets: torch.Tensor | None = None
    largest: float | None = None
    missing: bool = False


def reader_of(spec: DatasetSpec) -> ModuleType:
    """The module that reads a data set. raises Problem: its plug-in has no `load`, or does not load"""
    module = module_declaring(declared, spec)
    try:
        if module is not None and module.__name__.startswith(declared.__name__ + "."):
            module = import_module(f"{__name__}.{module.__name__.rpartition('.')[2]}")
    except Exception as error:
        raise _unreadable(spec, f"{type(error).__name__}: {error}") from error
    if module is None or not callable(getattr(module, "load", None)):
        raise _unreadable(spec, _("its module has no function load"))
    return module


def _unreadable(spec: DatasetSpec, reason: str) -> Problem:
    return Problem(
        where=spec.title,
        what=_("the program does not know how to read it ({reason})").format(reason=reason),
        fix=_("Repair or remove the package that brings this data set, or choose another one"),
    )
