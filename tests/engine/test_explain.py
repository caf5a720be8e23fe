"""The sentences against what plain torch says of the same layer and the same input."""

import pytest
import torch
from torch import nn

from playground.core.arguments import in_effect
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.engine.build import outcome_of
from playground.engine.explain import explain
from playground.engine.outcome import Coming

# what stands in the list, what comes in, the same in torch
REFUSED = [
    (
        Layer("Linear", {"in_features": 576}),
        (400,),
        nn.Linear(576, 10),
        "It expects 576 values; Flatten gives 400.",
    ),
    (
        Layer("Linear", {"in_features": 1800}),
        (2, 30, 30),
        nn.Linear(1800, 10),
        "It expects 1,800 values; Flatten gives 2×30×30.",
    ),
    (
        Layer("Conv2d", {"in_channels": 3}),
        (1, 9, 9),
        nn.Conv2d(3, 16, 3),
        "It expects 3 channels; Flatten gives 1.",
    ),
    (
        Layer("Conv2d"),
        (10,),
        nn.Conv2d(1, 16, 3),
        "It needs a picture of channels × height × width; Flatten gives 10 values in a row.",
    ),
    (
        Layer("Conv2d", {"kernel_size": [3, 12]}),
        (1, 9, 9),
        nn.Conv2d(1, 16, (3, 12)),
        "Its window of 3×12 px is larger than the 9×9 px that it gets from Flatten.",
    ),
    (
        Layer("Conv2d", {"padding": 9, "padding_mode": "reflect"}),
        (1, 9, 9),
        nn.Conv2d(1, 16, 3, padding=9, padding_mode="reflect"),
        "padding is 9 px, but 'reflect' takes it from the picture, which has only 9×9 px from Flatten.",
    ),
    (
        Layer("Conv2d", {"padding": 10, "padding_mode": "circular"}),
        (1, 9, 9),
        nn.Conv2d(1, 16, 3, padding=10, padding_mode="circular"),
        "padding is 10 px, but 'circular' takes it from the picture, which has only 9×9 px from Flatten.",
    ),
    (
        Layer("MaxPool2d", {"padding": 2}),
        (1, 9, 9),
        nn.MaxPool2d(2, padding=2),
        "padding is 2 px, but at most half of the window of 2 px is allowed.",
    ),
    (
        Layer("Conv1d", {"kernel_size": 5, "dilation": 3}),
        (1, 9),
        nn.Conv1d(1, 16, 5, dilation=3),
        "Its window of 13 values is larger than the 9 values that it gets from Flatten.",
    ),
    (
        Layer("AvgPool1d", {"kernel_size": 2}),
        (3, 1),
        nn.AvgPool1d(2),
        "Its window of 2 values is larger than the 1 value that it gets from Flatten.",
    ),
    (
        Layer("MaxPool1d", {"kernel_size": 3, "padding": 2}),
        (1, 9),
        nn.MaxPool1d(3, padding=2),
        "padding is 2 values, but at most half of the window of 3 values is allowed.",
    ),
    (
        Layer("Conv1d", {"padding": 9, "padding_mode": "reflect"}),
        (1, 9),
        nn.Conv1d(1, 16, 3, padding=9, padding_mode="reflect"),
        "padding is 9 values, but 'reflect' takes it from the series, which has only 9 values from Flatten.",
    ),
    (
        Layer("MaxPool2d"),
        (10,),
        nn.MaxPool2d(2),
        "It needs a picture of channels × height × width; Flatten gives 10 values in a row.",
    ),
    (
        Layer("AvgPool2d", {"kernel_size": 10}),
        (1, 9, 9),
        nn.AvgPool2d(10),
        "Its window of 10×10 px is larger than the 9×9 px that it gets from Flatten.",
    ),
    (
        Layer("BatchNorm2d", {"num_features": 4}),
        (3, 9, 9),
        nn.BatchNorm2d(4).eval(),
        "It expects 4 channels; Flatten gives 3.",
    ),
    (
        Layer("BatchNorm2d"),
        (10,),
        nn.BatchNorm2d(10).eval(),
        "It needs a picture of channels × height × width; Flatten gives 10 values in a row.",
    ),
    (
        Layer("GroupNorm", {"num_groups": 3}),
        (4, 9, 9),
        lambda _x: nn.GroupNorm(3, 4),
        "num_groups is 3, but num_channels, 4, cannot be divided by it.",
    ),
    (
        Layer("MultiheadAttention", {"num_heads": 4}),
        (7, 6),
        lambda _x: nn.MultiheadAttention(6, 4),
        "num_heads is 4, but embed_dim, 6, cannot be divided by it.",
    ),
    (
        Layer("LayerNorm", {"normalized_shape": [3, 8]}),
        (1, 9, 9),
        nn.LayerNorm([3, 8]),
        "normalized_shape is 3×8, but the last axes that come from Flatten are 9×9.",
    ),
    (
        Layer("Unflatten", {"unflattened_size": [3, 5]}),
        (64,),
        nn.Unflatten(1, (3, 5)),
        "3×5 do not make up the 64 values of axis 1 that Flatten gives.",
    ),
    (
        Layer("Upsample", {"mode": "linear"}),
        (1, 9, 9),
        nn.Upsample(scale_factor=2.0, mode="linear"),
        "mode linear is for channels × length; Flatten gives 1×9×9, 81 values.",
    ),
    (
        Layer("BatchNorm1d"),
        (3, 9, 9),
        nn.BatchNorm1d(3).eval(),
        "It needs values in a row, or a series of channels × length; Flatten gives 3×9×9, 243 values.",
    ),
    (
        Layer("ConvTranspose2d", {"output_padding": 2}),
        (1, 9, 9),
        nn.ConvTranspose2d(1, 16, 3, output_padding=2),
        "output_padding is 2 px, but must be less than the stride or the dilation, 1×1 px.",
    ),
    (
        Layer("Flatten", {"start_dim": 7}),
        (3, 9, 9),
        nn.Flatten(7),
        "start_dim is 7, but a batch of 3×9×9 has the axes 0 to 3 only.",
    ),
    (
        Layer("Flatten", {"start_dim": 3, "end_dim": 2}),
        (3, 9, 9),
        nn.Flatten(3, 2),
        "start_dim lies behind end_dim.",
    ),
]


