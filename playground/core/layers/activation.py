"""Activations: the bend between two layers, without which they would be one."""

from playground.core.spec import LayerSpec
from playground.core.text import _

RELU = LayerSpec(
    name="ReLU", family="Activation", title=_("Rectifier"), torch_name="torch.nn.ReLU", icon="relu",
    summary=_("Keeps what is positive, makes the rest zero."),
)  # fmt: skip

SIGMOID = LayerSpec(
    name="Sigmoid", family="Activation", title=_("Sigmoid"), torch_name="torch.nn.Sigmoid", icon="sigmoid",
    summary=_("Squeezes every number between 0 and 1."),
)  # fmt: skip

TANH = LayerSpec(
    name="Tanh", family="Activation", title=_("Hyperbolic tangent"), torch_name="torch.nn.Tanh", icon="tanh",
    summary=_("Squeezes every number between −1 and 1."),
)  # fmt: skip
