"""Values and slopes against mathematics written out here, in NumPy; paths against the same loop in plain Python."""

import math

import numpy as np
import pytest
import torch

from playground.core.lab.functions import FUNCTIONS
from playground.core.lab.topics import Descent, Slopes
from playground.core.problem import Problem
from playground.engine.lab.slopes import curves, descend, with_slopes
from playground.session.history import numbers


def sigma(x):
    return 1 / (1 + np.exp(-x))


def phi(x):
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


CDF = np.vectorize(lambda x: 0.5 * (1 + math.erf(x / math.sqrt(2))))
ONE = np.ones_like
# expression in x -> its slope in NumPy. Those that have a name are asked for by it.
KNOWN = {
    "x": ONE, "x**2": lambda x: 2 * x, "x**3": lambda x: 3 * x**2, "1/x": lambda x: -1 / x**2, "line": lambda x: 0.5 * ONE(x),
    "abs": np.sign, "sqrt": lambda x: 0.5 / np.sqrt(x), "sin": np.cos, "cos": lambda x: -np.sin(x), "exp": np.exp,
    "log": lambda x: 1 / x, "sigmoid": lambda x: sigma(x) * (1 - sigma(x)), "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "ReLU": lambda x: (x > 0) * 1.0, "LeakyReLU": lambda x: np.where(x > 0, 1, 0.01), "ELU": lambda x: np.where(x > 0, 1, np.exp(x)),
    "GELU": lambda x: CDF(x) + x * phi(x), "SiLU": lambda x: sigma(x) * (1 + x * (1 - sigma(x))), "softplus": sigma,
    "two valleys": lambda x: 4 * x**3 - 6 * x + 1,
}  # fmt: skip
TYPED = {
    "3": lambda x: 0 * x, "x + x": lambda x: 2 * ONE(x), "2 * x + 1": lambda x: 2 * ONE(x), "5 - x": lambda x: -ONE(x),
    "x * x * x": lambda x: 3 * x**2, "x**4": lambda x: 4 * x**3, "x**5 - x": lambda x: 5 * x**4 - 1, "(x - 1)**2": lambda x: 2 * (x - 1),
    "(2 * x - 3)**2": lambda x: 4 * (2 * x - 3), "1 / (1 + x**2)": lambda x: -2 * x / (1 + x**2) ** 2, "x / 3": lambda x: ONE(x) / 3,
    "x / (1 + x**2)": lambda x: (1 - x**2) / (1 + x**2) ** 2, "x**-2": lambda x: -2 * x**-3.0, "2**x": lambda x: math.log(2) * 2**x,
    "torch.sin(2 * x)": lambda x: 2 * np.cos(2 * x), "torch.sin(x)**2": lambda x: np.sin(2 * x), "torch.sin(x) * torch.cos(x)": lambda x: np.cos(2 * x),
    "x * torch.sin(x)": lambda x: np.sin(x) + x * np.cos(x), "torch.exp(-x)": lambda x: -np.exp(-x), "torch.exp(-x**2)": lambda x: -2 * x * np.exp(-(x**2)),
    "x * torch.exp(x)": lambda x: (1 + x) * np.exp(x), "torch.exp(torch.sin(x))": lambda x: np.cos(x) * np.exp(np.sin(x)),
    "torch.log(1 + x**2)": lambda x: 2 * x / (1 + x**2), "torch.log1p(torch.exp(x))": sigma, "torch.sqrt(1 + x**2)": lambda x: x / np.sqrt(1 + x**2),
    "torch.tan(x / 4)": lambda x: 0.25 / np.cos(x / 4) ** 2, "torch.atan(x)": lambda x: 1 / (1 + x**2), "torch.sinh(x)": np.cosh, "torch.cosh(x)": np.sinh,
    "torch.tanh(x)**2": lambda x: 2 * np.tanh(x) * (1 - np.tanh(x) ** 2), "torch.sigmoid(-x)": lambda x: -sigma(x) * (1 - sigma(x)),
    "torch.sigmoid(3 * x)": lambda x: 3 * sigma(3 * x) * (1 - sigma(3 * x)), "torch.square(x)": lambda x: 2 * x, "x.square()": lambda x: 2 * x,
    "x.sin()": np.cos, "x.exp()": np.exp, "torch.reciprocal(x)": lambda x: -1 / x**2, "torch.expm1(x)": np.exp,
    "torch.exp2(x)": lambda x: math.log(2) * 2**x, "torch.log(torch.abs(x))": lambda x: 1 / x, "torch.log2(x**2 + 1)": lambda x: 2 * x / (1 + x**2) / math.log(2),
    "torch.log10(x**2 + 1)": lambda x: 2 * x / (1 + x**2) / math.log(10), "torch.erf(x)": lambda x: 2 / math.sqrt(math.pi) * np.exp(-(x**2)),
    "torch.rsqrt(1 + x**2)": lambda x: -x * (1 + x**2) ** -1.5, "torch.relu(x)**2": lambda x: 2 * np.maximum(x, 0), "F.relu(x - 1)": lambda x: (x > 1) * 1.0,
    "F.relu(-x)": lambda x: (x < 0) * -1.0, "F.relu6(x)": lambda x: ((x > 0) & (x < 6)) * 1.0, "F.hardtanh(x)": lambda x: (np.abs(x) < 1) * 1.0,
    "F.leaky_relu(x)": lambda x: np.where(x > 0, 1, 0.01), "F.elu(x, 2.0)": lambda x: np.where(x > 0, 1, 2 * np.exp(x)), "F.silu(-x)": lambda x: -sigma(-x) * (1 - x * (1 - sigma(-x))),
    "F.softplus(2 * x)": lambda x: 2 * sigma(2 * x), "F.logsigmoid(x)": lambda x: 1 - sigma(x), "F.gelu(2 * x)": lambda x: 2 * (CDF(2 * x) + 2 * x * phi(2 * x)),
    "torch.clamp(x, -1, 1)": lambda x: (np.abs(x) < 1) * 1.0, "torch.maximum(x, 2 * x)": lambda x: np.where(x > 0, 2, 1), "torch.minimum(x, -x)": lambda x: np.where(x > 0, -1, 1),
    "torch.where(x > 0, x**2, -x)": lambda x: np.where(x > 0, 2 * x, -1), "torch.abs(x)**3": lambda x: 3 * x * np.abs(x), "torch.abs(x - 1)": lambda x: np.sign(x - 1),
    "(x > 0) * x": lambda x: (x > 0) * 1.0, "torch.sign(x)": lambda x: 0 * x, "torch.floor(x)": lambda x: 0 * x, "x - x.detach()": lambda x: ONE(x),
    "x * x.detach()": lambda x: x, "torch.lerp(x, x**2, 0.25)": lambda x: 0.75 + 0.5 * x, "torch.pow(x, 2)": lambda x: 2 * x, "x.pow(3)": lambda x: 3 * x**2,
    "torch.atan2(x, torch.ones_like(x))": lambda x: 1 / (1 + x**2), "torch.asin(x / 4)": lambda x: 0.25 / np.sqrt(1 - x**2 / 16), "torch.acos(x / 4)": lambda x: -0.25 / np.sqrt(1 - x**2 / 16),
    "torch.sin(torch.exp(x / 2))": lambda x: 0.5 * np.exp(x / 2) * np.cos(np.exp(x / 2)), "torch.tanh(torch.tanh(x))": lambda x: (1 - np.tanh(np.tanh(x)) ** 2) * (1 - np.tanh(x) ** 2),
    "math.pi * x": lambda x: math.pi * ONE(x), "(x**2 + 1) * (x - 2)": lambda x: 3 * x**2 - 4 * x + 1, "(x + 1) / (x**2 + 2)": lambda x: (2 - 2 * x - x**2) / (x**2 + 2) ** 2,
    "x.view(-1)**2": lambda x: 2 * x, "x.reshape(-1) * 3": lambda x: 3 * ONE(x), "x.clone()": ONE, "-(-x)": ONE, "+x": ONE,
}  # fmt: skip


