"""How values flow through the rows of a network: down a list, through the branches of a block, past the layers of another."""

from collections.abc import Sequence
from typing import NamedTuple

from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.report import Row

# What a Linear layer can be followed by while the whole stays one weighted sum. Blocks are what is in them.
_STRAIGHT = (
    "Linear", "Conv1d", "Conv2d", "ConvTranspose2d", "AvgPool1d", "AvgPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d",
    "BatchNorm1d", "BatchNorm2d", "Dropout", "Dropout2d", "Flatten", "Unflatten", "ZeroPad2d", "Upsample",
)  # fmt: skip

_Inside = dict[Path, list[Row]]  # path of a block, () for the list itself -> the rows in it that work


class _State(NamedTuple):
    """linear: the last Linear layer that nothing has bent since
    straight: whether nothing has bent since the values came into the block
    """

    linear: Row | None
    straight: bool = True


def unbent(rows: Sequence[Row]) -> dict[Path, Row]:
    """Of each Linear layer that gets a weighted sum of what another one gets: that other one, the nearest."""
    found: dict[Path, Row] = {}
    _chain((), _inside(rows), _State(None), found)
    return found


def _chain(base: Path, inside: _Inside, state: _State, found: dict[Path, Row]) -> _State:
    for row in inside.get(base, ()):
        state = _after(row, inside, state, found)
    return state


def _after(row: Row, inside: _Inside, state: _State, found: dict[Path, Row]) -> _State:
    if row.layer == "Linear":
        if state.linear is not None:
            found[row.path] = state.linear
        return _State(row, state.straight)
    if row.layer == "Sequential":
        return _chain(row.path, inside, state, found)
    kind = _kind(row)
    if not kind:
        return state if row.layer in _STRAIGHT else _State(None, False)
    within = _State(state.linear)  # whether it bends is asked of the block alone
    if kind == "chain":
        ends = [_chain(row.path, inside, within, found)]
    else:
        ends = [_after(branch, inside, within, found) for branch in inside.get(row.path, ())]
    if row.layer not in ("Residual", "Parallel") or not all(one.straight for one in ends):
        return _State(None, False)
    # what is added or joined of weighted sums of one input is another weighted sum of it
    last = max((one.linear for one in ends if one.linear is not None), key=lambda one: one.index, default=None)
    return _State(last, state.straight)


def giver(rows: Sequence[Row]) -> Row | None:
    """The row that gives the output of the network: no group of layers, but the last one in it. Where a block puts
    together what several give, it is the block. None where every row hands on what it gets."""
    return _giver((), _inside(rows))


def _giver(base: Path, inside: _Inside) -> Row | None:
    for row in reversed(inside.get(base, [])):
        if row.layer == "Sequential" or (row.layer == "Parallel" and len(inside.get(row.path, ())) == 1):
            found = _giver(row.path, inside)
            if found is not None:
                return found
        else:
            return row
    return None


def _inside(rows: Sequence[Row]) -> _Inside:
    inside: _Inside = {}
    for row in rows:
        if not row.disabled:
            inside.setdefault(row.path[:-1], []).append(row)
    return inside


def _kind(row: Row) -> str:
    """ "chain" or "branches" of a block, "" of a plain layer."""
    spec = LAYERS.get(row.layer)
    return spec.block if spec is not None else ""
