"""The network: an immutable tree of layers, and the functions that make a changed one.

A path names a place in the tree: (3,) is the fourth layer, (3, 0) the first layer inside that block.
An insertion path may be one past the end of its list. A path that names nothing is a bug: IndexError.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from playground.core.layer import Layer

Network = tuple[Layer, ...]
Path = tuple[int, ...]


def walk(network: Network, base: Path = ()) -> Iterator[tuple[Path, Layer]]:
    """Every layer with its path, a block before its children: the order of the rows in the window."""
    for position, layer in enumerate(network):
        path = (*base, position)
        yield path, layer
        yield from walk(layer.children, path)


def working(network: Network) -> Iterator[tuple[int, Path, Layer]]:
    """The layers that are not disabled, by themselves or with their block: number in the list from 1, path, layer."""
    off: Path | None = None
    for number, (path, layer) in enumerate(walk(network), 1):
        if off is not None and path[: len(off)] == off:
            continue
        if layer.disabled:
            off = path
            continue
        yield number, path, layer


def at(network: Network, path: Path) -> Layer:
    """The layer at a path."""
    layers, layer = network, None
    for position in path:
        if position < 0:
            raise IndexError(path)
        layer = layers[position]
        layers = layer.children
    if layer is None:
        raise IndexError(path)
    return layer


def siblings(network: Network, path: Path) -> Network:
    """The list of layers that the path points into."""
    return at(network, path[:-1]).children if len(path) > 1 else network


def replace(network: Network, path: Path, layer: Layer) -> Network:
    """The network with the layer at a path exchanged for another."""
    at(network, path)
    return _splice(network, path, (layer,), 1)


def insert(network: Network, path: Path, layers: Iterable[Layer]) -> Network:
    """The network with layers put in before what stands at a path."""
    if path[-1] > len(siblings(network, path)) or min(path) < 0:
        raise IndexError(path)
    return _splice(network, path, tuple(layers), 0)


def remove(network: Network, paths: Iterable[Path]) -> Network:
    """The network without the layers at these paths (and without what is inside them)."""
    for path in sorted(outermost(paths), reverse=True):
        at(network, path)
        network = _splice(network, path, (), 1)
    return network


def move(network: Network, paths: Iterable[Path], to: Path) -> tuple[Network, Path]:
    """The network with layers moved, in their order, before what stands at `to`; and where the first is now.

    raises ValueError: `to` lies inside one of the moved layers
    """
    moved = sorted(outermost(paths))
    if any(to[: len(path)] == path and len(to) > len(path) for path in moved):
        raise ValueError(f"{to} lies inside a layer that is moved")
    layers = [at(network, path) for path in moved]
    target = list(to)
    for path in reversed(moved):
        depth = len(path) - 1
        if depth < len(target) and path[:depth] == tuple(target[:depth]) and path[depth] < target[depth]:
            target[depth] -= 1
    landed = tuple(target)
    return insert(remove(network, moved), landed, layers), landed


def group(network: Network, paths: Iterable[Path], block: Layer) -> tuple[Network, Path]:
    """The network with layers put, in their order, into a block where the first of them stands; and where that is."""
    chosen = outermost(paths)
    together, landed = move(network, chosen, chosen[0])
    run = [(*landed[:-1], landed[-1] + offset) for offset in range(len(chosen))]
    holder = msgspec.structs.replace(block, children=tuple(at(together, path) for path in run))
    return insert(remove(together, run), landed, (holder,)), landed


def ungroup(network: Network, path: Path) -> Network:
    """The network with a block's layers in the place of the block."""
    return _splice(network, path, at(network, path).children, 1)


def outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths that lie inside no other of them, in order, each once."""
    ordered = sorted(set(paths))
    return [path for path in ordered if not any(path[:cut] in ordered for cut in range(1, len(path)))]


def _splice(network: Network, path: Path, layers: Sequence[Layer], removed: int) -> Network:
    position = path[0]
    if len(path) == 1:
        return (*network[:position], *layers, *network[position + removed :])
    block = network[position]
    changed = msgspec.structs.replace(block, children=_splice(block.children, path[1:], layers, removed))
    return (*network[:position], changed, *network[position + 1 :])