def test_there_are_a_hundred_functions():
    assert len(KNOWN) + len(TYPED) >= 100
    assert set(KNOWN) == set(FUNCTIONS)


@pytest.mark.parametrize("part", range(4))
def test_values_and_slopes_at_a_hundred_points(part):
    for name in [*KNOWN, *TYPED][part::4]:
        check(name)


def check(name):
    spec = FUNCTIONS.get(name)
    low, high = (spec.low, spec.high) if spec else (-3.0, 3.0)
    x = np.linspace(low, high, 102)[1:-1] + 1e-3
    y, slopes = with_slopes(name, torch.tensor(x))
    slope = {**KNOWN, **TYPED}[name]
    np.testing.assert_allclose(slopes.numpy(), slope(x), rtol=1e-6, atol=1e-12, err_msg=name)
    line = spec.line if spec else name
    expected = eval(line, {"x": torch.tensor(x), "torch": torch, "F": torch.nn.functional, "math": math})
    np.testing.assert_allclose(y.numpy(), np.broadcast_to(np.asarray(expected, float), 100), rtol=1e-12)


def test_slopes_at_two_are_one_four_and_twelve():
    told = curves(Slopes(functions=("x", "x**2", "x**3"), x=2.0))
    assert [curve.at for curve in told.curves] == [(2.0, 1.0), (4.0, 4.0), (8.0, 12.0)]


