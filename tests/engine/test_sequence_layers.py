"""Layers of sequences against plain torch, written out."""

import math

import msgspec
import pytest
import torch
from torch import nn

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine.build import build_network, outcome_of
from playground.engine.check import check
from playground.engine.loader import prepare
from playground.engine.loop import Setup, Training
from tests.engine.networks import applied, project_of
from tests.engine.trainings import to_the_end

SHAPE = (7, 6)


def sequences() -> torch.Tensor:
    return torch.randn(3, *SHAPE, generator=torch.Generator().manual_seed(0))


def built(layer: Layer) -> nn.Module:
    return build_network((layer,), SHAPE)[0].eval()


def checked(layer: Layer, expected: torch.Tensor) -> None:
    """That it gives what is expected, and the check its shape."""
    outputs = built(layer)(sequences())
    assert torch.equal(outputs, expected)
    assert outcome_of(layer, SHAPE).output_shape == tuple(expected.shape[1:])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("more", [{}, {"num_layers": 2}, {"bidirectional": True, "num_layers": 2, "bias": False}])
def test_recurrent_layers_give_the_last_step_or_all(kind, more):
    module = built(Layer(kind, {"hidden_size": 4, **more}))
    by_hand = getattr(nn, kind)(6, 4, batch_first=True, **more)
    by_hand.load_state_dict(module.recurrent.state_dict())
    outputs, _state = by_hand(sequences())
    backwards = [outputs[:, 0, 4:]] if "bidirectional" in more else []  # that direction ends at the first step
    torch.testing.assert_close(module(sequences()), torch.cat([outputs[:, -1, :4], *backwards], 1), rtol=0, atol=0)
    whole = built(Layer(kind, {"hidden_size": 4, "output": "sequence", **more}))
    whole.recurrent.load_state_dict(by_hand.state_dict())
    assert torch.equal(whole(sequences()), outputs)
    size = 8 if backwards else 4
    assert outcome_of(Layer(kind, {"hidden_size": 4, **more}), SHAPE).output_shape == (size,)
    assert outcome_of(Layer(kind, {"hidden_size": 4, "output": "sequence", **more}), SHAPE).output_shape == (7, size)


def test_a_projection_makes_the_output_of_an_lstm_smaller():
    assert outcome_of(Layer("LSTM", {"hidden_size": 8, "proj_size": 3}), SHAPE).output_shape == (3,)
    assert "proj_size has to be smaller" in outcome_of(Layer("LSTM", {"hidden_size": 3, "proj_size": 3}), SHAPE).message


def test_self_attention_is_softmax_of_scaled_products_of_the_steps():
    layer = Layer("MultiheadAttention", {"num_heads": 2})
    attention, x = built(layer).attention, sequences()
    queries, keys, values = (
        (x @ weight.T + bias).unflatten(2, (2, 3)).transpose(1, 2)
        for weight, bias in zip(attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3), strict=True)
    )
    shares = torch.softmax(queries @ keys.transpose(2, 3) / math.sqrt(3), 3)
    expected = attention.out_proj((shares @ values).transpose(1, 2).flatten(2))
    outputs = built(layer)
    outputs.attention.load_state_dict(attention.state_dict())
    torch.testing.assert_close(outputs(x), expected)
    assert outcome_of(layer, SHAPE).output_shape == SHAPE


def test_the_encoder_layer_is_torchs():
    layer = Layer("TransformerEncoderLayer", {"nhead": 3, "dim_feedforward": 8, "norm_first": True})
    module = built(layer)
    by_hand = nn.TransformerEncoderLayer(6, 3, 8, batch_first=True, norm_first=True).eval()
    by_hand.load_state_dict(module.state_dict())
    assert torch.equal(module(sequences()), by_hand(sequences()))
    assert outcome_of(layer, SHAPE).output_shape == SHAPE


