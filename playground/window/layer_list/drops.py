"""Where dropped layers go: plain functions of row geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.core import network as tree
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.network import Network, Path


@dataclass(frozen=True)
class RowBox:
    """A visible row. path: None for the Input row;  open_block: a block whose children are shown below it."""

    path: Path | None
    top: int
    height: int
    block: bool = False
    open_block: bool = False


@dataclass(frozen=True)
class Target:
    """An insertion path, and where its line is drawn. y: px in the viewport;  depth: how far the line is indented."""

    path: Path
    y: int
    depth: int
    inside: Path | None = None  # the block that would take the layers, where it is marked as a whole


def target_at(y: int, boxes: list[RowBox], depth_wanted: int = 99) -> Target:
    """The place for layers dropped at height y.

    boxes: the rows from top to bottom
    depth_wanted: how far right the pointer is; past the end of a block it chooses between in and behind the block
    """
    layers = [box for box in boxes if box.path is not None]
    if not layers:
        return Target((0,), boxes[-1].top + boxes[-1].height if boxes else 0, 0)
    for number, box in enumerate(layers):
        path = box.path or (0,)
        if y >= box.top + box.height:
            continue
        offset = (y - box.top) / max(1, box.height)
        if box.block and 0.25 <= offset < 0.75:
            return Target((*path, 0), box.top + box.height, len(path), inside=path)
        if offset < 0.5:
            before = layers[number - 1] if number else None
            return _between(before, box, box.top, depth_wanted)
        if box.open_block:
            return Target((*path, 0), box.top + box.height, len(path))
        following = layers[number + 1] if number + 1 < len(layers) else None
        return _between(box, following, box.top + box.height, depth_wanted)
    last = layers[-1]
    return _between(last, None, last.top + last.height, 0)


def _between(above: RowBox | None, below: RowBox | None, y: int, depth_wanted: int) -> Target:
    """Between two rows. Where the upper one ends a block, the pointer's depth chooses how far out to go."""
    least = len(below.path) - 1 if below and below.path else 0
    if above is None or above.path is None:
        return Target((0,) if below is None else below.path or (0,), y, least)
    if below and below.path and len(below.path) > len(above.path):
        return Target(below.path, y, len(below.path) - 1)
    most = len(above.path) - 1
    depth = max(least, min(most, depth_wanted))
    ancestor = above.path[: depth + 1]
    return Target((*ancestor[:-1], ancestor[-1] + 1), y, depth)


def after(path: Path | None) -> Path:
    """The insertion path right behind a row; (0,) behind the Input row."""
    return (0,) if path is None else (*path[:-1], path[-1] + 1)


def one_up(paths: Sequence[Path]) -> Path | None:
    """Where the layers go one place up; out of their block at its top; None where there is no further up."""
    chosen = tree.outermost(paths)
    if not chosen:
        return None
    first = chosen[0]
    if first[-1] > 0:
        return (*first[:-1], first[-1] - 1)
    return first[:-1] or None


def one_down(network: Network, paths: Sequence[Path]) -> Path | None:
    """Where the layers go one place down; out of their block at its end; None where there is no further down."""
    chosen = tree.outermost(paths)
    if not chosen:
        return None
    last = chosen[-1]
    if last[-1] + 1 < len(tree.siblings(network, last)):
        return (*last[:-1], last[-1] + 2)
    return after(last[:-1]) if len(last) > 1 else None


def into_block(network: Network, paths: Sequence[Path]) -> Path | None:
    """The end of the block that stands right above the layers; None where none does."""
    chosen = tree.outermost(paths)
    if not chosen or chosen[0][-1] == 0:
        return None
    above = (*chosen[0][:-1], chosen[0][-1] - 1)
    block = tree.at(network, above)
    return (*above, len(block.children)) if is_block(block) else None


def out_of_block(paths: Sequence[Path]) -> Path | None:
    """Right behind the block that the layers are in; None where they are in none."""
    chosen = tree.outermost(paths)
    return after(chosen[0][:-1]) if chosen and len(chosen[0]) > 1 else None


def is_block(layer: Layer) -> bool:
    """Whether it can hold layers, or does."""
    spec = LAYERS.get(layer.layer)
    return bool(layer.children) or bool(spec and spec.block)
