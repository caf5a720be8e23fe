"""Lines that are tried at the end of a page: what each would make there, or why it would be refused."""

import copy

import torch

from playground.core.lab.messages import TryLines
from playground.core.lab.told import Trial, Tried
from playground.engine.lab.bench import Computed, array, seeded
from playground.engine.lab.comparisons import copied
from playground.engine.lab.language import Language
from playground.engine.lab.refusal import LineProblem

_MOST_FIRST = 12  # numbers


def tried(ask: TryLines) -> Tried:
    """Each line alone, with the names and the random numbers that it would find, and within what the page has left."""
    bench = Computed(ask.lines, ask.seed)
    return Tried(tuple(_trial(bench, line) for line in ask.tries))


def _trial(bench: Computed, line: str) -> Trial:
    language = Language(bench.language.names)
    language.names = {name: copied(one) if name in line else one for name, one in language.names.items()}
    language.meter = copy.copy(bench.language.meter)
    with seeded(0):
        torch.set_rng_state(bench.random_state)
        try:
            _names, value = language.run(line)
        except LineProblem as problem:
            return Trial(line, problem.line_fault)
    if not isinstance(value, torch.Tensor):
        return Trial(line)
    first = value.detach().reshape(-1)[:_MOST_FIRST]
    return Trial(line, None, tuple(value.shape), str(value.dtype).removeprefix("torch."), array(first))
