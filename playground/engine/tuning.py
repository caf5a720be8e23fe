"""Chooses threads and memory layout by timing a few steps on a copy of the network.

What was measured is kept (`timings.json` among the caches), so that the same project on the same machine is always
trained the same way and gives the same bits; a fixed number of threads takes its layout from the same table.
"""

import contextlib
import hashlib
import json
import math
import platform
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

import torch

from playground.core.network import working
from playground.core.problem import Problem
from playground.core.project import Project, write_project
from playground.disk import atomic, folders
from playground.engine import losses
from playground.engine.batches import in_layout
from playground.engine.build import build_network
from playground.engine.devices import available_cores
from playground.engine.forward import forward_of
from playground.engine.loader import Prepared
from playground.engine.loop import LAYOUTS, Setup

_BUDGET_S = 0.4
_LAYOUT_GAIN = 0.9  # channels_last must take less than this share of the time
_THREAD_GAIN = 0.8  # so must more threads: two gain 1.4 times alone on a machine, and lose all of it beside other work
_KEPT = 200
_LEAST_ROUNDS, _MOST_ROUNDS = 2, 15

Table = dict[str, float]  # "threads layout" -> seconds of a step


def choose(
    project: Project,
    data: Prepared,
    device: torch.device,
    threads: int | None = None,
    layout: str | None = None,
    *,
    beside_window: bool = False,
) -> Setup:
    """Threads and layout for a run. What is given is taken as it is. The random state is not touched.

    beside_window: one core is left to the window
    raises Problem: the network cannot be built
    """
    if device.type != "cpu":  # its own scheduler does the work; the processor only feeds it
        return Setup(device, threads or 1, layout or "contiguous")
    cores = available_cores()
    counts = [threads] if threads else list(thread_counts(max(1, cores - 1) if beside_window else cores))
    layouts = [layout] if layout else _layouts(project)
    if len(counts) == 1 and len(layouts) == 1:
        return Setup(device, counts[0], layouts[0])
    table = _measured(project, data, [(count, one) for count in counts for one in layouts])
    best = {count: _better_layout(table, count, layouts) for count in counts}
    chosen = counts[0]
    for count in counts[1:]:
        if table[_row(count, best[count])] < _THREAD_GAIN * table[_row(chosen, best[chosen])]:
            chosen = count
    return Setup(device, chosen, best[chosen])


def thread_counts(most: int) -> Iterable[int]:
    """1, 2, 4, ... and the largest."""
    count = 1
    while count < most:
        yield count
        count *= 2
    yield most


def _layouts(project: Project) -> list[str]:
    pictures = any(layer.layer == "Conv2d" for _number, _path, layer in working(project.network))
    return list(LAYOUTS) if pictures else ["contiguous"]


def _better_layout(table: Table, count: int, layouts: list[str]) -> str:
    chosen = layouts[0]
    for layout in layouts[1:]:
        if table[_row(count, layout)] < _LAYOUT_GAIN * table[_row(count, chosen)]:
            chosen = layout
    return chosen


def _measured(project: Project, data: Prepared, wanted: list[tuple[int, str]]) -> Table:
    """The kept table of this project, with what is missing in it measured now."""
    key = _key(project, data)
    table = _kept().get(key, {})
    if missing := [pair for pair in wanted if _row(*pair) not in table]:
        table |= _measure(project, data, missing)  # rows that are there stay: a choice once made is made again
        _keep(key, table)
    return table


def _measure(project: Project, data: Prepared, wanted: list[tuple[int, str]]) -> Table:
    before, state = torch.get_num_threads(), torch.get_rng_state()
    try:
        trials = {layout: _Trial(project, data, layout) for layout in dict.fromkeys(one for _count, one in wanted)}
        torch.set_num_threads(wanted[0][0])
        first = next(iter(trials.values()))
        first.seconds()  # the first step of a network allocates
        slow = first.seconds() * len(wanted) * (_LEAST_ROUNDS + 1) / _BUDGET_S
        if slow > 1:
            for trial in trials.values():
                trial.shrink(slow)
        end = time.perf_counter() + _BUDGET_S
        times: dict[tuple[int, str], list[float]] = {pair: [] for pair in wanted}
        for turn in range(_MOST_ROUNDS):
            for count, layout in wanted:  # interleaved, so that other work on the machine meets all alike
                torch.set_num_threads(count)
                times[count, layout].append(trials[layout].seconds())
            if turn >= _LEAST_ROUNDS and time.perf_counter() > end:
                break
        # the mean, not the least: threads that wait for a busy core are slow in some steps only
        return {_row(*pair): fmean(seconds[1:]) for pair, seconds in times.items()}
    finally:
        torch.set_num_threads(before)
        torch.set_rng_state(state)


class _Trial:
    """Steps on a copy of the network, without updates."""

    def __init__(self, project: Project, data: Prepared, layout: str):
        model = build_network(project.network, data.input_shape, tokens=data.tokens, seed=project.recipe.seed)
        self._forward = forward_of(model.to(memory_format=LAYOUTS[layout]))
        self._parameters = list(model.parameters())
        self._loss = losses.make(project.recipe, data.task, len(data.classes), data.train_targets)
        batch = project.data.batch_of(len(data.train_inputs))
        self._inputs = in_layout(data.samples("train", torch.arange(min(batch, data.size("train")))), LAYOUTS[layout])
        self._targets = self._loss.targets(data.train_targets[:batch])

    def shrink(self, times: float) -> None:
        """Use fewer samples, where a step on all of them would take too long to be tried."""
        kept = max(2, math.ceil(len(self._inputs) / times))
        self._inputs, self._targets = self._inputs[:kept], self._targets[:kept]

    def seconds(self) -> float:
        began = time.perf_counter()
        torch.autograd.grad(self._loss(self._forward(self._inputs), self._targets), self._parameters)
        return time.perf_counter() - began


def _row(threads: int, layout: str) -> str:
    return f"{threads} {layout}"


def _key(project: Project, data: Prepared) -> str:
    """Names what the measurement depends on: the network and its batch, the machine and torch."""
    network = write_project(Project(network=project.network))
    batch = project.data.batch_of(data.size("train"))
    parts = (network, project.recipe.loss, data.input_shape, batch, available_cores(),
             torch.__version__, platform.machine(), platform.processor())  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _path() -> Path:
    return folders.cache() / "timings.json"


def _kept() -> dict[str, Table]:
    try:
        kept = json.loads(_path().read_bytes())
        return {str(key): {str(row): float(seconds) for row, seconds in table.items()} for key, table in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # no table, or one that cannot be trusted: it is measured again


def _keep(key: str, table: Table) -> None:
    kept = {one: value for one, value in _kept().items() if one != key}
    kept[key] = table
    newest = dict(list(kept.items())[-_KEPT:])
    with contextlib.suppress(Problem, OSError):  # without a cache folder it is measured again next time
        folders.made(folders.cache())
        atomic.write(_path(), json.dumps(newest, indent=1).encode())
