"""Where the nodes of a graph lie: columns from the leaves at the left to the output at the right, few crossings, and lanes
for edges that pass a column, so that none runs below a node. Plain functions; lengths in px.

source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures" (1981)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Inputs = Sequence[Sequence[int | None]]  # of each node, in the order in which backward() reaches them
Item = tuple[int, int]  # a node in a column: its own, or one that its edge passes

_SWEEPS = 4
_LANE = 18.0  # px of an edge that passes
MOST_LANES = 6_000  # of a graph with more, edges run straight


@dataclass(frozen=True)
class Sizes:
    """Of a node, and what is between them."""

    width: float = 176
    height: float = 92
    across: float = 104
    down: float = 20


@dataclass
class Layout:
    """nodes: the upper left corner of each;  routes: (node, input) -> points from that input's node to this one
    columns: of each node, from the left;  width, height: of all
    """

    nodes: list[tuple[float, float]] = field(default_factory=list)
    routes: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)
    columns: list[int] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def laid_out(inputs: Inputs, sizes: Sizes = Sizes()) -> Layout:
    """The layout of a graph; an input comes later in the list than the nodes that it is an input of."""
    if not inputs:
        return Layout()
    depths = depths_of(inputs)
    links, columns = _linked(inputs, depths)
    _order(columns, links)
    heights = _heights(columns, links, sizes, depths)
    return _placed(inputs, depths, heights, sizes)


def depths_of(inputs: Inputs) -> list[int]:
    """How many edges lie between each node and the output, on the longest way."""
    depths = [0] * len(inputs)
    for node, given in enumerate(inputs):
        for one in given:
            if one is not None:
                depths[one] = max(depths[one], depths[node] + 1)
    return depths


Links = dict[Item, tuple[list[Item], list[Item]]]  # of each item: those one column further right, and further left


def _linked(inputs: Inputs, depths: list[int]) -> tuple[Links, list[list[Item]]]:
    """What stands in each column, by depth, and what is joined with what in the next one."""
    reach = list(depths)  # how far to the right each node's edges go: the least depth but one
    for node, given in enumerate(inputs):
        for one in given:
            if one is not None:
                reach[one] = min(reach[one], depths[node] + 1)
    if sum(depth - end for depth, end in zip(depths, reach, strict=True)) > MOST_LANES:
        reach = list(depths)
    columns: list[list[Item]] = [[] for _depth in range(max(depths) + 1)]
    links: Links = {}
    for node, depth in enumerate(depths):
        for column in range(reach[node], depth + 1):
            columns[column].append((node, column))
            links[node, column] = ([], [])
    for node, depth in enumerate(depths):
        for column in range(reach[node], depth):
            _link(links, (node, column), (node, column + 1))
        for one in {one for one in inputs[node] if one is not None}:
            _link(links, (node, depth), (one, max(depth + 1, reach[one])))
    return links, columns


def _link(links: Links, right: Item, left: Item) -> None:
    links[left][0].append(right)
    links[right][1].append(left)


def _order(columns: list[list[Item]], links: Links) -> None:
    """Each column in the order of the middle of what it is joined with, from both sides in turn."""
    places = {item: float(place) for column in columns for place, item in enumerate(column)}
    for sweep in range(_SWEEPS):
        side = sweep % 2
        for column in columns if side == 0 else reversed(columns):
            middle = {}
            for item in column:
                near = links[item][side]
                middle[item] = sum(places[one] for one in near) / len(near) if near else places[item]
            column.sort(key=lambda item: (middle[item], item[0]))
            for place, item in enumerate(column):
                places[item] = float(place)


def _heights(columns: list[list[Item]], links: Links, sizes: Sizes, depths: list[int]) -> dict[Item, float]:
    """The middle of each item: as near to what it is joined with as the others of its column allow."""
    rooms = {item: sizes.height if depths[item[0]] == item[1] else _LANE for column in columns for item in column}
    apart = [
        [0.0, *((rooms[one] + rooms[other]) / 2 + sizes.down for one, other in pairwise(column))] for column in columns
    ]
    middles: dict[Item, float] = {}
    for column, gaps in zip(columns, apart, strict=True):
        y = -sum(gaps) / 2
        for item, gap in zip(column, gaps, strict=True):
            y += gap
            middles[item] = y
    for sweep in range(_SWEEPS):
        side = sweep % 2
        numbered = list(zip(columns, apart, strict=True))
        for column, gaps in numbered if side == 0 else reversed(numbered):
            wanted = []
            for item in column:
                near = links[item][side] or links[item][1 - side]
                wanted.append(sum(middles[one] for one in near) / len(near) if near else middles[item])
            for item, y in zip(column, spaced(wanted, gaps), strict=True):
                middles[item] = y
    return middles


def spaced(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, in the least squares, that keep their order and are this far apart.

    gaps: of each to the one before; the first is not looked at
    source: pool adjacent violators, R. E. Barlow et al., "Statistical inference under order restrictions" (1972)
    """
    shift, shifts = 0.0, []
    blocks: list[tuple[float, int]] = []  # sum, count
    for place, (one, gap) in enumerate(zip(wanted, gaps, strict=True)):
        shift += gap if place else 0.0
        shifts.append(shift)
        total, count = one - shift, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    means = [total / count for total, count in blocks for _one in range(count)]
    return [mean + one for mean, one in zip(means, shifts, strict=True)]


def _placed(inputs: Inputs, depths: list[int], middles: dict[Item, float], sizes: Sizes) -> Layout:
    deepest, top = max(depths), min(middles.values()) - sizes.height / 2
    step = sizes.width + sizes.across

    def left(depth: int) -> float:
        return (deepest - depth) * step

    made = Layout(
        [(left(depth), middles[node, depth] - sizes.height / 2 - top) for node, depth in enumerate(depths)],
        columns=[deepest - depth for depth in depths],
        width=deepest * step + sizes.width,
        height=max(middles.values()) - min(middles.values()) + sizes.height,
    )
    for node, given in enumerate(inputs):
        there = [place for place, one in enumerate(given) if one is not None]
        there.sort(
            key=lambda place: middles.get((given[place] or 0, depths[node] + 1), made.nodes[given[place] or 0][1])
        )
        x, y = made.nodes[node]
        for number, place in enumerate(there, 1):
            one = given[place] or 0
            points = [(left(depths[one]) + sizes.width, middles[one, depths[one]] - top)]
            for depth in range(depths[one] - 1, depths[node], -1):
                if (one, depth) not in middles:
                    break
                level = middles[one, depth] - top
                if len(points) > 1 and abs(points[-1][1] - level) < 0.5:
                    points.pop()  # straight on
                else:
                    points.append((left(depth), level))
                points.append((left(depth) + sizes.width, level))
            points.append((x, y + sizes.height * number / (len(there) + 1)))
            made.routes[node, place] = points
    return made
