"""What is said of nodes and slopes. Plain functions."""

import re
from collections.abc import Collection

import numpy as np

from playground.core.carried import Array
from playground.core.lab.told import Graph, GraphNode, LeafGrad
from playground.core.lab.topics import Autograd
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.tensors.words import and_list, figure, sizes

_MOST_LISTED = 3

# the name of a node, without "Backward0" -> what its local derivative is
_RULES = {
    "AccumulateGrad": _("A leaf: what comes in is added to its .grad. The chain ends here."),
    "Add": _("A sum hands the slope on: its local derivative is 1."),
    "Sub": _("A difference: 1 by the first, −1 by the second."),
    "Rsub": _("A difference: −1 by what is taken away."),
    "Mul": _("A product: by each factor, the local derivative is the other factor."),
    "Div": _("A quotient a / b: 1/b by a, and −a/b² by b."),
    "Pow": _("A power xⁿ: n·xⁿ⁻¹."),
    "Mean": _("A mean of n numbers: 1/n by each of them."),
    "Sum": _("A sum of many numbers: 1 by each of them."),
    "Neg": _("A turned sign: −1."),
    "Exp": _("eˣ: its own value."),
    "Log": _("A logarithm: 1/x."),
    "Sqrt": _("A square root: 1/(2√x)."),
    "Sin": _("A sine: the cosine."),
    "Cos": _("A cosine: minus the sine."),
    "Tanh": _("tanh: 1 − tanh²."),
    "Sigmoid": _("A sigmoid σ: σ·(1 − σ)."),
    "Relu": _("ReLU: 1 where the input is above 0, else 0."),
    "Mm": _("A matrix product A @ B: came in @ Bᵀ goes to A, and Aᵀ @ came in goes to B."),
    "Mv": _("A product A @ v: the outer product of came in and v goes to A, and Aᵀ @ came in goes to v."),
    "Dot": _("A sum of products: by each number, the number that it met."),
    "Addmm": _("A Linear layer: came in @ W goes to the input, came inᵀ @ input to W, its columns' sums to the bias."),
    "T": _("It only turns the axes: each slope goes back to where its number came from."),
    "View": _("It only changes the shape: each slope goes back to where its number came from."),
    "Index": _("The slope goes back to the places that were chosen; all others get 0."),
    "Softmax": _("Each share depends on every score of its row: no single number for each."),
    "LogSoftmax": _("Each depends on every score of its row: no single number for each."),
    "NllLoss": _("−1/n at the right class of each of n samples, 0 elsewhere."),
    "Convolution": _("Every weight met many pixels: the slopes of all its places add up."),
    "MaxPool2DWithIndices": _("The slope goes to the largest of each window; the others get 0."),
    "Expand": _("A number that was stretched gets the sum of the slopes of its copies."),
}
_ALIKE = {
    "Transpose": "T", "Permute": "T", "UnsafeView": "View", "Reshape": "View", "Squeeze": "View", "Unsqueeze": "View",
    "ReshapeAlias": "View", "Select": "Index", "Slice": "Index", "Gather": "Index", "Max": "Index", "Bmm": "Mm",
    "ConvolutionOverrideable": "Convolution", "MkldnnConvolution": "Convolution", "Clone": "View",
}  # fmt: skip


def rule(name: str) -> str:
    """What a node of this name does with a slope; "" where nothing short can be said."""
    plain = re.sub(r"(Backward)?\d*$", "", name)
    return _RULES.get(_ALIKE.get(plain, plain), "")


def value_text(array: Array | None, low: float | None, high: float | None) -> str:
    """A few numbers as they are, one where all are equal, else from where to where they go."""
    if array is not None:
        found = numbers(array)
        if found.size == 1:
            return figure(found.reshape(-1)[0].item())
        if uniform(found) is not None:
            return _("all {number}").format(number=figure(found.reshape(-1)[0].item()))
        if 0 < found.size <= _MOST_LISTED:
            return ", ".join(figure(one) for one in found.reshape(-1).tolist())
    if low is None or high is None:
        return ""
    return _("{low} … {high}").format(low=brief(low), high=brief(high))


def slope_text(array: Array | None, norm: float | None) -> str:
    """A slope in a word: itself where it is one number, else how long it is."""
    if array is not None:
        found = numbers(array)
        if found.size == 1 or uniform(found) is not None or 0 < found.size <= _MOST_LISTED:
            return value_text(array, None, None)
    return "" if norm is None else _("norm {number}").format(number=brief(norm))


