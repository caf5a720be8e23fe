"""What a layer with a window gets, and the kernels that it has.

options: layer, a path;  sample, an index or DRAWING;  first, of the filters that are told, from 0
arrays: input (channels, height, width), as this layer gets it;  of a convolution weight (filters, channels of a group,
    height, width), at most 64 filters, and bias (filters,) if it has one
facts: filters, how many there are;  first;  input, whether it is the sample itself
    after, {"layer", "arguments"} of the activation that directly follows, None where none does
"""

from collections.abc import Mapping
from typing import Any

import torch

from playground.core.convolving import MOST_INPUT, WINDOWS
from playground.core.drawing import Chosen
from playground.core.network import Path, at, working
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.build import module_at
from playground.engine.probes._probe import Probe, ProbeContext, Reading, evaluation_mode

MOST_FILTERS = 64
MOST_WEIGHTS = 1_000_000


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    path = context.path(options)
    layer = at(context.network, path)
    module: Any = module_at(context.model, path)
    given = _input_of(context, path, context.sample(options))
    if layer.layer not in WINDOWS or given.dim() != 3 or given.numel() > MOST_INPUT:
        raise Problem(
            where=layer.layer,
            what=_("it has no window, or its input is no picture or too large to be shown"),
            fix=_("Choose another layer"),
        )
    facts: dict[str, Any] = {"filters": len(given), "first": 0, "input": path == _first(context), "after": None}
    following = context.activation_after(path)
    if following != path:
        after = at(context.network, following)
        facts["after"] = {"layer": after.layer, "arguments": after.arguments}
    arrays = {"input": given}
    weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
    if isinstance(weight, torch.Tensor):
        kernels = by_filter(weight.detach(), module.groups, layer.layer)
        first = _place(options.get("first"), len(kernels))
        most = max(1, min(MOST_FILTERS, MOST_WEIGHTS // max(1, kernels[0].numel())))
        facts |= {"filters": len(kernels), "first": first}
        arrays["weight"] = kernels[first : first + most]
        if isinstance(bias, torch.Tensor):
            arrays["bias"] = bias.detach()[first : first + most]
    return Reading(arrays, facts)


def by_filter(weight: torch.Tensor, groups: int, name: str) -> torch.Tensor:
    """The kernels of each output channel: (out_channels, in_channels / groups, height, width)."""
    if name != "ConvTranspose2d":
        return weight
    within, across, high, wide = len(weight) // groups, *weight.shape[1:]
    return weight.reshape(groups, within, across, high, wide).transpose(1, 2).reshape(-1, within, high, wide)


def _place(wanted: Any, count: int) -> int:
    return min(max(0, wanted), count - 1) if isinstance(wanted, int) and not isinstance(wanted, bool) else 0


def _first(context: ProbeContext) -> Path:
    """The first layer that does something, which gets the sample as it is."""
    return next((path for _number, path, layer in working(context.network) if not layer.children), ())


def _input_of(context: ProbeContext, path: Path, sample: Chosen) -> torch.Tensor:
    """What comes into a layer for one sample, without the batch axis."""
    seen: list[torch.Tensor] = []
    reference = next(context.model.parameters(), None)
    inputs = context.inputs(sample).to(reference.device if reference is not None else "cpu")
    hook = module_at(context.model, path).register_forward_pre_hook(
        lambda _module, given: seen.append(given[0][0].detach().clone())  # the layers before may work in place
    )
    try:
        with evaluation_mode(context.model), torch.no_grad():
            context.model(inputs)
    finally:
        hook.remove()
    return seen[0]


WINDOW = Probe("window", _read)
