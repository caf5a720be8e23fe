"""Every pixel of random layers: its products add up to what PyTorch's own module gives."""

import random

import numpy as np
import pytest
import torch

from playground.core.lab.topics import Convolution
from playground.core.problem import Problem
from playground.engine.lab.windows import line_of, window
from playground.session.history import numbers


def drawn(draws):
    """A setting that PyTorch takes."""
    layer = draws.choice(("Conv2d", "Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"))
    groups = draws.choice((1, 1, 2))
    kernel = (draws.randint(1, 4), draws.randint(1, 4))
    pooling = layer.endswith("Pool2d")
    channels = groups * draws.randint(1, 2)
    stride = (draws.randint(1, 3), draws.randint(1, 3))
    return Convolution(
        layer=layer,
        in_channels=channels,
        out_channels=channels if pooling else groups * draws.randint(1, 2),
        kernel_size=kernel,
        stride=stride,
        padding=tuple(draws.randint(0, size // 2 if pooling else 2) for size in kernel),
        output_padding=tuple(draws.randint(0, size - 1) for size in stride) if layer == "ConvTranspose2d" else (0, 0),
        dilation=(draws.randint(1, 2), draws.randint(1, 2)) if layer != "AvgPool2d" else (1, 1),
        groups=1 if pooling else groups,
        bias=draws.random() < 0.7,
        padding_mode=draws.choice(("zeros", "reflect", "replicate", "circular")) if layer == "Conv2d" else "zeros",
        picture=tuple(
            tuple(tuple(draws.uniform(-2, 2) for _column in range(8)) for _row in range(7))
            for _channel in range(channels)
        ),
        seed=draws.randint(0, 99),
    )


def module_of(state, told):
    """The module that its line makes, with the weights that were told."""
    made = eval(line_of(state), {"nn": torch.nn})
    if hasattr(made, "weight"):
        made.load_state_dict(
            {"weight": torch.tensor(numbers(told.kernel))}
            | ({"bias": torch.tensor(numbers(told.biases))} if state.bias else {})
        )
    return made


def test_the_products_of_pixels_of_random_layers_add_up_to_pytorchs_value():
    """`tests.campaigns.lab` does it for every pixel of five hundred."""
    for seed in range(40):
        check_layer(seed, most=4)


def check_layer(seed, most=10**9):
    """most: pixels of the output to look at"""
    draws = random.Random(seed)
    state = drawn(draws)
    told = window(state)
    picture = torch.tensor(state.picture)
    expected = module_of(state, told)(picture[None])[0].detach().numpy()
    np.testing.assert_allclose(numbers(told.output), expected, rtol=1e-5, atol=1e-5)
    places = list(np.ndindex(*expected.shape))
    for place in draws.sample(places, min(most, len(places))):
        one = window(replaced(state, place))
        assert one.place == place
        assert one.result == pytest.approx(expected[place], rel=1e-5, abs=1e-5)
        check_pixel(state, one, picture)


def replaced(state, place):
    return type(state)(**{**{name: getattr(state, name) for name in state.__struct_fields__}, "place": place})


def check_pixel(state, one, picture):
    seen, weights, products, places = (numbers(part) for part in (one.window, one.weights, one.products, one.places))
    np.testing.assert_array_equal(seen * weights, products)
    if state.layer == "MaxPool2d":
        assert one.sum == one.result
        assert seen[one.largest] == pytest.approx(one.result)
    else:
        assert products.sum(dtype=np.float64) + one.bias == pytest.approx(one.result, rel=1e-5, abs=1e-5)
    inside = places[..., 0] >= 0
    if picture.shape[0] == seen.shape[0] and state.padding_mode == "zeros":
        channels = np.arange(seen.shape[0])[:, None, None] + np.zeros(seen.shape, int)
        np.testing.assert_array_equal(
            seen[inside], picture.numpy()[channels[inside], places[..., 0][inside], places[..., 1][inside]]
        )
        assert not seen[~inside].any()


def test_pixels_of_the_picture_of_a_digit():
    state = Convolution(kernel_size=(3, 3), sample="digits:3", seed=1)
    told = window(state)
    assert numbers(told.input).shape[0] == 1
    high, wide = numbers(told.output).shape[1:]
    assert told.formula[0].endswith(f"= {high}")
    assert told.products_in_all == 9 * high * wide
    for row, column in ((0, 0), (high - 1, wide - 1), (high // 2, wide // 3)):
        one = window(replaced(state, (0, row, column)))
        assert numbers(one.products).sum() + one.bias == pytest.approx(one.result, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, "nn.Conv2d(1, 1, 3)"),
        ({"kernel_size": (3, 2), "stride": (2, 2), "bias": False}, "nn.Conv2d(1, 1, (3, 2), stride=2, bias=False)"),
        ({"layer": "MaxPool2d", "kernel_size": (2, 2), "stride": (2, 2)}, "nn.MaxPool2d(2)"),
        ({"layer": "AvgPool2d", "kernel_size": (2, 2)}, "nn.AvgPool2d(2, stride=1)"),
        (
            {"layer": "ConvTranspose2d", "stride": (2, 2), "output_padding": (1, 1)},
            "nn.ConvTranspose2d(1, 1, 3, stride=2, output_padding=1)",
        ),
        ({"padding": (1, 1), "padding_mode": "reflect"}, "nn.Conv2d(1, 1, 3, padding=1, padding_mode='reflect')"),
    ],
)
def test_a_layer_is_one_line_of_pytorch(settings, line):
    assert line_of(Convolution(**settings)) == line


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kernel_size": (9, 9)}, "can't be greater than actual input size"),
        ({"kernel_size": (0, 0)}, "Conv2d: "),
        ({"stride": (0, 1)}, "stride"),
        ({"in_channels": 2, "groups": 2, "out_channels": 1}, "equal groups"),
        ({"kernel": ((((1.0, 2.0),),),)}, "painted kernel"),
        ({"biases": (1.0, 2.0)}, "biases"),
        ({"in_channels": 3}, ""),
        ({"padding": (20, 20), "padding_mode": "reflect"}, "Padding size"),
        ({"picture": (((1.0, 2.0), (1.0,)),)}, "equal length"),
        ({"picture": (), "sample": "digits:99999"}, "has the samples"),
        ({"picture": (), "sample": "digitz:1"}, "digits"),
        ({"picture": (), "sample": "iris:1"}, "no pictures"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(settings, told):
    picture = (tuple(tuple(float(row + column) for column in range(6)) for row in range(6)),)
    if settings == {"in_channels": 3}:
        assert numbers(window(Convolution(picture=picture, **settings)).input).shape == (3, 6, 6)
        return
    with pytest.raises(Problem, match=told):
        window(Convolution(**{"picture": picture, **settings}))
