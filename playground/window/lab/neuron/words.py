"""What is said of neurons, with their numbers. Plain functions."""

import math
from collections.abc import Sequence

from playground.core.text import _
from playground.window.lab.tensors.words import figure

MOST_TERMS = 8  # products that are written out
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def named(name: str, number: int | None = None) -> str:
    """ "x₁"; a name without a number stays."""
    return name if number is None else name + str(number).translate(_LOWERED)


def factor(value: float) -> str:
    """A number in a product or a sum: negative ones in brackets."""
    text = figure(value)
    return f"({text})" if text.startswith("−") else text


def sum_words(x: Sequence[float], weights: Sequence[float], bias: float, z: float) -> str:
    """ "0.5·1 + (−1)·2 + 0 = −1.5" """
    terms = [f"{factor(w)}·{factor(one)}" for w, one in list(zip(weights, x, strict=True))[:MOST_TERMS]]
    if len(x) > MOST_TERMS:
        terms.append(_("… {n} more").format(n=len(x) - MOST_TERMS))
    return f"{' + '.join([*terms, factor(bias)])} = {figure(z)}"


def neuron_words(x: Sequence[float], weights: Sequence[float], bias: float, z: float, a: float, activation: str) -> str:
    """ "0.5·1 + (−1)·2 + 0 = −1.5 → ReLU → 0" """
    text = sum_words(x, weights, bias, z)
    return text if activation == "none" else f"{text} → {activation} → {figure(a)}"


def activation_title(activation: str) -> str:
    """For a heading."""
    return _("no activation") if activation == "none" else activation


def boundary_words(weights: Sequence[float], bias: float) -> tuple[str, str]:
    """z of a point, and where it is 0: "z = 1·x₁ + (−0.5)·x₂ + 0.5" and "x₂ = 2·x₁ + 1"."""
    first, second = weights
    z = f"z = {factor(first)}·x₁ + {factor(second)}·x₂ + {factor(bias)}"
    if second and math.isfinite(first / second) and math.isfinite(bias / second):
        return z, f"x₂ = {factor(0.0 - first / second)}·x₁ + {factor(0.0 - bias / second)}"
    if first and math.isfinite(bias / first):
        return z, f"x₁ = {figure(0.0 - bias / first)}"
    return z, _("none: z is the same everywhere")


def cross_entropy_words(share: float, target: int, value: float) -> str:
    """ "−log(share of class 0) = −log(0.6652) = 0.4076" """
    said = _("−log(share of class {target}) = −log({share}) = {value}")
    return said.format(target=target, share=figure(share), value=figure(value))


def mse_words(scores: Sequence[float], target: int, value: float) -> str:
    """ "((2 − 1)² + (1 − 0)² + (0 − 0)²) / 3 = 0.6667" """
    terms = [f"({figure(score)} − {int(place == target)})²" for place, score in enumerate(scores)][:MOST_TERMS]
    if len(scores) > MOST_TERMS:
        terms.append(_("… {n} more").format(n=len(scores) - MOST_TERMS))
    return f"({' + '.join(terms)}) / {len(scores)} = {figure(value)}"


def softmax_words(exps: Sequence[float], target: int, share: float) -> str:
    """ "7.389 / (7.389 + 2.718 + 1) = 0.6652" """
    terms = [figure(one) for one in exps[:MOST_TERMS]]
    if len(exps) > MOST_TERMS:
        terms.append(_("… {n} more").format(n=len(exps) - MOST_TERMS))
    return f"{figure(exps[target])} / ({' + '.join(terms)}) = {figure(share)}"
