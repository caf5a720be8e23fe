"""Out of memory: what was too much, and the largest batch that would fit.

Nothing is guessed: a step on a few samples is looked at (`allocations`), and held against what the process may still
get from the system or the device (`memory.free_memory`).
"""

import gc
import logging
import math
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import torch
from torch import nn

from playground.core.problem import MEMORY, Fault, Problem
from playground.core.project import Project
from playground.core.report import Report
from playground.core.text import _
from playground.engine import losses, optimizers
from playground.engine.allocations import Growth, Moments
from playground.engine.build import build_network
from playground.engine.devices import is_no_memory
from playground.engine.heap import give_back
from playground.engine.limits import left_before_the_end
from playground.engine.memory import free_memory, size_text
from playground.engine.precision import Precision
from playground.engine.prepared import Prepared
from playground.engine.randomness import device_state, set_device_state

# What a library takes for itself, and what lies unused between two blocks: under a limit, steps of convolutions failed
# where 1.4 times of what can be counted was left, and none where 1.5 times was (`tests/campaigns/memory.py`).
_MARGIN = 1.5
_SPARE = {"cpu": 96_000_000}  # and what does not grow with the batch: of a GPU, its libraries' working memory
_SPARE_ELSEWHERE = 400_000_000
_TOGETHER = 16_000_000  # bytes of batches that are made at a time, see `batches`


class Sizing(NamedTuple):
    """needed: bytes of a step on the batch that did not fit;  room: that can be had
    batch: the largest that fits, 0 where none does;  fitting: bytes of a step on it, or on one sample where none fits
    """

    needed: int
    room: int
    batch: int
    fitting: int


class Needs:
    """Bytes that a training takes beside its data, as a function of its batch. Its random state is not touched.

    model: that would be trained, on its device; its running figures are put back
    """

    def __init__(self, project: Project, data: Prepared, model: nn.Sequential):
        self._project, self._data, self._model = project, data, model
        self._parameters = list(model.parameters())
        self._device = self._parameters[0].device
        self._loss = losses.make(project.recipe, data.task, len(data.classes), data.train_targets)
        self._precision = Precision(project.recipe, self._device)
        self._weights = sum(one.nbytes for one in self._parameters)
        self._sample = data.samples("train", [0]).nbytes
        buffers, state = [one.clone() for one in model.buffers()], device_state(self._device)
        model.train()
        try:
            with torch.random.fork_rng(devices=[]):
                self._growth = Growth(self._step, with_copies=self._device.type == "cpu")
        finally:
            set_device_state(self._device, state)
            for one, before in zip(model.buffers(), buffers, strict=True):
                one.copy_(before)

    def at(self, batch: int) -> int:
        """Bytes at the highest moment of a run: in a step, in an update, or while a checkpoint is written."""
        weights, state = self._weights, self._weights * _state_of(self._project)
        watched = 2 * weights  # the gradients, and the weights before the step
        kept = weights if self._project.recipe.patience else 0
        highest = max(self._growth.at(batch), 4 * weights, 2 * weights + state)
        batches = 2 * batch * self._sample + _TOGETHER
        if self._data.pipeline.is_late:
            batches *= 2  # those that are prepared ahead
        spare = _SPARE.get(self._device.type, _SPARE_ELSEWHERE)
        return int(_MARGIN * (highest + state + watched + kept + batches) + spare)

    def _step(self, samples: int, moments: Moments) -> None:
        numbers = torch.arange(samples) % self._data.size("train")
        inputs = self._data.samples("train", numbers).to(self._device)
        targets = self._loss.targets(self._data.train_targets[numbers]).to(self._device)
        moments.hold([*self._parameters, *self._model.buffers(), inputs, targets])
        with moments:
            with self._precision.computing():
                loss = self._loss(self._model(inputs), targets)
            torch.autograd.grad(loss, self._parameters)


def _state_of(project: Project) -> int:
    """How many figures the optimizer keeps of each weight."""
    weight = torch.zeros(100)
    optimizer = optimizers.make(project.recipe, [weight])
    optimizer.step([torch.zeros(100)])
    state = optimizer.state().get("lists")
    return len(state) if state is not None else 2


@contextmanager
def of_data(project: Project) -> Iterator[None]:
    """While samples are read and prepared. raises Problem: there was not enough memory for them"""
    try:
        yield
    except Exception as error:
        if isinstance(error, Problem) or not is_no_memory(error):
            raise
        asked = _cleared(error)
        what = _("the samples of {dataset} and their preparation do not fit ({message}); {room} can be had")
        text = what.format(
            dataset=project.data.dataset, message=asked, room=size_text(free_memory(torch.device("cpu")))
        )
        fix = _("Resize to fewer pixels, take a part of the samples, or close other programs")
        raise Problem(where=_("Memory"), what=text, fix=fix, kind=MEMORY, batch_size=0) from error


@contextmanager
def of_batch(project: Project, data: Prepared, device: torch.device) -> Iterator[None]:
    """While a training is made. raises Problem: there was not enough memory for it"""
    try:
        yield
    except Exception as error:
        if isinstance(error, Problem) or not is_no_memory(error):
            raise
        raise Problem.from_fault(fault(error, project, data, device)) from error


