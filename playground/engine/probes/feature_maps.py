"""What a layer makes of one sample of the test part, or of a drawing.

options: layer, a path;  sample, an index or DRAWING;  after, "layer" or "activation": also through the activation that
    directly follows, if one does
arrays: maps (channels, height, width), at most 64, or (values,), at most 4,096
facts: shown_layer, the path of the output that is shown;  total, the number of maps or values
"""

from collections.abc import Mapping
from typing import Any

from playground.engine.probes._probe import Probe, ProbeContext, Reading, as_maps

MOST_MAPS = 64
MOST_VALUES = 4_096


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    path = context.path(options)
    shown = context.activation_after(path) if options.get("after") == "activation" else path
    maps = as_maps(context.outputs(context.sample(options))[shown])
    most = MOST_MAPS if maps.dim() == 3 else MOST_VALUES
    return Reading({"maps": maps[:most]}, {"shown_layer": list(shown), "total": len(maps)})


FEATURE_MAPS = Probe("feature_maps", _read)
