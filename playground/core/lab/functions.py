"""The functions, surfaces and activations that a page can choose by name."""

import re

import msgspec

from playground.core.text import _


class Function(msgspec.Struct, frozen=True):
    """name: what a page keeps;  title: as it is written in mathematics;  line: in the small language, of x
    derivative: as it is written in mathematics;  low, high: where it is worth looking at
    """

    name: str
    title: str
    line: str
    derivative: str
    low: float = -3.0
    high: float = 3.0


def of_weight(formula: str) -> str:
    """A formula in x as one in w, as descent writes it: "max(0, w)". formula: as it is written in mathematics"""
    return _VARIABLE.sub("w", formula).replace("ˣ", "ʷ")


_VARIABLE = re.compile("(?<![A-Za-z])x(?![A-Za-z])")  # not that of "max"; that of "2x" has a digit before it


class Surface(msgspec.Struct, frozen=True):
    """A function of two numbers, or a loss over two weights. axes: their names;  start: where a race begins well
    low, high: corners worth looking at;  lowest: the lowest points that are known, empty for a loss
    samples: of a loss, where they are from: "line" or "california"
    """

    name: str
    title: str
    formula: str
    axes: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]
    start: tuple[float, float]
    lowest: tuple[tuple[float, float], ...] = ()
    samples: str = ""


FUNCTIONS = {
    one.name: one
    for one in (
        Function("x", "x", "x", "1"),
        Function("x**2", "x²", "x**2", "2x"),
        Function("x**3", "x³", "x**3", "3x²"),
        Function("1/x", "1/x", "1 / x", "−1/x²"),
        Function("line", "0.5x + 1", "0.5 * x + 1", "0.5"),
        Function("abs", "|x|", "torch.abs(x)", _("−1 or 1; PyTorch takes 0 at the corner")),
        Function("sqrt", "√x", "torch.sqrt(x)", "1/(2√x)", 0.0, 6.0),
        Function("sin", "sin x", "torch.sin(x)", "cos x", -7.0, 7.0),
        Function("cos", "cos x", "torch.cos(x)", "−sin x", -7.0, 7.0),
        Function("exp", "eˣ", "torch.exp(x)", "eˣ"),
        Function("log", "ln x", "torch.log(x)", "1/x", 0.0, 6.0),
        Function("sigmoid", "σ(x)", "torch.sigmoid(x)", "σ(x)·(1 − σ(x))", -6.0, 6.0),
        Function("tanh", "tanh x", "torch.tanh(x)", "1 − tanh² x", -4.0, 4.0),
        Function("ReLU", "max(0, x)", "F.relu(x)", _("0 or 1; PyTorch takes 0 at the corner")),
        Function("LeakyReLU", "max(0.01x, x)", "F.leaky_relu(x)", _("0.01 or 1")),
        Function("ELU", "x, eˣ − 1", "F.elu(x)", _("eˣ or 1")),
        Function("GELU", "x·Φ(x)", "F.gelu(x)", "Φ(x) + x·φ(x)"),
        Function("SiLU", "x·σ(x)", "F.silu(x)", "σ(x)·(1 + x·(1 − σ(x)))", -6.0, 6.0),
        Function("softplus", "ln(1 + eˣ)", "F.softplus(x)", "σ(x)", -6.0, 6.0),
        Function("two valleys", "x⁴ − 3x² + x", "x**4 - 3 * x**2 + x", "4x³ − 6x + 1", -2.5, 2.5),
    )
}

ACTIVATIONS = {
    "none": "z",
    "ReLU": "F.relu(z)",
    "sigmoid": "torch.sigmoid(z)",
    "tanh": "torch.tanh(z)",
    "GELU": "F.gelu(z)",
    "LeakyReLU": "F.leaky_relu(z)",
}

_XY, _WB, _LOSS = ("x", "y"), ("w", "b"), "mean (w·x + b − y)²"
SURFACES = {
    one.name: one
    for one in (
        Surface("bowl", _("Bowl"), "x² + y²", _XY, (-3, -3), (3, 3), (-2.5, 2.0), ((0.0, 0.0),)),
        Surface("valley", _("Long valley"), "x² + 20y²", _XY, (-3, -1.5), (3, 1.5), (-2.5, 1.0), ((0.0, 0.0),)),
        Surface("saddle", _("Saddle"), "x² − y²", _XY, (-2, -2), (2, 2), (-1.8, 0.001)),
        Surface(
            "Rosenbrock", _("Rosenbrock's banana"), "(1 − x)² + 100(y − x²)²", _XY, (-2, -1), (2, 3), (-1.2, 1.0),
            ((1.0, 1.0),),
        ),
        Surface(
            "Himmelblau", _("Several minima"), "(x² + y − 11)² + (x + y² − 7)²", _XY, (-5, -5), (5, 5), (-0.5, -1.0),
            ((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)),
        ),
        Surface(
            "regression", _("The loss of Linear(1, 1)"), _LOSS, _WB, (-2, -4), (6, 6), (-1.5, 5.0), samples="line"
        ),
        Surface(
            "california", _("Loss on California housing"), _LOSS, _WB, (-1.5, -0.5), (3, 4.5), (-1.0, 0.0),
            samples="california",
        ),
    )
}  # fmt: skip
