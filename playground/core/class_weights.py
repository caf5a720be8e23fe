"""How much the samples of each class count in a loss: lists of numbers, as arguments of the kind "weights" hold them."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from playground.core.arguments import faults_of
from playground.core.spec import LossSpec
from playground.core.text import _

LARGEST = 1_000_000  # of one class
MOST_SHOWN = 256  # numbers that are written out
_DIGITS = 6  # of a balanced weight


def faults_of_options(spec: LossSpec, options: Mapping[str, Any], classes: int) -> list[tuple[str, str]]:
    """Every (argument name, sentence) that is wrong with the pinned options of a loss: by themselves, else with the
    data or with each other. classes: of the data set, 0 for regression"""
    faults = faults_of(spec.name, spec.arguments, options)
    if faults:
        return faults
    for name in names_of_weights(spec):
        given = options.get(name)
        if given is not None and classes and len(given) != classes:
            text = _("{name} has {count:,} numbers, but the data set has {classes:,} classes")
            faults.append((name, text.format(name=name, count=len(given), classes=classes)))
        elif given is not None and options.get("balance"):
            text = _("balance and {name} both say how much each class counts")
            faults.append(("balance", text.format(name=name)))
    return faults


def names_of_weights(spec: LossSpec | None) -> list[str]:
    """The arguments that hold a number for each class."""
    return [one.name for one in spec.arguments if one.kind == "weights"] if spec else []


def weighs_classes(spec: LossSpec | None, options: Mapping[str, Any]) -> bool:
    """Whether some classes may count more than others."""
    declared = {one.name: one.kind for one in spec.arguments} if spec else {}
    ways = [name for name, kind in declared.items() if name == "balance" or kind == "weights"]
    return any(options.get(name) not in (None, False) for name in ways)


def with_option(spec: LossSpec | None, options: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Pinned options with one more: of balancing and weights of one's own, which say the same thing, the newer counts."""
    weights = names_of_weights(spec)
    rivals = weights if name == "balance" and value is True else ["balance"] if name in weights else []
    return {**{key: one for key, one in options.items() if key not in rivals}, name: value}


def balanced(counts: Sequence[int], name: str = "weight") -> tuple[float, ...]:
    """Weights by which all classes together count alike, in numbers that a person can read.

    counts: training samples of each class; a class that has none counts for nothing
    name: of the argument. "weight": the mean over all samples is 1, as scikit-learn's "balanced" has it;
        "pos_weight": for each class, how many samples are of another one for each that is of it
    """
    samples, there = sum(counts), sum(1 for one in counts if one)
    if name == "pos_weight":
        found = [(samples - one) / one if one else 0.0 for one in counts]
    else:
        found = [samples / (there * one) if one else 0.0 for one in counts]
    return tuple(min(float(LARGEST), float(f"{one:.{_DIGITS}g}")) for one in found)


def shown_weights(weights: Sequence[Any]) -> str:
    """Weights as people read them, "1, 2, 0.5". Of very many: how many, how far apart, and a mark that others have not."""
    numbers = [f"{one:.12g}" if isinstance(one, (int, float)) else str(one) for one in weights]
    if len(numbers) <= MOST_SHOWN:
        return ", ".join(numbers)
    text = _("{n:,} numbers from {low:g} to {high:g} (#{mark})")
    mark = f"{zlib.crc32(repr([float(one) for one in weights]).encode()):08x}"
    if not all(isinstance(one, (int, float)) for one in weights):
        return _("{n:,} entries (#{mark})").format(n=len(weights), mark=mark)
    return text.format(n=len(weights), low=min(weights), high=max(weights), mark=mark)
