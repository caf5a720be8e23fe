"""Layers of sequences. Sources: https://docs.pytorch.org/docs/stable/nn.html#recurrent-layers and #transformer-layers"""

from collections.abc import Mapping
from typing import Any

from playground.core.layers._initial import WEIGHTS
from playground.core.spec import AUTO, Argument, LayerSpec, Products, Shape
from playground.core.text import _

_FAMILY = "Sequence"
_OUTPUT = Argument(
    name="output", kind="choice", default="last", choices=("last", "sequence"), to="wrapper",
    help=_("gives what it knows after the last step, or the output of every step"),
)  # fmt: skip
_DROPOUT = Argument(
    name="dropout", kind="float", default=0.0, low=0, high=1,
    help=_("is the probability that a number is set to zero in training, between two layers of num_layers"),
)  # fmt: skip


def _features(name: str) -> Argument:
    return Argument(
        name=name, kind="int", default=AUTO, low=1, from_input=-1, help=_("is the number of features of one step")
    )


def _heads(name: str) -> Argument:
    return Argument(
        name=name, kind="int", default=1, low=1, high=1_024,
        help=_("is how many times it looks, each time at another part of the features; they must be divisible by it"),
    )  # fmt: skip


def _recurrent_products(gates: int) -> Products:
    """gates: how many sums it makes for each number that it keeps"""

    def products(arguments: Mapping[str, Any], input_shape: Shape, output_shape: Shape) -> int:
        kept, projected = int(arguments["hidden_size"]), int(arguments.get("proj_size") or 0)
        given, ways = projected or kept, 2 if arguments["bidirectional"] else 1
        of_a_step, coming = 0, input_shape[-1]
        for _layer in range(int(arguments["num_layers"])):
            of_a_step += ways * (gates * kept * (coming + given) + kept * projected)
            coming = ways * given
        return input_shape[0] * of_a_step

    return products


def _attention_products(features: int, steps: int, more_steps: int = 0) -> int:
    """Four projections of each step; then each step with every step that it looks at: once to weigh, once to add up."""
    return 4 * steps * features**2 + 2 * steps * (steps + more_steps) * features


def _recurrent(name: str, title: str, summary: str, gates: int, *more: Argument) -> LayerSpec:
    return LayerSpec(
        name=name, family=_FAMILY, title=title, summary=summary, torch_name=f"torch.nn.{name}",
        wrapper="playground.engine.modules.sequences.Recurrent", fixed={"batch_first": True}, icon="recurrent",
        brief="{input_size}→{hidden_size}, {output}",
        arguments=(
            _features("input_size"),
            Argument(
                name="hidden_size", kind="int", default=32, low=1, high=100_000,
                help=_("is how many numbers it keeps of what it has read"),
            ),
            _OUTPUT,
            Argument(
                name="num_layers", kind="int", default=1, low=1, high=100,
                help=_("is how many of them lie above one another, each reading the outputs of the one below"),
            ),
            Argument(name="bias", kind="bool", default=True, help=_("adds learnt numbers to every step")),
            _DROPOUT,
            Argument(
                name="bidirectional", kind="bool", default=False,
                help=_("reads the sequence backwards, too, and gives twice as many numbers"),
            ),
            *more,
            *WEIGHTS,
        ),
        products=_recurrent_products(gates), example_input=(7, 5), axes=2, steps=True,
    )  # fmt: skip


RNN = _recurrent(
    "RNN", _("Recurrent layer"), _("Reads a sequence step by step and keeps a few numbers of what it has read."), 1,
    Argument(
        name="nonlinearity", kind="choice", default="tanh", choices=("tanh", "relu"),
        help=_("bends the numbers that it keeps"),
    ),
)  # fmt: skip
LSTM = _recurrent(
    "LSTM", _("Long short-term memory"),
    _("Reads a sequence step by step; gates decide what is kept, so that it remembers for longer."),
    4,
    Argument(
        name="proj_size", kind="int", default=0, low=0, high=100_000,
        help=_("makes the output this small by one more matrix; 0 for none; it must be less than hidden_size"),
    ),
)  # fmt: skip
GRU = _recurrent(
    "GRU", _("Gated recurrent unit"),
    _("Reads a sequence step by step, with two gates: nearly as good as LSTM with fewer numbers."),
    3,
)  # fmt: skip