@pytest.mark.parametrize("features", [6, 5, 1])
def test_waves_are_those_of_the_paper(features):
    encoding = build_network((Layer("PositionalEncoding"),), (7, features))[0].eval()
    table = torch.zeros(7, features)
    for place in range(7):
        for feature in range(features):
            angle = place / 10_000 ** (feature // 2 * 2 / features)
            table[place, feature] = math.cos(angle) if feature % 2 else math.sin(angle)
    torch.testing.assert_close(encoding(torch.zeros(2, 7, features)), table.expand(2, -1, -1))
    assert not list(encoding.parameters())


def test_learnt_places_are_parameters_and_are_added():
    layer = Layer("PositionalEncoding", {"kind": "learnt"})
    module = built(layer)
    assert torch.equal(module(sequences()), sequences() + module.table)
    assert outcome_of(layer, SHAPE).tensors == ((7, 6),)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "MultiheadAttention", "TransformerEncoderLayer"])
def test_a_batch_cannot_pass_for_the_steps_of_a_sequence(name):
    row = check(project_of(Layer(name), dataset="iris")).rows[0]
    assert row.error.sentence == "It needs a sequence of steps × features; the input gives 4 values in a row."
    assert row.output_shape is None


def test_dropout_between_one_layer_is_remarked_upon():
    project = project_of(Layer("Flatten", {"end_dim": 2}), Layer("LSTM", {"dropout": 0.5}))
    assert "num_layers" in check(project).rows[1].warnings[0]


# Tokens --------------------------------------------------------------------------------------------------------------

TEXT = Project(Data(dataset="small-text"), (Layer("Embedding", {"embedding_dim": 8}), Layer("GRU"), Layer("Linear")))


def test_an_embedding_is_a_table_of_as_many_rows_as_there_are_tokens():
    module = build_network((Layer("Embedding", {"embedding_dim": 3}),), (7,), tokens=5)[0]
    tokens = torch.tensor([[0, 4, 2, 1, 1, 3, 0]])
    assert module.weight.shape == (5, 3)
    assert torch.equal(module(tokens), torch.stack([module.weight[one] for one in tokens[0]])[None])
    assert outcome_of(Layer("Embedding", {"embedding_dim": 3}), (7,), 5).output_shape == (7, 3)


def test_numbers_are_not_looked_up_and_tokens_are_not_multiplied():
    row = check(project_of(Layer("Embedding"), dataset="iris")).rows[0]
    assert row.error.sentence == "It looks tokens up in a table; the input gives numbers, not tokens."
    assert "Long, Int" in row.error.torch_message
    with pytest.raises(Problem, match="Long, Int"):
        build_network((Layer("Embedding"),), (4,))
    text = msgspec.structs.replace(TEXT, network=(Layer("Linear"),))
    row = check(text).rows[0]
    assert row.error.sentence.startswith("The input gives tokens, whose numbers are only names")
    assert "dtype" in row.error.torch_message
    assert row.fixes[0].label == "Insert Embedding"
    assert check(applied(text, row.fixes[0])).rows[0].output_shape == (32, 16)


def test_tokens_pass_a_flatten_and_end_at_an_embedding():
    rows = check(msgspec.structs.replace(TEXT, network=(Layer("Flatten"), *TEXT.network))).rows
    assert [row.output_tokens > 0 for row in rows] == [True, False, False, False]
    assert all(row.error is None for row in rows)


def test_a_network_of_tokens_learns_the_next_character():
    data = prepare(TEXT.data, 0)
    network = (*TEXT.network[:-1], Layer("Linear", {"out_features": len(data.classes)}))
    recipe = Recipe(optimizer={"Adam": {"lr": 0.01}}, epochs=3)
    project = Project(msgspec.structs.replace(TEXT.data, batch_size=64), network, recipe)
    assert check(project).fits, check(project).faults
    losses = to_the_end(Training(project, data, Setup(torch.device("cpu"), 1, "contiguous"))).losses
    assert sum(losses[-20:]) / 20 < 0.8 * math.log(len(data.classes))
