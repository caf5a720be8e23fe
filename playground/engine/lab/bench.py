"""The bench: lines of the small language, computed in order, and what the tensors are that they make.

A bench is made anew from its lines for every question, from the same seed: nothing is kept between two of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import numpy as np
import torch

from playground.core.carried import Array
from playground.core.lab.messages import Glance
from playground.core.lab.told import Bench, Cells, Change, LineTold, TensorFacts
from playground.core.text import _
from playground.engine.lab.language import Language
from playground.engine.lab.memory import sharing, starts
from playground.engine.lab.refusal import LineProblem
from playground.engine.lab.values import Shown, named_kind

MOST_SHOWN = 4_096  # cells of one window
_MOST_STORAGE = 256
_MOST_PLACES = 64
_MOST_WARNINGS = 3
_MOST_LISTED = 8  # of the tensors in a tuple


class Computed:
    """A bench as it is after its lines. values: label -> value, names first;  origins: label -> line that made it, from 1
    lines: what became of each;  changes: what the line asked about changed
    random_state: after the lines
    """

    def __init__(self, lines: Sequence[str], seed: int = 0, watched: int = 0, language: Language | None = None):
        """watched: the line whose changes are wanted, from 1; 0 for none;  language: that computes them"""
        self.language = language or Language()
        self.lines: list[LineTold] = []
        self.changes: tuple[Change, ...] = ()
        self.origins: dict[str, int] = {}
        self._expressions: dict[str, Any] = {}
        with seeded(seed):
            for number, line in enumerate(lines, 1):
                before = _copies(self.values) if number == watched else {}
                self.lines.append(self._run(number, line))
                if number == watched:
                    self.changes = tuple(_changes(before, self.values))
            self.random_state = torch.get_rng_state()

    @property
    def values(self) -> dict[str, Any]:
        return dict(_flattened({**self.language.names, **self._expressions}))

    def _run(self, number: int, line: str) -> LineTold:
        if not line.partition("#")[0].strip():
            return LineTold(number)
        known = dict(self.language.names)
        try:
            names, value = self.language.run(line)
        except LineProblem as problem:
            return LineTold(number, fault=msgspec.structs.replace(problem.line_fault, line=number))
        warned = self.language.warned[:_MOST_WARNINGS]
        for name in names:
            if self.language.names.get(name) is not known.get(name):
                self.origins[name] = number
        if names or value is None:
            return LineTold(number, names[0] if names else "", names, warned)
        label = " ".join(line.partition("#")[0].split())
        if label not in self.language.names:
            self._expressions[label] = value
            self.origins.setdefault(label, number)
        return LineTold(number, label, (), warned)

    def told(self, glances: Sequence[Glance] = ()) -> Bench:
        """All of it as a message."""
        values = self.values
        shared = sharing(values)
        begins = starts(values, shared)
        facts = tuple(
            msgspec.structs.replace(
                _facts(label, value, self._origin(label), shared[label]), start=begins.get(label, 0)
            )
            for label, value in values.items()
        )
        cells = tuple(found for glance in glances if (found := self._cells(glance)) is not None)
        return Bench(tuple(self.lines), facts, cells, self.changes)

    def _origin(self, label: str) -> int:
        return self.origins.get(label) or self.origins.get(label.rpartition("[")[0], 0)

    def _cells(self, glance: Glance) -> Cells | None:
        """None where there is nothing of this name any more, or nothing in cells."""
        name, _dot, attribute = glance.label.rpartition(".")
        value = self.values.get(glance.label)
        if value is None and attribute == "grad" and isinstance(self.values.get(name), torch.Tensor):
            value = self.values[name].grad if self.values[name].is_leaf else None
        return cells(value, glance) if isinstance(value, (torch.Tensor, np.ndarray)) else None


def _flattened(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """A tuple of tensors is told as the tensors that it holds: "max[0]", "max[1]"."""
    for label, value in values.items():
        parts = value if isinstance(value, tuple) else ()
        if any(isinstance(one, (torch.Tensor, np.ndarray)) for one in parts):
            yield from ((f"{label}[{place}]", one) for place, one in enumerate(parts[:_MOST_LISTED]))
        else:
            yield label, value


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw from this seed, and put the process's random numbers back."""
    state = torch.get_rng_state()
    try:
        torch.default_generator.manual_seed(seed)
        yield
    finally:
        torch.set_rng_state(state)


