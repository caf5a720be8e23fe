"""Activations: the bend between two layers, without which they would be one.

Source: https://docs.pytorch.org/docs/stable/nn.html#non-linear-activations-weighted-sum-nonlinearity. `inplace` is left
out: it changes no result, and would overwrite what the layer above has given before it is shown.
"""

from playground.core.spec import Argument, LayerSpec
from playground.core.text import _

_DIM = Argument(
    name="dim", kind="int", default=1, low=-8, high=8,
    help=_("is the axis whose values sum to 1; axis 0 is the batch, 1 the classes, −1 the last"),
)  # fmt: skip

RELU = LayerSpec(
    name="ReLU", family="Activation", title=_("Rectifier"), torch_name="torch.nn.ReLU", icon="relu",
    summary=_("Keeps what is positive, makes the rest zero."),
)  # fmt: skip

LEAKY_RELU = LayerSpec(
    name="LeakyReLU", family="Activation", title=_("Leaky rectifier"), torch_name="torch.nn.LeakyReLU",
    icon="leaky-relu", summary=_("Keeps what is positive, and a small part of what is negative: no unit dies."),
    brief="{negative_slope}",
    arguments=(
        Argument(
            name="negative_slope", kind="float", default=0.01, low=-10, high=10,
            help=_("is the slope of the line below zero"),
        ),
    ),
)  # fmt: skip

ELU = LayerSpec(
    name="ELU", family="Activation", title=_("Exponential linear unit"), torch_name="torch.nn.ELU", icon="elu",
    summary=_("Keeps what is positive; what is negative bends smoothly towards −alpha."),
    arguments=(
        Argument(
            name="alpha", kind="float", default=1.0, low=-10, high=10,
            help=_("is the depth that negative values bend towards"),
        ),
    ),
)  # fmt: skip

GELU = LayerSpec(
    name="GELU", family="Activation", title=_("Gaussian error linear unit"), torch_name="torch.nn.GELU", icon="gelu",
    summary=_("Weights each value by how likely a normal number lies below it: a smooth rectifier."),
    arguments=(
        Argument(
            name="approximate", kind="choice", default="none", choices=("none", "tanh"),
            help=_("is whether the normal curve is computed as it is, or by tanh"),
        ),
    ),
)  # fmt: skip

SILU = LayerSpec(
    name="SiLU", family="Activation", title=_("Sigmoid linear unit"), torch_name="torch.nn.SiLU", icon="silu",
    summary=_("Each value times its sigmoid: a smooth rectifier, also called swish."),
)  # fmt: skip

HARDSWISH = LayerSpec(
    name="Hardswish", family="Activation", title=_("Hard swish"), torch_name="torch.nn.Hardswish", icon="hardswish",
    summary=_("SiLU made of straight lines and one parabola, which is cheaper."),
)  # fmt: skip

SIGMOID = LayerSpec(
    name="Sigmoid", family="Activation", title=_("Sigmoid"), torch_name="torch.nn.Sigmoid", icon="sigmoid",
    summary=_("Squeezes every number between 0 and 1."),
)  # fmt: skip

TANH = LayerSpec(
    name="Tanh", family="Activation", title=_("Hyperbolic tangent"), torch_name="torch.nn.Tanh", icon="tanh",
    summary=_("Squeezes every number between −1 and 1."),
)  # fmt: skip

SOFTMAX = LayerSpec(
    name="Softmax", family="Activation", title=_("Softmax"), torch_name="torch.nn.Softmax", icon="softmax",
    summary=_("Turns scores into probabilities that sum to 1. Cross-entropy does this by itself."),
    arguments=(_DIM,),
)  # fmt: skip

LOG_SOFTMAX = LayerSpec(
    name="LogSoftmax", family="Activation", title=_("Logarithm of softmax"), torch_name="torch.nn.LogSoftmax",
    icon="softmax", summary=_("The logarithm of softmax, computed safely: what the NLL loss expects."),
    arguments=(_DIM,),
)  # fmt: skip
