"""What was measured of a network on several devices, and what follows from it. "contender": a device, for the CPU with
a number of threads."""

import math
from collections.abc import Iterable
from typing import Literal

import msgspec

from playground.core.text import _

Sweep = Literal["batch", "width"]
MARGIN = 0.1  # of time that another must save to be called faster: measurements of busy machines differ by less
BATCHES = tuple(2**power for power in range(11))  # 1 … 1024
FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_FRACTIONS = {0.25: "¼", 0.5: "½"}


class Contender(msgspec.Struct, frozen=True):
    """device: PyTorch's name;  threads: of the CPU;  title: for a sentence;  label: short, for the end of a line"""

    device: str
    threads: int
    title: str
    label: str


class Timing(msgspec.Struct, frozen=True):
    """A step of the network, `width` times as wide, on `batch` samples. contender: its place in the comparison

    seconds: median of a step;  None where it was not measured, then `reason` says why
    """

    contender: int
    width: float
    batch: int
    seconds: float | None
    reason: str = ""


class Comparison(msgspec.Struct, frozen=True):
    """batch: of the project, which every width was measured with
    notes: sentences for people: what could not be compared, and why
    """

    contenders: tuple[Contender, ...] = ()
    timings: tuple[Timing, ...] = ()
    batch: int = 1
    notes: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """From `size` on, the first that was measured, `new` is faster than `old`; the lines cross at about `place`."""

    size: float
    place: float
    old: int
    new: int


def lines(comparison: Comparison, sweep: Sweep) -> list[dict[float, float]]:
    """For each contender: size (batch or width) -> seconds of a step, in order."""
    found: list[dict[float, float]] = [{} for _one in comparison.contenders]
    for one in comparison.timings:
        if one.seconds is not None and _belongs(one, comparison, sweep):
            found[one.contender][one.batch if sweep == "batch" else one.width] = one.seconds
    return [dict(sorted(line.items())) for line in found]


def changes(found: list[dict[float, float]]) -> tuple[int | None, list[Change]]:
    """Who is the fastest at the smallest size, and each size from which on another is. found: as `lines` gives it

    The earlier contender stays the fastest until another saves more than the margin.
    """
    leader: int | None = None
    before: float | None = None
    changed = []
    for size in sorted({size for line in found for size in line}):
        fastest = _fastest(found, size)
        if leader is None:
            leader = fastest
        elif size not in found[leader] or found[fastest][size] < (1 - MARGIN) * found[leader][size]:
            if fastest != leader:
                changed.append(Change(size, _crossing(found[leader], found[fastest], before, size), leader, fastest))
            leader = fastest
        before = size
    return leader if not changed else changed[0].old, changed


def sentences(comparison: Comparison, sweep: Sweep) -> list[str]:
    """What the lines say, for people; nothing where nothing was measured."""
    found = lines(comparison, sweep)
    first, changed = changes(found)
    if first is None:
        return []
    titles = [one.title for one in comparison.contenders]
    if len(titles) == 1:
        return [_("Only {who} can be measured here, so there is nothing to compare.").format(who=titles[0])]
    if not changed:
        said = [_always(sweep).format(who=titles[first])]
    elif len(changed) == 1:
        text = _("From {size} on, {new} is faster; below, {old} is.")
        one = changed[0]
        said = [text.format(size=size_text(one.size, sweep), new=titles[one.new], old=titles[one.old])]
    else:
        said = [_("At first {who} is the fastest.").format(who=titles[first])]
        text = _("From {size} on, {new} is.")
        said += [text.format(size=size_text(one.size, sweep), new=titles[one.new]) for one in changed]
    return said + _gain(found, titles, changed[-1].new if changed else first, sweep)


def size_text(size: float, sweep: Sweep) -> str:
    """ "batch 1,024", "width ×½" """
    return _("batch {n}").format(n=f"{size:,.0f}") if sweep == "batch" else _("width {n}").format(n=factor_text(size))


def factor_text(factor: float) -> str:
    return f"×{_FRACTIONS.get(factor, f'{factor:g}')}"


def _belongs(one: Timing, comparison: Comparison, sweep: Sweep) -> bool:
    return one.width == 1 if sweep == "batch" else one.batch == comparison.batch


def _fastest(found: list[dict[float, float]], size: float) -> int:
    """The first that is not beaten by more than the margin."""
    best = min(line[size] for line in found if size in line)
    return next(
        number for number, line in enumerate(found) if size in line and (1 - MARGIN) * line[size] <= best
    )  # fmt: skip


def _crossing(old: dict[float, float], new: dict[float, float], before: float | None, size: float) -> float:
    """Where both lines meet between two sizes, both axes logarithmic; `size` where one of them has no point there."""
    if before is None or before not in old or before not in new or size not in old:
        return size
    behind, ahead = math.log(new[before] / old[before]), math.log(old[size] / new[size])
    share = min(1.0, max(0.0, behind / (behind + ahead))) if behind + ahead > 0 else 1.0
    return float(before * (size / before) ** share)


def _always(sweep: Sweep) -> str:
    if sweep == "batch":
        return _("At every batch size that was measured {who} is the fastest.")
    return _("At every width that was measured {who} is the fastest.")


def _gain(found: list[dict[float, float]], titles: list[str], winner: int, sweep: Sweep) -> list[str]:
    """How much the winner gains at the largest size that another was measured at, too."""
    shared = [
        size for size in found[winner] if any(size in line for number, line in enumerate(found) if number != winner)
    ]
    if not shared:
        return []
    size = max(shared)
    next_best = min(
        (number for number, line in enumerate(found) if number != winner and size in line),
        key=lambda number: found[number][size],
    )
    text = _("At {size} it takes {own} a step, {other} {theirs}.")
    own, theirs = (duration_text(found[number][size]) for number in (winner, next_best))
    return [text.format(size=size_text(size, sweep), own=own, other=titles[next_best], theirs=theirs)]


def duration_text(seconds: float) -> str:
    """Three digits: "0.25 ms", "12.5 ms", "1.20 s" """
    if seconds >= 1:
        return _("{n} s").format(n=f"{seconds:.3g}")
    if seconds >= 1e-4:
        return _("{n} ms").format(n=f"{1e3 * seconds:.3g}")
    return _("{n} µs").format(n=f"{1e6 * seconds:.3g}")


def rows(comparison: Comparison, sweep: Sweep) -> Iterable[tuple[float, list[Timing | None]]]:
    """For a table: each size with the timing of each contender, None where there is none yet."""
    found: dict[float, list[Timing | None]] = {}
    for one in comparison.timings:
        if _belongs(one, comparison, sweep):
            size = one.batch if sweep == "batch" else one.width
            found.setdefault(size, [None] * len(comparison.contenders))[one.contender] = one
    return sorted(found.items())
