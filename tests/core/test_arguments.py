import pytest

from playground.core.arguments import fault_of, faults_of, in_effect, shown, shown_shape
from playground.core.layers import LAYERS

CONV = LAYERS["Conv2d"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("out_channels", 6, None),
        ("out_channels", 0, "out_channels is 0, but must be at least 1"),
        ("out_channels", -3, "out_channels is −3, but must be at least 1"),
        ("out_channels", 2.5, "must be a whole number"),
        ("out_channels", True, "must be a whole number"),
        ("out_channels", "six", "must be a whole number"),
        ("out_channels", 10**9, "must be at most"),
        ("out_channels", {"a": 1}, "must be a whole number"),
        ("kernel_size", [3, 5], None),
        ("kernel_size", [3], "one or two"),
        ("kernel_size", [3, 0], "at least 1"),
        ("padding", "same", None),
        ("padding", "some", "must be one of same, valid"),
        ("bias", 1, "must be true or false"),
        ("padding_mode", "mirror", "must be one of zeros, reflect"),
    ],
)
def test_a_wrong_value_is_said_in_one_sentence(name, value, said):
    fault = fault_of(CONV.argument(name), value)
    assert fault is None if said is None else said in fault


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(value):
    assert fault_of(LAYERS["Dropout"].argument("p"), value)


def test_an_unknown_argument_is_named_with_the_one_that_was_meant():
    assert faults_of("Conv2d", CONV.arguments, {"kernelsize": 3}) == [
        ("kernelsize", "Conv2d has no argument kernelsize; did you mean kernel_size")
    ]


def test_auto_arguments_follow_the_input_and_pinned_ones_do_not():
    values = in_effect(CONV.arguments, {"stride": 2}, (3, 32, 32))
    assert (values["in_channels"], values["stride"], values["kernel_size"]) == (3, 2, 3)
    assert in_effect(CONV.arguments, {"in_channels": 1}, (3, 32, 32))["in_channels"] == 1
    assert in_effect(CONV.arguments, {}, None)["in_channels"] is None


@pytest.mark.parametrize(
    ("value", "text"), [(True, "on"), ([3, 5], "3×5"), (-1, "−1"), (1e-05, "1e−05"), (None, "?"), ("same", "same")]
)
def test_values_are_shown_with_real_signs(value, text):
    assert shown(value) == text


def test_a_shape_is_shown_with_times_signs():
    assert (shown_shape((6, 30, 30)), shown_shape(None)) == ("6×30×30", "–")
