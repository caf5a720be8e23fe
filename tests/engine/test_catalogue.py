"""Every layer of the catalogue against the same module written out by hand."""

import inspect

import pytest
import torch
from torch import nn

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine import build
from playground.engine.build import build_network, module_class, outcome_of
from playground.engine.check import check

# Where a tensor lies and of which type it is belongs to the run; the others would give two tensors, or overwrite one.
# The keys and values of self-attention are what its queries are; sparse derivatives are for optimizers of their own.
NOT_OURS = {
    "self",
    "device",
    "dtype",
    "inplace",
    "return_indices",
    "batch_first",
    "kdim",
    "vdim",
    "sparse",
    "_freeze",
    "_weight",
}

BY_HAND = [
    (Layer("Conv1d", {"kernel_size": 5, "stride": 2, "padding": 1}), (3, 20), nn.Conv1d(3, 16, 5, 2, 1)),
    (Layer("Conv1d", {"padding": "same", "dilation": 2}), (3, 20), nn.Conv1d(3, 16, 3, padding="same", dilation=2)),
    (Layer("Conv2d", {"groups": 4, "out_channels": 8}), (4, 9, 9), nn.Conv2d(4, 8, 3, groups=4)),
    (
        Layer("ConvTranspose2d", {"out_channels": 5, "stride": [2, 3], "output_padding": [1, 0], "padding": 1}),
        (4, 6, 7),
        nn.ConvTranspose2d(4, 5, 3, (2, 3), 1, (1, 0)),
    ),
    (Layer("MaxPool1d", {"kernel_size": 3}), (3, 20), nn.MaxPool1d(3)),
    (Layer("AvgPool1d", {"padding": 1, "count_include_pad": False}), (3, 21), nn.AvgPool1d(2, None, 1, False, False)),
    (Layer("AvgPool2d", {"divisor_override": 3}), (3, 8, 8), nn.AvgPool2d(2, divisor_override=3)),
    (Layer("AdaptiveAvgPool1d", {"output_size": 4}), (3, 10), nn.AdaptiveAvgPool1d(4)),
    (Layer("AdaptiveAvgPool2d", {"output_size": [2, 3]}), (3, 10, 9), nn.AdaptiveAvgPool2d((2, 3))),
    (Layer("AdaptiveMaxPool1d", {"output_size": 4}), (3, 10), nn.AdaptiveMaxPool1d(4)),
    (Layer("AdaptiveMaxPool2d"), (3, 10, 9), nn.AdaptiveMaxPool2d(1)),
    (Layer("LeakyReLU", {"negative_slope": 0.2}), (7,), nn.LeakyReLU(0.2)),
    (Layer("ELU", {"alpha": 0.5}), (7,), nn.ELU(0.5)),
    (Layer("GELU", {"approximate": "tanh"}), (7,), nn.GELU("tanh")),
    (Layer("SiLU"), (7,), nn.SiLU()),
    (Layer("Hardswish"), (7,), nn.Hardswish()),
    (Layer("Softmax"), (7,), nn.Softmax(1)),
    (Layer("LogSoftmax", {"dim": -1}), (2, 7), nn.LogSoftmax(-1)),
    (Layer("BatchNorm1d"), (7,), nn.BatchNorm1d(7)),
    (Layer("BatchNorm1d"), (7, 5), nn.BatchNorm1d(7)),
    (Layer("LayerNorm"), (4, 7), nn.LayerNorm(7)),
    (Layer("LayerNorm", {"normalized_shape": [3, 5, 5], "bias": False}), (3, 5, 5), nn.LayerNorm((3, 5, 5), bias=False)),
    (Layer("GroupNorm", {"num_groups": 3}), (6, 5, 5), nn.GroupNorm(3, 6)),
    (Layer("InstanceNorm2d", {"affine": True}), (6, 5, 5), nn.InstanceNorm2d(6, affine=True)),
    (Layer("Dropout2d", {"p": 0.1}), (6, 5, 5), nn.Dropout2d(0.1)),
    (Layer("Unflatten", {"unflattened_size": [4, -1, 3]}), (36,), nn.Unflatten(1, (4, -1, 3))),
    (Layer("ZeroPad2d", {"padding": [1, 2, 0, -1]}), (3, 5, 5), nn.ZeroPad2d((1, 2, 0, -1))),
    (Layer("ZeroPad2d"), (3, 5, 5), nn.ZeroPad2d(1)),
    (Layer("Upsample"), (3, 5, 5), nn.Upsample(scale_factor=2.0)),
    (
        Layer("Upsample", {"size": [7, 9], "mode": "bilinear", "align_corners": True}),
        (3, 5, 5),
        nn.Upsample((7, 9), mode="bilinear", align_corners=True),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape", "by_hand"), BY_HAND, ids=lambda value: getattr(value, "layer", None))
def test_a_layer_computes_what_the_module_written_by_hand_does(layer, shape, by_hand):
    torch.manual_seed(0)
    inputs = torch.randn(2, *shape)
    module = build_network((layer,), shape)[0].eval()
    by_hand.eval().load_state_dict(module.state_dict())
    outputs = by_hand(inputs)
    assert torch.equal(module(inputs), outputs)
    assert outcome_of(layer, shape).output_shape == tuple(outputs.shape[1:])


@pytest.mark.parametrize(
    "spec", [one for one in LAYERS.values() if one.torch_name.startswith("torch.")], ids=lambda spec: spec.name
)
def test_every_argument_of_torch_is_there(spec):
    named = inspect.signature(module_class(spec.torch_name).__init__).parameters.values()
    plain = {one.name for one in named if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}
    assert plain - NOT_OURS <= {argument.name for argument in spec.arguments}


@pytest.mark.parametrize(
    "layer",
    [
        Layer("Upsample", {"scale_factor": 64.0}),
        Layer("Upsample", {"size": 4096}),
        Layer("ZeroPad2d", {"padding": 1024}),
        Layer("ConvTranspose2d", {"stride": 1024}),
        Layer("AdaptiveAvgPool2d", {"output_size": 4096}),
        Layer("AdaptiveMaxPool2d", {"output_size": [1, 1_000]}),
    ],
    ids=lambda layer: layer.layer,
)
def test_what_grows_a_lot_is_tried_without_numbers(layer, monkeypatch):
    """Where the real thing would take gigabytes; at a few kilobytes the shapes are those of real tensors."""
    tried: list[str] = []
    keep = build._tried
    monkeypatch.setattr(build, "_tried", lambda *what: (tried.append(what[3]), keep(*what))[1])
    build._outcome.cache_clear()
    assert outcome_of(layer, (16, 64, 64)).output_shape
    assert tried == ["meta" if layer.arguments != {"output_size": [1, 1_000]} else "cpu"]
    build._outcome.cache_clear()


def test_a_batch_cannot_pass_for_the_channels_of_a_series():
    # torch takes two samples of 9 numbers for one series of 2 channels, and gives 2 rows again
    layer = Layer("Conv1d", {"in_channels": 2, "out_channels": 2})
    assert nn.Conv1d(2, 2, 3)(torch.zeros(2, 9)).shape == (2, 7)
    assert outcome_of(layer, (9,)).output_shape is None


@pytest.mark.parametrize(
    ("network", "sentence", "fix"),
    [
        (
            (Layer("Flatten"), Layer("Conv2d"), Layer("Flatten"), Layer("Linear")),
            "It needs a picture of channels × height × width; Flatten gives 1,024 values in a row.",
            "Move Conv2d above Flatten, row 1",
        ),
        (
            (Layer("Conv1d"), Layer("Flatten"), Layer("Linear")),
            "It needs a series of channels × length; the input gives 1×32×32, 1,024 values.",
            None,
        ),
        (
            (Layer("GroupNorm", {"num_channels": 3}), Layer("Flatten"), Layer("Linear")),
            "It expects 3 channels; the input gives 1.",
            "Set num_channels to 1",
        ),
        (
            (Layer("Flatten"), Layer("BatchNorm1d", {"num_features": 10}), Layer("Linear")),
            "It expects 10 values; Flatten gives 1,024.",
            "Set num_features to 1024",
        ),
    ],
)
def test_a_refusal_is_explained_and_a_way_out_is_offered(network, sentence, fix):
    report = check(Project(Data("digits", preparation=({"resize": 32},)), network, Recipe()))
    row = next(one for one in report.rows if one.error)
    assert row.error.sentence == sentence
    assert fix is None or fix in [one.label for one in row.fixes]
