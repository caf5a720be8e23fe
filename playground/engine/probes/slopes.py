"""Slopes of each layer: how strongly the loss depends on its weights, and how far a step moves them.

arrays: gradient_norm (n,), the L2 norm over all parameters of a layer of the gradient of the step's loss;
    update_ratio (n,), ‖weights after − weights before‖ / ‖weights before‖ of that step, NaN where weights are 0
facts: layers, [{"path", "index", "name"}, ...], those with parameters, in order
Only during a run: before it there is no loss.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from playground.core.network import working
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.blocks import own_parameters
from playground.engine.probes._probe import Probe, ProbeContext, Reading


def _read(_options: Mapping[str, Any], context: ProbeContext) -> Reading:
    if not context.gradients:
        raise Problem(
            where=_("Slopes"), what=_("no step has been looked at yet"), fix=_("Start the training or take a step")
        )
    layers, groups = [], []
    for index, path, layer in working(context.network):
        names = own_parameters(context.model, path)
        if names:
            layers.append({"path": list(path), "index": index, "name": layer.called})
            groups.append(names)
    norms = _norms({name: value for name, value in context.gradients.items() if value is not None})
    return Reading(
        {"gradient_norm": _together(norms, groups), "update_ratio": _update_ratios(context, groups)},
        {"layers": layers},
    )


def _update_ratios(context: ProbeContext, groups: Sequence[Sequence[str]]) -> torch.Tensor:
    before = context.weights_before
    if before is None:
        return torch.full((len(groups),), math.nan)
    after = {name: value.detach() for name, value in context.model.named_parameters()}
    names = [name for name in before if name in after]
    moved = torch._foreach_sub([after[name] for name in names], [before[name] for name in names])
    moves = _together(_norms(dict(zip(names, moved, strict=True))), groups)
    sizes = _together(_norms(dict(before)), groups)
    return torch.where(sizes > 0, moves / sizes, math.nan)


def _norms(tensors: Mapping[str, torch.Tensor]) -> dict[str, float]:
    if not tensors:
        return {}
    norms = torch.stack(list(torch._foreach_norm(list(tensors.values()))))
    return dict(zip(tensors, norms.tolist(), strict=True))


def _together(norms: Mapping[str, float], groups: Sequence[Sequence[str]]) -> torch.Tensor:
    """The norm over all tensors of each group, (n,) float32."""
    return torch.tensor([math.hypot(*(norms.get(name, 0.0) for name in names)) for names in groups])


SLOPES = Probe("slopes", _read)
