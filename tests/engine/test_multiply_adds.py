"""The multiply-adds of a sample, against PyTorch's own count of what it does, and against cells counted by hand."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from playground.core.arguments import in_effect
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine.build import build_network, outcome_of
from playground.engine.check import check


def counted(module: nn.Module, shape: tuple[int, ...]) -> int:
    """What torch counts for one sample: each multiply-add is two operations."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module.eval()(torch.zeros(1, *shape))
    operations = counter.get_total_flops()
    assert operations % 2 == 0
    return operations // 2


def told(layer: Layer, shape: tuple[int, ...]) -> int:
    spec, made = LAYERS[layer.layer], outcome_of(layer, shape).output_shape
    assert made is not None
    return spec.products(in_effect(spec.arguments, layer.arguments, shape), shape, made) if spec.products else 0


def gives(layer: Layer, shape: tuple[int, ...]) -> nn.Module:
    return build_network((layer,), shape)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Layer("Linear", {"out_features": 7}), (9,)),
        (Layer("Linear", {"bias": False}), (2, 3, 9)),
        (Layer("Conv1d", {"kernel_size": 5, "stride": 2, "padding": 1}), (3, 20)),
        (Layer("Conv1d", {"out_channels": 6, "groups": 3, "dilation": 2}), (3, 20)),
        (Layer("Conv2d", {"kernel_size": [3, 5], "stride": [2, 1], "padding": "valid"}), (4, 12, 11)),
        (Layer("Conv2d", {"out_channels": 8, "groups": 4}), (4, 9, 9)),
        (Layer("Conv2d", {"padding": "same", "padding_mode": "reflect"}), (1, 9, 9)),
        (Layer("ConvTranspose2d", {"out_channels": 5, "stride": [2, 3], "padding": 1}), (4, 6, 7)),
        (Layer("ConvTranspose2d", {"out_channels": 6, "groups": 2, "kernel_size": [2, 4], "stride": 4}), (4, 6, 7)),
        (Layer("Residual", {}, (Layer("Conv2d", {"out_channels": 6, "stride": 2, "padding": 1}),)), (4, 9, 9)),
        (Layer("Residual", {}, (Layer("Linear", {"out_features": 5}),)), (9,)),
        (Layer("Residual", {"projection": "none"}, (Layer("ReLU"),)), (9,)),
    ],
    ids=str,
)
def test_layers_of_weighted_sums_are_counted_as_torch_counts_them(layer, shape):
    expected = counted(gives(layer, shape), shape)
    if not LAYERS[layer.layer].block:
        assert told(layer, shape) == expected
    flat = torch.Size(shape).numel()
    fitted = (
        Layer("Flatten"),
        Layer("Linear", {"out_features": flat}),
        Layer("Unflatten", {"unflattened_size": [*shape]}),
    )
    report = check(Project(Data(), (*fitted, layer), Recipe()))
    assert all(row.error is None for row in report.rows)
    assert report.multiply_adds == 64 * flat + expected
    assert expected or layer.arguments == {"projection": "none"}


@pytest.mark.parametrize("steps", [1, 7])
@pytest.mark.parametrize("heads", [1, 3])
@pytest.mark.parametrize("more", [{}, {"add_bias_kv": True}, {"add_bias_kv": True, "add_zero_attn": True}])
def test_attention_is_counted_with_its_products_of_steps(steps, heads, more):
    layer, shape = Layer("MultiheadAttention", {"num_heads": heads, **more}), (steps, 6)
    projections = 4 * steps * 6 * 6
    looked_at = steps + len(more)
    assert told(layer, shape) == projections + 2 * steps * looked_at * 6
    attention = gives(layer, shape)[0].attention
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        x = torch.zeros(1, *shape)
        attention.train()(x, x, x, need_weights=True)  # written out as products of matrices
    assert told(layer, shape) == counter.get_total_flops() // 2


@pytest.mark.parametrize("first", [False, True])
def test_a_transformer_layer_is_its_attention_and_two_linear_layers(first):
    layer, shape = Layer("TransformerEncoderLayer", {"nhead": 2, "dim_feedforward": 16, "norm_first": first}), (7, 6)
    attention = told(Layer("MultiheadAttention", {"num_heads": 2}), shape)
    both = told(Layer("Linear", {"out_features": 16}), shape) + told(Layer("Linear", {"out_features": 6}), (7, 16))
    assert told(layer, shape) == attention + both


CELLS = {"RNN": nn.RNNCell, "LSTM": nn.LSTMCell, "GRU": nn.GRUCell}


@pytest.mark.parametrize("kind", list(CELLS))
@pytest.mark.parametrize("output", ["last", "sequence"])
def test_a_recurrent_layer_is_its_cell_at_every_step(kind, output):
    """Of two layers in two directions: four cells, of which the upper two get what both lower ones give."""
    lower, upper = (
        sum(weight.numel() for name, weight in CELLS[kind](size, 4).named_parameters() if "weight" in name)
        for size in (5, 8)
    )
    pinned = {"hidden_size": 4, "output": output}
    assert told(Layer(kind, pinned), (7, 5)) == 7 * lower
    both = {**pinned, "num_layers": 2, "bidirectional": True, "bias": False}
    assert told(Layer(kind, both), (7, 5)) == 7 * 2 * (lower + upper)


def test_a_projected_lstm_uses_each_weight_once_a_step():
    module = nn.LSTM(5, 8, 2, proj_size=3, bidirectional=True)
    weights = sum(weight.numel() for name, weight in module.named_parameters() if "weight" in name)
    pinned = {"hidden_size": 8, "proj_size": 3, "num_layers": 2, "bidirectional": True}
    assert told(Layer("LSTM", pinned), (7, 5)) == 7 * weights


def test_what_makes_no_sums_of_products_counts_none():
    """A table that is looked up in, numbers that are added, a scale for each value."""
    for name in ("Embedding", "PositionalEncoding", "LayerNorm", "BatchNorm2d", "GroupNorm", "AvgPool2d", "ReLU"):
        assert LAYERS[name].products is None
    learnt = Layer("PositionalEncoding", {"kind": "learnt"})
    scaled = Layer("LayerNorm", {"normalized_shape": [8, 8]})
    layers = (scaled, Layer("Flatten", {"end_dim": 2}), learnt, Layer("Flatten"), Layer("Linear"))
    report = check(Project(Data(), layers, Recipe()))
    assert all(row.error is None for row in report.rows)
    assert report.multiply_adds == 64 * 10


def test_a_text_that_is_looked_up_and_read_counts_the_reading():
    layers = (Layer("Embedding", {"embedding_dim": 6}), Layer("GRU", {"hidden_size": 4}))
    rows = check(Project(Data(dataset="small-text"), layers, Recipe())).rows
    assert [row.multiply_adds for row in rows] == [0, rows[1].input_shape[0] * 3 * 4 * (6 + 4)]
