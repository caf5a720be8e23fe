"""Blocks: layers that hold layers."""

from playground.core.spec import Argument, LayerSpec
from playground.core.text import _

SEQUENTIAL = LayerSpec(
    name="Sequential",
    family="Blocks",
    title=_("Sequential"),
    summary=_("A group of layers, one after the other, that is moved and copied as one."),
    torch_name="torch.nn.Sequential",
    icon="block",
    block="chain",
)

RESIDUAL = LayerSpec(
    name="Residual",
    family="Blocks",
    title=_("Residual block"),
    summary=_("Adds what comes in to what its layers make of it, so that they learn only the difference."),
    torch_name="playground.engine.modules.blocks.Residual",
    docs="https://arxiv.org/abs/1512.03385",
    icon="residual",
    block="chain",
    arguments=(
        Argument(
            name="projection",
            kind="choice",
            default="auto",
            choices=("auto", "none"),
            help=_("auto sends what comes in through a 1×1 convolution where its shape is another; none never does"),
        ),
    ),
)

PARALLEL = LayerSpec(
    name="Parallel",
    family="Blocks",
    title=_("Parallel branches"),
    summary=_(
        "Gives what comes in to each of its layers, and joins what they make of it. A branch of several layers is a Sequential."
    ),
    torch_name="playground.engine.modules.blocks.Parallel",
    docs="https://arxiv.org/abs/1409.4842",
    icon="parallel",
    block="branches",
    arguments=(
        Argument(
            name="merge",
            kind="choice",
            default="concatenate",
            choices=("concatenate", "add"),
            help=_("joins the outputs of the branches one behind the other, or adds them up"),
        ),
        Argument(
            name="dim",
            kind="int",
            default=1,
            low=-3,
            high=3,
            help=_("is the axis along which they are joined; 0 is the batch, 1 the channels"),
        ),
    ),
)