def brief(value: float) -> str:
    """A number of which three digits are enough."""
    return figure(float(f"{value:.3g}"))


def uniform(values: np.ndarray) -> float | None:
    """The number that all of them are; None where they differ."""
    if not values.size:
        return None
    first = values.reshape(-1)[0].item()
    return first if bool((values == first).all()) else None


def title(node: GraphNode) -> str:
    """The name that a person gave, else the expression, else what PyTorch calls it."""
    return node.label or node.line or re.sub(r"Backward\d*$", "", node.name)


def kind(node: GraphNode) -> str:
    """What PyTorch calls it; a leaf says that it is one."""
    return _("leaf · {name}").format(name=node.name) if node.leaf else node.name


def facts(node: GraphNode) -> str:
    """Shape and value."""
    value = value_text(node.value, node.low, node.high)
    return " · ".join(filter(None, [sizes(node.shape) if node.shape else "", value])) or "()"


def spoken(node: GraphNode, graph: Graph, position: int) -> str:
    """All of a node, for screen readers. position: nodes walked"""
    said = [title(node), kind(node), facts(node)]
    if node.number < position:
        said.append(_("step {n} of backward()").format(n=node.number + 1))
        said.append(_("slope {text}").format(text=slope_text(node.came_in, node.came_norm)))
    else:
        said.append(_("not reached yet"))
    given = [title(graph.nodes[one]) for one in node.inputs if one is not None]
    if given:
        said.append(_("made of {names}").format(names=and_list(given)))
    return ", ".join(said)


def rounds_text(grads: tuple[LeafGrad, ...], rounds: int, zero_grad: bool, waiting: Collection[str] = ()) -> str:
    """Why `.grad` is what it is after these rounds. waiting: leaves that the only round has not reached yet"""
    if not grads:
        return ""
    if rounds == 1 and waiting:
        return _("None: backward() has not come to {names} yet.").format(
            names=and_list(list(waiting)) if len(waiting) <= _MOST_LISTED else _("{n} leaves").format(n=len(waiting))
        )
    if rounds == 1:
        return _("backward() adds to .grad; it was empty, so that it is the slope now.")
    if zero_grad:
        return _("zero_grad() empties .grad before each backward(): every round leaves one slope in it.")
    first = grads[0]
    seen = [_of_round(first, place) for place in range(rounds)]
    return _(
        "zero_grad() was forgotten: backward() adds to what is there, so that after {n} rounds .grad is {n} times the "
        "slope ({label}: {numbers})."
    ).format(n=rounds, label=first.label, numbers=", ".join(seen))


def _of_round(leaf: LeafGrad, place: int) -> str:
    array = leaf.rounds[place] if place < len(leaf.rounds) else None
    return slope_text(array, leaf.norms[place] if place < len(leaf.norms) else None)


def outside_text(graph: Graph, state: Autograd) -> str:
    """What is computed, and is no part of the graph."""
    if not graph.outside:
        return ""
    names = and_list(graph.outside)
    if state.source == "network":
        return _("Not in the graph: {names}. They note nothing, because no slope is asked of what comes in.").format(names=names)  # fmt: skip
    return _(
        "Outside of the graph: {names}. requires_grad is False there (detached, made under no_grad(), or never asked "
        "for), so that no slope flows back through them."
    ).format(names=names)


MOST_ROUNDS = 4  # that a table has room for


def grad_headings(rounds: int) -> list[str]:
    """Of a table with a row for each leaf."""
    return [_(".grad after"), *(_("round {n}").format(n=place + 1) for place in _shown_rounds(rounds))]


def waiting_leaves(graph: Graph, position: int) -> list[str]:
    """Names of the leaves that a walk has not come to. position: nodes walked"""
    return [node.label for node in graph.nodes if node.leaf and node.number >= position]


def grad_rows(grads: tuple[LeafGrad, ...], rounds: int, waiting: Collection[str] = ()) -> list[list[str]]:
    """waiting: leaves that the only round has not reached yet; of several rounds all is told, the walk shows one"""
    if rounds == 1 and waiting:
        return [[leaf.label, "None" if leaf.label in waiting else _of_round(leaf, 0)] for leaf in grads]
    return [[leaf.label, *(_of_round(leaf, place) for place in _shown_rounds(rounds))] for leaf in grads]


def _shown_rounds(rounds: int) -> list[int]:
    """The first ones, and the last."""
    return list(range(rounds)) if rounds <= MOST_ROUNDS else [*range(MOST_ROUNDS - 1), rounds - 1]
