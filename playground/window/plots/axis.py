"""Axes: ticks as people write them."""

import math

from playground.core.text import _
from playground.window.plots.graph import pg

_PLAIN = 0.75  # powers of ten: over less than that, 1, 2 and 5 are too few
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_text(exponent: int) -> str:
    """10**exponent as a tick prints it: 0.1, 1, 10, 100; else 10⁻²."""
    return f"{10.0**exponent:g}" if -1 <= exponent <= 2 else f"10{str(exponent).translate(_RAISED)}"


def figure_text(value: float, digits: int = 2) -> str:
    """A number for people: 0.079, 6.0·10⁻⁵; a real minus sign."""
    if not math.isfinite(value):
        return "–"
    if value and (abs(value) < 1e-3 or abs(value) >= 1e5):
        mantissa, _e, exponent = f"{value:.1e}".partition("e")
        return f"{mantissa}·10{str(int(exponent)).translate(_RAISED)}".replace("-", "−")
    return f"{value:.{max(digits, 0)}f}".replace("-", "−")


def _between(exponent: float) -> str:
    """What lies between two powers of ten: 0.02, 2.25, 200, 5·10³, 2·10⁻⁵."""
    number = 10.0**exponent
    if 1e-4 < number < 1_000:
        return f"{number:.3g}"
    whole = math.floor(exponent)
    return f"{10.0 ** (exponent - whole):.1g}·{power_text(whole)}"


class ValueAxis(pg.AxisItem):
    """The left axis. On a logarithmic scale its values are powers of ten, and whole powers have the ticks, where there are
    enough in sight."""

    def __init__(self) -> None:
        super().__init__("left")
        self.logarithmic = False

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logarithmic:
            return super().tickValues(minVal, maxVal, size)[:1]
        whole = range(math.ceil(minVal), math.floor(maxVal) + 1)
        step = max(1, math.ceil(len(whole) / max(2, size / 32)))
        ticks = [float(exponent) for exponent in whole if exponent % step == 0]
        if len(ticks) < 2:  # less than a power of ten: ticks at 1, 2, 5
            halves = [
                base + math.log10(part)
                for base in range(math.floor(minVal), math.ceil(maxVal) + 1)
                for part in (1, 2, 5)
            ]
            ticks = [value for value in halves if minVal <= value <= maxVal]
        if len(ticks) < 3 and maxVal - minVal < _PLAIN:  # a loss that has hardly moved: as on a plain axis
            _step, values = super().tickValues(10.0**minVal, 10.0**maxVal, size)[0]
            ticks = [math.log10(value) for value in values if value > 0]
        return [(1.0, ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.logarithmic:
            return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]
        return [power_text(round(value)) if value == round(value) else _between(value) for value in values]


class StepAxis(pg.AxisItem):
    """The bottom axis: steps, named by epochs where the length of an epoch is known.

    per_epoch: steps in an epoch; 0 where it is not known, then steps are named
    """

    def __init__(self) -> None:
        super().__init__("bottom")
        self.per_epoch = 0

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        unit = self.per_epoch or 1
        digits = len(f"{int(maxVal / unit):,}")
        apart = 32 + 10 * max(0, digits - 2)  # px: the first tick has a word, the others only figures
        least = max(1, math.ceil((maxVal - minVal) / unit / max(1, size / apart)))
        every = next(nice for power in range(12) for nice in (10**power, 2 * 10**power, 5 * 10**power) if nice >= least)
        first = math.ceil(minVal / unit / every) * every
        ticks = [number * unit for number in range(first, int(maxVal / unit) + 1, every) if number > 0]
        return [(float(unit * every), [float(tick) for tick in ticks])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        texts = [f"{round(value / (self.per_epoch or 1)):,}" for value in values]
        unit = _("epoch {n}") if self.per_epoch else _("step {n}")
        return [unit.format(n=texts[0]), *texts[1:]] if texts else []


def rounded_end(steps: int) -> int:
    """The step at which an axis ends whose curves are named at their ends: a sixteenth behind them at most.

    It goes on in jumps, so that axis and curves are not drawn anew for every step.
    """
    least = max(steps, 10)
    unit = 1 << max(0, least.bit_length() - 5)
    return -(-least // unit) * unit


def shown_until(steps: int, per_epoch: int, whole: int) -> int:
    """The step at which the axis ends when so many are done. It goes on in jumps, so that curves rarely move.

    per_epoch: steps in an epoch, 0 where it is not known;  whole: steps of the whole run
    """
    if not per_epoch:
        return max(steps, 10)
    if steps <= per_epoch / 2:  # the first epoch may be long: room is doubled until it is in sight
        doubled = 32
        while doubled < steps:
            doubled *= 2
        return max(1, min(doubled, per_epoch, whole))
    epochs = math.ceil(steps / per_epoch)
    jump = max(1, 10 ** int(math.log10(epochs)) // 2)
    return max(steps, min(whole, math.ceil(epochs / jump) * jump * per_epoch))
