"""Schedules of the learning rate. A ScheduleSpec listed here is a schedule: form, check, engine, script and the drawing
before the run follow from it.

Each is a function of where the training stands and of nothing else, so a resumed run goes on at the same rate, and the
curve can be drawn before the first step. The formulas are those of `torch.optim.lr_scheduler`
(https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate).
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from playground.core.arguments import in_effect
from playground.core.recipe import Recipe
from playground.core.spec import Argument, Place, ScheduleSpec
from playground.core.text import _

Rate = Callable[[float, Place], float]


def rate_of(recipe: Recipe) -> Rate | None:
    """(the optimizer's learning rate, where the training stands) -> rate of the step that comes next; None where it
    stays the optimizer's."""
    spec = SCHEDULES.get(recipe.schedule_name)
    if spec is None:
        return None
    return partial(spec.rate, in_effect(spec.arguments, recipe.schedule_arguments, None))


def is_stretched(before: Recipe, after: Recipe, epochs: int) -> bool:
    """Whether a schedule spans the whole run, so that one of so many epochs has other rates from its beginning on than
    a shorter one had: to go on with it is then not what a longer run would have done."""
    rate = rate_of(after)
    if rate is None or before.schedule != after.schedule:
        return False
    steps = 64  # an epoch; any number tells
    places = range(before.epochs * steps)[:: max(1, before.epochs * steps // 256)]
    return any(rate(1.0, Place(at, steps, before.epochs)) != rate(1.0, Place(at, steps, epochs)) for at in places)


def _halving(values: Mapping[str, Any], base: float, place: Place) -> float:
    return float(base * values["gamma"] ** (place.epoch // values["step_size"]))


def _exponential(values: Mapping[str, Any], base: float, place: Place) -> float:
    return float(base * values["gamma"] ** place.epoch)


def _cosine(values: Mapping[str, Any], base: float, place: Place) -> float:
    return _half_wave(base, values["eta_min"], place.step / place.steps)


def _half_wave(start: float, end: float, share: float) -> float:
    """From start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _warm_up(values: Mapping[str, Any], base: float, place: Place) -> float:
    start, length = values["start_factor"], warm_steps(values, place)
    return float(base * (start + (1 - start) * min(1.0, place.step / length)))


def warm_steps(values: Mapping[str, Any], place: Place) -> int:
    """Steps of a warm-up: at least one, and one is left for what follows."""
    return max(1, min(round(values["warm_epochs"] * place.steps_per_epoch), place.steps - 1))


def _warm_cosine(values: Mapping[str, Any], base: float, place: Place) -> float:
    length = warm_steps(values, place)
    if place.step < length:
        return _warm_up(values, base, place)
    return _half_wave(base, values["eta_min"], (place.step - length) / max(1, place.steps - length))


def _one_cycle(values: Mapping[str, Any], base: float, place: Place) -> float:
    start = base / values["div_factor"]
    end, last = start / values["final_div_factor"], place.steps - 1
    top = values["pct_start"] * place.steps - 1
    if place.step <= top:
        return _half_wave(start, base, place.step / top) if top > 0 else base
    return _half_wave(base, end, min(1.0, (place.step - top) / (last - top))) if last > top else base


def _plateau(values: Mapping[str, Any], base: float, place: Place) -> float:
    """`ReduceLROnPlateau` in its mode "min", told the held-back loss of each epoch."""
    rate, best, bad = base, math.inf, 0
    for loss in place.losses:
        if loss < best * (1 - values["threshold"]):
            best, bad = loss, 0
        else:
            bad += 1
        if bad > values["patience"]:
            lower = max(rate * values["factor"], values["min_lr"])
            rate, bad = lower if rate - lower > 1e-8 else rate, 0
    return rate


def _share(name: str, default: float, text: str, open_low: bool = False) -> Argument:
    return Argument(name=name, kind="float", default=default, low=0, high=1, open_low=open_low, help=text)


_GAMMA = _("is what the learning rate is multiplied with")
_ETA_MIN = Argument(
    name="eta_min", kind="float", default=0.0, low=0, high=1e6, help=_("is the learning rate at the end")
)
_WARM = (
    Argument(
        name="warm_epochs", kind="float", default=1.0, low=0, high=1_000_000, open_low=True, unit=_("epochs"),
        help=_("is how long the learning rate rises"),
    ),
    _share("start_factor", 0.1, _("is the share of the learning rate to begin with"), open_low=True),
)  # fmt: skip

SCHEDULES = {
    spec.name: spec
    for spec in (
        ScheduleSpec(
            name="Step", title=_("In steps"), torch_name="torch.optim.lr_scheduler.StepLR", each="epoch", rate=_halving,
            summary=_("Lower after every few epochs: first far, then fine."),
            arguments=(
                Argument(name="step_size", kind="int", default=3, low=1, high=1_000_000, unit=_("epochs"),
                         help=_("is how long each learning rate is kept")),
                _share("gamma", 0.5, _GAMMA, open_low=True),
            ),
        ),
        ScheduleSpec(
            name="Exponential", title=_("Exponential"), torch_name="torch.optim.lr_scheduler.ExponentialLR",
            each="epoch", rate=_exponential,
            summary=_("Lower by the same share after every epoch."),
            arguments=(_share("gamma", 0.9, _GAMMA, open_low=True),),
        ),
        ScheduleSpec(
            name="Cosine", title=_("Cosine"), torch_name="torch.optim.lr_scheduler.CosineAnnealingLR", each="step",
            rate=_cosine,
            summary=_("Falls along half a wave over the whole run: slowly, then fast, then slowly to the end."),
            arguments=(_ETA_MIN,),
        ),
        ScheduleSpec(
            name="OneCycle", title=_("One cycle"), torch_name="torch.optim.lr_scheduler.OneCycleLR", each="step",
            rate=_one_cycle,
            summary=_("Rises from a small rate to the full one and falls to almost nothing, once over the whole run."),
            arguments=(
                _share("pct_start", 0.3, _("is the share of the run in which the rate rises"), open_low=True),
                Argument(name="div_factor", kind="float", default=25.0, low=1, high=1e9,
                         help=_("says how many times smaller the first rate is than the largest")),
                Argument(name="final_div_factor", kind="float", default=1e4, low=1, high=1e12,
                         help=_("says how many times smaller the last rate is than the first")),
            ),
        ),
        ScheduleSpec(
            name="WarmUp", title=_("Warm-up"), torch_name="torch.optim.lr_scheduler.LinearLR", each="step",
            rate=_warm_up,
            summary=_("Begins small and rises in a line, while the first slopes are wild; then it stays."),
            arguments=_WARM,
        ),
        ScheduleSpec(
            name="WarmUpCosine", title=_("Warm-up, then cosine"), torch_name="torch.optim.lr_scheduler.SequentialLR",
            each="step", rate=_warm_cosine,
            summary=_("Rises in a line, then falls along half a wave to the end of the run."),
            arguments=(*_WARM, _ETA_MIN),
        ),
        ScheduleSpec(
            name="Plateau", title=_("On a plateau"), torch_name="torch.optim.lr_scheduler.ReduceLROnPlateau",
            each="epoch", rate=_plateau,
            summary=_("Lower whenever the loss on the held-back part has not fallen for some epochs."),
            arguments=(
                _share("factor", 0.1, _GAMMA, open_low=True),
                Argument(name="patience", kind="int", default=2, low=0, high=1_000_000, unit=_("epochs"),
                         help=_("is how many epochs without a lower loss are waited for")),
                _share("threshold", 1e-4, _("is the share by which a loss must be lower to count")),
                Argument(name="min_lr", kind="float", default=0.0, low=0, high=1e6,
                         help=_("is where the learning rate falls no further")),
            ),
        ),
    )
}  # fmt: skip
