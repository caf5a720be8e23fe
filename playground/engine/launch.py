"""From what somebody asks for to a training that is ready for its first step.

The work is cut into stages, between which the runner answers its commands: a generator yields before each stage
and returns the `Training`.
"""

import logging
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch.utils._pytree import tree_leaves

from playground.core.problem import MEMORY, Fault, Problem
from playground.core.project import Project
from playground.core.text import _
from playground.disk import runs
from playground.engine import carrying, checkpoints, fitting, forking, loader, tuning
from playground.engine.devices import is_no_memory, pick
from playground.engine.loop import Training
from playground.engine.versions import versions

Made = TypeVar("Made")


@dataclass(frozen=True)
class Wish:
    """A run that somebody asks for.

    device: PyTorch's name, or "auto";  threads, layout: None chooses by timing
    beside_window: leave one core to the window;  folder: of the run to keep, None keeps none
    resume: go on from the newest checkpoint in `folder`;  data: a folder to look for the data set in first
    fork_of, fork_step: begin where the run in this folder stood at this checkpoint, None at its newest
    carry: the fork may have other layers; those that are unchanged keep their weights
    """

    project: Project
    device: str = "auto"
    threads: int | None = None
    layout: str | None = None
    beside_window: bool = False
    folder: Path | None = None
    resume: bool = False
    data: Path | None = None
    fork_of: Path | None = None
    fork_step: int | None = None
    carry: bool = False


def warnings(project: Project) -> tuple[Fault, ...]:
    """What trains, but hardly was meant."""
    from playground.engine.check import check

    return check(project).warnings


def stages(wish: Wish) -> Generator[str, None, Training]:
    """Prepare a run, stage by stage. raises Problem: the project, its data or the device cannot be used"""
    from playground.engine.check import check

    yield _("Checking the project")
    device = pick(wish.device)
    report = check(wish.project)
    fault = report.fault
    if fault:
        raise Problem.from_fault(fault)
    state = checkpoints.load(wish.folder) if wish.resume and wish.folder else None
    parent = forking.read(wish.project, wish.fork_of, wish.fork_step, carry=wish.carry) if wish.fork_of else None
    yield _("Reading the data")
    with fitting.of_data(wish.project):
        data = loader.prepare(wish.project.data, wish.project.recipe.seed, wish.data, keep_stored=False)
    if device.type == "cpu":
        fitting.refuse(wish.project, data, report)
    with fitting.of_batch(wish.project, data, device):
        yield _("Choosing threads and layout")
        setup = tuning.choose(wish.project, data, device, wish.threads, wish.layout, beside_window=wish.beside_window)
        yield _("Building the network")
        training = Training(wish.project, data, setup)
        if state is not None and wish.folder:
            losses, epochs = runs.read_losses(wish.folder), runs.read_epochs(wish.folder)
            training.restore(state, losses, epochs, runs.read_run(wish.folder).steered)
        elif parent is not None and wish.carry:
            carrying.begin(training, parent)
        elif parent is not None:
            forking.begin(training, parent)
    return training


def finish(steps: Generator[str, None, Made]) -> Made:
    """All stages at once, for those who have nothing to do between them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Made = end.value
            return made


def keep(training: Training, folder: Path, parent: Path | None = None) -> checkpoints.Keeper:
    """Begin to keep a run in its folder, with what was chosen for it. raises Problem: another process writes there, ...

    parent: the run that it is a fork of
    """
    if runs.is_taken(folder):
        raise Problem(
            where=_("Run"),
            what=_("it goes on in another window or program meanwhile"),
            fix=_("Stop it there first, or train it anew"),
        )
    setup = training.setup
    origin: dict[str, Any] = {}
    if parent is not None:
        origin = {"parent": parent.name, "parent_step": training.step, "carried": training.carried}
    keeper = checkpoints.Keeper(folder, training)
    runs.change_run(
        folder,
        state="running",
        fault="",
        weights_epoch=training.weights_epoch,
        seed=training.project.recipe.seed,
        device=str(setup.device),
        threads=setup.threads,
        layout=setup.layout,
        versions=versions(),
        steered=training.steering.known,
        **origin,
        **runs.own_process(),
    )
    if parent is not None:
        keeper.save()  # its own beginning: the parent may be deleted
    return keeper


def fault_from(error: BaseException, training: Training | None = None) -> Fault:
    """What a person is told of an exception in a run. The log keeps the traceback of what is no Problem.

    training: that it ended; it is looked at where there was not enough memory
    """
    if isinstance(error, Problem):
        return error.fault
    if training is not None and is_no_memory(error):
        return _out_of_memory(error, training)
    logging.getLogger(__name__).error("a run failed", exc_info=error)
    message = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    if is_no_memory(error):
        return Fault(
            where=_("Memory"),
            what=_("there is not enough for this network and batch ({message})").format(
                message=fitting.asked_for(message)
            ),
            fix=_("Use a smaller batch or a smaller network, or close other programs"),
            kind=MEMORY,
        )
    device = any(word in str(error) for word in ("CUDA", "cuDNN", "cublas", "MPS", "XPU"))
    return Fault(
        where=_("Device") if device else _("Training"),
        what=f"{type(error).__name__}: {message[:300].rstrip('.')}",
        fix=_("Train on the CPU, or start the program again")
        if device
        else _("Change the layer or the recipe that this names; the log file has the details"),
    )


def _out_of_memory(error: BaseException, training: Training) -> Fault:
    """With what the training still holds: the next one does not need it beside its own."""
    training.close()
    training.observed = None
    held = 0
    with suppress(Exception):  # the device may be what failed
        held = sum(
            one.nbytes
            for one in tree_leaves(training.state())
            if isinstance(one, torch.Tensor) and one.device == training.setup.device
        )
    return fitting.fault(error, training.project, training.data, training.setup.device, training.model, held)
