"""A chain of nodes in several rows, read as a page is, where one row would be too small to read. Lengths in px."""

from playground.window.lab.autograd.layout import Inputs, Layout, Sizes

MOST = 12  # nodes
_ASIDE, _BETWEEN = 24.0, 40.0  # px beside the rows for the way to the next one, and between them


def is_chain(inputs: Inputs) -> bool:
    """Whether every node is made of the next one alone."""
    given = [[one for one in inputs[node] if one is not None] for node in range(len(inputs))]
    wanted = [[node + 1] for node in range(len(inputs) - 1)]
    return 2 < len(inputs) <= MOST and given == [*wanted, []]


def columns_for(count: int, width: float, height: float, sizes: Sizes) -> int:
    """How many nodes a row has, for the largest picture in such a room; the fewest rows where that is the same."""
    return max(range(count, 0, -1), key=lambda columns: _scale(count, columns, width, height, sizes))


def _scale(count: int, columns: int, width: float, height: float, sizes: Sizes) -> float:
    wide, high = _size(count, columns, sizes)
    return min(1.0, width / wide, height / high)


def _size(count: int, columns: int, sizes: Sizes) -> tuple[float, float]:
    rows = -(-count // columns)
    wide = columns * sizes.width + (columns - 1) * sizes.across + (2 * _ASIDE if rows > 1 else 0)
    return wide, rows * sizes.height + (rows - 1) * _BETWEEN


def folded(inputs: Inputs, sizes: Sizes, columns: int) -> Layout:
    """The leaf at the upper left, the output at the end of the last row. A way to the next row has six points."""
    count = len(inputs)
    made = Layout(columns=[count - 1 - node for node in range(count)])
    made.width, made.height = _size(count, columns, sizes)
    aside = _ASIDE if columns < count else 0.0
    for node in range(count):
        row, column = divmod(count - 1 - node, columns)
        made.nodes.append((aside + column * (sizes.width + sizes.across), row * (sizes.height + _BETWEEN)))
    for node in range(count - 1):
        place = next(place for place, one in enumerate(inputs[node]) if one is not None)
        (x, y), (before_x, before_y) = made.nodes[node], made.nodes[node + 1]
        begin, end = (before_x + sizes.width, before_y + sizes.height / 2), (x, y + sizes.height / 2)
        if y == before_y:
            made.routes[node, place] = [begin, end]
        else:
            far, near, level = begin[0] + _ASIDE - 8, x - _ASIDE + 8, y - _BETWEEN / 2
            made.routes[node, place] = [begin, (far, begin[1]), (far, level), (near, level), (near, end[1]), end]
    return made