def cells(value: Any, glance: Glance) -> Cells:
    """A window onto a tensor or an array of any order: the last two axes are its rows and columns."""
    tensor = value.detach() if isinstance(value, torch.Tensor) else None
    grid = tensor if tensor is not None else value
    lead = tuple(
        min(max(place, 0), size - 1)
        for place, size in zip((*glance.leading, *(0,) * grid.ndim), grid.shape[:-2], strict=False)
    )
    empty = 0 in grid.shape[:-2]
    grid = grid[lead] if lead and not empty else grid
    grid = grid.reshape(0, 0) if empty else grid.reshape(1, -1) if grid.ndim < 2 else grid
    rows, columns = grid.shape
    first = (min(max(glance.first[0], 0), max(rows - 1, 0)), min(max(glance.first[1], 0), max(columns - 1, 0)))
    high, wide = max(glance.size[0], 0), max(glance.size[1], 0)
    wide = min(wide, MOST_SHOWN)
    high = min(high, MOST_SHOWN // max(wide, 1))
    part = grid[first[0] : first[0] + high, first[1] : first[1] + wide]
    return Cells(glance.label, lead, first, array(part), rows, columns, array(_storage(value)))


def _storage(value: Any) -> Any:
    """The numbers of the storage from its beginning, in the value's own data type."""
    if not isinstance(value, torch.Tensor):
        return np.zeros(0, np.float32)
    whole = torch.empty(0, dtype=value.dtype).set_(value.untyped_storage())
    return whole[:_MOST_STORAGE]


def array(value: Any) -> Array:
    """A tensor or an array as it crosses the pipe, in its own data type (bfloat16 as float32)."""
    if isinstance(value, torch.Tensor):
        value = value.detach()
        value = (value.float() if value.dtype is torch.bfloat16 else value).clone().numpy()
    plain = np.ascontiguousarray(value)
    return Array(str(plain.dtype), tuple(value.shape), plain.tobytes())


def _facts(label: str, value: Any, line: int, shares: tuple[str, ...]) -> TensorFacts:
    if isinstance(value, torch.Tensor):
        return _tensor_facts(label, value, line, shares)
    if isinstance(value, np.ndarray):
        low, high = spread(value)
        return TensorFacts(
            label=label, line=line, kind="array", text=_("NumPy array"), shape=value.shape, dtype=str(value.dtype),
            strides=tuple(one // value.itemsize for one in value.strides), itemsize=value.itemsize,
            storage_bytes=value.nbytes, storage=value.size, device="cpu", contiguous=value.flags.c_contiguous,
            shares=shares, low=low, high=high,
        )  # fmt: skip
    number = isinstance(value, (bool, int, float))
    text = value.text if isinstance(value, Shown) else _in_words(value)
    return TensorFacts(label=label, line=line, kind="number" if number else "other", text=text[:500])


def _in_words(value: Any) -> str:
    """As Python writes it; the tensors in a list by their shapes."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return f"{named_kind(value)} {tuple(value.shape)}"
    if isinstance(value, list) or type(value) is tuple:
        inner = ", ".join(map(_in_words, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return repr(value)


def _tensor_facts(label: str, value: torch.Tensor, line: int, shares: tuple[str, ...]) -> TensorFacts:
    low, high = spread(value)
    size, storage = value.element_size(), value.untyped_storage().nbytes()
    return TensorFacts(
        label=label, line=line, kind="tensor", text=_("tensor"), shape=tuple(value.shape),
        dtype=str(value.dtype).removeprefix("torch."), strides=value.stride(), offset=int(value.storage_offset()),
        storage=storage // size, storage_bytes=storage, itemsize=size, device=str(value.device),
        requires_grad=value.requires_grad, is_leaf=value.is_leaf,
        grad_fn=value.grad_fn.name() if value.grad_fn is not None else "", contiguous=value.is_contiguous(),
        shares=shares, low=low, high=high, grad=value.is_leaf and value.grad is not None,
    )  # fmt: skip


def spread(value: Any) -> tuple[float | None, float | None]:
    """Its lowest and its highest finite number."""
    tensor = value.detach() if isinstance(value, torch.Tensor) else None
    numbers = tensor.to(torch.float64) if tensor is not None else torch.tensor(value.astype(np.float64))
    finite = numbers[torch.isfinite(numbers)]
    if not finite.numel():
        return None, None
    low, high = finite.aminmax()
    return low.item(), high.item()


def _copies(values: dict[str, Any]) -> dict[str, Any]:
    """What the numbers are now."""
    return {
        label: value.detach().clone() if isinstance(value, torch.Tensor) else value.copy()
        for label, value in values.items()
        if isinstance(value, (torch.Tensor, np.ndarray))
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for label, old in before.items():
        new = after[label]
        if type(new) is not type(old):
            continue  # the name was given to something else
        if tuple(new.shape) != tuple(old.shape) or new.dtype != old.dtype:
            yield Change(label, 0, reshaped=True)
            continue
        was, now = torch.as_tensor(old).double(), torch.as_tensor(new).detach().double()
        different = ~((was == now) | (torch.isnan(was) & torch.isnan(now)))
        count = int(different.sum())
        if count:
            places = different.nonzero()[:_MOST_PLACES]
            chosen = tuple(places.T)
            yield Change(
                label,
                count,
                tuple(tuple(place) for place in places.tolist()),
                tuple(was[chosen].reshape(-1).tolist()),
                tuple(now[chosen].reshape(-1).tolist()),
            )
