"""The arithmetic of one weight in one step, term by term, as a person writes it down."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from playground.core.text import _

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
Told = Mapping[str, Any]


class Term(NamedTuple):
    """name: what is worked out;  line: the formula with its figures, "0.1234 − 0.05 × 0.6789 = 0.0895\""""

    name: str
    line: str


def figure(value: float) -> str:
    """Five digits at most, a real minus sign: 0.12346, 3·10⁻⁵."""
    if not math.isfinite(value):
        return "–"
    if value and not 1e-4 <= abs(value) < 1e6:
        exponent = math.floor(math.log10(abs(value)))
        text = f"{value / 10.0**exponent:.5g}·10{str(exponent).translate(_RAISED)}"
    else:
        text = f"{value:.5g}"
    return text.replace("-", "−")


def factor(value: float) -> str:
    """As it stands behind a sign: a negative one in brackets."""
    return f"({figure(value)})" if value < 0 else figure(value)


def terms(weight: Told) -> list[Term]:
    """From the gradient to the new weight. weight: as the probe `one_step` tells it"""
    found, used = _gradient(weight)
    if weight["sign"] == "add" and weight["optimizer"] not in ("GradientDescent", "SGD"):
        used = -used
        found.append(Term(_("turned by maximize"), figure(used)))
    write = _WRITTEN.get(weight["optimizer"])
    return [*found, *(write(weight, used) if write else _unknown(weight))]


def _gradient(weight: Told) -> tuple[list[Term], float]:
    """Up to what the optimizer gets."""
    fresh, kept, value = weight["gradient"], weight["kept"], weight["accumulated"]
    if kept is not None and value != fresh:
        found = [Term(_("kept + new gradient"), f"{figure(kept)} + {factor(fresh)} = {figure(value)}")]
    else:
        found = [Term(_("gradient"), figure(value))]
    if weight["l1"]:
        pulled = value + weight["l1"]
        found.append(Term(_("with L1"), f"{figure(value)} + {factor(weight['l1'])} = {figure(pulled)}"))
        value = pulled
    if weight["clip"] < 1:
        line = f"{figure(value)} × {figure(weight['clip'])} = {figure(weight['used'])}"
        found.append(Term(_("clipped"), line))
    return found, weight["used"]


def _decayed(weight: Told, value: float) -> tuple[list[Term], float]:
    decay = weight["arguments"].get("weight_decay", 0.0)
    if not decay:
        return [], value
    with_it = value + decay * weight["before"]
    line = f"{figure(value)} + {figure(decay)} × {factor(weight['before'])} = {figure(with_it)}"
    return [Term(_("with weight decay"), line)], with_it


def _update(weight: Told, rate: float, value: float, add: bool = False) -> Term:
    sign = "+" if add else "−"
    line = f"{figure(weight['before'])} {sign} {figure(rate)} × {factor(value)} = {figure(weight['after'])}"
    return Term(_("new weight"), line)


def _sgd(weight: Told, value: float) -> list[Term]:
    """Adding is written at the update where it is the same there: without momentum and weight decay."""
    arguments, add = weight["arguments"], weight["sign"] == "add"
    momentum = arguments.get("momentum", 0.0)
    if not momentum and not arguments.get("weight_decay"):
        return [_update(weight, weight["lr"], value, add)]
    found = []
    if add:
        value = -value
        found.append(Term(_("turned by maximize"), figure(value)))
    more, value = _decayed(weight, value)
    found += more
    if momentum:
        old, new = weight["state"]["momentum"]
        begins = old is None
        line = figure(new) if begins else f"{figure(momentum)} × {factor(old)} + {factor(value)} = {figure(new)}"
        found.append(Term(_("momentum begins") if begins else _("with momentum"), line))
        if arguments.get("nesterov"):
            ahead = value + momentum * new
            line = f"{figure(value)} + {figure(momentum)} × {factor(new)} = {figure(ahead)}"
            found.append(Term(_("looking ahead"), line))
            new = ahead
        value = new
    return [*found, _update(weight, weight["lr"], value)]