def refuse(project: Project, data: Prepared, report: Report) -> None:
    """Before a run on the CPU is begun. Linux promises more memory than there is, and ends who uses it, without a word.

    report: of the check;  raises Problem: it would take more than the machine, or this container, has
    """
    room, batch = left_before_the_end(), project.data.batch_of(data.size("train"))
    outputs = sum(math.prod(row.output_shape) for row in report.rows if row.output_shape is not None)
    if 4 * (batch * outputs + 2 * report.parameters) < room:
        return  # all outputs at once: usually less live, and what a step takes has not to be looked at
    sizing = _sizing(project, data, room, None)
    if sizing is not None and sizing.needed > _MARGIN * room:
        raise Problem.from_fault(_told(project, data, sizing, _("the run was not begun")))


def fault(
    error: BaseException,
    project: Project,
    data: Prepared,
    device: torch.device,
    model: nn.Sequential | None = None,
    held: int = 0,
) -> Fault:
    """What a person is told where memory was not enough for a training, with the batch that would fit.

    model: of the training that failed, None where there was none yet
    held: bytes that it holds and that the next one does not have to find
    """
    asked = _cleared(error)
    try:
        room = free_memory(device) + held
    except RuntimeError:  # it does not say
        return _told(project, data, None, asked)
    return _told(project, data, _sizing(project, data, room, model), asked)


def _told(project: Project, data: Prepared, sizing: Sizing | None, reason: str) -> Fault:
    text = _("there is not enough for this network and batches of {batch:,} samples ({reason})")
    what = text.format(batch=project.data.batch_of(data.size("train")), reason=reason)
    if sizing is None:
        fix = _("Use a smaller batch or a smaller network, or close other programs")
        return Fault(where=_("Memory"), what=what, fix=fix, kind=MEMORY)
    if sizing.batch:
        more = _("a run with them takes about {needed} beside its data, and {room} can be had")
        fix = _(
            "Set the batch size to {n:,}, which takes about {size}; or use a smaller network, or close other programs"
        )
        fix = fix.format(n=sizing.batch, size=size_text(sizing.fitting))
    else:
        more = _("one sample at a time takes about {fitting}, and {room} can be had: no batch size fits")
        fix = _("Use a smaller network or smaller samples, or close other programs")
    more = more.format(needed=size_text(sizing.needed), fitting=size_text(sizing.fitting), room=size_text(sizing.room))
    return Fault(where=_("Memory"), what=f"{what}; {more}", fix=fix, kind=MEMORY, batch_size=sizing.batch)


def largest(needs: Needs, room: int, below: int) -> int:
    """The largest power of two below a batch that fits, 0 where not even one sample does."""
    batch = 1 << max(0, below - 1).bit_length() >> 1
    while batch and needs.at(batch) > room:
        batch //= 2
    return batch


def _sizing(project: Project, data: Prepared, room: int, model: nn.Sequential | None) -> Sizing | None:
    """None where it cannot be told."""
    is_first, least = model is None, 0
    try:
        least = 2 * _weights_of(project)  # and their gradients, before anything is built
        if least > room:
            return Sizing(least, room, 0, least)
        if model is None:
            model = build_network(project.network, data.input_shape, tokens=data.tokens)
        needs, batch = Needs(project, data, model), project.data.batch_of(data.size("train"))
        fits = largest(needs, room, batch)
        if not fits and batch == 1 and needs.at(1) <= room:
            return None  # it should have fitted: somebody else took the memory
        return Sizing(needs.at(batch), room, fits, needs.at(fits or 1))
    except Exception as error:  # to tell of a fault must not be another one
        logging.getLogger(__name__).warning("the batch that fits is not known", exc_info=error)
        _cleared(error)
        # a run takes more than to look at a few samples did
        return Sizing(2 * least, room, 0, 2 * least) if is_first and is_no_memory(error) else None


def _weights_of(project: Project) -> int:
    from playground.engine.check import check

    return 4 * check(project).parameters


def _cleared(error: BaseException) -> str:
    """Let go of what the calls held that failed, and give it back. Returns how much memory was asked for."""
    logging.getLogger(__name__).error("out of memory", exc_info=error)
    traceback.clear_frames(error.__traceback__)
    gc.collect()
    give_back()
    for kind in ("cuda", "xpu", "mps"):
        with suppress(RuntimeError, AttributeError, AssertionError):
            if getattr(torch, kind).is_available():
                getattr(torch, kind).empty_cache()
    return asked_for(next((line for line in str(error).splitlines() if line.strip()), type(error).__name__))


def asked_for(message: str) -> str:
    """How much memory was asked for; what PyTorch adds to that, on who uses its memory, is for the log."""
    found = re.search(r"tried to allocate ([\d.,]+ ?\w+)", message, re.IGNORECASE)
    if found is None:
        return message[:200].rstrip(".")
    count, _space, unit = found.group(1).partition(" ")
    return _("tried to allocate {size}").format(size=size_text(int(count)) if unit == "bytes" else found.group(1))
