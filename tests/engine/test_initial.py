"""First weights against torch.nn.init, from the same seed."""

import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.engine.build import build_network, outcome_of
from playground.engine.randomness import derived_seed

LAYERS_WITH_WEIGHTS = [
    (Layer("Linear", {"out_features": 7}), (5,), lambda: nn.Linear(5, 7)),
    (Layer("Conv2d", {"out_channels": 4}), (3, 9, 9), lambda: nn.Conv2d(3, 4, 3)),
    (Layer("Conv1d", {"out_channels": 4, "bias": False}), (3, 9), lambda: nn.Conv1d(3, 4, 3, bias=False)),
    (Layer("ConvTranspose2d", {"out_channels": 4}), (3, 9, 9), lambda: nn.ConvTranspose2d(3, 4, 3)),
]
DRAWN = {
    "xavier_uniform": nn.init.xavier_uniform_,
    "xavier_normal": nn.init.xavier_normal_,
    "kaiming_uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "kaiming_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "normal": lambda weight: nn.init.normal_(weight, 0.5, 2.0),
    "zeros": nn.init.zeros_,
}


@pytest.mark.parametrize("how", ["default", *DRAWN])
@pytest.mark.parametrize(
    ("layer", "shape", "by_hand"), LAYERS_WITH_WEIGHTS, ids=lambda value: getattr(value, "layer", "")
)
def test_weights_are_drawn_as_torch_draws_them(layer, shape, by_hand, how):
    torch.manual_seed(derived_seed(3, "weights"))
    expected = by_hand()
    if how != "default":
        DRAWN[how](expected.weight)
    pinned = layer.pinned("init", how)
    if how == "normal":
        pinned = pinned.pinned("init_mean", 0.5).pinned("init_std", 2.0)
    module = build_network((pinned,), shape, seed=3)[0]
    assert torch.equal(module.weight, expected.weight)
    if module.bias is not None:
        assert torch.equal(module.bias, expected.bias if how == "default" else torch.zeros_like(expected.bias))
    assert outcome_of(pinned, shape) == outcome_of(layer, shape)


def test_a_table_of_tokens_is_drawn_as_well_but_for_the_row_that_is_not_learnt():
    table = build_network((Layer("Embedding", {"init": "zeros"}),), (7,), tokens=5)[0].weight
    assert not table.any()
    layer = Layer("Embedding", {"init": "normal", "init_mean": 50.0, "padding_idx": 3})
    assert [bool(row.all()) for row in build_network((layer,), (7,), tokens=5)[0].weight] == [True] * 3 + [False, True]


# layer, the same by hand, and its matrices in the order in which PyTorch keeps them; what holds it in our module
OF_SEQUENCES = [
    (
        Layer("RNN", {"hidden_size": 3, "bidirectional": True}),
        lambda: nn.RNN(6, 3, bidirectional=True),
        ("weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse"),
        "recurrent.",
    ),
    (
        Layer("LSTM", {"hidden_size": 4, "proj_size": 3}),
        lambda: nn.LSTM(6, 4, proj_size=3),
        ("weight_ih_l0", "weight_hh_l0", "weight_hr_l0"),
        "recurrent.",
    ),
    (
        Layer("GRU", {"hidden_size": 3, "num_layers": 2, "bias": False}),
        lambda: nn.GRU(6, 3, 2, bias=False),
        ("weight_ih_l0", "weight_hh_l0", "weight_ih_l1", "weight_hh_l1"),
        "recurrent.",
    ),
    (
        Layer("MultiheadAttention", {"num_heads": 2, "add_bias_kv": True}),
        lambda: nn.MultiheadAttention(6, 2, add_bias_kv=True),
        ("in_proj_weight", "out_proj.weight"),
        "attention.",
    ),
    (
        Layer("TransformerEncoderLayer", {"nhead": 2, "dim_feedforward": 5}),
        lambda: nn.TransformerEncoderLayer(6, 2, 5, batch_first=True),
        ("self_attn.in_proj_weight", "self_attn.out_proj.weight", "linear1.weight", "linear2.weight"),
        "",
    ),
]


@pytest.mark.parametrize("how", ["default", *DRAWN])
@pytest.mark.parametrize(
    ("layer", "by_hand", "matrices", "inside"), OF_SEQUENCES, ids=lambda one: getattr(one, "layer", "")
)
def test_every_matrix_of_a_layer_of_sequences_is_drawn(layer, by_hand, matrices, inside, how):
    torch.manual_seed(derived_seed(3, "weights"))
    expected = by_hand()
    if how != "default":
        for name in matrices:
            DRAWN[how](expected.get_parameter(name))
    pinned = layer.pinned("init", how).pinned("init_mean", 0.5).pinned("init_std", 2.0)
    module = build_network((pinned,), (7, 6), seed=3)[0]
    found = {name.removeprefix(inside): one for name, one in module.named_parameters()}
    of_norms = {"norm1.weight", "norm2.weight"} & set(found)
    assert set(found) == {name for name, _one in expected.named_parameters()}
    for name, one in expected.named_parameters():
        drawn = how == "default" or name in {*matrices, *of_norms}
        assert torch.equal(found[name], one if drawn else torch.zeros_like(one)), name
    assert outcome_of(pinned, (7, 6)) == outcome_of(layer, (7, 6))
