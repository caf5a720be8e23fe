"""Times a step of a network on every device and number of threads, over batch sizes and widths.

A step is what training does on a batch that lies on the device: forward pass, loss, gradients, optimizer. Samples are
noise of the right shape, so no data set is read. Every size is measured on all contenders in turn, so that other work
on the machine meets them alike.
"""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Protocol

import msgspec
import psutil
import torch

from playground.core.comparison import BATCHES, FACTORS, Comparison, Contender, Timing, factor_text
from playground.core.messages import Device
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.report import Report
from playground.core.scaling import scaled
from playground.core.text import _, plural
from playground.engine import loader, losses, optimizers
from playground.engine.build import build_network
from playground.engine.check import check
from playground.engine.devices import available_cores, is_no_memory, is_usable, list_devices, wait_for
from playground.engine.memory import free_memory
from playground.engine.randomness import repeatable
from playground.engine.tuning import thread_counts

SECONDS = 20.0
_LONGEST_S = 0.25  # for one timing, where a step is short
_BLOCK_S = 0.005  # steps that are timed together take so long, or the clock and the synchronisation count
_MOST_TOGETHER = 50
_LEAST_BLOCKS, _MOST_BLOCKS = 3, 25
_MOST_BATCH = 65_536
_LISTEN_S, _BUSY = 0.2, 25.0  # seconds of listening; percent of the processors
_STEPS, _SHARES = 3, 3  # steps that a timing takes at least; shares of the time that is left which they may take
_TENSORS_A_WEIGHT = 4  # the weight, its slope, and two figures that an optimizer keeps
_TENSORS_A_VALUE = 3  # what a layer gives, its slope, and what is kept between both passes
_MEMORY_SHARE = 0.6  # of what is free

Progress = Callable[[Comparison, int, int], None]  # so far, done, total


class Trial(Protocol):
    """Something that takes steps; on a GPU they may go on behind our back until `wait` returns."""

    def step(self) -> None: ...

    def wait(self) -> None: ...


Make = Callable[[Contender, float, int], Trial]  # contender, width, batch


def compare(
    project: Project,
    *,
    seconds: float = SECONDS,
    batches: Sequence[int] = BATCHES,
    factors: Sequence[float] = FACTORS,
    progress: Progress | None = None,
) -> Comparison:
    """Measure on everything there is. seconds: about so long in all

    progress: told after each timing
    raises Problem: the project does not fit, or its data set is unknown
    """
    report = check(project)
    fault = report.fault
    if fault:
        raise Problem.from_fault(fault)
    devices, busy = list_devices(tried=True), psutil.cpu_percent(interval=_LISTEN_S)
    bench = Bench(project, report)
    spec = loader.described(project.data)
    base = min(project.data.batch_of(spec.train or 1), _MOST_BATCH)
    course = Course(contenders_of(devices), sizes_of(batches, factors, base), bench.make, seconds)
    course.refuse = bench.refusal
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    repeatable()  # as a run does
    try:
        return course.run(Comparison(course.contenders, batch=base, notes=_notes(devices, busy)), progress)
    finally:
        torch.set_num_threads(threads)
        torch.set_rng_state(state)


def contenders_of(devices: Iterable[Device]) -> tuple[Contender, ...]:
    """The CPU with 1, 2, 4, ... threads, then every other device that can be used."""
    counts = thread_counts(available_cores())
    found = [
        Contender(
            "cpu",
            count,
            plural("the CPU with {n} thread", "the CPU with {n} threads", count),
            plural("CPU, {n} thread", "CPU, {n} threads", count),
        )
        for count in counts
    ]
    others = [one for one in devices if one.name != "cpu" and is_usable(one)]
    found += [Contender(one.name, 1, one.title, one.title) for one in others]
    return tuple(found)


def sizes_of(batches: Sequence[int], factors: Sequence[float], base: int) -> list[tuple[float, int]]:
    """(width, batch) of every timing: all batches at the width of the network, all widths at its batch.

    The small ones come first, so that what the large ones would take is known before they are tried.
    """
    return list(
        dict.fromkeys([*((1.0, batch) for batch in sorted(batches)), *((one, base) for one in sorted(factors))])
    )


