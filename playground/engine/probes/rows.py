"""The strips of the layer list: what one sample becomes, layer by layer.

options: sample, an index or DRAWING
arrays: "0", "3", "3.0" ... (a path joined by dots): maps (channels, height, width), at most 16, through the activation
    that directly follows, for each layer whose declaration says `maps`;  input (channels, height, width) or (values,)
Maps that are larger than a strip can show are thinned out to at most 64 pixels a side.
"""

from collections.abc import Mapping
from typing import Any

import torch

from playground.core.layers import LAYERS
from playground.core.network import working
from playground.engine.probes._probe import Probe, ProbeContext, Reading, as_maps

MOST = 16
MOST_PX = 64


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    sample = context.sample(options)
    outputs = context.outputs(sample)
    arrays = {"input": context.input(sample)}
    for _number, path, layer in working(context.network):
        spec = LAYERS.get(layer.layer)
        if spec is not None and spec.maps:
            maps = as_maps(outputs[context.activation_after(path)])
            if maps.dim() == 3:
                arrays[".".join(map(str, path))] = thinned(maps[:MOST])
    return Reading(arrays)


def thinned(maps: torch.Tensor) -> torch.Tensor:
    """(C, H, W) with every nth row and column, at most 64 of each."""
    height, width = (-(-size // MOST_PX) for size in maps.shape[-2:])
    return maps[..., ::height, ::width]


ROWS = Probe("rows", _read)
