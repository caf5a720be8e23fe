"""Every pixel of random layers: its products add up to what PyTorch's own module gives."""

import random

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from playground.core.lab.topics import Convolution, Slider
from playground.core.problem import Problem
from playground.engine.lab.sliders import windowed
from playground.session.history import numbers


def drawn(draws):
    """A page with a setting that PyTorch takes, and the channels of its kernel."""
    name = draws.choice(("Conv2d", "Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"))
    groups = draws.choice((1, 1, 2))
    high, wide = kernel = [draws.randint(1, 4), draws.randint(1, 4)]
    pooling = name.endswith("Pool2d")
    channels = groups * draws.randint(1, 2)
    stride = [draws.randint(1, 3), draws.randint(1, 3)]
    arguments = {
        "kernel_size": kernel,
        "stride": stride,
        "padding": [draws.randint(0, size // 2 if pooling else 2) for size in kernel],
    }
    if name != "AvgPool2d":
        arguments["dilation"] = [draws.randint(1, 2), draws.randint(1, 2)]
    filters = channels if pooling else groups * draws.randint(1, 2)
    if not pooling:
        arguments |= {"out_channels": filters, "groups": groups, "bias": draws.random() < 0.7}
    if name == "Conv2d":
        arguments["padding_mode"] = draws.choice(("zeros", "reflect", "replicate", "circular"))
    if name == "ConvTranspose2d":
        arguments["output_padding"] = [draws.randint(0, size - 1) for size in stride]
    rows = lambda many, down, across: tuple(  # noqa: E731
        tuple(tuple(draws.uniform(-2, 2) for _column in range(across)) for _row in range(down)) for _one in range(many)
    )
    kernel = () if pooling else rows(channels // groups, high, wide)
    one = Slider(name, arguments, draws.randrange(filters), kernel, draws.uniform(-1, 1))
    return Convolution(layers=(one,), picture=rows(channels, 7, 8))


def module_of(state):
    """PyTorch's module with the page's kernel at its filter."""
    one, channels = state.layers[0], len(state.picture)
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in one.arguments.items()}
    if one.layer.endswith("Pool2d"):
        return getattr(torch.nn, one.layer)(**given)
    made = getattr(torch.nn, one.layer)(in_channels=channels, **given)
    across = given["out_channels"] // given["groups"]
    within = channels // given["groups"]
    with torch.no_grad():
        kernel = torch.tensor(one.kernel)
        if one.layer == "Conv2d":
            made.weight[one.filter] = kernel
        else:
            first = one.filter // across * within
            made.weight[first : first + within, one.filter % across] = kernel
        if given["bias"]:
            made.bias[one.filter] = one.bias
    return made


def test_the_products_of_pixels_of_random_layers_add_up_to_pytorchs_value():
    """`tests.campaigns.lab` does it for every pixel of five hundred."""
    for seed in range(40):
        check_layer(seed, most=4)


def check_layer(seed, most=10**9):
    """most: pixels of the output to look at"""
    draws = random.Random(seed)
    state = drawn(draws)
    one = state.layers[0]
    with torch.no_grad():
        expected = module_of(state)(torch.tensor(state.picture)[None])[0, one.filter].numpy()
    told = windowed(state).slid
    np.testing.assert_allclose(numbers(told.maps[0]), expected, rtol=1e-5, atol=1e-5)
    places = list(np.ndindex(*expected.shape))
    for place in draws.sample(places, min(most, len(places))):
        seen = windowed(Convolution(layers=state.layers, picture=state.picture, place=place)).slid
        assert seen.at == place
        assert seen.value == pytest.approx(expected[place], rel=1e-5, abs=1e-5)
        check_pixel(one, seen)


def check_pixel(one, seen):
    window, weight, products = (numbers(part) for part in (seen.window, seen.weight, seen.products))
    if one.layer == "MaxPool2d":
        assert window.reshape(-1)[seen.winner] == pytest.approx(seen.value)
        return
    np.testing.assert_allclose(products, window * weight, rtol=1e-6)
    if one.kernel:
        np.testing.assert_allclose(weight, np.array(one.kernel), rtol=1e-6)
    assert products.sum() + seen.bias == pytest.approx(seen.value, rel=1e-5, abs=1e-5)


def test_a_sample_is_a_digit_as_networks_get_it():
    told = windowed(Convolution(sample="digits:3"))
    shown = numbers(told.asked.input)
    assert shown.shape == (1, 32, 32)
    smaller = shown[0].reshape(8, 4, 8, 4).mean((1, 3))
    alike = [np.corrcoef(smaller.ravel(), digit.ravel())[0, 1] for digit in load_digits().images]
    assert max(alike) > 0.9


def test_a_photo_has_three_channels_that_are_added_up():
    identity = (((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.0)),)
    arguments = {"out_channels": 1, "kernel_size": 3, "padding": 1, "bias": False}
    told = windowed(Convolution(layers=(Slider(arguments=arguments, kernel=identity),), sample="photo:flower"))
    photo = numbers(told.asked.input)
    assert len(photo) == 3
    assert 0 <= photo.min() < photo.max() <= 1
    np.testing.assert_allclose(numbers(told.slid.maps[0]), photo.sum(0), rtol=1e-5)
    assert told.slid.channels == (0, 1, 2)


def test_two_layers_in_a_row_are_one_behind_the_other():
    first = Slider(arguments={"out_channels": 1, "kernel_size": 2, "bias": False}, kernel=(((1.0, 2.0), (3.0, 4.0)),))
    second = Slider("MaxPool2d", {"kernel_size": 2})
    picture = (tuple(tuple(float((3 * row + column) % 7) for column in range(7)) for row in range(5)),)
    told = windowed(Convolution(layers=(first, second), told=1, picture=picture, place=(1, 2))).slid
    convolved = torch.nn.functional.conv2d(torch.tensor(picture)[None], torch.tensor(first.kernel)[None])
    pooled = torch.nn.functional.max_pool2d(convolved, 2)[0, 0].numpy()
    np.testing.assert_allclose(numbers(told.maps[1]), pooled)
    assert told.value == pooled[1, 2]


def test_weights_that_nobody_painted_follow_the_seed():
    drawn_from = lambda seed: numbers(windowed(Convolution(seed=seed)).slid.weight)  # noqa: E731
    np.testing.assert_array_equal(drawn_from(1), drawn_from(1))
    assert not np.array_equal(drawn_from(1), drawn_from(2))


def test_a_program_is_written_only_where_it_is_wanted():
    assert not windowed(Convolution()).slid.script
    assert "import torch" in windowed(Convolution(), script=True).slid.script


@pytest.mark.parametrize(
    ("settings", "arguments", "told"),
    [
        ({}, {"kernel_size": 9}, "can't be greater than actual input size"),
        ({}, {"kernel_size": 0}, "kernel_size"),
        ({}, {"stride": 0}, "stride"),
        ({}, {"strides": 2}, "did you mean stride"),
        ({}, {"groups": 2}, "groups"),
        ({}, {"padding": 20, "padding_mode": "reflect"}, "Padding size"),
        ({"picture": (((1.0, 2.0), (1.0,)),)}, {}, "equal length"),
        ({"picture": (), "sample": "digits:99999"}, {}, "has the samples"),
        ({"picture": (), "sample": "digitz:1"}, {}, "digits"),
        ({"picture": (), "sample": "iris:1"}, {}, "no pictures"),
        ({"picture": (), "sample": "photo:cat"}, {}, "no such photo"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(settings, arguments, told):
    picture = (tuple(tuple(float(row + column) for column in range(6)) for row in range(6)),)
    with pytest.raises(Problem, match=told):
        windowed(Convolution(**{"picture": picture, "layers": (Slider(arguments=arguments),), **settings}))
