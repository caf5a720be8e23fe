"""The same network, wider or narrower: what a machine is good for depends on the size of its work."""

import msgspec

from playground.core.arguments import in_effect
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path, replace, walk

WIDTHS = ("out_features", "out_channels")  # arguments that say how many values or maps a layer makes


def scaled(network: Network, factor: float) -> Network:
    """The network with `factor` times as many features and channels in every layer but the last that has such.

    The last one gives the classes, or the values to predict, and stays. What follows from the layer before it
    (in_features, num_features, ...) becomes auto where it was pinned, so that it fits. Factor 1 changes nothing.
    """
    wide = [path for path, layer in walk(network) if _width_of(layer)]
    if factor == 1 or not wide:
        return network
    for path, layer in walk(network):
        changed = _released(layer) if path > wide[0] else layer
        if path in wide[:-1]:
            changed = _widened(changed, factor)
        if changed is not layer:
            network = _put(network, path, changed)
    return network


def _width_of(layer: Layer) -> str:
    """The argument that sets the width of a layer; empty where it has none."""
    spec = LAYERS.get(layer.layer)
    return next((one.name for one in spec.arguments if one.name in WIDTHS), "") if spec else ""


def _widened(layer: Layer, factor: float) -> Layer:
    spec, name = LAYERS[layer.layer], _width_of(layer)
    declared = next(one for one in spec.arguments if one.name == name)
    now = in_effect(spec.arguments, layer.arguments, None)[name]
    wanted = max(1, round(now * factor))
    most = wanted if declared.high is None else int(declared.high)
    return layer.pinned(name, min(wanted, most))


def _released(layer: Layer) -> Layer:
    spec = LAYERS.get(layer.layer)
    for one in spec.arguments if spec else ():
        if one.from_input is not None and one.name in layer.arguments:
            layer = layer.released(one.name)
    return layer


def _put(network: Network, path: Path, layer: Layer) -> Network:
    """A layer in place of another; of a block only its arguments, for what is inside it may have been changed."""
    if not layer.children:
        return replace(network, path, layer)
    at = network
    for position in path[:-1]:
        at = at[position].children
    return replace(network, path, msgspec.structs.replace(layer, children=at[path[-1]].children))
