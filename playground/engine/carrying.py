"""A run that goes on with a changed network: a fork whose layers need not all be those of its parent.

Layers that are unchanged (`core/carrying.py`) keep their weights and running figures, bit for bit; the others begin with
the weights that the seed gives them. What the optimizer has gathered goes with the weights that are kept, where it is
of the same kind; for the others it has gathered nothing yet. All else is as in a fork: steps and epochs are counted on,
so a schedule goes on as well. Only the best epoch is looked for anew, among those of the changed network.
"""

from typing import Any

import torch
from torch import nn

from playground.core.carrying import Kept, unchanged
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine import blocks, forking
from playground.engine.build import build_network
from playground.engine.forking import Parent
from playground.engine.loop import Training


def begin(training: Training, parent: Parent) -> None:
    """Put a training that has not begun where its parent stood, as far as their layers are the same.

    raises Problem: no layer keeps its weights, or nothing is left to train
    """
    from playground.engine.check import check

    before = check(parent.project)
    kept = unchanged(before.rows, check(training.project).rows)
    if not kept.kept or before.input_shape is None:
        raise Problem(
            where=_("Network"),
            what=_("no layer with weights is unchanged, so there is nothing to go on with"),
            fix=_("Train the network from its beginning"),
        )
    fresh, model = training.state(), parent.state["model"]
    old = build_network(parent.project.network, before.input_shape, tokens=before.tokens)  # for the names in it
    carried = _names(training.model, old, kept)
    place_of = {name: place for place, (name, _weight) in enumerate(old.named_parameters())}
    places = [place_of.get(carried.get(name, "")) for name, _weight in training.model.named_parameters()]
    taken = {
        **parent.state,
        "model": {**fresh["model"], **{new: model[old] for new, old in carried.items()}},
        "optimizer": _optimizer(parent.state["optimizer"], fresh["optimizer"], places, training),
        "best": {},
        "last": {},
        "best_since": int(parent.state["epoch"]),
    }
    changed = Parent(parent.folder, parent.project, taken, parent.losses, parent.epochs)
    forking.go_on(training, changed, forking.adapted(changed, training.project, fresh), fresh)
    training.carried = kept.kept, kept.of


def _names(model: nn.Sequential, old: nn.Sequential, kept: Kept) -> dict[str, str]:
    """Name of a tensor in the new model -> that of the one it takes over."""
    names = dict[str, str]()
    for before, after in kept.pairs:
        names.update(zip(blocks.own_tensors(model, after), blocks.own_tensors(old, before), strict=True))
    return names


def _optimizer(
    saved: dict[str, Any], fresh: dict[str, Any], places: list[int | None], training: Training
) -> dict[str, Any]:
    """The state of an optimizer of the same kind for other weights. places: of each in the saved one, None where it is new

    One of another kind is replaced afterwards, see `forking.adapted`.
    """
    if "param_groups" in saved:  # one of torch.optim
        groups = fresh.get("param_groups", [{"params": []}])
        state = {new: saved["state"][old] for new, old in enumerate(places) if old in saved["state"]}
        return {"state": state, "param_groups": [{**saved["param_groups"][0], "params": groups[0]["params"]}]}
    weights = list(training.model.parameters())
    lists = {
        name: [
            torch.zeros_like(weight) if old is None else of_all[old]
            for weight, old in zip(weights, places, strict=True)
        ]
        for name, of_all in saved["lists"].items()
    }
    steps = int(saved["steps"])
    before = saved.get("missed") or [0] * (1 + max((old for old in places if old is not None), default=0))
    missed = [steps if old is None else int(before[old]) for old in places]
    return {**saved, "lists": lists, "missed": missed if any(missed) else []}
