"""The chain rule along a graph: every way from the output to a node, and the product of the local derivatives on it."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from playground.core.lab.told import Graph, GraphNode
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.autograd.words import slope_text, title, uniform
from playground.window.lab.tensors.words import figure

MOST_WAYS = 3  # that are written out
_MOST_SEEN = 2_000  # steps taken to find them

Way = tuple[tuple[int, int], ...]  # (node, input) from the output on


class Link(NamedTuple):
    """One factor. number: as it is written;  under: what it is of"""

    number: str
    under: str


class Chain(NamedTuple):
    """ways: the written ones, links each;  amount: of all ways;  names: the same product by named tensors, "" where that
    is no other;  total: what comes in, in words
    """

    head: str
    ways: tuple[tuple[Link, ...], ...]
    amount: int
    names: str
    total: str


def chain(graph: Graph, target: int) -> Chain:
    """The slope of the output by what a node made. target: its number, reached already"""
    node = graph.nodes[target]
    output = title(graph.nodes[0])
    place = _largest(node)
    ways = list(ways_to(graph, target))[:MOST_WAYS]
    written, products = [], []
    for way in ways:
        factors = [_factor(graph, step, node, place) for step in way]
        known = [one for one in factors if one is not None]
        if len(known) == len(factors):
            products.append(math.prod(known))
            written.append(_product(graph, way, known))
    if len(products) < len(ways):  # what flows behind a place where ways meet is their sum: one is enough
        written, products = [_flow(graph, ways[0])], []
    count = count_ways(graph, target)
    names = ""
    if len(ways) == 1 and len(products) == 1:
        names = _by_names(graph, ways[0])
    head = _("d {output} / d {name}").format(output=output, name=title(node))
    return Chain(head, tuple(written), count, names, _total(node, place, products, count))


def ways_to(graph: Graph, target: int) -> Iterator[Way]:
    """From the output; the shortest to find first, and not all where there are very many."""
    users = users_of(graph)
    waiting: list[tuple[int, Way]] = [(target, ())]
    seen = 0
    while waiting and seen < _MOST_SEEN:
        seen += 1
        here, way = waiting.pop()
        if here == 0:
            yield way
        for user, place in reversed(users[here]):
            waiting.append((user, ((user, place), *way)))


def users_of(graph: Graph) -> list[list[tuple[int, int]]]:
    """Of each node: who takes what it made, and as which input."""
    users: list[list[tuple[int, int]]] = [[] for _node in graph.nodes]
    for node in graph.nodes:
        for place, one in enumerate(node.inputs):
            if one is not None:
                users[one].append((node.number, place))
    return users


def count_ways(graph: Graph, target: int) -> int:
    """From the output to a node."""
    counts = [0] * len(graph.nodes)
    counts[0] = 1
    for node in graph.nodes:  # an input comes later than its users
        for one in node.inputs:
            if one is not None:
                counts[one] += counts[node.number]
    return counts[target]


def _factor(graph: Graph, step: tuple[int, int], target: GraphNode, place: tuple[int, ...]) -> float | None:
    """The local derivative of a step for the number of the target that is looked at; None where it has none."""
    node, slot = graph.nodes[step[0]], step[1]
    local = node.local[slot] if slot < len(node.local) else None
    if local is None:
        return None
    found = numbers(local)
    if found.size == 1:
        return float(found.reshape(-1)[0])
    if found.shape != tuple(target.shape):
        return uniform(found)
    return float(found[place])


def _product(graph: Graph, way: Way, factors: list[float]) -> tuple[Link, ...]:
    output = graph.nodes[0]
    begin = Link("1", title(output))
    return (begin, *(Link(_times(one), _of(graph, step)) for one, step in zip(factors, way, strict=True)),
            Link(f"= {figure(math.prod(factors))}", ""))  # fmt: skip


def _times(factor: float) -> str:
    return f"× {figure(factor)}" if factor >= 0 else f"× ({figure(factor)})"


def _of(graph: Graph, step: tuple[int, int]) -> str:
    node = graph.nodes[step[0]]
    return title(node) if node.layer or not node.line else node.line


def _largest(node: GraphNode) -> tuple[int, ...]:
    """The place of the largest slope: that number is followed where they differ."""
    came = numbers(node.came_in) if node.came_in is not None else np.zeros(0)
    if came.shape != tuple(node.shape) or not came.size:
        return (0,) * len(node.shape)
    size = np.where(np.isfinite(came), np.abs(came), 0.0)
    return tuple(int(one) for one in np.unravel_index(int(size.argmax()), came.shape))


def _flow(graph: Graph, way: Way) -> tuple[Link, ...]:
    """What flows, where no single number is the factor."""
    links = [Link("1", title(graph.nodes[0]))]
    for step in way:
        node, slot = graph.nodes[step[0]], step[1]
        array = node.goes_out[slot] if slot < len(node.goes_out) else None
        norm = node.out_norms[slot] if slot < len(node.out_norms) else None
        links.append(Link(f"→ {slope_text(array, norm)}", _of(graph, step)))
    return tuple(links)


def _by_names(graph: Graph, way: Way) -> str:
    """d out/dz · dz/dy · dy/dx, where several nodes lie between two named tensors."""
    heads, products, of = [], [], title(graph.nodes[0])
    product, several = 1.0, False
    steps = 0
    for step in way:
        node, slot = graph.nodes[step[0]], step[1]
        local = node.local[slot]
        factor = uniform(numbers(local)) if local is not None else None
        if factor is None:
            return ""
        product, steps = product * factor, steps + 1
        into = graph.nodes[node.inputs[slot] or 0]
        if into.label:
            heads.append(f"d{of}/d{into.label}" if len(of) == 1 else f"d {of}/d{into.label}")
            products.append(product)
            several = several or steps > 1
            of, product, steps = into.label, 1.0, 0
    if not several or not products or steps:
        return ""
    return _("By names: {heads} = {products} = {result}").format(
        heads=" · ".join(heads), products=" × ".join(map(figure, products)), result=figure(math.prod(products))
    )


def _total(node: GraphNode, place: tuple[int, ...], products: list[float], count: int) -> str:
    """What comes in, and whether it is the same everywhere."""
    name = f"{node.label or title(node)}.grad" if node.leaf else _("slope")
    if node.came_in is None or (not products and uniform(numbers(node.came_in)) is None):
        return _("{name}: {text}").format(name=name, text=slope_text(None, node.came_norm))
    came = numbers(node.came_in)
    here = float(came[place]) if came.shape == tuple(node.shape) else float(np.ravel(came)[0])
    same = uniform(came)
    added = ""
    if 1 < count == len(products):
        added = " + ".join(figure(one) if one >= 0 else f"({figure(one)})" for one in products) + " = "
    where = ""
    if came.size > 1:
        where = (
            _(" at every entry")
            if same is not None
            else _(" at [{place}], the largest").format(place=", ".join(map(str, place)))
        )
    return _("{name} = {added}{number}{where}").format(name=name, added=added, number=figure(here), where=where)
