"""A fork: a new run that begins where a kept one stood at a checkpoint, with something changed.

Weights, running figures, random numbers and the place in the run are the checkpoint's; with nothing changed the fork
takes the very steps that the run took. What a change makes meaningless begins anew: the state of another kind of
optimizer, the random numbers of another seed, and the epoch under way where its batches are others.
"""

import math
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from playground.core.arguments import shown_shape
from playground.core.forks import other_layer, same_batches
from playground.core.messages import EpochReport, Steered
from playground.core.network import working
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.steered import as_steered, settings
from playground.core.text import _
from playground.disk import runs
from playground.engine import blocks, checkpoints
from playground.engine.loop import Training


@dataclass(frozen=True)
class Parent:
    """What a fork takes over. project: with the settings as they were at the checkpoint;  state: of it
    losses, epochs: of the whole run;  steered: until the checkpoint
    """

    folder: Path
    project: Project
    state: dict[str, Any]
    losses: array
    epochs: list[EpochReport]
    steered: tuple[Steered, ...] = ()


def read(project: Project, folder: Path, step: int | None, *, carry: bool = False) -> Parent:
    """The run that a project is to be a fork of. step: of its checkpoint, None is the newest

    carry: it may have other layers, see `engine/carrying.py`
    raises Problem: it is no run, has no such checkpoint, or has other layers
    """
    parent = runs.read_project(folder)
    other = None if carry else other_layer(parent.network, project.network)
    if other is not None:
        raise _other_network(*other)
    state = checkpoints.load(folder, step)
    begun = int(state["step"])
    steered = tuple(one for one in runs.read_run(folder).steered if one.step <= begun)
    parent = as_steered(parent, steered)
    return Parent(folder, parent, state, runs.read_losses(folder), runs.read_epochs(folder), steered)


def begin(training: Training, parent: Parent) -> None:
    """Put a training that has not begun where its parent stood. raises Problem: weights of other shapes, nothing left"""
    fresh = training.state()
    _refuse_other_weights(training, parent.state, fresh)
    state = adapted(parent, training.project, fresh)
    if training.project.recipe.patience and not state.get("best"):
        state["best"] = _best_weights(parent)
    go_on(training, parent, state, fresh)


def go_on(training: Training, parent: Parent, state: dict[str, Any], fresh: dict[str, Any]) -> None:
    """Take a state over, and the settings of the one who asks. state: `adapted`;  fresh: of the training as built

    raises Problem: nothing is left to train
    """
    old, new = parent.project.recipe, training.project.recipe
    base = parent.state.get("base_lr")
    training.restore(state, parent.losses, parent.epochs)
    training.steered.extend(parent.steered)
    before, after = settings(parent.project), settings(training.project)
    if old.optimizer_name != new.optimizer_name or before.get("lr") != after.get("lr"):
        training.steer(lr=fresh["base_lr"])
    elif base is not None:
        training.steering.set_rate(float(base))  # lowered since by a schedule that is no more
    decay = before.get("weight_decay", 0.0), after.get("weight_decay", 0.0)
    if decay[0] != decay[1]:  # the optimizer has it already
        training.steered.append(Steered(training.step, "weight_decay", *map(float, decay)))
    if training.finished:
        text = _("the checkpoint is from the end of epoch {done:,}, so nothing is left to train")
        if training.stopped_early:
            text = _("of the {done:,} epochs so far, epoch {best:,} was the best, so patience is at its end already")
        raise Problem(
            where=_("Recipe"),
            what=text.format(done=training.epoch, best=training.best_epoch),
            fix=_("Ask for more epochs or more patience, or choose an earlier checkpoint"),
        )


def adapted(parent: Parent, project: Project, fresh: dict[str, Any]) -> dict[str, Any]:
    """The checkpoint with what does not fit the changed project begun anew. fresh: the state of the fork as built"""
    state, old = dict(parent.state), parent.project
    if old.recipe.optimizer_name != project.recipe.optimizer_name:
        state["optimizer"] = fresh["optimizer"]
    elif old.recipe.optimizer != project.recipe.optimizer:
        state["optimizer"] = _merged(state["optimizer"], fresh["optimizer"])
    if old.recipe.seed != project.recipe.seed:
        state["rng"], state["device_rng"] = fresh["rng"], fresh["device_rng"]
    elif not _alike(state["device_rng"], fresh["device_rng"]):  # the run was on a device of another kind
        state["device_rng"] = fresh["device_rng"]
    if not same_batches(old, project):
        state["position"], state["epoch_seconds"] = 0, 0.0
    return state


def _best_weights(parent: Parent) -> dict[str, torch.Tensor]:
    """Those of the best epoch so far, for a fork that waits for a better one as its parent did not. raises Problem"""
    done = parent.epochs[int(parent.state.get("best_since", 0)) : int(parent.state["epoch"])]
    finite = [one for one in done if math.isfinite(one.held_out_loss)]
    if not finite:
        return {}
    best = min(finite, key=lambda one: one.held_out_loss)
    weights: dict[str, torch.Tensor]
    if best.step == int(parent.state["step"]):
        weights = parent.state["model"]
        return weights
    try:
        weights = checkpoints.load(parent.folder, best.step)["model"]
    except Problem as problem:
        raise Problem(
            where=_("Recipe"),
            what=_("patience is new, and the weights of the best epoch so far, {best:,}, were not kept").format(
                best=best.epoch
            ),
            fix=_("Switch patience off, or fork a checkpoint before that epoch"),
        ) from problem
    return weights


def _merged(saved: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    """The state of an optimizer of the same kind with other arguments: what it has gathered stays."""
    if "param_groups" in fresh:  # one of torch.optim: its arguments travel with its state
        return {**saved, "param_groups": fresh["param_groups"]}
    return {**saved, "weight_decay": fresh["weight_decay"], "lists": {**fresh["lists"], **saved["lists"]}}


def _alike(saved: torch.Tensor | None, fresh: torch.Tensor | None) -> bool:
    return saved is not None and fresh is not None and saved.shape == fresh.shape


def _refuse_other_weights(training: Training, saved: dict[str, Any], fresh: dict[str, Any]) -> None:
    """raises Problem: names the first layer whose weights have another shape in the checkpoint"""
    old, new = saved["model"], fresh["model"]
    wrong = next((name for name in new if name not in old or old[name].shape != new[name].shape), None)
    wrong = wrong or next((name for name in old if name not in new), None)
    if wrong is None:
        return
    shapes = [shown_shape(tuple(one[wrong].shape)) if wrong in one else _("not there") for one in (new, old)]
    what = _("{tensor} is {here} here, and {there} in the run").format(
        tensor=wrong.rpartition(".")[2], here=shapes[0], there=shapes[1]
    )
    raise _other_network(_place(training, wrong), what)


def _place(training: Training, tensor: str) -> str:
    """The innermost layer that a tensor of the model belongs to."""
    found = _("Network")
    for index, path, layer in working(training.project.network):
        if tensor.startswith(blocks.name_of(training.model, path) + "."):
            found = _("Layer {index}, {layer}").format(index=index, layer=layer.layer)
    return found


def _other_network(where: str, what: str) -> Problem:
    fix = _("Make the layer as it is in the run, or keep the weights of the other layers alone (--carry)")
    return Problem(where=where, what=what, fix=fix)