EMBEDDING = LayerSpec(
    name="Embedding", family=_FAMILY, title=_("Embedding"),
    summary=_("Looks each token up in a table of learnt numbers: tokens that mean the like get numbers alike."),
    torch_name="torch.nn.Embedding", icon="embedding", brief="{num_embeddings}→{embedding_dim}",
    arguments=(
        Argument(
            name="num_embeddings", kind="int", default=AUTO, low=1, high=10_000_000, from_input="tokens",
            help=_("is the number of rows of the table, one for each token"),
        ),
        Argument(
            name="embedding_dim", kind="int", default=16, low=1, high=100_000,
            help=_("is how many numbers stand for one token"),
        ),
        Argument(
            name="padding_idx", kind="int", default=None, low=0, high=10_000_000,
            help=_("is a token that only fills up: its numbers stay zero and are not learnt"),
        ),
        Argument(
            name="max_norm", kind="float", default=None, low=0, high=1e6, open_low=True,
            help=_("is the longest that the numbers of a token may be as a vector; longer ones are shortened"),
        ),
        Argument(
            name="norm_type", kind="float", default=2.0, low=0, high=100, open_low=True,
            help=_("is the p of the p-norm by which max_norm measures"),
        ),
        Argument(
            name="scale_grad_by_freq", kind="bool", default=False,
            help=_("divides the derivative of a token by how often the batch has it"),
        ),
        *WEIGHTS,
    ),
    example_input=(7,), example_tokens=5,
)  # fmt: skip

POSITIONAL_ENCODING = LayerSpec(
    name="PositionalEncoding", family=_FAMILY, title=_("Positional encoding"),
    summary=_("Adds to each step what tells its place; attention by itself does not know the order."),
    torch_name="playground.engine.modules.sequences.PositionalEncoding", docs="https://arxiv.org/abs/1706.03762",
    icon="positional", brief="{kind}",
    arguments=(
        _features("features"),
        Argument(
            name="steps", kind="int", default=AUTO, low=1, high=1_000_000, from_input=-2,
            help=_("is the most steps that a sequence may have"),
        ),
        Argument(
            name="kind", kind="choice", default="waves", choices=("waves", "learnt"),
            help=_("takes waves of many lengths, or learns the numbers"),
        ),
        Argument(
            name="dropout", kind="float", default=0.0, low=0, high=1,
            help=_("is the probability that a number is set to zero in training"),
        ),
    ),
    example_input=(7, 6), axes=2, steps=True,
)  # fmt: skip

MULTIHEAD_ATTENTION = LayerSpec(
    name="MultiheadAttention", family=_FAMILY, title=_("Self-attention"),
    summary=_("Every step looks at all steps of its sequence and takes more from those that matter to it."),
    torch_name="torch.nn.MultiheadAttention", wrapper="playground.engine.modules.sequences.SelfAttention",
    fixed={"batch_first": True}, icon="attention", brief="{embed_dim}, {num_heads} heads",
    arguments=(
        _features("embed_dim"),
        _heads("num_heads"),
        Argument(
            name="dropout", kind="float", default=0.0, low=0, high=1,
            help=_("is the probability that a step is not looked at in training"),
        ),
        Argument(name="bias", kind="bool", default=True, help=_("adds learnt numbers to its projections")),
        Argument(
            name="add_bias_kv", kind="bool", default=False, help=_("adds a learnt step that all others can look at")
        ),
        Argument(
            name="add_zero_attn", kind="bool", default=False, help=_("adds a step of zeros that all can look at")
        ),
        *WEIGHTS,
    ),
    size=lambda values, shape: shape[0] ** 2 * values["num_heads"],
    products=lambda values, given, _made: _attention_products(
        values["embed_dim"], given[0], values["add_bias_kv"] + values["add_zero_attn"]
    ),
    example={"num_heads": 2}, example_input=(7, 6), axes=2, steps=True,
)  # fmt: skip

TRANSFORMER_ENCODER_LAYER = LayerSpec(
    name="TransformerEncoderLayer", family=_FAMILY, title=_("Transformer encoder layer"),
    summary=_("Self-attention and two Linear layers for each step, each added to what came in and normalised."),
    torch_name="torch.nn.TransformerEncoderLayer", fixed={"batch_first": True}, icon="transformer",
    brief="{d_model}, {nhead} heads",
    arguments=(
        _features("d_model"),
        _heads("nhead"),
        Argument(
            name="dim_feedforward", kind="int", default=2048, low=1, high=1_000_000,
            help=_("is the number of values between its two Linear layers"),
        ),
        Argument(
            name="dropout", kind="float", default=0.1, low=0, high=1,
            help=_("is the probability that a number is set to zero in training"),
        ),
        Argument(
            name="activation", kind="choice", default="relu", choices=("relu", "gelu"),
            help=_("bends the values between its two Linear layers"),
        ),
        Argument(
            name="layer_norm_eps", kind="float", default=1e-5, low=0, high=1, open_low=True,
            help=_("is added to the variance, so that nothing is divided by zero"),
        ),
        Argument(
            name="norm_first", kind="bool", default=False,
            help=_("normalises before attention and Linear layers, not after them"),
        ),
        Argument(name="bias", kind="bool", default=True, help=_("adds learnt numbers to all its sums")),
        *WEIGHTS,
    ),
    size=lambda values, shape: shape[0] ** 2 * values["nhead"],
    products=lambda values, given, _made: (
        _attention_products(values["d_model"], given[0]) + 2 * given[0] * values["d_model"] * values["dim_feedforward"]
    ),
    example={"nhead": 2, "dim_feedforward": 16}, example_input=(7, 6), axes=2, steps=True,
)  # fmt: skip
