"""The kernels of a convolution.

options: layer, a path
arrays: weight (filters, in_channels / groups, height, width), bias (filters,) if it has one; at most 64 filters
facts: total, the number of filters
"""

from collections.abc import Mapping
from typing import Any

import torch

from playground.core.network import at
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.build import module_at
from playground.engine.probes._probe import Probe, ProbeContext, Reading

MOST = 64


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    path = context.path(options)
    module = module_at(context.model, path)
    weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
    if not isinstance(weight, torch.Tensor) or weight.dim() < 3:
        raise Problem(
            where=at(context.network, path).layer,
            what=_("it has no filters to show"),
            fix=_("Choose a convolution"),
        )
    arrays = {"weight": weight[:MOST]}
    if isinstance(bias, torch.Tensor):
        arrays["bias"] = bias[:MOST]
    return Reading(arrays, {"total": len(weight)})


FILTERS = Probe("filters", _read)