def _memory(name: str, share: float, states: Told, key: str, added: str) -> Term:
    """A running mean. added: what is taken into it, as text"""
    old, new = states[key]
    line = f"{figure(share)} × {factor(old or 0.0)} + {figure(1 - share)} × {added} = {figure(new)}"
    return Term(name, line)


def _adam(weight: Told, value: float) -> list[Term]:
    arguments, states, steps = weight["arguments"], weight["state"], weight["steps"]
    apart = weight["optimizer"] == "AdamW"
    found, value = ([], value) if apart else _decayed(weight, value)
    before = weight["before"]
    if apart and arguments.get("weight_decay"):
        share = 1 - weight["lr"] * arguments["weight_decay"]
        found.append(Term(_("weight, shrunk"), f"{figure(before)} × {figure(share)} = {figure(before * share)}"))
        before *= share
    mean, square = states["mean"][1], states["square"][1]
    first, second = mean / (1 - arguments["beta1"] ** steps), square / (1 - arguments["beta2"] ** steps)
    share = f"{factor(first)} ÷ (√{figure(second)} + {figure(arguments['eps'])})"
    fading = [f"(1 − {figure(arguments[name])}{str(steps).translate(_RAISED)})" for name in ("beta1", "beta2")]
    found += [
        _memory(_("mean of gradients"), arguments["beta1"], states, "mean", factor(value)),
        _memory(_("mean of squares"), arguments["beta2"], states, "square", f"{factor(value)}²"),
        Term(_("mean, corrected"), f"{figure(mean)} ÷ {fading[0]} = {figure(first)}"),
        Term(_("squares, corrected"), f"{figure(square)} ÷ {fading[1]} = {figure(second)}"),
        Term(_("new weight"), f"{figure(before)} − {figure(weight['lr'])} × {share} = {figure(weight['after'])}"),
    ]
    return found


def _adagrad(weight: Told, value: float) -> list[Term]:
    arguments = weight["arguments"]
    found, value = _decayed(weight, value)
    old, new = weight["state"]["square"]
    rate = weight["lr"] / (1 + (weight["steps"] - 1) * arguments.get("lr_decay", 0.0))
    share = f"{factor(value)} ÷ (√{figure(new)} + {figure(arguments['eps'])})"
    return [
        *found,
        Term(_("sum of squares"), f"{figure(old or 0.0)} + {factor(value)}² = {figure(new)}"),
        Term(_("new weight"), f"{figure(weight['before'])} − {figure(rate)} × {share} = {figure(weight['after'])}"),
    ]


def _rmsprop(weight: Told, value: float) -> list[Term]:
    arguments, states = weight["arguments"], weight["state"]
    found, value = _decayed(weight, value)
    square = states["square"][1]
    share = f"{factor(value)} ÷ (√{figure(square)} + {figure(arguments['eps'])})"
    found.append(_memory(_("mean of squares"), arguments["alpha"], states, "square", f"{factor(value)}²"))
    if arguments.get("momentum"):
        old, new = states["momentum"]
        line = f"{figure(arguments['momentum'])} × {factor(old or 0.0)} + {share} = {figure(new)}"
        return [*found, Term(_("with momentum"), line), _update(weight, weight["lr"], new)]
    line = f"{figure(weight['before'])} − {figure(weight['lr'])} × {share} = {figure(weight['after'])}"
    return [*found, Term(_("new weight"), line)]


def _unknown(weight: Told) -> list[Term]:
    """An optimizer whose formula is not written here: what it keeps, and what it did."""
    found = [
        Term(name, f"{figure(old)} → {figure(new)}" if old is not None else figure(new))
        for name, (old, new) in weight["state"].items()
    ]
    return [*found, Term(_("new weight"), f"{figure(weight['before'])} → {figure(weight['after'])}")]


_WRITTEN: dict[str, Callable[[Told, float], list[Term]]] = {
    "GradientDescent": _sgd, "SGD": _sgd, "Adam": _adam, "AdamW": _adam, "Adagrad": _adagrad, "RMSprop": _rmsprop,
}  # fmt: skip
