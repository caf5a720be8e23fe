import pytest

from playground.window.lab.neuron import words


def test_the_arithmetic_of_a_neuron_is_written_out():
    found = words.neuron_words((1.0, 2.0), (0.5, -1.0), 0.0, -1.5, 0.0, "ReLU")
    assert found == "0.5·1 + (−1)·2 + 0 = −1.5 → ReLU → 0"
    assert words.neuron_words((1.0,), (2.0,), -0.5, 1.5, 1.5, "none") == "2·1 + (−0.5) = 1.5"


def test_long_sums_are_cut_off():
    found = words.sum_words((1.0,) * 20, (1.0,) * 20, 0.5, 20.5)
    assert found.count("·") == words.MOST_TERMS
    assert "… 12 more" in found


@pytest.mark.parametrize(
    ("weights", "bias", "z", "where"),
    [
        ((1.0, -0.5), 0.5, "z = 1·x₁ + (−0.5)·x₂ + 0.5", "x₂ = 2·x₁ + 1"),
        ((0.0, 2.0), -3.0, "z = 0·x₁ + 2·x₂ + (−3)", "x₂ = 0·x₁ + 1.5"),
        ((2.0, 0.0), 1.0, "z = 2·x₁ + 0·x₂ + 1", "x₁ = −0.5"),
        ((0.0, 0.0), 1.0, "z = 0·x₁ + 0·x₂ + 1", "none: z is the same everywhere"),
    ],
)
def test_the_equation_of_the_line(weights, bias, z, where):
    assert words.boundary_words(weights, bias) == (z, where)


def test_the_losses_are_written_out():
    assert words.cross_entropy_words(0.66524, 0, 0.40761) == "−log(share of class 0) = −log(0.6652) = 0.4076"
    assert words.mse_words((2.0, 1.0, 0.0), 0, 2 / 3) == "((2 − 1)² + (1 − 0)² + (0 − 0)²) / 3 = 0.6667"
    assert words.softmax_words((7.389, 2.718, 1.0), 0, 0.66524) == "7.389 / (7.389 + 2.718 + 1) = 0.6652"
