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


def test_a_table_of_tokens_is_drawn_as_well():
    table = build_network((Layer("Embedding", {"init": "zeros"}),), (7,), tokens=5)[0].weight
    assert not table.any()
