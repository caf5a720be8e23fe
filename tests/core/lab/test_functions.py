"""The functions of the lab, as they are written of x and of a weight."""

import re

import pytest

from playground.core.lab.functions import FUNCTIONS, of_weight

OF_WEIGHTS = {
    "x": "w", "x**2": "w²", "x**3": "w³", "1/x": "1/w", "line": "0.5w + 1", "abs": "|w|", "sqrt": "√w", "sin": "sin w",
    "cos": "cos w", "exp": "eʷ", "log": "ln w", "sigmoid": "σ(w)", "tanh": "tanh w", "ReLU": "max(0, w)",
    "LeakyReLU": "max(0.01w, w)", "ELU": "w, eʷ − 1", "GELU": "w·Φ(w)", "SiLU": "w·σ(w)", "softplus": "ln(1 + eʷ)",
    "two valleys": "w⁴ − 3w² + w",
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_written_of_the_weight_and_its_words_stay(name):
    assert of_weight(FUNCTIONS[name].title) == OF_WEIGHTS[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_derivative_is_written_of_the_weight_and_its_words_stay(name):
    derivative = FUNCTIONS[name].derivative
    written = of_weight(derivative)
    assert "x" not in written
    assert "ˣ" not in written
    assert re.findall("[a-zA-Z]{2,}", written) == re.findall("[a-zA-Z]{2,}", re.sub(r"(?<=\d)x", "", derivative))