def _notes(devices: Iterable[Device], busy: float) -> tuple[str, ...]:
    """busy: share of the processors that other work takes, in percent"""
    others = [one for one in devices if one.name != "cpu"]
    notes = [_("{title}: {reason}.").format(title=one.title, reason=one.reason) for one in others if one.reason]
    if not any(is_usable(one) for one in others):
        notes.insert(0, _("No GPU was found that PyTorch can use here, so numbers of threads are compared."))
    if busy > _BUSY:
        said = _("The machine was at other work as well ({n} % of its processors), which slows several threads most.")
        notes.append(said.format(n=round(busy)))
    return tuple(notes)


class Course:
    """All timings in their order. make: a trial of (contender, width, batch);  clock: seconds, for tests

    refuse: (contender, width, batch) -> why it is not even tried, empty where it may be
    """

    def __init__(
        self,
        contenders: tuple[Contender, ...],
        sizes: Sequence[tuple[float, int]],
        make: Make,
        seconds: float,
        clock: Callable[[], float] = time.perf_counter,
    ):
        self.contenders, self._sizes, self._make, self._seconds, self._clock = contenders, sizes, make, seconds, clock
        self.refuse: Callable[[Contender, float, int], str] = lambda *_which: ""
        self._timings: list[Timing] = []

    def run(self, so_far: Comparison, progress: Progress | None = None) -> Comparison:
        """Everything that the time allows."""
        end = self._clock() + self._seconds
        total = len(self._sizes) * len(self.contenders)
        for width, batch in self._sizes:
            for number in range(len(self.contenders)):
                share = (end - self._clock()) / (total - len(self._timings))
                self._timings.append(self._timing(number, width, batch, share))
                so_far = msgspec.structs.replace(so_far, timings=tuple(self._timings))
                if progress is not None:
                    progress(so_far, len(self._timings), total)
        return so_far

    def _timing(self, number: int, width: float, batch: int, share: float) -> Timing:
        contender = self.contenders[number]
        if _STEPS * self._expected(number, width, batch) > _SHARES * share:
            return Timing(number, width, batch, None, _("it would take too long"))
        reason = self._ran_out(number, width, batch) or self.refuse(contender, width, batch)
        if reason:
            return Timing(number, width, batch, None, reason)
        try:
            trial = self._make(contender, width, batch)
            return Timing(number, width, batch, timed(trial, min(share, _LONGEST_S), self._clock))
        except Exception as error:  # PyTorch raises anything, and the other sizes are still wanted
            return Timing(number, width, batch, None, _reason(error))

    def _expected(self, number: int, width: float, batch: int) -> float:
        """Seconds of a step, at most, by what is known: it grows no faster than the work. 0 where nothing is known."""
        known = [
            one.seconds * max(1.0, batch / one.batch) * max(1.0, width / one.width) ** 2
            for one in self._timings
            if one.contender == number and one.seconds is not None
        ]
        return min(known, default=0.0)

    def _ran_out(self, number: int, width: float, batch: int) -> str:
        """Whether a smaller one had no memory."""
        for one in self._timings:
            smaller = one.contender == number and one.width <= width and one.batch <= batch
            if smaller and one.reason == out_of_memory():
                return one.reason
        return ""


def timed(trial: Trial, limit: float, clock: Callable[[], float] = time.perf_counter) -> float:
    """Median seconds of a step, over about `limit` seconds. One that takes longer is taken three times in all, and the
    faster of the last two counts: a single slow one would keep all larger sizes from being tried."""
    trial.step()  # the first one allocates, chooses algorithms, loads code onto a GPU
    trial.wait()
    began = clock()
    once = _block(trial, 1, clock)
    if once * _LEAST_BLOCKS > limit:
        return min(once, _block(trial, 1, clock))
    together = min(_MOST_TOGETHER, max(1, math.ceil(_BLOCK_S / max(once, 1e-9))))
    end, found = began + limit, list[float]()
    while len(found) < _LEAST_BLOCKS or (len(found) < _MOST_BLOCKS and clock() < end):
        found.append(_block(trial, together, clock))
    return median(found)


