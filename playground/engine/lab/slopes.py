"""Functions of x with their slopes, by autograd in float64, and gradient descent on them."""

import math
from itertools import pairwise
from typing import Any

import torch

from playground.core.lab.functions import FUNCTIONS
from playground.core.lab.told import Curve, Curves, Path, Quotient, Step, Verdict
from playground.core.lab.topics import Descent, Slopes
from playground.core.text import _
from playground.engine.lab.bench import array, seeded
from playground.engine.lab.language import Language
from playground.engine.lab.refusal import LineProblem, Refusal

POINTS = 401
MOST_STEPS = 500
_QUOTIENTS = 8
_FAR = 1e12
_NEAR = 1e-3


def curves(state: Slopes) -> Curves:
    """Every function of a page: its curve, its slopes, and how the difference quotient comes near the one at x."""
    return Curves(state.x, tuple(curve(name, state) for name in state.functions))


def curve(name: str, state: Slopes) -> Curve:
    """A function by its name or as an expression in x; what is wrong with it is told in the curve itself."""
    known = FUNCTIONS.get(name)
    title, derivative = (known.title, known.derivative) if known else (name, "")
    low, high = min(state.low, state.high), max(state.low, state.high)
    grid = torch.linspace(low, high, POINTS, dtype=torch.float64)
    widths = [state.width * 10.0**-place for place in range(_QUOTIENTS)]
    near = torch.tensor([state.x, *(state.x + width for width in widths)], dtype=torch.float64)
    try:
        y, slopes = with_slopes(name, torch.cat([grid, near]))
        at = (y[POINTS].item(), slopes[POINTS].item())
        quotients = tuple(_quotient(y[POINTS:], place, width, at[1]) for place, width in enumerate(widths, 1))
        return Curve(name, title, derivative, array(grid), array(y[:POINTS]), array(slopes[:POINTS]), at, quotients)
    except LineProblem as problem:
        return Curve(name, title, derivative, fault=problem.line_fault)


def with_slopes(name: str, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """f(x) and f'(x) of each x, float64. raises LineProblem: it is no function of x alone"""
    x = x.detach().to(torch.float64).requires_grad_()
    y = _applied(name, x)
    if not y.requires_grad:
        return y.detach(), torch.zeros_like(x)
    (slopes,) = torch.autograd.grad(y.sum(), x, allow_unused=True)
    return y.detach(), torch.zeros_like(x) if slopes is None else slopes


def _applied(name: str, x: torch.Tensor) -> torch.Tensor:
    """f of each x. raises LineProblem: it is no number for each x, or looks at several x at once"""
    line = FUNCTIONS[name].line if name in FUNCTIONS else name
    y = _value(line, x)
    for place in sorted({0, len(x) // 3, len(x) - 1}) if len(x) > 1 else ():
        alone = _value(line, x[place : place + 1].detach())
        if not torch.allclose(alone.detach()[0], y.detach()[place], rtol=1e-9, atol=1e-12, equal_nan=True):
            what = _("it is not the same for one x as for many")
            raise LineProblem.at((0, len(line)), Refusal(what, _("Use each x for itself, and nothing at random")))
    return y


def _value(line: str, x: torch.Tensor) -> torch.Tensor:
    language = Language({"x": x})
    with seeded(0):
        value: Any = language.value(line)
    if isinstance(value, (bool, int, float)):
        return torch.full_like(x, float(value)).detach()
    if not isinstance(value, torch.Tensor) or value.numel() not in (1, len(x)) or value.dim() > 1:
        what = _("it does not give one number for each x")
        raise LineProblem.at((0, len(line)), Refusal(what, _("Compute with x, as in x**2 + 1")))
    if value.requires_grad and value.grad_fn is None and value is not x:
        value = value.detach()
    return value.to(torch.float64).expand(len(x))


def _quotient(y: torch.Tensor, place: int, width: float, slope: float) -> Quotient:
    """(f(x + h) − f(x)) / h of the values at x, and at x and each width."""
    value = ((y[place] - y[0]) / width).item()
    return Quotient(width, value, abs(value - slope))


def descend(state: Descent) -> Path:
    """w ← w − lr · dJ/dw, step by step. raises Problem: the function is refused"""
    w, steps = state.start[0], list[Step]()
    sign = 1.0 if state.ascend else -1.0
    for _step in range(min(state.steps, MOST_STEPS)):
        loss, slope = (one.item() for one in with_slopes(state.function, torch.tensor([w], dtype=torch.float64)))
        after = w + sign * state.lr * slope
        steps.append(Step(w, loss, slope, after, _arithmetic(w, state.lr, slope, after, state.ascend)))
        if not math.isfinite(after) or abs(after) > _FAR:
            break
        w = after
    limit = _limit(state.function, w if abs(w) <= _FAR and not state.ascend else state.start[0])
    around = [step.w for step in steps if abs(step.w) <= 1e3] or [state.start[0]]
    low, high = min(*around, -1.0), max(*around, 1.0)
    margin = 0.15 * (high - low)
    shown = curve(state.function, Slopes(x=state.start[0], low=low - margin, high=high + margin))
    if shown.fault is not None:
        raise LineProblem(shown.fault)
    return Path(tuple(steps), _verdict(steps, state.ascend), limit, shown)


def _arithmetic(w: float, lr: float, slope: float, after: float, ascend: bool) -> str:
    text = _("{w} + {lr} · {slope} = {after}") if ascend else _("{w} − {lr} · {slope} = {after}")
    numbers = {"w": w, "lr": lr, "slope": slope, "after": after}
    shown = {name: f"{value:.4g}".replace("-", "−") for name, value in numbers.items()}
    if slope < 0:
        shown["slope"] = f"({shown['slope']})"
    return text.format(**shown)


def _verdict(steps: list[Step], ascend: bool) -> Verdict:
    """What a path did, from its slopes: their size tells whether it arrives, their signs whether it swings."""
    if not steps or all(step.slope == 0 for step in steps):
        return "stands still"
    first, last = steps[0], steps[-1]
    if not math.isfinite(last.w_after) or abs(last.w_after) > _FAR:
        return "climbs" if ascend else "runs away"
    if ascend:
        return "climbs"
    if abs(last.slope) > abs(first.slope) and last.loss > first.loss:
        return "runs away"
    if abs(last.slope) <= _NEAR * max(1.0, abs(first.slope)):
        return "arrives"
    turns = sum(one.slope * other.slope < 0 for one, other in pairwise(steps))
    return "swings" if turns >= max(1, (len(steps) - 1) // 2) else "too small"


def _limit(function: str, w: float) -> float | None:
    """2 / J''(w): beyond it, steps near a lowest point grow. None where the function does not curve upwards there."""
    x = torch.tensor([w], dtype=torch.float64, requires_grad=True)
    try:
        y = _applied(function, x)
    except LineProblem:
        return None
    if not y.requires_grad:
        return None
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    if not slope.requires_grad:
        return None
    (curvature,) = torch.autograd.grad(slope.sum(), x, allow_unused=True)
    bend = 0.0 if curvature is None else curvature.item()
    return 2 / bend if math.isfinite(bend) and bend > 1e-12 else None
