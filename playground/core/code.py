"""A project as a PyTorch script: what the window, the command line and the engine say to each other about it."""

import msgspec

from playground.core.network import Path
from playground.core.text import _

# style -> its name for people, the first is where one begins
STYLES = {
    "sequential": _("nn.Sequential"),
    "class": _("class Net(nn.Module)"),
    "scratch": _("from scratch"),
    "processes": _("for torchrun"),
}


class Numerics(msgspec.Struct, frozen=True):
    """How a run computed where nobody asked for it, which its figures depend on to the last bit.

    threads: of the CPU;  layout: of pictures in memory, contiguous or channels_last. None leaves it to PyTorch
    """

    threads: int | None = None
    layout: str | None = None


ANY = Numerics()  # of a project that no run is of


class Span(msgspec.Struct, frozen=True):
    """Which lines of a script are of one layer. first, last: from 1, both included; a block's hold those of its layers"""

    path: Path
    first: int
    last: int


class Script(msgspec.Struct, frozen=True):
    """text: a whole script, without a fault of `ruff check` and as `ruff format` would write it
    spans: of the layers that have lines of their own, some of them several times (where one is made, where it is used)
    refused: styles in which this project cannot be written -> one sentence why
    """

    text: str
    style: str
    spans: tuple[Span, ...] = ()
    refused: dict[str, str] = {}