def _block(trial: Trial, steps: int, clock: Callable[[], float]) -> float:
    """Seconds of a step, where so many are taken together."""
    began = clock()
    for _step in range(steps):
        trial.step()
    trial.wait()
    return (clock() - began) / steps


class Bench:
    """Makes trials of a project; the network of the newest (device, width) is kept for its next batch sizes."""

    def __init__(self, project: Project, report: Report):
        self._project, self._report = project, report
        self._built: dict[tuple[str, float], Network] = {}

    def make(self, contender: Contender, width: float, batch: int) -> Trial:
        torch.set_num_threads(contender.threads)
        key = (contender.device, width)
        if key not in self._built:
            self._built = {one: network for one, network in self._built.items() if one[1] == width}
            self._built[key] = Network(self._project, self._report, torch.device(contender.device), width)
        return self._built[key].trial(batch)

    def refusal(self, contender: Contender, width: float, batch: int) -> str:
        """Whether it would not fit, by a count that is rather too high: all layers as wide as the widest."""
        values = sum(math.prod(row.output_shape) for row in self._report.rows if row.output_shape is not None)
        values = values + math.prod(self._report.input_shape or ())
        weights = _TENSORS_A_WEIGHT * self._report.parameters * max(width, width**2)
        needed = 4 * (weights + _TENSORS_A_VALUE * values * max(1.0, width) * batch)
        free = free_memory(torch.device(contender.device))
        return out_of_memory() if needed > _MEMORY_SHARE * free else ""


class Network:
    """A scaled network on a device, with what a step needs."""

    def __init__(self, project: Project, report: Report, device: torch.device, width: float):
        network = scaled(project.network, width)
        shape = report.input_shape or ()
        try:
            self._model = build_network(
                network, shape, tokens=report.tokens, device=str(device), seed=project.recipe.seed
            ).train()
        except Problem as problem:
            what = _("at width {factor} it does not fit: {what}")
            raise Problem(
                where=problem.fault.where,
                what=what.format(factor=factor_text(width), what=problem.fault.what),
                fix=problem.fault.fix,
            ) from problem
        self._parameters = list(self._model.parameters())
        self._optimizer = optimizers.make(project.recipe, self._parameters)
        self._optimizer.lr = 0.0  # the same arithmetic, and weights that stay numbers whatever the samples are
        spec = loader.described(project.data)
        self._loss = losses.make(project.recipe, spec.task, len(spec.classes))
        self._classes, self._shape, self._device = len(spec.classes), shape, device
        self._outputs = next((row.output_shape for row in reversed(report.rows) if row.output_shape), (1,))

    def trial(self, batch: int) -> "NetworkTrial":
        """Samples are drawn on the CPU, so that they are the same on every device."""
        drawn = torch.Generator().manual_seed(0)
        inputs = torch.randn(batch, *self._shape, generator=drawn)
        targets = (
            torch.randint(0, self._classes, (batch,), generator=drawn)
            if self._classes
            else torch.randn(batch, *self._outputs, generator=drawn)
        )
        wanted = self._loss.targets(targets)
        return NetworkTrial(self, inputs.to(self._device), wanted.to(self._device))

    def step(self, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        loss = self._loss(self._model(inputs), targets)
        self._optimizer.step(torch.autograd.grad(loss, self._parameters))

    def wait(self) -> None:
        """Until the device has done all that it was given."""
        wait_for(self._device)


class NetworkTrial:
    """Steps on one batch."""

    def __init__(self, network: Network, inputs: torch.Tensor, targets: torch.Tensor):
        self._network, self._inputs, self._targets = network, inputs, targets

    def step(self) -> None:
        self._network.step(self._inputs, self._targets)

    def wait(self) -> None:
        self._network.wait()


def out_of_memory() -> str:
    """The reason, in the words of now."""
    return _("there is not enough memory")


def _reason(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.fault.what
    if is_no_memory(error):
        return out_of_memory()
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return _("PyTorch: {message}").format(message=first[:200])
