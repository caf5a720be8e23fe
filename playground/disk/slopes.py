"""The slopes that were seen of a kept run: `slopes.jsonl` in its folder, a line with the layers, then a look a line.

Of the first FULL looks every one is kept, of the next FULL every second one, then every fourth, and so on: the file
grows ever more slowly. A line that was cut off is left out on reading.
"""

import math
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from playground.core.carried import Array, Picture, Watch
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import atomic

FILE = "slopes.jsonl"
FULL = 256
SHOWN = 120  # looks that are told of a run that is taken up again, evenly over its steps: as many as a curve has points
WATCH = Watch("slopes")


class Layer(msgspec.Struct, frozen=True):
    """As the probe names it. index: its row, from 1"""

    path: tuple[int, ...]
    index: int
    name: str


class _Head(msgspec.Struct, frozen=True):
    layers: tuple[Layer, ...]


class Look(msgspec.Struct, frozen=True):
    """step: steps done;  gradient_norm, update_ratio: one a layer, None where there is no number"""

    step: int
    gradient_norm: tuple[float | None, ...]
    update_ratio: tuple[float | None, ...]


def read(folder: Path) -> tuple[tuple[Layer, ...], list[Look]]:
    """The layers and the looks of a run, none where nobody has looked."""
    looks: list[Look] = []
    layers: tuple[Layer, ...] = ()
    with suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
        head, *lines = (folder / FILE).read_bytes().splitlines()[:100_000] or [b"{}"]
        layers = msgspec.json.decode(head, type=_Head).layers
        for line in lines:
            with suppress(msgspec.DecodeError, msgspec.ValidationError):
                look = msgspec.json.decode(line, type=Look)
                if len(look.gradient_norm) == len(look.update_ratio) == len(layers):
                    looks.append(look)
    return layers, looks


def pictures(folder: Path, step: int) -> tuple[Picture, ...]:
    """The looks until a step as the probe told them, at most SHOWN."""
    layers, looks = read(folder)
    facts = {"layers": [{"path": list(one.path), "index": one.index, "name": one.name} for one in layers]}
    return tuple(
        Picture(
            WATCH, one.step, {"gradient_norm": _told(one.gradient_norm), "update_ratio": _told(one.update_ratio)}, facts
        )
        for one in _evenly([one for one in looks if one.step <= step])
    )


class Slopes:
    """Appends to the file. step: what was seen behind it is forgotten: these steps are about to be done again

    raises Problem (here and on writing): the disk is full or gone
    """

    def __init__(self, folder: Path, step: int):
        self._path = folder / FILE
        layers, looks = read(folder)
        kept = [one for one in looks if one.step <= step]
        self._has_head = bool(layers)
        self._rows, self._seen, self._last = len(kept), 0, kept[-1].step if kept else -1
        self._fresh: list[bytes] = []
        if self._path.exists():  # a torn last line goes, too
            head = [msgspec.json.encode(_Head(layers))] if layers else []
            atomic.write(
                self._path, b"".join(line + b"\n" for line in head + [msgspec.json.encode(one) for one in kept])
            )

    def see(self, picture: Picture) -> None:
        """Take in a picture of the slopes, to be written with the next `flush`."""
        if picture.step <= self._last or picture.fault or not picture.arrays:
            return  # a pause: the same step was looked at again
        self._last = picture.step
        self._seen += 1
        if self._seen % 2 ** (self._rows // FULL):
            return
        if not self._has_head:
            layers = msgspec.convert(picture.facts["layers"], tuple[Layer, ...])
            self._fresh.append(msgspec.json.encode(_Head(layers)))
            self._has_head = True
        norms, ratios = (_rounded(picture.arrays[name]) for name in ("gradient_norm", "update_ratio"))
        self._rows += 1
        self._fresh.append(msgspec.json.encode(Look(picture.step, norms, ratios)))

    def flush(self) -> None:
        """Write what is new and hand it to the system."""
        if not self._fresh:
            return
        lines, self._fresh = b"".join(line + b"\n" for line in self._fresh), []
        try:
            with open(self._path, "ab") as file:
                file.write(lines)
        except OSError as error:
            raise Problem(
                where=str(self._path),
                what=_("the run cannot be kept: {reason}").format(reason=error.strerror or error),
                fix=_("Free some space; the training itself is untouched, start it again to go on"),
            ) from error


def _rounded(values: Array) -> tuple[float | None, ...]:
    """A curve needs no more digits. A number that is none is null in the file."""
    return tuple(float(f"{one:.5g}") if math.isfinite(one) else None for one in array("f", values.data))


def _told(values: Sequence[float | None]) -> Array:
    column = array("f", [math.nan if one is None else one for one in values])
    return Array("float32", (len(column),), column.tobytes())


def _evenly(looks: Sequence[Look]) -> list[Look]:
    """At most SHOWN, the first and the last among them: of each stretch of steps the first one."""
    if len(looks) <= SHOWN:
        return list(looks)
    first, last = looks[0].step, looks[-1].step
    width = max(1, last - first) / (SHOWN - 2)
    found = {int((one.step - first) / width): one for one in reversed(looks[:-1])}
    return [*(found[place] for place in sorted(found)), looks[-1]]
