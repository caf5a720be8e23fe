"""What the window asks the workbench about a page of the lab, and how it is answered. Each question stands alone: the
workbench keeps nothing of a page between two of them."""

from typing import Annotated, Literal

import msgspec

from playground.core.lab.told import Told
from playground.core.lab.topics import Autograd, Convolution, Descent, Line, Lines, Neuron, Seed, Slopes


class Glance(msgspec.Struct, frozen=True):
    """Which part of a value to show. label: of it, or "NAME.grad";  leading: places along all axes but the last two
    first: row and column;  size: rows and columns
    """

    label: str
    leading: tuple[int, ...] = ()
    first: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (32, 32)


class _Ask(msgspec.Struct, frozen=True, tag=True):
    pass


class ShowBench(_Ask, frozen=True):
    """Compute the lines. Answered by Bench. watched: the line whose changes are wanted, from 1; 0 for none"""

    lines: Lines
    seed: Seed = 0
    glances: Annotated[tuple[Glance, ...], msgspec.Meta(max_length=64)] = ()
    watched: int = 0


class ShowPair(_Ask, frozen=True):
    """Two tensors side by side. left, right: names or expressions on the bench of these lines

    view: "product" one cell of left @ right, answered by Product;  "broadcast" by Broadcast;  "kinds" matmul, mm, dot and *
        side by side, "ways out" lines that fit where left sign right does not, both by Attempts
    place: of the cell;  sign: between them
    """

    lines: Lines
    left: str
    right: str
    view: Literal["product", "broadcast", "kinds", "ways out"]
    place: Annotated[tuple[int, ...], msgspec.Meta(max_length=2)] = ()
    sign: Literal["@", "+", "-", "*", "/"] = "@"
    seed: Seed = 0


class TryLines(_Ask, frozen=True):
    """What each of some lines would make at the end of a page, alone: none of them changes it. Answered by Tried"""

    lines: Lines
    tries: Annotated[tuple[Line, ...], msgspec.Meta(max_length=64)]
    seed: Seed = 0


class ShowPage(_Ask, frozen=True):
    """A page of one of the other topics. Answered by Curves, by Path or Races, Graph, NeuronTold or BoundaryTold, Windowed

    script: a program that computes what is told of a convolution is wanted too
    """

    slopes: Slopes | None = None
    descent: Descent | None = None
    autograd: Autograd | None = None
    neuron: Neuron | None = None
    convolution: Convolution | None = None
    script: bool = False


class ShowNetwork(_Ask, frozen=True):
    """The graph of the loss of a project's network, one node a layer. Answered by Graph.

    project: its text;  page: what is opened of it, and what is done with `.grad`
    """

    project: str
    page: Autograd


class WriteScript(_Ask, frozen=True):
    """The page as a program that needs nothing of this one; for pages with samples or a network. Answered by Written"""

    of: ShowPage | ShowNetwork


Ask = ShowBench | ShowPair | TryLines | ShowPage | ShowNetwork | WriteScript


class AskLab(msgspec.Struct, frozen=True, tag=True):
    """A question to the workbench. Answered by LabTold, or by Failed; a line that is refused by LabTold with Refused"""

    id: int
    ask: Ask


class LabTold(msgspec.Struct, frozen=True, tag=True):
    id: int
    told: Told