def test_a_difference_quotient_shrinks_towards_the_slope():
    (curve,) = curves(Slopes(functions=("x**3",), x=2.0)).curves
    assert [quotient.h for quotient in curve.quotients[:3]] == [1.0, 0.1, 0.01]
    assert curve.quotients[0].value == pytest.approx(19.0)
    errors = [quotient.error for quotient in curve.quotients]
    assert errors[:6] == sorted(errors[:6], reverse=True)
    assert errors[5] < 1e-3


def test_a_curve_may_leave_the_numbers():
    (curve,) = curves(Slopes(functions=("1/x",), x=1.0, low=-1, high=1)).curves
    assert np.abs(numbers(curve.y)).max() > 1e12  # at the hole
    assert curve.at == (1.0, -1.0)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x.sum()", "not the same for one x"),
        ("x.flip(0)", "not the same for one x"),
        ("x - x.mean()", "not the same for one x"),
        ("x * torch.rand(1)", "not the same for one x"),
        ("x + torch.rand(3)", "PyTorch refuses it"),
        ("x + torch.rand_like(x)", "not the same for one x"),
        ("torch.stack([x, x])", "one number for each x"),
        ("y + 1", "y is not known"),
        ("x +", "no line of Python"),
        ("x = 3", "no value"),
        ("[1, 2]", "one number for each x"),
    ],
)
def test_what_is_no_function_of_x_is_told(name, told):
    (curve,) = curves(Slopes(functions=(name,), x=1.0)).curves
    assert curve.y is None
    assert told in curve.fault.sentence


def test_a_path_is_the_loop_of_the_tutorial():
    told = descend(Descent(function="x**2", start=(2.0,), lr=0.1, steps=10))
    w = 2.0
    for step in told.steps:
        slope = 2 * w
        after = w - 0.1 * slope
        assert (step.w, step.slope, step.loss) == pytest.approx((w, slope, w * w), rel=1e-12)
        assert step.w_after == pytest.approx(after, rel=1e-12)
        w = after
    assert told.steps[0].text == "2 − 0.1 · 4 = 1.6"
    assert told.limit == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("lr", "ascend", "verdict"),
    [
        (0.3, False, "arrives"),
        (0.001, False, "too small"),
        (0.99, False, "swings"),
        (1.01, False, "runs away"),
        (30.0, False, "runs away"),
        (0.1, True, "climbs"),
    ],
)
def test_one_knob_finds_every_way_of_going_wrong(lr, ascend, verdict):
    assert descend(Descent(function="x**2", start=(2.0,), lr=lr, steps=20, ascend=ascend)).verdict == verdict


def test_a_path_ends_where_the_numbers_do():
    told = descend(Descent(function="x**3", start=(5.0,), lr=10.0, steps=100))
    assert len(told.steps) < 100
    assert told.verdict == "runs away"


def test_a_start_on_level_ground_stands_still():
    assert descend(Descent(function="x**2", start=(0.0,), steps=5)).verdict == "stands still"


def test_a_function_that_is_refused_is_a_problem():
    with pytest.raises(Problem, match="not known"):
        descend(Descent(function="y", steps=3))
