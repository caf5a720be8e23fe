"""Which units of each ReLU are above zero for any of some training samples. One that never is learns nothing any more.

options: samples, how many, 1 to 1,000, 64 where it is not told; they are spread over the training part, and others at
    each step
arrays: "2", "3.0" ... (a path joined by dots): uint8 (units,), 1 where the unit, or any pixel of its map, was above
    zero for any sample; of each ReLU behind a layer with weights
facts: layers, [{"path", "index", "name"}, ...], these, in order;  samples, how many were looked at;  seconds, what it cost
Only during a run: what the first weights do is not yet a fault.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

from playground.core.layers import LAYERS
from playground.core.network import Path, working
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.blocks import own_parameters
from playground.engine.build import module_at
from playground.engine.probes._probe import Probe, ProbeContext, Reading, evaluation_mode

SAMPLES, MOST_SAMPLES = 64, 1_000
_CHANNELS_FIRST = ("Conv", "BatchNorm", "InstanceNorm", "GroupNorm")


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    began = time.perf_counter()
    if not context.step:
        raise Problem(where=_("Dead units"), what=_("no step has been taken yet"), fix=_("Start the training"))
    rectifiers = list(_rectifiers(context))
    if not rectifiers:
        raise Problem(
            where=_("Dead units"),
            what=_("the network has no ReLU behind a layer with weights"),
            fix=_("Add one, or watch something else"),
        )
    total, wanted = context.data.size("train"), options.get("samples", SAMPLES)
    count = min(total, max(1, min(int(wanted), MOST_SAMPLES)))
    fired: dict[Path, torch.Tensor] = {}
    hooks = [
        module_at(context.model, path).register_forward_hook(_noting(fired, path, axis))
        for path, axis, _told in rectifiers
    ]
    numbers = (torch.arange(count) * total // count + context.step) % total
    try:
        with evaluation_mode(context.model), torch.no_grad():
            context.model(context.data.samples("train", numbers).to(next(context.model.parameters()).device))
    finally:
        for hook in hooks:
            hook.remove()
    arrays = {".".join(map(str, path)): one.to("cpu", torch.uint8) for path, one in fired.items()}
    told = [told for path, _axis, told in rectifiers if path in fired]
    return Reading(arrays, {"layers": told, "samples": count, "seconds": time.perf_counter() - began})


def _rectifiers(context: ProbeContext) -> Iterator[tuple[Path, int, dict[str, Any]]]:
    """(path, axis of the units, what is told of it) of each ReLU behind a layer with weights: what comes in from the
    data may well be zero throughout, as the border of a picture is."""
    axis: int | None = None
    for index, path, layer in working(context.network):
        if layer.layer == "ReLU" and axis is not None:
            yield path, axis, {"path": list(path), "index": index, "name": layer.called}
        elif layer.layer in LAYERS and own_parameters(context.model, path):
            axis = 1 if layer.layer.startswith(_CHANNELS_FIRST) or LAYERS[layer.layer].block else -1


def _noting(fired: dict[Path, torch.Tensor], path: Path, axis: int) -> Any:
    def note(_module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        by_unit = output.movedim(axis, 0).flatten(1)
        fired[path] = by_unit.amax(1) > 0

    return note


DEAD_UNITS = Probe("dead_units", _read)