def explained(layer: Layer, shape):
    spec = LAYERS[layer.layer]
    outcome = outcome_of(layer, shape)
    assert outcome.output_shape is None
    values = in_effect(spec.arguments, layer.arguments, shape)
    return explain(spec, layer, values, Coming(shape), "Flatten", outcome.message, outcome.fault)


@pytest.mark.parametrize(("layer", "shape", "module", "sentence"), REFUSED, ids=lambda one: getattr(one, "layer", None))
def test_what_torch_refuses_is_said_with_the_learners_numbers(layer, shape, module, sentence):
    error = explained(layer, shape)
    assert error.sentence == sentence
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever PyTorch raises
        module(torch.zeros(1, *shape))
    assert error.torch_message in str(caught.value)
    assert error.torch_message


@pytest.mark.parametrize(
    ("layer", "shape", "sentence"),
    [
        (
            Layer("Conv2d", {"out_channels": 6, "groups": 4}),
            (4, 9, 9),
            "groups is 4, but out_channels, 6, cannot be divided by it.",
        ),
        (
            Layer("Conv2d", {"groups": 3}),
            (4, 9, 9),
            "groups is 3, but in_channels, 4, cannot be divided by it.",
        ),
        (
            Layer("Conv2d", {"padding": "same", "stride": 2}),
            (4, 9, 9),
            "padding 'same' works with a stride of 1 only.",
        ),
    ],
)
def test_what_cannot_even_be_made_is_said_as_well(layer, shape, sentence):
    error = explained(layer, shape)
    assert error.sentence == sentence
    with pytest.raises(ValueError, match=error.torch_message[:30]):
        nn.Conv2d(shape[0], **{"out_channels": 16, "kernel_size": 3, **layer.arguments})


def test_the_two_numbers_that_do_not_meet_and_their_argument_are_named():
    error = explained(Layer("Linear", {"in_features": 576}), (400,))
    assert (error.given, error.expected, error.argument) == ((400,), (576,), "in_features")
    error = explained(Layer("Conv2d", {"kernel_size": 5, "dilation": 3}), (1, 9, 12))
    assert (error.given, error.expected, error.argument) == ((9,), (13,), "kernel_size")


@pytest.mark.parametrize(("layer", "shape"), [one[:2] for one in REFUSED], ids=lambda one: getattr(one, "layer", None))
def test_every_refusal_has_what_came_in_and_what_was_wanted_for_the_picture(layer, shape):
    error = explained(layer, shape)
    assert error.given
    assert bool(error.expected) != bool(error.wanted)


def test_a_flatten_that_would_mix_the_samples_is_refused_though_torch_takes_it():
    assert nn.Flatten(0)(torch.zeros(2, 3, 9, 9)).shape == (486,)
    error = explained(Layer("Flatten", {"start_dim": 0}), (3, 9, 9))
    assert error.sentence == "start_dim is 0, the axis of the batch: the samples would run into one another."
    assert error.torch_message == ""


def test_a_refusal_of_no_known_kind_still_names_the_input_and_quotes_torch():
    error = explain(LAYERS["ReLU"], Layer("ReLU"), {}, Coming((3, 9, 9)), "Conv2d", "no kernel image is available")
    assert error.sentence == "PyTorch refuses it on 3×9×9 from Conv2d."
    assert error.torch_message == "no kernel image is available"
